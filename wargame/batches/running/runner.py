"""Runs a batch: a campaign over its cells, in a folder that can be resumed.

A cell is a replication in an arm (see `worker`). Which cells there are follows from the study alone, and each row from
its cell; the order in which rows are written does not matter. The parts of an earlier session are checked before they
count: one that is damaged or incomplete is removed, and its cells are run again. Whether a batch stops early is decided
at replication counts that are fixed beforehand.
"""

import platform
import shlex
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import perf_counter
from typing import Any
from uuid import uuid4

import msgspec
import numpy as np
from numpy.typing import NDArray

from wargame import numbers
from wargame.batches.running import manifest as manifests
from wargame.batches.running import parts, worker
from wargame.batches.running.manifest import BatchManifest, read_manifest
from wargame.batches.running.opening import fixed
from wargame.batches.running.parquet import ColumnTable
from wargame.batches.running.store import Store
from wargame.batches.running.worker import BatchWorker, ChunkReport, Failure, PlayedRun, verify_sample
from wargame.batches.study.prepared import PreparedStudy, plain
from wargame.errors import Interrupted, Invalid, UsageFault, flag
from wargame.executor.campaign import RESUME, Campaign, CellFailure, CutShort, Results, storing
from wargame.executor.executors import Chunk, Executor, Job
from wargame.executor.progress import JobProgress
from wargame.journal.atomic import encode_json
from wargame.journal.folder import INPUTS
from wargame.journal.manifest import KINDS


class BatchCells(Results):
    """The store of a campaign over the cells of a batch. `replications` are those in each arm."""

    def __init__(self, place: Store, prepared: PreparedStudy, replications: int) -> None:
        super().__init__()
        self.place, self.prepared, self.address = place, prepared, place.address
        self._arms = len(prepared.names)
        self.done = np.zeros(replications * self._arms, dtype=np.bool_)
        self._schema = parts.columns(prepared)
        self._small: list[str] = []
        """Parts of this and earlier sessions that are not merged yet."""
        self.skipped = np.zeros_like(self.done)
        """Cells of arms that were stopped, which count as done."""
        self.failed: list[Failure] = []
        self.repaired: list[str] = []
        """Parts that were damaged and removed."""
        self.working = 0.0
        """Seconds of all workers together."""
        self.writing = 0.0
        """Seconds of these spent on writing, and of merging parts."""

    def __contains__(self, cell: object, /) -> bool:
        """Return whether the cell has a row."""
        return isinstance(cell, int) and bool(self.done[cell])

    def kept_message(self) -> str:
        """Return how many runs are kept and how to resume, if any. A lost cluster may have left parts unreported."""
        if self.done.any():
            return f"{int(self.done.sum()):,} of {len(self.done):,} runs are kept in {self.address}; " + RESUME
        with suppress(OSError):
            if parts.part_names(self.place):
                return f"the runs that were written are kept in {self.address}; " + RESUME
        return ""

    def skip(self, arm: str, count: int) -> None:
        """Run no more replications of an arm than `count`."""
        left = np.arange(len(self.done)) >= count * self._arms
        left &= np.arange(len(self.done)) % self._arms == self.prepared.names.index(arm)
        self.skipped |= left & ~self.done
        self.done |= left

    def complete(self) -> int:
        """Return how many replications, from the first on, have a row in every arm."""
        missing = np.flatnonzero(~self.done)
        return (int(missing[0]) if len(missing) else len(self.done)) // self._arms

    def add(self, chunk: Chunk, report: ChunkReport, /) -> None:
        """Take note of a part that a worker has written."""
        self.done[list(chunk)] = True
        self._small.append(parts.part_name(parts.RUNS, chunk))
        self.failed += report.failed
        self.writing += report.writing
        self.working += report.seconds
        if len(self._small) >= parts.MANY:
            self.merge()

    def fail(self, failure: CellFailure, /) -> None:
        """Write the row of a cell that was lost with its worker: it is a failed run like any other."""
        row = worker.blank(self.prepared, failure.cell) | worker.failed(failure.reason)
        part = BatchWorker(self.place, self.prepared, self._schema)
        worker.write(part, (failure.cell,), [PlayedRun(row)])
        self.add((failure.cell,), ChunkReport(worker.failures_of([row]), 0.0, 0.0))

    def merge(self) -> None:
        """Write small parts together as larger ones; CutShort if the disk is full."""
        if len(self._small) < 2:
            return
        self._small = []
        began = perf_counter()
        with storing(self):
            for folder in (parts.EVENTS, parts.SERIES, parts.RUNS):
                small = [name for name in parts.part_names(self.place, folder) if parts.is_small(name)]
                if len(small) > 1:
                    parts.merge(self.place, folder, small)
        self.writing += perf_counter() - began

    def read_stored(self) -> None:
        """Read the parts of earlier sessions."""
        self.place.clean()
        study, accompanied = self.prepared.study, np.ones(len(self.done), dtype=np.bool_)
        for folder, is_asked_for in ((parts.EVENTS, study.events), (parts.SERIES, bool(study.series))):
            if is_asked_for:
                cells = [cell for _, table in self._readable(folder) for cell in parts.cells_of(table)]
                accompanied &= np.isin(np.arange(len(accompanied)), cells)
        for name, table in self._readable(parts.RUNS):
            if not self._fits(table):
                self._discard(name)
                continue
            self._note(table.rows(*parts.KEYS, "status", "error"), accompanied)
            self._small += [name] if parts.is_small(name) else []

    def _readable(self, folder: str) -> Iterator[tuple[str, ColumnTable]]:
        """Yield the parts that can be read; the others are removed."""
        for name in parts.part_names(self.place, folder):
            try:
                table = parts.decode(self.place, name)
            except Invalid:
                self._discard(name)
                continue
            yield name, table

    def _discard(self, name: str) -> None:
        self.place.remove([name])
        self.repaired.append(name)

    def _fits(self, table: ColumnTable) -> bool:
        """Return whether a part has rows of this batch and no others."""
        if list(table.schema.items()) != list(self._schema.items()):
            return False
        known = set(table.columns["arm"]) <= set(self.prepared.names)
        return known and bool((table.columns["replication"] >= 0).all())

    def _note(self, rows: list[dict[str, Any]], accompanied: NDArray[np.bool_]) -> None:
        arms = {name: i for i, name in enumerate(self.prepared.names)}
        for row in rows:
            cell = row["replication"] * self._arms + arms[row["arm"]]
            if cell < len(self.done) and accompanied[cell] and not self.done[cell]:
                self.done[cell] = True
                self.failed += worker.failures_of([row])


FIRST_LOOK = 100
"""Replications after which a batch that may stop early is first looked at; then after twice as many, and so on."""


IsNarrow = Callable[[int], bool]
"""Whether the interval is narrow enough with this many replications of each arm."""


def claim(place: Store) -> None:
    """Create the place of a new batch; UsageFault if something is there already or it cannot be created."""
    try:
        place.claim()
    except FileExistsError:
        raise _taken(place) from None
    except OSError as error:
        raise UsageFault(_not_created(place, error)) from None


def check_free(place: Store) -> None:
    """Raise UsageFault if something is at the place of a new batch; creates nothing."""
    if place.exists():
        raise _taken(place)


def _taken(place: Store) -> UsageFault:
    """Return the error for a place that exists: a batch can be resumed, anything else stays as it is."""
    try:
        read_manifest(place)
        more = ["; resume it with ", flag("resume"), " or choose another with "]
    except Invalid as error:
        run = KINDS["wargame-run"][0] in (problem.message for problem in error.problems)
        more = [f" and is {'the folder of a single run' if run else 'not a batch'}; choose another with "]
    return UsageFault(f"{place.address} exists already", *more, flag("out"))


def _not_created(place: Store, error: OSError) -> str:
    reason = error.strerror or error
    return f"cannot create the batch folder {place.address}: {reason}; choose another with " + flag("out")


def begin(place: Store, prepared: PreparedStudy, inputs: dict[str, bytes], name: str, command: str) -> BatchManifest:
    """Write the inputs and the manifest of a new batch into a claimed place; UsageFault if that fails."""
    study = prepared.study
    manifest = BatchManifest(
        name=name,
        study=study.name,
        title=study.title or prepared.loaded.scenario.title,
        scenario=prepared.loaded.scenario.name,
        target=prepared.target,
        identity=prepared.identity,
        hashes={arm: (of.scenario_sha256, of.injects_sha256) for arm, of in sorted(prepared.arms.items())},
        fixed=fixed(prepared.loaded),
        arms={arm: plain(study.arms[arm]) for arm in prepared.names},
        baseline=study.against,
        seed=study.seed,
        replications=prepared.replications,
        command=command,
        versions=manifests.versions(),
        numbers=numbers.PATH,
        platform=platform.platform(),
        started=manifests.now(),
    )
    try:
        place.remove(place.names(INPUTS))  # of a batch that was killed here in its first moment
        for file, data in inputs.items():
            place.write(f"{INPUTS}/{file}", data)
        place.write(manifests.FILE, encode_json(manifest))
    except OSError as error:
        raise UsageFault(_not_created(place, error)) from None
    return manifest


def resumed_manifest(place: Store, prepared: PreparedStudy, command: str = "") -> BatchManifest:
    """Return the manifest of a batch to resume; Invalid if it is of another study, scenario or version.

    `command` replaces the command of the manifest where it asks for more replications. One that names the batch itself
    cannot make it again: then the command of the manifest stays, with the larger number.
    """
    manifest = read_manifest(place)
    where = f"{place.address}/{manifests.FILE}"
    if manifest.versions.get("wargame") != manifests.versions()["wargame"]:
        message = f"was made with wargame {manifest.versions.get('wargame')}, this is {manifests.versions()['wargame']}"
        raise Invalid.in_file(where, message, "rows of two versions cannot be mixed: choose another folder")
    if manifest.identity != prepared.identity:
        repeated = f"resume it with the options of its command, {manifest.command}; or " if manifest.command else ""
        raise Invalid.in_file(where, _difference(manifest, prepared), f"{repeated}choose another folder")
    if prepared.replications > manifest.replications and command:
        typed, words = command, shlex.split(manifest.command)
        if place.is_at(prepared.target):
            words += [] if "-n" in words else ["-n", ""]
            words[words.index("-n") + 1] = str(prepared.replications)
            typed = shlex.join(words)
    else:
        typed = manifest.command
    count = max(manifest.replications, prepared.replications)
    return msgspec.structs.replace(manifest, replications=count, command=typed, ended=manifests.RUNNING, reason="")


def _difference(manifest: BatchManifest, prepared: PreparedStudy) -> str:
    """Return how the stored batch differs from the requested one."""
    if manifest.study != prepared.study.name:
        return f"is a batch of the study '{manifest.study}', not of '{prepared.study.name}'"
    if manifest.seed != prepared.study.seed:
        return f"is a batch with seed {manifest.seed}, not {prepared.study.seed}"
    if sorted(manifest.arms) != sorted(prepared.names):
        return f"is a batch of the arms {', '.join(sorted(manifest.arms))}, not {', '.join(prepared.names)}"
    now = {arm: (of.scenario_sha256, of.injects_sha256) for arm, of in prepared.arms.items()}
    if manifest.hashes != now:
        return "is a batch of a scenario or injects with other content"
    return "is a batch of other arms, measures or factors"


class BatchRun:
    """One session of running a batch."""

    def __init__(self, cells: BatchCells, manifest: BatchManifest, executor: Executor, bar: JobProgress | None) -> None:
        self.cells, self.manifest, self.place, self._prepared = cells, manifest, cells.place, cells.prepared
        self._arms, points = len(cells.prepared.names), cells.prepared.points
        self._pass = 1 if points is None or points.draws else len(points.values)
        """Replications that cover each point of a design once: fewer say nothing of some of them."""
        job = Job(worker.prepare, worker.work, (self.place.address, uuid4().hex))
        advance = (lambda done, total: bar(done, total, len(self.cells.failed))) if bar else None
        self._campaign = Campaign(executor, job, self.cells, advance)
        self.wall = 0.0
        """Seconds of running and writing, without the start of the workers."""

    def stop(self, arm: str, count: int) -> None:
        """Run no more replications of an arm than `count`."""
        self.cells.skip(arm, count)
        self.manifest = msgspec.structs.replace(self.manifest, stopped={**self.manifest.stopped, arm: count})

    def play(self, narrow: IsNarrow | None = None, at: tuple[int, ...] = (), *, race: bool = False) -> BatchManifest:
        """Run what is missing; no more than the first of the counts `at` with which `narrow` is true.

        In a race, arms are stopped at these counts, which need not cover all points of the design.

        Raises Interrupted, with what is done kept, if the user stops it or a cluster is lost, CutShort if the disk is
        full, KeyboardInterrupt if there is nothing to keep, NotReproducible if a row differs when it is computed again.
        """
        due = self.manifest.replications
        counted = due
        try:
            for count in _looks(at, due, 1 if race else self._pass) if narrow else (due,):
                self._run(count)
                if narrow and count < due and narrow(count):
                    counted = count
                    break
            self.cells.merge()
            if self.wall:
                rerun = verify_sample(self.place, self._prepared, counted * self._arms, self.cells.skipped.tolist())
                self.manifest = msgspec.structs.replace(self.manifest, rerun=rerun)
        except KeyboardInterrupt:
            self._close(manifests.INTERRUPTED, "stopped at once")
            if kept_message := self.cells.kept_message():
                raise Interrupted("stopped; " + kept_message) from None
            self.place.discard()
            raise
        except (Interrupted, CutShort) as error:
            self._close(manifests.INTERRUPTED, str(error))
            raise
        except Exception as error:
            self._close(manifests.FAILED, f"{type(error).__name__}: {error}")
            raise
        self._close(manifests.EARLY if counted < due else manifests.COMPLETE, "", counted)
        return self.manifest

    def _run(self, count: int) -> None:
        """Run what is missing of the first `count` replications of all arms."""
        cells = range(count * self._arms)
        if self.cells.done[: len(cells)].all():
            return
        self._campaign.start()
        began = perf_counter()
        try:
            self._campaign.run(cells)
        finally:
            self.wall += perf_counter() - began

    def _close(self, ended: str, reason: str, counted: int | None = None) -> None:
        """Complete the manifest. A full disk may prevent even this; then it still says `running`."""
        if not self.place.exists():
            return
        complete = self.cells.complete()
        self.manifest = msgspec.structs.replace(
            self.manifest,
            finished=manifests.now(),
            ended=ended,
            reason=reason,
            counted=complete - complete % self._pass if counted is None else counted,
            runs=int((self.cells.done & ~self.cells.skipped)[: counted and counted * self._arms].sum()),
            failed=len(self.cells.failed),
            wall_s=round(self.manifest.wall_s + self.wall, 3),
        )
        with suppress(OSError):
            self.place.write(manifests.FILE, encode_json(self.manifest))


def _looks(at: tuple[int, ...], most: int, whole: int = 1) -> tuple[int, ...]:
    """Return the counts after which a batch is looked at, each a multiple of `whole`; the last is the end."""
    listed = at or tuple(FIRST_LOOK << i for i in range(most.bit_length()))
    counts = sorted({-(-count // whole) * whole for count in listed})
    return (*(count for count in counts if count < most), most)
