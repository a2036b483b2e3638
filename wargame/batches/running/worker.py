"""The work of a worker: it runs some cells of a batch and writes them as one part.

A cell is an arm and a replication: cell c is replication c // arms in arm c % arms, so that the arms of a
replication are run together and every prefix of the cells is balanced.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

from wargame import numbers
from wargame.batches.running import parquet, parts
from wargame.batches.running.observer import EventRow, Observer, Sampling
from wargame.batches.running.opening import inputs_of, thaw
from wargame.batches.running.parquet import ColumnTable, Schema
from wargame.batches.running.store import Store, is_remote, store
from wargame.batches.study.model import FAIL, KEEP
from wargame.batches.study.parameters import rewritten
from wargame.batches.study.prepared import PreparedStudy
from wargame.brains.specification import Players
from wargame.dataclasses import dataclass, field, replace
from wargame.errors import NotReproducible
from wargame.executor.campaign import failure_of, in_turn
from wargame.executor.executors import Chunk
from wargame.numbers.selection import INTERPRETED, NATIVE, SWITCH
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class PlayedRun:
    """The parts of a run that are kept: its row, its events and its indicators over time."""

    row: dict[str, Any]
    events: list[EventRow] = field(default_factory=list)
    series: list[tuple[float, ...]] = field(default_factory=list)


Payload = tuple[str, str]
"""The address of the batch, and a token that differs in each session, since workers may cache by payload."""


@dataclass(frozen=True, slots=True)
class BatchWorker:
    """The state of a worker: the batch it works on."""

    store: Store
    prepared: PreparedStudy
    schema: Schema


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: its row has an error and no numbers."""

    arm: str
    replication: int
    error: str


@dataclass(frozen=True, slots=True)
class ChunkReport:
    """The report on a chunk; the results are in its part."""

    failed: tuple[Failure, ...]
    seconds: float
    """Of running and writing."""
    writing: float
    """Of writing alone."""


def prepare(payload: Payload) -> BatchWorker:
    """Read the frozen inputs of a batch."""
    place = store(payload[0])
    prepared = thaw(inputs_of(place), payload[0])
    return BatchWorker(place, prepared, parts.columns(prepared))


def work(worker: BatchWorker, chunk: Chunk) -> ChunkReport:
    """Run the cells of a chunk and write their part; OSError if it cannot be written."""
    began = perf_counter()
    runs = in_turn(partial(run_cell, worker.prepared, place=worker.store), chunk)
    writing = perf_counter()
    write(worker, chunk, runs)
    ended = perf_counter()
    return ChunkReport(failures_of([each.row for each in runs]), ended - began, ended - writing)


def failures_of(rows: Iterable[dict[str, Any]]) -> tuple[Failure, ...]:
    """Return the rows of runs that failed, as failures."""
    return tuple(Failure(r["arm"], r["replication"], r["error"]) for r in rows if r["status"] == parts.FAILED)


def write(worker: BatchWorker, chunk: Chunk, runs: list[PlayedRun]) -> None:
    """Write the part of a chunk, after its events and series: a row in the table implies that those are there."""
    study = worker.prepared.study

    def key(run: PlayedRun) -> tuple[str, int]:
        return run.row["arm"], run.row["replication"]

    rows: list[tuple[Any, ...]]
    if study.events:
        names = (*parts.KEYS, "number", "day", "who", "option", "target", "success", "kind", "source")
        rows = [(*key(each), number, *event) for each in runs for number, event in enumerate(each.events)]
        worker.store.write(parts.part_name(parts.EVENTS, chunk), parts.encode_columns(names, rows, chunk))
    if study.series:
        rows = [(*key(each), *values) for each in runs for values in each.series]
        columns = (*parts.KEYS, "day", *study.series)
        worker.store.write(parts.part_name(parts.SERIES, chunk), parts.encode_columns(columns, rows, chunk))
    part = parts.encode([each.row for each in runs], worker.schema, parts.about(worker.prepared))
    worker.store.write(parts.part_name(parts.RUNS, chunk), part)


def cell_of(prepared: PreparedStudy, cell: int) -> tuple[str, int]:
    """Return the arm and the replication of a cell."""
    replication, arm = divmod(cell, len(prepared.names))
    return prepared.names[arm], replication


def blank(prepared: PreparedStudy, cell: int) -> dict[str, Any]:
    """Return the part of a row that is known before its run."""
    arm, replication = cell_of(prepared, cell)
    row: dict[str, Any] = {"arm": arm, "replication": replication, "seed": prepared.study.seed}
    if prepared.points is not None:
        row |= {"point": prepared.points.point(replication), "draws": prepared.draws(replication)}
        row |= {parts.factor_column(name): value for name, value in prepared.factors(replication).items()}
    return row


def run_cell(prepared: PreparedStudy, cell: int, place: Store | None = None) -> PlayedRun:
    """Run one cell. A run that fails is a row with its error and never ends the batch.

    A run with programs is kept in its own folder, since it cannot be repeated without them.
    """
    row = blank(prepared, cell)
    try:
        observer = observe(prepared, row["arm"], row["replication"], place)
        if (replaced := _replaced(observer.turns)) and prepared.study.programs.replaced != KEEP:
            status = parts.FAILED if prepared.study.programs.replaced == FAIL else parts.DROPPED
            return PlayedRun(row | {"status": status, "error": replaced, **observer.turns})
        row |= dict(zip((m.name for m in prepared.measures), observer.values(), strict=True))
        row |= {f"time({outcome})": observer.days(outcome) for outcome in prepared.outcomes}
        return PlayedRun(row | {"status": parts.OK, "error": "", **observer.row()}, observer.events, observer.series)
    except Exception as error:  # noqa: BLE001 - whatever one run raises, the others are still run
        return PlayedRun(row | failed(error))


def _replaced(turns: dict[str, float]) -> str:
    """Return how many decisions the model took in the place of players, as text; empty if it took none."""
    counts = {
        name.removeprefix("replaced(").rstrip(")"): n for name, n in turns.items() if name.startswith("replaced(")
    }
    said = ", ".join(f"{n:g} of {government}" for government, n in counts.items() if n)
    return f"the model took decisions in the place of players: {said}" if said else ""


def failed(error: Exception | str) -> dict[str, Any]:
    """Return the status and the error of a failed run, as part of its row."""
    return {"status": parts.FAILED, "error": failure_of(None, error).reason}


def observe(prepared: PreparedStudy, arm: str, replication: int, place: Store | None = None) -> Observer:
    """Run a replication of an arm to its end, and observe it."""
    players = prepared.players(arm)
    if players is not None:
        return _observe_programs(prepared, players, arm, replication, place)
    observer = _observer(prepared, prepared.scenario_of(arm, replication), prepared.settings(arm, replication))
    observer.play()
    return observer


def _observer(prepared: PreparedStudy, loaded: Loaded, settings: Settings) -> Observer:
    study = prepared.study
    exercise = Exercise(loaded, study.seed, settings)
    return Observer(exercise, prepared.measures, Sampling(study.every, study.series, study.events))


GAMES = "games"
"""The folder of the runs with programs: `games/ARM-REPLICATION`."""
CASSETTE = "cassette.jsonl"
"""The answers of language models in all runs of a batch, in its folder, unless another cassette is named."""


def _observe_programs(
    prepared: PreparedStudy, players: Players, arm: str, replication: int, place: Store | None = None
) -> Observer:
    """Observe a run with programs, and keep it in the place of the batch, if it has one: `games/ARM-REPLICATION`.

    The folder is written before the row of the run, so that a row implies that its folder is there.
    """
    from wargame.brains.unattended import PlayedGame

    loaded = rewritten(prepared.base(arm, replication), prepared.parameters(arm, replication))
    if place is not None and not players.llm.cassette and not is_remote(place.address):
        players = replace(players, llm=replace(players.llm, cassette=str(Path(place.address) / CASSETTE)))
    observer = _observer(prepared, loaded, prepared.settings(arm, replication, "full"))
    game = PlayedGame(observer.exercise, players)
    try:
        observer.play(game.advance)
    finally:
        game.close()
    observer.turns = game.turns()
    if place is not None:
        command = f"wargame batch {prepared.target}, arm {arm}, replication {replication}"
        for name, content in game.files(loaded, command).items():
            place.write(f"{GAMES}/{arm}-{replication}/{name}", content)
    return observer


MOST_ARMS = 8
"""Arms that are timed at most, spread over all; judgement."""
TIMED = 2
"""Runs of each of these arms that are timed, after one that compiles what runs share; judgement."""


@dataclass(frozen=True, slots=True)
class BatchEstimate:
    """The estimated cost of a batch of `runs` on `jobs` processes.

    `seconds` is the time on a quiet machine without the start of the processes, `seconds_per_run` the mean processor
    time of `timed` runs. `memory` is in bytes, of all processes together; None where the system does not
    report it. `programs` has the arms that were not timed, since programs play in them.
    """

    runs: int
    jobs: int
    timed: int
    seconds_per_run: float
    seconds: float
    memory: int | None
    programs: tuple[str, ...]


def estimate(prepared: PreparedStudy, jobs: int) -> BatchEstimate:
    """Time some runs of a study; 0 seconds if programs play in all of its arms."""
    arms = [arm for arm in prepared.names if prepared.players(arm) is None]
    chosen = arms[:: -(-len(arms) // MOST_ARMS)] if arms else []
    seconds, timed = 0.0, 0
    for arm in chosen:
        place, most = prepared.names.index(arm), min(TIMED, prepared.replications - 1)
        cells = [replication * len(prepared.names) + place for replication in range(most + 1)]
        run_cell(prepared, cells[0])
        began = process_time()
        for cell in cells[1:] or cells:
            run_cell(prepared, cell)
            timed += 1
        seconds += process_time() - began
    runs = prepared.replications * len(prepared.names)
    each = seconds / timed if timed else 0.0
    processes = min(jobs, runs)
    memory = _peak_memory()
    return BatchEstimate(
        runs=runs,
        jobs=processes,
        timed=timed,
        seconds_per_run=each,
        seconds=each * runs / processes,
        memory=None if memory is None else memory * (processes + 1 if processes > 1 else 1),
        programs=tuple(sorted(set(prepared.names) - set(arms))),
    )


def _peak_memory() -> int | None:
    """Return the most memory that this process has used, in bytes; None on Windows, which does not report it."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


# --- a sample of the rows, computed again by interpreted code ----------------------------------------
# It runs in a process of its own, and fails the batch if a row differs from that of compiled code (`wargame.numbers`).

EVERY = 500
"""Runs of a batch for each that is computed again, which then costs about 5 % of the batch; judgement."""
MOST = 10
"""Runs that are computed again at most; judgement."""

Rows = dict[tuple[str, int], dict[str, Any]]
"""Rows by arm and replication."""


def verify_sample(place: Store, prepared: PreparedStudy, cells: int, skipped: Sequence[bool]) -> int:
    """Compute a sample of the rows again and return how many; NotReproducible if one differs.

    0 if the batch is small, if its numbers are interpreted, or if the process of the sample ends with an error.
    """
    chosen = [cell for cell in sample(prepared, cells) if not skipped[cell]] if numbers.PATH == NATIVE else []
    if not chosen:
        return 0
    done = subprocess.run(  # noqa: S603  # starts this module
        [sys.executable, "-m", "wargame.batches.running.worker", place.address, *map(str, chosen)],
        env=os.environ | {SWITCH: INTERPRETED},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        return 0
    again = _by_cell(parquet.decode(done.stdout))
    compare(place, again)
    return len(again)


def sample(prepared: PreparedStudy, cells: int) -> list[int]:
    """Return cells spread over a batch and its arms. Runs with programs are not among them: they cannot be repeated."""
    count, arms = min(cells // EVERY, MOST), len(prepared.names)
    spread = (i * (cells // count) + i % arms for i in range(count))
    return [cell for cell in spread if prepared.players(cell_of(prepared, cell)[0]) is None]


def compare(place: Store, again: Rows) -> None:
    """Compare rows with the rows of the batch; NotReproducible names the first difference."""
    stored: Rows = {}
    for name in parts.part_names(place):  # one after another: the whole table may be large
        stored |= {key: row for key, row in _by_cell(parts.decode(place, name)).items() if key in again}
    for (arm, replication), row in sorted(again.items()):
        before = stored[arm, replication]
        for name, value in row.items():
            if before[name] != value:
                raise NotReproducible(
                    f"{place.address}: {name} of replication {replication} of arm {arm} is {before[name]} compiled and "
                    f"{value} interpreted: the compiled package numbers is wrong (set {SWITCH}={INTERPRETED}, run the "
                    "batch in another folder, and report this)"
                )


def _by_cell(table: ColumnTable) -> Rows:
    return {(row["arm"], row["replication"]): row for row in table.rows()}


def main(address: str, cells: list[int]) -> None:
    """Run some cells of a batch and write their rows to the standard output, as a part."""
    batch = prepare((address, uuid4().hex))
    rows = [run_cell(batch.prepared, cell).row for cell in cells]
    sys.stdout.buffer.write(parts.encode(rows, batch.schema))


if __name__ == "__main__":
    main(sys.argv[1], list(map(int, sys.argv[2:])))
