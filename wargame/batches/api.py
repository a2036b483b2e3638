"""Batches: `play` runs a prepared study, `open_batch` opens an existing batch. Notebooks use `wargame.batch`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.batches.analysis import estimates
from wargame.batches.analysis.differences import differences
from wargame.batches.analysis.differences import interests as interest_rows
from wargame.batches.analysis.sensitivity import NoSensitivity, sensitivity, variance_shares
from wargame.batches.running import manifest as manifests
from wargame.batches.running import parts
from wargame.batches.running.manifest import BatchManifest, read_manifest
from wargame.batches.running.opening import freeze, inputs_of, thaw_at
from wargame.batches.running.parts import RunTable, frame
from wargame.batches.running.runner import BatchCells, BatchRun, begin, claim, resumed_manifest
from wargame.batches.running.store import Store, store
from wargame.batches.running.worker import Failure, failures_of
from wargame.batches.study.prepared import PreparedStudy, try_arms, try_plugins, try_programs
from wargame.dataclasses import dataclass, field
from wargame.errors import Invalid, UsageFault, among, flag, resuming, shortened
from wargame.executor.campaign import CutShort
from wargame.executor.executors import Executor
from wargame.executor.progress import JobProgress
from wargame.journal.atomic import encode_json
from wargame.journal.folder import runs_folder
from wargame.journal.manifest import run_name

if TYPE_CHECKING:
    import pandas as pd

SUMMARY = "summary.json"


@dataclass(frozen=True, repr=False)
class Batch:
    """A finished batch. `failures` are the runs without numbers."""

    prepared: PreparedStudy
    manifest: BatchManifest
    place: Store
    failures: tuple[Failure, ...] = ()
    repaired: tuple[str, ...] = ()
    """Parts that were damaged; their cells were run again."""
    spent: dict[str, float] = field(default_factory=dict)
    """Seconds of this session: `wall_s`, and `working` and `writing` of all workers together."""
    resumed: bool = False
    """Whether this session continued from runs that were there."""

    @property
    def path(self) -> str:
        """The address of its folder."""
        return self.place.address

    @property
    def ended(self) -> str:
        """How it ended, as in the manifest; `cut short` if its process was killed."""
        return manifests.how_ended(self.manifest, self.place)

    @property
    def can_resume(self) -> bool:
        """Whether it was stopped before its end, so that `--resume` continues it."""
        return self.ended in (manifests.CUT_SHORT, manifests.INTERRUPTED, manifests.FAILED)

    @property
    def typed(self) -> str:
        """The path of its folder as typed here."""
        path, here = Path(self.path), Path.cwd()
        return self.path if "://" in self.path or not path.is_relative_to(here) else str(path.relative_to(here))

    @cached_property
    def table(self) -> RunTable:
        """The table, column by column."""
        return RunTable(self.place, self.prepared, self.manifest)

    @cached_property
    def rows(self) -> list[estimates.EstimateRow]:
        """All estimates."""
        return estimates.estimate_rows(self.table)

    @property
    def width_left(self) -> float | None:
        """The width of the interval that was to stop the batch early; None if it became narrow enough."""
        stopping = self.prepared.study.stopping
        if stopping is None:
            return None
        width = estimates.widest(self.table, stopping.measure)
        return width if width > stopping.width else None

    def frame(self) -> pd.DataFrame:
        """Return the whole table, one row for each arm and replication, sorted by them."""
        return frame(self.place, self.prepared, self.manifest)

    def events(self, kind: str | None = "action") -> pd.DataFrame:
        """Return the events of all runs, if the study keeps them (`events`); `kind` is `action`, `forum` or `inject`.

        Columns: arm, replication, number, day, who, option, target, success, kind, source. A step of a forum has the
        forum as option and the step as target; an inject has its id as option. Raises Invalid if the batch keeps none.
        """
        if not self.prepared.study.events:
            raise Invalid.in_file(self.typed, *parts.NO_EVENTS)
        rows = frame(self.place, self.prepared, self.manifest, parts.EVENTS)
        return rows if kind is None else rows[rows["kind"] == kind].reset_index(drop=True)

    def series(self) -> pd.DataFrame:
        """Return indicators over time, if the study keeps any (`series`); Invalid if it keeps none."""
        if not self.prepared.study.series:
            raise Invalid.in_file(self.typed, "this batch keeps no series", "name indicators in its `series`")
        return frame(self.place, self.prepared, self.manifest, parts.SERIES)

    def estimates(self) -> pd.DataFrame:
        """Return each measure in each arm: n, estimate, standard error, 95 % interval, and the runs to halve it."""
        return _table(self.rows)

    def differences(self, *measures: str) -> pd.DataFrame:
        """Return each arm against the baseline, paired by replication: all measures, or those named."""
        return _table(differences(self.table, [self.measure(name) for name in measures] or None))

    def incidence(self, outcome: str, arm: str | None = None) -> pd.DataFrame:
        """Return the share of runs in which an outcome has occurred, by day from 0 on, in an arm or the baseline."""
        import pandas as pd

        among(outcome, self.prepared.outcomes, f"there is no outcome '{outcome}'")
        steps = estimates.curve(self.table, outcome, arm or self.prepared.study.against)
        names = ("days", "share", "se", "low", "high")
        return pd.DataFrame({name: getattr(steps, name) for name in names})

    def measure(self, name: str) -> Any:
        """Return a measure by its name; UsageFault if the batch has no such measure."""
        measured, written = self.prepared.measured, " ".join(name.split())
        known = "run it again with this measure, or choose one of"
        return measured[among(written, measured, f"the batch has no measure '{shortened(name)}'", known)]

    def rerun_command(self, failure: Failure) -> str:
        """Return the command that re-runs a failed run, with its journal."""
        which = ["--arm", failure.arm, "--replication", str(failure.replication)]
        return shlex.join(["wargame", "run", self.typed, *which])

    @cached_property
    def summary(self) -> dict[str, Any]:
        """All results of the batch, as in `summary.json`."""
        summary: dict[str, Any] = {
            "batch_dir": self.path,
            "study": self.manifest.study,
            "scenario": self.manifest.scenario,
            "seed": self.manifest.seed,
            "arms": list(self.prepared.names),
            "baseline": self.prepared.study.against,
            "ended": self.ended,
            "replications": self.table.shape[1],
            "runs": int(self.table.there.sum()),
            "failed": int(self.table.failed.sum()),
            "wall_s": self.manifest.wall_s,
            "kernel_events": self.table.total("kernel_events"),
            "decisions": self.table.total("decisions"),
            "notes": estimates.notes(self.table),
            "thresholds": estimates.threshold_rows(self.table, self.rows),
            "estimates": self.rows,
            "comparisons": differences(self.table),
            "interests": [],
            "quantiles": estimates.quantiles(self.table),
            "incidence": estimates.curves(self.table),
            "variance": variance_shares(self.table),
            "failures": [
                {"arm": each.arm, "replication": each.replication, "seed": self.manifest.seed}
                | {"error": each.error, "again": self.rerun_command(each)}
                for each in self.failures
            ],
        }
        summary["interests"] = interest_rows(self.prepared, summary["comparisons"])
        try:
            summary["sensitivity"] = sensitivity(self.table)
        except NoSensitivity as error:
            summary["sensitivity"], summary["refused"] = [], str(error)
        return summary

    def keep_summary(self) -> None:
        """Write `summary.json`."""
        try:
            self.place.write(SUMMARY, encode_json(self.summary))
        except OSError as error:
            message = f"{self.place.address} cannot be written: {error.strerror or error}"
            raise CutShort(f"{message}; all runs are kept: make room, then resume with " + flag("resume")) from None

    def __repr__(self) -> str:
        return f"Batch({self.manifest.study!r}, {len(self.prepared.names)} arms, {self.path!r})"


def _table(rows: Sequence[msgspec.Struct]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([msgspec.structs.asdict(row) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """Options of a batch: its folder, its executor, its report of progress."""

    out: str | None = None
    resume: bool = False
    executor: Callable[[], Executor] = Executor
    progress: JobProgress | None = None
    command: str = ""
    top: str = field(default_factory=lambda: str(runs_folder()))
    race: Callable[[RunTable, int], Sequence[str]] | None = None
    """Names the arms to stop, from the runs so far and the number of looks."""
    looks: tuple[int, ...] = tuple(30 << i for i in range(15))
    """Replications after which a race stops arms."""
    summary: bool = True
    """Write `summary.json`; False for batches whose arms have no common baseline."""


def play(prepared: PreparedStudy, options: BatchOptions) -> Batch:
    """Run a prepared study into a folder, or resume it there, and write its summary.

    Raises UsageFault if the folder cannot be used or an arm cannot be set up, Invalid if the folder is of another study
    or version, Interrupted (exit code 4) if it was stopped with some runs kept.
    """
    try_arms(prepared)
    try_programs(prepared)
    try_plugins(prepared)
    place, resumed = _place(prepared, options)
    with options.executor() as executor:
        if resumed is None:
            claim(place)
        with place.locked():
            run = _session(place, prepared, executor, options, resumed)
    manifest, cells = run.manifest, run.cells
    spent = {"wall_s": run.wall, "working": cells.working, "writing": cells.writing}
    counted = (each for each in cells.failed if each.replication < manifest.counted)
    failures = sorted(counted, key=lambda each: (each.replication, each.arm))
    batch = Batch(prepared, manifest, place, tuple(failures), tuple(cells.repaired), spent, resumed is not None)
    if options.summary:
        batch.keep_summary()
    return batch


def _session(
    place: Store, prepared: PreparedStudy, executor: Executor, options: BatchOptions, resumed: BatchManifest | None
) -> BatchRun:
    """Return one session of a batch: checks what is there and runs what is missing."""
    try:
        name = place.address.rstrip("/").rpartition("/")[2]
        manifest = resumed or begin(place, prepared, freeze(prepared), name, options.command)
        run = BatchRun(BatchCells(place, prepared, manifest.replications), manifest, executor, options.progress)
        if resumed is not None:
            run.cells.read_stored()
        run.manifest = msgspec.structs.replace(run.manifest, stopped={})
        race, stopping = options.race is not None, prepared.study.stopping
        looks = options.looks if race else stopping.at if stopping else ()
        run.play(partial(_is_done, run, prepared, options) if race or stopping else None, looks, race=race)
    except (UsageFault, KeyboardInterrupt) as error:  # the inputs cannot be written, or the executor cannot start
        if resumed is None and (isinstance(error, UsageFault) or not place.exists()):
            place.discard()
        raise
    return run


def _is_done(run: BatchRun, prepared: PreparedStudy, options: BatchOptions, count: int) -> bool:
    """Return whether an interval is narrow enough; a race stops arms instead, and the others go on to the end."""
    table = RunTable(run.place, prepared, msgspec.structs.replace(run.manifest, counted=count))
    for arm in options.race(table, sum(n < run.manifest.replications for n in options.looks)) if options.race else ():
        run.stop(arm, count)
    stopping = None if options.race else prepared.study.stopping
    return stopping is not None and estimates.widest(table, stopping.measure) <= stopping.width


def _place(prepared: PreparedStudy, options: BatchOptions) -> tuple[Store, BatchManifest | None]:
    """Return the folder, and its manifest if the batch is to be resumed."""
    if options.out is not None:
        place = store(options.out)
        return place, _resumed(place, prepared, options) if options.resume and place.exists() else None
    name = run_name(f"{prepared.study.name}-batch", prepared.study.seed, prepared.identity)
    for counter in range(1, 100_000):
        place = store(str(Path(options.top) / (name if counter == 1 else f"{name}-{counter}")))
        if not place.exists():
            return place, None
        if options.resume and read_manifest(place).identity == prepared.identity:
            return place, _resumed(place, prepared, options)
    raise UsageFault(f"{options.top} has too many batches named {name}; remove some")


def _resumed(place: Store, prepared: PreparedStudy, options: BatchOptions) -> BatchManifest:
    manifest = resumed_manifest(place, prepared, options.command)
    _frozen(place, manifest)
    return manifest


def open_batch(path: str) -> Batch:
    """Return the batch in a folder; UsageFault if there is no folder, Invalid if it is not a batch or has no runs."""
    place = store(path)
    if not place.exists():
        raise UsageFault(f"there is no batch folder {path}")
    manifest = read_manifest(place)
    prepared = _frozen(place, manifest, path)
    if not parts.part_names(place):
        command = next(
            (word for word in manifest.command.split()[1:2] if word in {"decide", "game", "search"}), "batch"
        )
        remedy = "continue it with " + resuming(command, path)
        raise Invalid.in_file(path, "this batch is not complete: no run has finished", remedy)
    rows = parts.read_table(place, parts.RUNS, [*parts.KEYS, "status", "error"]).rows()
    bad = {(each.replication, each.arm): each for each in failures_of(rows)}
    return Batch(prepared, manifest, place, tuple(each for _, each in sorted(bad.items())))


def _frozen(place: Store, manifest: BatchManifest, target: str = "") -> PreparedStudy:
    """Return the batch of the folder's inputs; Invalid if they changed since it was created."""
    where = f"{place.address}/inputs"
    try:
        prepared = thaw_at(where, inputs_of(place), target or place.address)
    except (OSError, KeyError) as error:
        raise Invalid.in_file(where, f"cannot be read: {error}", "restore the folder") from None
    if prepared.identity != manifest.identity:
        raise Invalid.in_file(where, "the inputs changed since the batch was created", "restore the folder")
    return prepared


__all__ = ["Batch", "BatchOptions", "manifests", "open_batch", "play"]
