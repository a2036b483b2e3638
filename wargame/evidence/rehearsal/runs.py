"""The runs of a rehearsal: each reduced to what its injects and expected actions came to; nothing is written to disk.

A run without an inject is only worth its time where the inject was released: elsewhere skipping it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wargame.executor.campaign import each_cell
from wargame.executor.executors import Job
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.simulation.kernel.log import Record

WHOLE = -1
"""In a cell: with all injects of the script."""

Cell = tuple[int, int]
"""A run: the replication, and the index of the inject that is left out, or `WHOLE`."""


@dataclass(frozen=True, slots=True)
class RehearsedScript:
    """What to rehearse, as a worker receives it: the input files, the random seed and the settings of all runs."""

    files: tuple[tuple[str, bytes], ...]
    seed: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class RehearsedRun:
    """One run: when injects were released, why others were not, and the status of expected actions.

    `released` has the days of each release, `unfired` a reason, `expected` (inject, who, status, days until it) and
    `outcomes` the days of first passage. `demands` are (day, government, inject).
    """

    replication: int
    without: int
    released: dict[str, tuple[float, ...]]
    unfired: dict[str, str]
    expected: tuple[tuple[str, str, str, float | None], ...]
    outcomes: dict[str, float | None]
    demands: tuple[tuple[float, str, str], ...]


def job(script: RehearsedScript) -> Job:
    """Return the work of a rehearsal for a campaign over cells."""
    return Job(prepare, each_cell(run), script)


def prepare(script: RehearsedScript) -> tuple[Loaded, RehearsedScript]:
    """Read the files, once in each worker."""
    from wargame.scenario.loading.load import load_files

    return load_files(dict(script.files)), script


def run(state: tuple[Loaded, RehearsedScript], cell: Cell) -> RehearsedRun:
    """Run one cell to ENDEX."""
    loaded, script = state
    replication, without = cell
    settings = replace(script.settings, replication=replication, journal="decisions")
    if without != WHOLE:
        settings = replace(settings, skip=(*settings.skip, loaded.injects[without].id), journal="none")
    exercise = Exercise(loaded, script.seed, settings)
    exercise.advance(exercise.end)
    return _summarised(loaded, exercise, cell)


def _summarised(loaded: Loaded, exercise: Exercise, cell: Cell) -> RehearsedRun:
    start = exercise.calendar.startex
    outcomes = {name: None if t is None else (t - start) / DAY for name, t in exercise.outcomes.items()}
    released: dict[str, tuple[float, ...]] = {}
    unfired: dict[str, str] = {}
    expected: list[tuple[str, str, str, float | None]] = []
    for record in exercise.records():
        kind, about, data = record[2], record[4], record[6]
        if kind == "inject.released":
            released[about] = (*released.get(about, ()), (record[1] - start) / DAY)
        elif kind == "inject.skipped":
            unfired.setdefault(about, str(data["reason"]))
        elif kind == "expected":
            latency = data.get("latency")
            expected.append((about, record[3], str(data["status"]), None if latency is None else latency / DAY))
    demands = tuple(_demands(loaded, exercise.records(), start))
    return RehearsedRun(*cell, released, unfired, tuple(expected), outcomes, demands)


def _demands(loaded: Loaded, records: list[Record], start: int) -> Iterator[tuple[float, str, str]]:
    """Yield each inject that demands attention of a government: it adds salience to a dossier or expects an action."""
    specs: Mapping[str, Any] = {inject.id: inject for inject in loaded.injects}
    every = tuple(sorted(loaded.scenario.governments))
    for record in records:
        if record[2] != "inject.released" or record[4] not in specs:
            continue
        spec = specs[record[4]]
        asked = set(spec.audience or every) if spec.salience and spec.kind != "facilitation" else set()
        asked |= {action.who for action in spec.expected}
        for government in sorted(asked):
            yield (record[1] - start) / DAY, government, spec.id
