"""The runs of targets: each is run once for all statistics of its condition, and stored as tallies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.batches.running.observer import Observer, Sampling
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import Invalid, Problem
from wargame.evidence.failures import failure_row
from wargame.evidence.targets.conditions import ARM, RunCondition, TargetPlan, prepared
from wargame.evidence.targets.stored_runs import RUNS, RunStore, StoredRun
from wargame.evidence.targets.tallies import DatedEvent, EventHistory, Tally, tally
from wargame.executor.campaign import Campaign, Progress, each_cell
from wargame.executor.executors import Executor, Job
from wargame.language.times import DAY
from wargame.scenario.model.targets import Statistic
from wargame.simulation.exercise import Exercise

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded

Cell = tuple[int, int]
"""A run: the place of its condition in the plan, and its replication."""


@dataclass(slots=True)
class TargetWorker:
    """A worker with the plan, which caches the scenario of the current condition."""

    loaded: Loaded
    plan: TargetPlan
    ready: dict[int, PreparedStudy] = field(default_factory=dict)

    def prepared(self, place: int) -> PreparedStudy:
        """Return a condition, ready to run."""
        if place not in self.ready:
            self.ready = {place: prepared(self.loaded, self.plan.conditions[place], self.plan.seed)}
        return self.ready[place]


def prepare(plan: TargetPlan) -> TargetWorker:
    """Read the files, once per worker."""
    from wargame.scenario.loading.load import load_files

    return TargetWorker(load_files(dict(plan.files)), plan)


def run(worker: TargetWorker, cell: Cell) -> dict[str, Tally]:
    """Run one cell."""
    place, replication = cell
    return tallies_of(worker.prepared(place), worker.plan.conditions[place], replication)


def observed(ready: PreparedStudy, replication: int) -> Observer:
    """Run a replication to its end, with an observer."""
    exercise = Exercise(
        ready.scenario_of(ARM, replication), ready.study.seed, ready.settings(ARM, replication, journal="none")
    )
    observer = Observer(exercise, ready.measures, Sampling(ready.study.every, (), events=True))
    observer.play()
    return observer


def tallies_of(ready: PreparedStudy, condition: RunCondition, replication: int) -> dict[str, Tally]:
    """Run a replication and compute its tallies, by the name of the statistic."""
    observer = observed(ready, replication)
    numbers = dict(zip((m.name for m in ready.measures), observer.values(), strict=True))
    history, seconds = history_of(observer), observer.exercise.calendar.seconds
    cut = {each.until: _until(history, observer, seconds(each.until)) for each in condition.statistics}
    return {each.name: _tally(each.statistic, cut[each.until], numbers) for each in condition.statistics}


def _tally(statistic: Statistic, history: EventHistory, numbers: dict[str, float]) -> Tally:
    if statistic.given and not numbers[_name(statistic.given)]:
        return []
    if statistic.measure:
        number = numbers[_name(statistic.measure)]
        return [number if number == number else float("inf")]  # noqa: PLR0124 - NaN: the outcome does not occur
    return tally(statistic.computed, history)


def _name(text: str) -> str:
    return " ".join(text.split())


def history_of(observer: Observer) -> EventHistory:
    """Return the events of a run since its STARTEX."""
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
    days = (exercise.now - start) / DAY
    return EventHistory(events, first, last, days, tuple(sorted(scenario.governments)), weights)


def _until(history: EventHistory, observer: Observer, end: int) -> EventHistory:
    """Return the history up to a second of the run's clock, as if the run had ended then."""
    exercise = observer.exercise
    if end >= exercise.now:
        return history
    days, calendar = (end - exercise.calendar.startex) / DAY, exercise.calendar
    events = tuple(event for event in history.events if event.day < days)
    return replace(history, events=events, last=calendar.at(end).toordinal() - 1, days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationOptions:
    """How an evaluation is run: `n` replications of each condition, stored in a folder or, without one, in memory."""

    n: int
    seed: int
    executor: Executor
    folder: Path | None = None
    resume: bool = False
    progress: Progress | None = None


def run_plan(
    plan: TargetPlan, declared: dict[str, Any], how: EvaluationOptions, job: Job | None = None
) -> list[StoredRun]:
    """Run the cells of a plan that are not stored yet; return all runs of the plan in order."""
    store = RunStore(how.folder, declared, resume=how.resume)
    try:
        _check(plan, store)
        Campaign(how.executor, job or Job(prepare, each_cell(run), plan), store, how.progress).run(plan.cells())
    finally:
        store.close()
    return sorted((run for run in store.runs if run.replication < plan.runs), key=lambda run: run.cell)


def _check(plan: TargetPlan, store: RunStore) -> None:
    """Raise Invalid if a stored run does not belong to the plan."""
    names = [{each.name for each in condition.statistics} for condition in plan.conditions]
    for run in store.runs:
        place = run.condition
        belongs = place < len(names) and (bool(run.error) or not names[place] or set(run.tallies) == names[place])
        if not belongs:
            message = f"replication {run.replication} of condition {place} does not belong to this evaluation"
            raise Invalid([Problem(f"{store.folder}/{RUNS}", 0, 0, message, "delete its line and resume")])


def failures_of(plan: TargetPlan, runs: Iterable[StoredRun]) -> list[dict[str, Any]]:
    """Return a row for each run that failed or was lost."""
    return [failure_row(plan.conditions[run.condition].title, run.replication, run.error) for run in runs if run.error]
