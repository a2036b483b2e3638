"""The runs that targets need, as a batch, whose events and measures are read as tallies.

Targets with the same STARTEX, end and changes share an arm of it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np

from wargame.batches.api import Batch, BatchOptions, play
from wargame.batches.study.assembly import prepare
from wargame.batches.study.model import Measure, Study, combined
from wargame.batches.study.prepared import PreparedStudy
from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Interrupted, UsageFault, among, shortened
from wargame.evidence.targets.tallies import DatedEvent, EventHistory, Tally, tally
from wargame.executor.campaign import RESUME, failure_row
from wargame.journal.atomic import write_whole
from wargame.language.times import DAY, Time
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import Statistic, Target
from wargame.simulation.exercise import Exercise
from wargame.world.calendar import RunCalendar

ReadT = TypeVar("ReadT")
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - compares dates of one scenario, which are in one zone


@dataclass(frozen=True, slots=True)
class ServedStatistic:
    """A statistic that is computed from the runs of an arm, until a time; its name is `TARGET.NUMBER`."""

    name: str
    statistic: Statistic
    until: Time


@dataclass(frozen=True, slots=True)
class RunCondition:
    """STARTEX, end and changes of runs, as an arm of a batch, with the statistics that they serve."""

    arm: Arm
    statistics: tuple[ServedStatistic, ...]


RunConditions = Mapping[str, RunCondition]
"""By the name of their arm, that of the first target which they serve."""


def selected_targets(loaded: Loaded, only: Sequence[str] = ()) -> dict[str, Target]:
    """Return the targets of a scenario, or those named in `only`; UsageFault if there are none."""
    every = loaded.scenario.targets
    if not every:
        raise UsageFault(f"the scenario '{loaded.scenario.name}' has no targets (add them in a section `targets:`)")
    for name in only:
        among(name, every, f"there is no target '{shortened(name)}'", "targets:")
    return {name: target for name, target in every.items() if name in only or not only}


def conditions_of(loaded: Loaded, targets: Mapping[str, Target], change: Arm | None = None) -> dict[str, RunCondition]:
    """Return the conditions that targets need, each with the additional changes `change`.

    Statistics of events do not need a run that ends at their own end: they use the first part of a longer run.
    """
    every: list[tuple[str | None, str, ServedStatistic]] = []
    arms: dict[str, Arm] = {}
    last: dict[tuple[str | None, str], Time] = {}
    for name, target in targets.items():
        arm = combined([target.arm or Arm(), change or Arm()])
        start, key = (str(target.startex) if target.startex else None), repr(arm)
        arms[key] = arm
        end = target.until or loaded.scenario.calendar.end
        last[start, key] = max(last.get((start, key), end), end, key=_order)
        every += ((start, key, ServedStatistic(f"{name}.{n}", each, end)) for n, each in enumerate(target.statistics))
    by_end: dict[tuple[str | None, str, str], list[ServedStatistic]] = defaultdict(list)
    for start, key, each in every:
        longest = last[start, key]
        whole = each.statistic.measure or each.statistic.given or longest.local is None or each.until.local is None
        by_end[start, str(each.until if whole else longest), key].append(each)
    conditions: dict[str, RunCondition] = {}
    for (start, _, key), served in by_end.items():
        until = str(max((each.until for each in served), key=_order))
        names = list(dict.fromkeys(each.name.split(".")[0] for each in served))
        arm = replace(arms[key], startex=start, until=until, title=", ".join(names))
        free = (names[0], *(f"{names[0]}_{number}" for number in range(2, 2 + len(conditions))))
        conditions[next(name for name in free if name not in conditions)] = RunCondition(arm, tuple(served))
    return conditions


def _order(time: Time) -> tuple[bool, float]:
    """Return a sort key for dates, and for offsets from STARTEX among themselves."""
    if time.local is None:
        return False, float(time.offset or 0)
    return True, (time.local - EPOCH).total_seconds()


def batch_of(loaded: Loaded, conditions: RunConditions, seed: int, runs: int, name: str = "targets") -> PreparedStudy:
    """Return conditions as a batch that keeps its events, with `runs` runs of each."""
    statistics = (each.statistic for condition in conditions.values() for each in condition.statistics)
    texts = (text for statistic in statistics for text in (statistic.measure, statistic.given) if text)
    study = Study(
        name=name,
        scenario=loaded.scenario.name,
        seed=seed,
        replications=runs,
        arms={name: condition.arm for name, condition in conditions.items()},
        measures=tuple(Measure(formula=text) for text in dict.fromkeys(" ".join(text.split()) for text in texts)),
        events=True,
    )
    return prepare(study, loaded, Path(), loaded.scenario.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationOptions:
    """Options of an evaluation: `n` replications of each condition, kept in a folder or not kept."""

    n: int
    seed: int
    batch: BatchOptions = field(default_factory=BatchOptions)


def played(prepared: PreparedStudy, how: BatchOptions, read: Callable[[Batch], ReadT]) -> ReadT:
    """Run a batch, or resume it, and return what is read from it. Without a folder, nothing stays on disk."""
    how = replace(how, summary=False)
    if how.out is not None:
        return read(play(prepared, how))
    with TemporaryDirectory(prefix="wargame-") as folder:
        try:
            return read(play(prepared, replace(how, out=f"{folder}/runs")))
        except Interrupted:
            raise KeyboardInterrupt from None  # nothing is kept


def tallies_of(batch: Batch, conditions: RunConditions) -> dict[str, list[Tally]]:
    """Return the tallies of each statistic that the conditions of a batch serve, in the order of the runs.

    An empty tally means that the statistic does not use this run.
    """
    tallies: dict[str, list[Tally]] = defaultdict(list)
    columns = {measure.name: batch.table.column(measure.name) for measure in batch.prepared.measures}
    for arm, replication, calendar, history in histories(batch):
        numbers = {name: float(column[batch.table.row(arm), replication]) for name, column in columns.items()}
        served = conditions[arm].statistics
        cut = {each.until: _until(history, calendar, calendar.seconds(each.until)) for each in served}
        for each in served:
            tallies[each.name].append(_tally(each.statistic, cut[each.until], numbers))
    return tallies


def _tally(statistic: Statistic, history: EventHistory, numbers: dict[str, float]) -> Tally:
    if statistic.given and not numbers[_name(statistic.given)]:
        return []
    if statistic.measure:
        number = numbers[_name(statistic.measure)]
        return [number if number == number else float("inf")]  # noqa: PLR0124 - NaN: the outcome does not occur
    return tally(statistic.computed, history)


def _name(text: str) -> str:
    return " ".join(text.split())


def failures_of(batch: Batch) -> tuple[dict[str, Any], ...]:
    """Return a row for each run that failed or was lost, by arm."""
    arms = batch.prepared.study.arms
    ordered = sorted(batch.failures, key=lambda each: (each.arm, each.replication))
    return tuple(failure_row(arms[each.arm].title or each.arm, each.replication, each.error) for each in ordered)


def histories(batch: Batch) -> Iterator[tuple[str, int, RunCalendar, EventHistory]]:
    """Yield arm and replication of each run that finished, with its calendar and its events since STARTEX."""
    prepared, lengths = batch.prepared, batch.table.column("days")
    events = batch.events(None)
    columns = ("arm", "replication", "day", "who", "option", "target", "kind")
    rows: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for arm, replication, *row in zip(*(events[name] for name in columns), strict=True):
        if row[-1] in ("action", "forum"):
            rows[arm, replication].append((*row,))
    for arm in prepared.names:
        exercise = Exercise(prepared.scenario_of(arm, 0), prepared.study.seed, prepared.settings(arm, 0))
        for replication in map(int, np.flatnonzero(batch.table.ok[batch.table.row(arm)])):
            days = float(lengths[batch.table.row(arm), replication])
            yield arm, replication, exercise.calendar, history_of(exercise, rows[arm, replication], days)


def history_of(exercise: Exercise, rows: Iterable[tuple[Any, ...]], days: float) -> EventHistory:
    """Return the events of a run of this length from their rows: day, who, what, whom, `action` or `forum`."""
    calendar, scenario = exercise.calendar, exercise.context.scenario
    start = calendar.startex
    events = tuple(
        DatedEvent(day, calendar.at(start + round(day * DAY)).toordinal(), who, what, whom, kind == "forum")
        for day, who, what, whom, kind in rows
    )
    first, last = calendar.at(start - 1).toordinal() + 1, calendar.at(start + round(days * DAY)).toordinal() - 1
    weights = {name: option.goldstein for name, option in scenario.options.items()}
    return EventHistory(events, first, last, days, tuple(sorted(scenario.governments)), weights)


def _until(history: EventHistory, calendar: RunCalendar, end: int) -> EventHistory:
    """Return the history up to a second of the run's clock, as if the run had ended then."""
    days = (end - calendar.startex) / DAY
    if days >= history.days:
        return history
    events = tuple(event for event in history.events if event.day < days)
    return replace(history, events=events, last=calendar.at(end).toordinal() - 1, days=days)


def write_result(folder: Path | None, name: str, document: dict[str, Any]) -> None:
    """Write a result into the folder, if there is one, as `name.json`."""
    if folder is None:
        return
    content = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        write_whole(folder / f"{name}.json", (content + "\n").encode())
    except OSError as error:
        message = f"{folder / name}.json cannot be written: {error.strerror or error}"
        raise UsageFault(f"{message} (the runs are stored; {RESUME})") from None
