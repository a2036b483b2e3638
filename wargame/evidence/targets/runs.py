"""Runs for targets: each is played once for all statistics that its way of playing serves, and kept as tallies.

A way is a STARTEX, an end and an arm; targets that share them share runs. What was played is written line by line,
so that an evaluation that was stopped goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import wargame
from wargame.batch.running.observer import Sampling, Observer
from wargame.batch.study.model import Study
from wargame.batch.study.prepared import Prepared
from wargame.errors import Interrupted, Invalid, Problem
from wargame.evidence.rehearsal.rehearsal import Tell
from wargame.evidence.targets.statistics import DatedEvent, Story, Tally, tally
from wargame.evidence.targets.store import RUNS, RunStore, StoredRun
from wargame.executor.stretches import Stop, stoppable
from wargame.executor.work import Chunk, Died, Executor, Job
from wargame.language.times import DAY, Time
from wargame.scenario.loading.canonical import canonical, digest
from wargame.scenario.model.measures import parse_measure
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import Statistic
from wargame.simulation.exercise import Exercise

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded

CHUNK = 2
EVERY = 7 * DAY
"""How often indicators are looked at for their means."""
ARM = "held"


@dataclass(frozen=True, slots=True)
class Served:
    """A statistic that a way serves: its name, `target.number`, and the time up to which it looks."""

    name: str
    statistic: Statistic
    until: Time


@dataclass(frozen=True, slots=True)
class RunCondition:
    """One way to play, with the statistics that it serves. `label` is the point or variant that it belongs to."""

    startex: str | None
    until: Time
    arm: Arm
    statistics: tuple[Served, ...]
    label: str = ""

    def identity(self) -> list[Any]:
        """What decides its runs and their tallies, as JSON data."""
        statistics = [[each.name, str(each.until), canonical(each.statistic)] for each in self.statistics]
        return [self.label, self.startex, str(self.until), canonical(self.arm), statistics]


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """All that is to be played: as workers get it."""

    files: tuple[tuple[str, bytes], ...]
    seed: int
    ways: tuple[RunCondition, ...]
    runs: int
    """Of each way."""

    def cells(self) -> list[int]:
        """Runs way by way, so that a worker has few scenarios in hand."""
        return list(range(self.runs * len(self.ways)))


@dataclass(slots=True)
class TargetWorker:
    """A worker that knows the plan, with the scenario of the way in hand."""

    loaded: Loaded
    plan: TargetPlan
    ready: dict[int, Prepared] = field(default_factory=dict)


def prepare(plan: TargetPlan) -> TargetWorker:
    """Reads the files, once in each worker."""
    from wargame.scenario.loading.load import load_files

    return TargetWorker(load_files(dict(plan.files)), plan)


def work(worker: TargetWorker, chunk: Chunk) -> list[StoredRun]:
    """Plays cells."""
    return [_run(worker, *divmod(cell, worker.plan.runs)) for cell in chunk]


def _run(worker: TargetWorker, place: int, replication: int) -> StoredRun:
    way = worker.plan.ways[place]
    if place not in worker.ready:
        worker.ready = {place: prepared(worker.loaded, way, worker.plan.seed)}
    try:
        return StoredRun(place, replication, played(worker.ready[place], way, replication))
    except Exception as error:  # noqa: BLE001 - one run that fails is told, the others go on
        return StoredRun(place, replication, {}, f"{type(error).__name__}: {error}")


def prepared(loaded: Loaded, way: RunCondition, seed: int) -> Prepared:
    """A way as the batch room plays it."""
    study = Study(
        name="targets",
        scenario=loaded.scenario.name,
        seed=seed,
        replications=1,
        startex=way.startex,
        until=str(way.until),
        arms={ARM: way.arm},
        events=True,
        every=EVERY,
    )
    statistics = (each.statistic for each in way.statistics)
    texts = dict.fromkeys(text for statistic in statistics for text in (statistic.measure, statistic.given) if text)
    return Prepared(study, {ARM: loaded}, tuple(parse_measure(text) for text in texts), None, loaded.scenario.name)


def observed(ready: Prepared, replication: int) -> Observer:
    """One run of a way, played to its end and watched."""
    exercise = Exercise(
        ready.scenario_of(ARM, replication), ready.study.seed, ready.settings(ARM, replication, journal="none")
    )
    observer = Observer(exercise, ready.measures, Sampling(ready.study.every, (), events=True))
    observer.play()
    return observer


def played(ready: Prepared, way: RunCondition, replication: int) -> dict[str, Tally]:
    """The tallies of one run."""
    observer = observed(ready, replication)
    numbers = dict(zip((m.name for m in ready.measures), observer.values(), strict=True))
    told, seconds = story(observer), observer.exercise.calendar.seconds
    cut = {each.until: upto(told, observer, seconds(each.until)) for each in way.statistics}
    return {each.name: _tally(each.statistic, cut[each.until], numbers) for each in way.statistics}


def _tally(statistic: Statistic, told: Story, numbers: dict[str, float]) -> Tally:
    if statistic.given and not numbers[_name(statistic.given)]:
        return []
    if statistic.measure:
        number = numbers[_name(statistic.measure)]
        return [number if number == number else float("inf")]  # noqa: PLR0124 - NaN: a time that did not come
    return tally(statistic.computed, told)


def _name(text: str) -> str:
    return " ".join(text.split())


def story(observer: Observer) -> Story:
    """What happened in a run, from its STARTEX on."""
    exercise = observer.exercise
    calendar, scenario = exercise.calendar, exercise.context.scenario
    start = calendar.startex
    events = tuple(
        DatedEvent(day, calendar.at(start + round(day * DAY)).toordinal(), who, what, whom, kind == "forum")
        for day, who, what, whom, _, kind, *_ in observer.events
        if kind in ("action", "forum")
    )
    first, last = calendar.at(start - 1).toordinal() + 1, calendar.at(exercise.now).toordinal() - 1
    weights = {name: option.goldstein for name, option in scenario.options.items()}
    return Story(events, first, last, (exercise.now - start) / DAY, tuple(sorted(scenario.governments)), weights)


def upto(told: Story, observer: Observer, end: int) -> Story:
    """The story up to a second of the run's clock, as if the run had ended there."""
    exercise = observer.exercise
    if end >= exercise.now:
        return told
    days, calendar = (end - exercise.calendar.startex) / DAY, exercise.calendar
    events = tuple(event for event in told.events if event.day < days)
    return replace(told, events=events, last=calendar.at(end).toordinal() - 1, days=days)


def identity(loaded: Loaded, plan: TargetPlan) -> str:
    """Hash of what decides every run of a plan."""
    ways = [way.identity() for way in plan.ways]
    return digest([wargame.__version__, loaded.scenario_sha256, loaded.injects_sha256, plan.seed, ways])


def play(
    plan: TargetPlan, kept: RunStore, executor: Executor, tell: Tell | None = None, job: Job | None = None
) -> list[StoredRun]:
    """Plays what is not kept yet; returns the runs of the plan in order."""
    _check(plan, kept)
    there = {run.way * plan.runs + run.replication for run in kept.runs if run.replication < plan.runs}
    cells = plan.cells()
    missing = [cell for cell in cells if cell not in there]
    done = len(cells) - len(missing)
    if tell:
        tell(done, len(cells))
    if missing:
        executor.start(job or Job(prepare, work, plan))
        with stoppable() as stop:
            for result in executor.results(_chunks(missing, stop)):
                for run in _of(result, plan):
                    kept.add(run)
                    done += 1
                if tell:
                    tell(done, len(cells))
        if done < len(cells):
            _stopped(kept, done, len(cells))
    wanted = [run for run in kept.runs if run.replication < plan.runs]
    return sorted(wanted, key=lambda run: (run.way, run.replication))


def _check(plan: TargetPlan, kept: RunStore) -> None:
    """Invalid if a kept run is none of the plan's: its file was changed by other hands."""
    names = [{each.name for each in way.statistics} for way in plan.ways]
    for run in kept.runs:
        known = run.way < len(names) and (bool(run.error) or not names[run.way] or set(run.tallies) == names[run.way])
        if not known:
            told = f"replication {run.replication} of way {run.way} is no run of this evaluation"
            raise Invalid([Problem(f"{kept.folder}/{RUNS}", 0, 0, told, "remove its line, and go on")])


def _of(result: Any, plan: TargetPlan) -> list[StoredRun]:
    if isinstance(result, Died):
        places = (divmod(cell, plan.runs) for cell in result.chunk)
        return [StoredRun(way, replication, {}, result.reason) for way, replication in places]
    made: list[StoredRun] = result[1]
    return made


def _stopped(kept: RunStore, done: int, due: int) -> None:
    if kept.folder is None:
        raise KeyboardInterrupt
    told = f"stopped; {done:,} of {due:,} runs are kept in {kept.folder}"
    raise Interrupted(f"{told}; go on with the same command and --resume")


def _chunks(cells: Sequence[int], stop: Stop) -> Iterator[Chunk]:
    for start in range(0, len(cells), CHUNK):
        if stop.asked:
            return
        yield tuple(cells[start : start + CHUNK])
