"""Plays a batch: hands out what is still to be played, keeps count, and leaves a folder that can be gone on with.

The order in which rows come to be is nobody's concern: which cells there are follows from the study alone, and
each row from its cell. Whether a batch stops early is decided at replication counts that are known beforehand.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import NoReturn
from uuid import uuid4

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wargame.batch.running import manifest as manifests
from wargame.batch.running import parts
from wargame.batch.running import worker as working
from wargame.batch.running.manifest import BatchManifest
from wargame.batch.running.store import Store
from wargame.batch.study.prepared import Prepared
from wargame.errors import Interrupted, Invalid, Problem, UsageFault, WargameError
from wargame.executor.stretches import stoppable
from wargame.executor.work import Chunk, Died, Executor, Job
from wargame.scenario.loading.load import Loaded

CHUNK_SECONDS = 1.0
"""How long a worker should be busy with a chunk."""
LONGEST_CHUNK = 256
TOLD_FAILURES = 20
FIRST_LOOK = 100
"""Replications after which a batch that may stop early is looked at first; then twice as many, and so on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: runs done, in all, and failed."""

    done: int
    total: int
    failed: int


Tell = Callable[[Progress], None]
Narrow = Callable[[int], bool]
"""Whether the interval is narrow enough with this many replications of each arm."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that failed."""

    arm: str
    replication: int
    error: str


class BatchCutShort(WargameError):
    """The results could not be written on; what was written before is whole and kept."""

    exit_code = 4


def claim(place: Store) -> None:
    """Makes the place of a new batch; UsageFault if something is there already or it cannot be made."""
    try:
        place.claim()
    except FileExistsError:
        raise UsageFault(f"{place.address} exists already; go on with --resume or choose another with --out") from None
    except OSError as error:
        raise UsageFault(_unmade(place, error)) from None


def _unmade(place: Store, error: OSError) -> str:
    return f"cannot make the batch folder {place.address}: {error.strerror or error}; choose another with --out"


def begin(place: Store, prepared: Prepared, inputs: dict[str, bytes], name: str, command: str) -> BatchManifest:
    """Writes the inputs and the manifest of a batch into a place that is claimed; UsageFault if it cannot."""
    study = prepared.study
    made = BatchManifest(
        name=name,
        study=study.name,
        title=study.title or prepared.loaded.scenario.title,
        scenario=prepared.loaded.scenario.name,
        target=prepared.target,
        identity=prepared.identity,
        hashes={arm: [of.scenario_sha256, of.injects_sha256] for arm, of in sorted(prepared.arms.items())},
        fixed=fixed(prepared.loaded),
        arms={arm: _plain_arm(prepared, arm) for arm in prepared.names},
        baseline=study.against,
        seed=study.seed,
        replications=prepared.replications,
        command=command,
        versions=manifests.versions(),
        platform=platform.platform(),
        started=manifests.now(),
    )
    try:
        for file, data in inputs.items():
            place.write(working.INPUTS + file, data)
        place.write(manifests.FILE, manifests.encode(made))
    except OSError as error:
        raise UsageFault(_unmade(place, error)) from None
    return made


def fixed(loaded: Loaded) -> dict[str, str]:
    """Hashes of what a batch is held against, taken before it is played."""
    from wargame.scenario.building.canonical import questions_sha256
    from wargame.scenario.building.numbers import mechanisms_sha256, parameters_sha256

    return {
        "questions": questions_sha256(loaded.scenario),
        "mechanisms": mechanisms_sha256(loaded.scenario, loaded.injects),
        "parameters": parameters_sha256(loaded.scenario, loaded.injects),
    }


def _plain_arm(prepared: Prepared, arm: str) -> object:
    from wargame.batch.study.prepared import plain

    return plain(prepared.study.arms[arm])


def read_manifest(place: Store) -> BatchManifest:
    """The manifest of a batch; Invalid if there is none that can be read."""
    where = f"{place.address}/{manifests.FILE}"
    try:
        return manifests.decode(place.read(manifests.FILE), where)
    except OSError as error:
        raise Invalid(
            [Problem(where, 0, 0, f"cannot be read: {error.strerror or error}", "is this a batch?")]
        ) from None


def take_up(place: Store, prepared: Prepared, command: str = "") -> BatchManifest:
    """The manifest of a batch to go on with; Invalid if it is of another study, scenario or version.

    `command` makes the whole of it: where more runs are asked for, the one that asked.
    """
    held = read_manifest(place)
    where = f"{place.address}/{manifests.FILE}"
    if held.versions.get("wargame") != manifests.versions()["wargame"]:
        told = f"was made with wargame {held.versions.get('wargame')}, this is {manifests.versions()['wargame']}"
        raise Invalid([Problem(where, 0, 0, told, "rows of two versions do not mix: choose another folder")])
    if held.identity != prepared.identity:
        raise Invalid([Problem(where, 0, 0, _other(held, prepared), "choose another folder, or start anew")])
    more = prepared.replications > held.replications
    return msgspec.structs.replace(
        held,
        replications=max(held.replications, prepared.replications),
        command=command if more and command else held.command,
        ended=manifests.RUNNING,
        reason="",
    )


def _other(held: BatchManifest, prepared: Prepared) -> str:
    """What tells this batch from the one that is asked for."""
    if held.study != prepared.study.name:
        return f"is a batch of the study '{held.study}', not of '{prepared.study.name}'"
    if held.seed != prepared.study.seed:
        return f"is a batch with seed {held.seed}, not {prepared.study.seed}"
    if sorted(held.arms) != sorted(prepared.names):
        return f"is a batch of the arms {', '.join(sorted(held.arms))}, not {', '.join(prepared.names)}"
    now = {arm: [of.scenario_sha256, of.injects_sha256] for arm, of in prepared.arms.items()}
    if held.hashes != now:
        return "is a batch of another content of the scenario or its injects"
    return "is a batch of other arms, measures or factors"


class BatchRun:
    """One sitting at a batch."""

    def __init__(
        self, place: Store, prepared: Prepared, manifest: BatchManifest, executor: Executor, tell: Tell
    ) -> None:
        self.place, self._prepared, self.manifest = place, prepared, manifest
        self._executor, self._tell = executor, tell
        self._arms = len(prepared.names)
        self._done = np.zeros(manifest.replications * self._arms, dtype=np.bool_)
        self._schema = parts.columns(prepared)
        points = prepared.points
        self._pass = 1 if points is None or points.lucks else len(points.values)
        """Replications that look at each point of a design once: fewer say nothing of some of them."""
        self._loose: list[str] = []
        self._pace = 0.0
        self.wall = 0.0
        self._started = False
        self._goal = 0
        self.failures: list[Failure] = []
        self.repaired: list[str] = []
        self.writing = 0.0
        self.working = 0.0

    # --- what is there already -----------------------------------------------------------------

    def survey(self) -> None:
        """Looks through the parts of an earlier sitting; those that are damaged are removed and played again."""
        self.place.clean()
        whole = self._accompanied()
        for name, table in self._sound(parts.RUNS):
            if not self._fits(table):
                self._discard(name)
                continue
            self._note(table.select([*parts.KEYS, "status", "error"]).to_pylist(), whole)
            self._loose += [name] if parts.is_small(name) else []

    def _sound(self, folder: str) -> Iterator[tuple[str, pa.Table]]:
        """The parts that can be read; those that cannot are removed."""
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

    def _fits(self, table: pa.Table) -> bool:
        """Whether a part holds rows of this batch and nothing else."""
        if not table.schema.equals(self._schema):
            return False
        known = set(table["arm"].to_pylist()) <= set(self._prepared.names)
        return known and all(replication >= 0 for replication in table["replication"].to_pylist())

    def _accompanied(self) -> NDArray[np.bool_]:
        """The cells whose actions and series are there, where the study keeps any: a row does not stand for them."""
        study, whole = self._prepared.study, np.ones(len(self._done), dtype=np.bool_)
        for folder, kept in ((parts.EVENTS, study.events), (parts.SERIES, bool(study.series))):
            if kept:
                told = [cell for _, table in self._sound(folder) for cell in parts.cells_of(table)]
                whole &= np.isin(np.arange(len(whole)), told)
        return whole

    def _note(self, rows: list[dict[str, object]], whole: NDArray[np.bool_]) -> None:
        arms = {name: i for i, name in enumerate(self._prepared.names)}
        for row in rows:
            cell = int(str(row["replication"])) * self._arms + arms[str(row["arm"])]
            if cell < len(self._done) and whole[cell] and not self._done[cell]:
                self._done[cell] = True
                if row["status"] != parts.OK:
                    self._failed(str(row["arm"]), int(str(row["replication"])), str(row["error"]))

    def _failed(self, arm: str, replication: int, error: str) -> None:
        self.failures.append(Failure(arm, replication, error))

    # --- playing -------------------------------------------------------------------------------

    def play(self, narrow: Narrow | None = None, at: tuple[int, ...] = ()) -> BatchManifest:
        """Plays what is still to be played; if `narrow` says so at one of the counts `at`, no more than those.

        Raises Interrupted, with what is done kept, if the user stops it or a cluster is lost, CutShort if the disk
        is full, KeyboardInterrupt if there is nothing to keep.
        """
        looks = _looks(at, self.manifest.replications, self._pass) if narrow else (self.manifest.replications,)
        counted = self.manifest.replications
        try:
            for count in looks:
                self._stretch(count)
                if narrow and count < self.manifest.replications and narrow(count):
                    counted = count
                    break
            self._tidy(everything=True)
        except KeyboardInterrupt:
            self._close(manifests.INTERRUPTED, "stopped at once")
            self._refuse()
        except (Interrupted, BatchCutShort) as error:
            self._close(manifests.INTERRUPTED, str(error))
            raise
        except Exception as error:
            self._close(manifests.FAILED, f"{type(error).__name__}: {error}")
            raise
        early = counted < self.manifest.replications
        self._close(manifests.EARLY if early else manifests.COMPLETE, "", counted)
        return self.manifest

    def _stretch(self, count: int) -> None:
        """Plays what is missing of the first `count` replications of all arms."""
        self._goal = count * self._arms
        if self._done[: self._goal].all():
            return
        if not self._started:
            self._started = True
            self._executor.start(Job(working.prepare, working.work, (self.place.address, uuid4().hex)))
        began = perf_counter()
        try:
            self._hand_out()
        finally:
            self.wall += perf_counter() - began

    def _hand_out(self) -> None:
        with stoppable() as stop:
            chunks = self._chunks(lambda: stop.asked)
            try:
                for result in self._executor.results(chunks):
                    self._take(result)
            except OSError as error:
                raise BatchCutShort(
                    f"{self.place.address} cannot be written: {error.strerror or error}; {self._go_on()}"
                ) from None
            except Interrupted as error:
                raise Interrupted(f"{error}; {self._go_on()}") from None
            if stop.asked and not self._done[: self._goal].all():
                self._refuse()

    def _refuse(self) -> NoReturn:
        if not self._done.any():
            self.place.discard()
            raise KeyboardInterrupt
        raise Interrupted(f"stopped; {self._go_on()}")

    def _go_on(self) -> str:
        done, total = int(self._done.sum()), len(self._done)
        return f"{done:,} of {total:,} runs are kept in {self.place.address}; go on with the same command and --resume"

    def _chunks(self, stopped: Callable[[], bool]) -> Iterator[Chunk]:
        """The cells still to be played, about a second's worth at a time, less towards the end."""
        waiting = np.flatnonzero(~self._done[: self._goal])
        start = 0
        while start < len(waiting) and not stopped():
            size = self._size(len(waiting) - start)
            yield tuple(waiting[start : start + size].tolist())
            start += size

    def _size(self, left: int) -> int:
        if not self._pace:
            return 1
        most = max(1, int(CHUNK_SECONDS / self._pace))
        fair = max(1, left // (2 * self._executor.width))
        return min(most, fair, LONGEST_CHUNK)

    def _take(self, result: tuple[Chunk, working.Told] | Died) -> None:
        if isinstance(result, Died):
            result = result.chunk, self._bury(result)
        chunk, told = result
        self._done[list(chunk)] = True
        self._loose.append(parts.part_name(parts.RUNS, chunk))
        for arm, replication, error in told.failed:
            self._failed(arm, replication, error)
        self.writing += told.writing
        self.working += told.seconds
        if told.cells and told.seconds:
            pace = told.seconds / told.cells
            self._pace = 0.8 * self._pace + 0.2 * pace if self._pace else pace
        self._tidy()
        self._tell(Progress(int(self._done[: self._goal].sum()), self._goal, len(self.failures)))

    def _bury(self, died: Died) -> working.Told:
        """A run that kills its process is a row like any other that failed."""
        cell = died.chunk[0]
        row = working.blank(self._prepared, cell) | working.failure(died.reason)
        worker = working.BatchWorker(self.place, self._prepared, self._schema)
        working.write(worker, died.chunk, [working.PlayedChunk(row)])
        return working.Told(1, ((row["arm"], row["replication"], died.reason),), 0.0, 0.0)

    def _tidy(self, *, everything: bool = False) -> None:
        """Puts small parts together before they become a crowd."""
        if len(self._loose) < (2 if everything else parts.LOOSE):
            return
        self._loose = []
        began = perf_counter()
        try:
            for folder in (parts.EVENTS, parts.SERIES, parts.RUNS):
                small = [name for name in parts.part_names(self.place, folder) if parts.is_small(name)]
                if len(small) > 1:
                    parts.put_together(self.place, folder, small)
        except OSError as error:
            raise BatchCutShort(
                f"{self.place.address} cannot be written: {error.strerror or error}; {self._go_on()}"
            ) from None
        self.writing += perf_counter() - began

    def _close(self, ended: str, reason: str, counted: int | None = None) -> None:
        """A full disk may refuse even this; then the manifest still says `running`."""
        if not self.place.exists():
            return
        self.manifest = msgspec.structs.replace(
            self.manifest,
            finished=manifests.now(),
            ended=ended,
            reason=reason,
            counted=self._whole() if counted is None else counted,
            runs=int(self._done.sum()) if counted is None else counted * self._arms,
            failed=len(self.failures),
            wall_s=round(self.manifest.wall_s + self.wall, 3),
        )
        with suppress(OSError):
            self.place.write(manifests.FILE, manifests.encode(self.manifest))

    def _whole(self) -> int:
        """How many replications from the first on are whole in all arms, and at all points of a design."""
        missing = np.flatnonzero(~self._done)
        whole = int(missing[0]) // self._arms if len(missing) else self.manifest.replications
        return whole - whole % self._pass

    @property
    def done(self) -> NDArray[np.bool_]:
        """Which cells are played."""
        return self._done


def _looks(at: tuple[int, ...], most: int, whole: int = 1) -> tuple[int, ...]:
    """The counts at which a batch is looked at, the last of them the end; each a multiple of `whole`."""
    listed = at or tuple(FIRST_LOOK << i for i in range(most.bit_length()))
    counts = sorted({-(-count // whole) * whole for count in listed})
    return (*(count for count in counts if count < most), most)
