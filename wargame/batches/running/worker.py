"""What a worker does: runs some cells of a batch and writes them as one part.

A cell is an arm and a replication: cell c is replication c // arms in arm c % arms, so that the arms of a
replication are run together and every prefix of the cells is balanced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import pyarrow as pa

from wargame.batches.running import games, parts
from wargame.batches.running.frozen import thaw
from wargame.batches.running.observer import Event, Observer, Sampling
from wargame.batches.running.store import Store, store
from wargame.batches.study.prepared import PreparedStudy
from wargame.executor.campaign import failure_of
from wargame.executor.executors import Chunk
from wargame.simulation.exercise import Exercise

INPUTS = "inputs/"


@dataclass(frozen=True, slots=True)
class PlayedRun:
    """What is kept of a run: its row, its events and its indicators over time, but not the exercise itself."""

    row: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    series: list[tuple[float, ...]] = field(default_factory=list)


Payload = tuple[str, str]
"""The address of the batch, and a token that differs in each session, since workers may cache by payload."""


@dataclass(frozen=True, slots=True)
class BatchWorker:
    """The state of a worker: the batch it works on."""

    store: Store
    prepared: PreparedStudy
    schema: pa.Schema


@dataclass(frozen=True, slots=True)
class ChunkReport:
    """What is reported of a chunk; the results are in its part."""

    failed: tuple[tuple[str, int, str], ...]
    """Arm, replication and error of each run that failed."""
    seconds: float
    """Of running and writing."""
    writing: float
    """Of writing alone."""


def prepare(payload: Payload) -> BatchWorker:
    """Read the frozen inputs of a batch."""
    place = store(payload[0])
    files = {name.removeprefix(INPUTS): place.read(name) for name in place.names(INPUTS.rstrip("/"))}
    prepared = thaw(files, payload[0])
    schema = parts.columns(prepared)
    parts.encode([], schema)  # loads libraries now, not while time is measured
    return BatchWorker(place, prepared, schema)


def work(worker: BatchWorker, chunk: Chunk) -> ChunkReport:
    """Run the cells of a chunk and write their part; OSError if it cannot be written."""
    began = perf_counter()
    runs = [run_cell(worker.prepared, cell, worker.store) for cell in chunk]
    writing = perf_counter()
    write(worker, chunk, runs)
    ended = perf_counter()
    rows = [each.row for each in runs]
    errors = tuple((r["arm"], r["replication"], r["error"]) for r in rows if r["status"] != parts.OK)
    return ChunkReport(errors, ended - began, ended - writing)


def write(worker: BatchWorker, chunk: Chunk, runs: list[PlayedRun]) -> None:
    """Write the part of a chunk, after its events and series: a row in the table implies that those are there."""
    study = worker.prepared.study
    if study.events:
        worker.store.write(parts.part_name(parts.EVENTS, chunk), _events(chunk, runs))
    if study.series:
        worker.store.write(parts.part_name(parts.SERIES, chunk), _series(chunk, runs, study.series))
    worker.store.write(parts.part_name(parts.RUNS, chunk), parts.encode([each.row for each in runs], worker.schema))


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

    A run with programs is kept in a folder of its own, since it cannot be repeated without them.
    """
    row = blank(prepared, cell)
    try:
        observer = observe(prepared, row["arm"], row["replication"], place)
        row |= dict(zip((m.name for m in prepared.measures), observer.values(), strict=True))
        row |= {f"time({outcome})": observer.days(outcome) for outcome in prepared.outcomes}
        return PlayedRun(row | {"status": parts.OK, "error": "", **observer.row()}, observer.events, observer.series)
    except Exception as error:  # noqa: BLE001 - whatever one run raises, the others are still run
        return PlayedRun(row | failed(error))


def failed(error: Exception | str) -> dict[str, Any]:
    """Return the status and the error of a failed run, as part of its row."""
    return {"status": parts.FAILED, "error": failure_of(None, error).reason}


def observe(prepared: PreparedStudy, arm: str, replication: int, place: Store | None = None) -> Observer:
    """Run a replication of an arm to its end, and observe it."""
    study, players = prepared.study, prepared.players(arm)
    if players is not None:
        return games.observe(prepared, players, arm, replication, place)
    settings = prepared.settings(arm, replication)
    exercise = Exercise(prepared.scenario_of(arm, replication), study.seed, settings)
    observer = Observer(exercise, prepared.measures, Sampling(study.every, study.series, study.events))
    observer.play()
    return observer


def _events(chunk: Chunk, runs: list[PlayedRun]) -> bytes:
    names = ("arm", "replication", "number", "day", "who", "option", "target", "success", "kind", "source")
    text = pa.string()
    types = (text, pa.int64(), pa.int64(), pa.float64(), text, text, text, pa.bool_(), text, text)
    rows = [
        dict(zip(names, (each.row["arm"], each.row["replication"], number, *event), strict=True))
        for each in runs
        for number, event in enumerate(each.events)
    ]
    return parts.encode(rows, pa.schema(list(zip(names, types, strict=True))), chunk)


def _series(chunk: Chunk, runs: list[PlayedRun], paths: tuple[str, ...]) -> bytes:
    names = ("arm", "replication", "day", *paths)
    types = (pa.string(), pa.int64(), *(pa.float64() for _ in names[2:]))
    rows = [
        dict(zip(names, (each.row["arm"], each.row["replication"], *values), strict=True))
        for each in runs
        for values in each.series
    ]
    return parts.encode(rows, pa.schema(list(zip(names, types, strict=True))), chunk)
