"""Many runs of one script, each told as what its injects and expected actions came to; nothing is written.

A run without an inject is played only where the inject was released: elsewhere skipping it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wargame.executor.work import Chunk, Executor, Job
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.simulation.kernel.log import Record

WHOLE = -1
"""Stands for the script with all of its injects."""
CHUNK = 4


@dataclass(frozen=True, slots=True)
class Script:
    """What to rehearse, as a worker gets it: the files, the seed, and the settings of all runs."""

    files: tuple[tuple[str, bytes], ...]
    seed: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class RehearsedRun:
    """One run: when injects were released and why others were not, and what became of expected actions.

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
    error: str = ""


def prepare(script: Script) -> tuple[Loaded, Script]:
    """Reads the files, once in each worker."""
    from wargame.scenario.loading.load import load_files

    return load_files(dict(script.files)), script


def work(state: tuple[Loaded, Script], chunk: Chunk) -> list[RehearsedRun]:
    """Plays a chunk of cells."""
    loaded, script = state
    return [_play(loaded, script, *divmod(cell, len(loaded.injects) + 1)) for cell in chunk]


def cell(replication: int, without: int, injects: int) -> int:
    """The number of a run: a replication without one of the injects, or with all of them (`WHOLE`)."""
    return replication * (injects + 1) + (injects if without == WHOLE else without)


def play(executor: Executor, script: Script, cells: Iterable[int]) -> Iterator[RehearsedRun]:
    """Plays cells, in any order."""
    executor.start(Job(prepare, work, script))
    for result in executor.results(_chunks(cells)):
        if isinstance(result, tuple):
            yield from result[1]


def _chunks(cells: Iterable[int]) -> Iterator[Chunk]:
    waiting: list[int] = []
    for each in cells:
        waiting.append(each)
        if len(waiting) == CHUNK:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)


def _play(loaded: Loaded, script: Script, replication: int, place: int) -> RehearsedRun:
    from dataclasses import replace

    whole = place == len(loaded.injects)
    skip = script.settings.skip if whole else (*script.settings.skip, loaded.injects[place].id)
    settings = replace(script.settings, replication=replication, skip=skip, journal="decisions" if whole else "none")
    without = WHOLE if whole else place
    try:
        exercise = Exercise(loaded, script.seed, settings)
        exercise.advance(exercise.end)
    except Exception as error:  # noqa: BLE001 - one run that fails is told, the others go on
        return RehearsedRun(replication, without, {}, {}, (), {}, (), f"{type(error).__name__}: {error}")
    return _told(loaded, exercise, replication, without)


def _told(loaded: Loaded, exercise: Exercise, replication: int, without: int) -> RehearsedRun:
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
    return RehearsedRun(replication, without, released, unfired, tuple(expected), outcomes, demands)


def _demands(loaded: Loaded, records: list[Record], start: int) -> Iterator[tuple[float, str, str]]:
    """Each inject that asks something of a leadership: it stirs a dossier of its, or expects an action of it."""
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
