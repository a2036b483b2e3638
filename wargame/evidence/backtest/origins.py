"""The forecast origins of a backtest: arms of batches, each with its STARTEX, runs and scripted actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.batches.api import Batch
from wargame.batches.running.parts import NO_EVENTS
from wargame.dataclasses import dataclass, replace
from wargame.errors import Invalid, Problem, UsageFault, among, shortened
from wargame.language.times import DAY
from wargame.scenario.model import Scenario
from wargame.simulation.exercise import Exercise
from wargame.tables import by_key
from wargame.world.calendar import RunCalendar

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 4
"""Least number of runs of an origin."""
FEW = 50
"""Fewer runs than this get a note."""
NEAR = 3
"""Days between a scripted and an observed event of one kind and actor within which they are taken for the same."""
SCRIPTED = ("history", "inject at")
"""Sources, in the events of a batch, of actions that the exercise scripted."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """An event that happens in every run whatever governments decide: a row of the history, or an inject.

    `option` is its action; empty if it has none, or if it is before STARTEX.
    """

    id: str
    day: date
    actors: tuple[str, ...]
    option: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A forecast origin: the day of a STARTEX, or `lead` days later.

    `events` are the unscripted events of its runs from that day on, with the columns place (of the run, from 0), at
    (whole days from `day`), kind, who, option, target.
    """

    batch: str
    arm: str
    day: date
    length: int
    runs: int
    failed: int
    ended: int
    """Number of runs that an outcome ended."""
    events: pd.DataFrame
    scripted: tuple[Scripted, ...]
    lead: int = 0
    """Days after STARTEX."""

    @property
    def issued(self) -> date:
        """The day of STARTEX: what happens from then on is unknown to the runs, and to what they are compared with."""
        return self.day - timedelta(days=self.lead)


def mapped(batches: Sequence[Batch]) -> Scenario:
    """Return the scenario of the batches, with its `events`; Invalid if batches differ in it, or it has no `events`."""
    first = batches[0].prepared.loaded
    for other in batches[1:]:
        loaded = other.prepared.loaded
        if loaded.scenario_sha256 != first.scenario_sha256:
            same = loaded.scenario.name == first.scenario.name
            which = "another version of it" if same else f"'{loaded.scenario.name}'"
            message = f"this is a batch of {which}, but {batches[0].typed} is of '{first.scenario.name}'"
            raise Invalid.in_file(other.typed, message, "score batches of one scenario together")
    if first.scenario.events.kinds:
        return first.scenario
    message = f"the scenario '{first.scenario.name}' of this batch has no section `events`, which maps observed events"
    remedy = "score a batch of the scenario that the chronology is about, or add `events` and run the batch again"
    raise Invalid.in_file(batches[0].typed, message, remedy)


def origins(batches: Sequence[Batch], arms: Sequence[str], leads: Sequence[int] = (0,)) -> tuple[Origin, ...]:
    """Return the origins by date, each of `leads` days after each STARTEX.

    Raises Invalid if a batch has no events or too few runs or days, UsageFault if arms are ambiguous.
    """
    problems = [Problem(batch.typed, 0, 0, *NO_EVENTS) for batch in batches if not batch.prepared.study.events]
    if problems:
        raise Invalid(problems)
    starts = [origin for batch in batches for origin in _of_batch(batch, arms, leads)]
    for origin in starts:
        if origin.runs < FEWEST:
            message = f"arm '{origin.arm}' has {origin.runs} run{'' if origin.runs == 1 else 's'}: too few to score"
            remedy = f"run at least {FEWEST}, better {FEW}: wargame batch {origin.batch} -n {FEW}"
            problems.append(Problem(origin.batch, 0, 0, message, remedy))
        if origin.lead and origin.length <= 0:
            ends = origin.length + origin.lead
            message = f"arm '{origin.arm}' ends {ends} days after its STARTEX, before --lead {origin.lead}"
            problems.append(Problem(origin.batch, 0, 0, message, "run longer, or choose a shorter --lead"))
    if problems:
        raise Invalid(problems)
    seen: dict[tuple[date, int], Origin] = {}
    for origin in starts:
        other = seen.setdefault((origin.day, origin.lead), origin)
        if other is not origin:
            both = f"'{other.arm}' of {other.batch} and '{origin.arm}' of {origin.batch}"
            remedy = "" if other.arm == origin.arm else "choose one of them with --arm, or "
            raise UsageFault(f"{both} both begin on {origin.day}: {remedy}remove one batch")
    return tuple(sorted(starts, key=lambda origin: (origin.day, origin.batch, origin.arm, origin.lead)))


def scored_origins(every: Sequence[Origin], first: date | None) -> tuple[tuple[Origin, ...], tuple[Origin, ...]]:
    """Return the origins before the first scored day, and the scored ones; UsageFault if none is scored."""
    if first is None:
        return (), tuple(every)
    earlier = tuple(origin for origin in every if origin.day < first)
    if len(earlier) == len(every):
        raise UsageFault(f"--scored-from {first}: no origin to score; the last one is {every[-1].day}")
    return earlier, tuple(every[len(earlier) :])


def _of_batch(batch: Batch, selected: Sequence[str], leads: Sequence[int]) -> list[Origin]:
    names = batch.prepared.names
    for name in selected:
        among(name, names, f"{batch.typed} has no arm '{shortened(name)}'", "arms:")
    places = {name: _place(batch, name) for name in selected or names}
    by_day = by_key((calendar.at(calendar.startex).date(), name) for name, (calendar, _) in places.items())
    chosen = []
    for day, arms in sorted(by_day.items()):
        base = batch.prepared.study.against
        if len(arms) > 1 and base not in arms:
            raise UsageFault(f"arms {', '.join(arms)} of {batch.typed} all begin on {day}: choose one with --arm NAME")
        chosen.append(arms[0] if len(arms) == 1 else base)
    rows, events = batch.frame(), batch.events(None)
    starts = [_origin(batch, name, places[name], rows, events) for name in chosen]
    return [_shifted(start, lead) for start in starts for lead in leads]


def _place(batch: Batch, arm: str) -> tuple[RunCalendar, int]:
    """Return the calendar of the runs of an arm, and their latest end in seconds."""
    prepared = batch.prepared
    exercise = Exercise(prepared.scenario_of(arm, 0), prepared.study.seed, prepared.settings(arm, 0, programs=False))
    return exercise.calendar, exercise.end


def _origin(batch: Batch, arm: str, place: tuple[RunCalendar, int], rows: pd.DataFrame, events: pd.DataFrame) -> Origin:
    calendar, end = place
    mine = rows[rows["arm"] == arm]
    good = mine[mine["status"] == "ok"]
    startex = calendar.at(calendar.startex)
    simulated = _dated(events[events["arm"] == arm], good["replication"].to_numpy(), startex.timestamp(), calendar)
    scripted = (simulated["kind"] == "action") & simulated["source"].isin(SCRIPTED)
    return Origin(
        batch=batch.typed,
        arm=arm,
        day=startex.date(),
        length=(end - calendar.startex) // DAY,
        runs=len(good),
        failed=len(mine) - len(good),
        ended=int((good["ended"] != "endex").sum()),
        events=simulated[~scripted],
        scripted=_scripted(batch, arm, calendar),
    )


def _shifted(origin: Origin, lead: int) -> Origin:
    events = origin.events[origin.events["at"] >= lead]
    return replace(
        origin,
        day=origin.day + timedelta(days=lead),
        length=origin.length - lead,
        events=events.assign(at=events["at"] - lead),
        lead=lead,
    )


def _dated(events: pd.DataFrame, replications: NDArray[np.int64], start: float, calendar: RunCalendar) -> pd.DataFrame:
    """Return the events of completed runs, with the place of the run and local days since the day of STARTEX."""
    places = {int(replication): place for place, replication in enumerate(replications)}
    of_runs = events[events["replication"].isin(places)]
    first = datetime.fromtimestamp(start, calendar.zone).date().toordinal()
    ends = {day: datetime.fromtimestamp(start + round(day * DAY), calendar.zone) for day in of_runs["day"].unique()}
    at = of_runs["day"].map({day: end.date().toordinal() - first for day, end in ends.items()}).astype("int64")
    return of_runs.assign(place=of_runs["replication"].map(places).astype("int64"), at=at).reset_index(drop=True)


def _scripted(batch: Batch, arm: str, calendar: RunCalendar) -> tuple[Scripted, ...]:
    """Return the scripted events of an arm: exogenous rows, rows of scripted seats, injects with fixed times."""
    loaded, spec = batch.prepared.arms[arm], batch.prepared.study.arms[arm]
    origin = calendar.at(calendar.startex).date()
    scripted = []
    for row in loaded.scenario.history:
        seconds, seats = calendar.seconds(row.at), bool(row.by) and all(spec.seats.get(g) == "script" for g in row.by)
        day = calendar.at(seconds).date()
        before = day == origin and seconds < calendar.startex  # replayed, before governments decide
        if row.id not in spec.skip and (row.mark == "exogenous" or seats or before):
            scripted.append(Scripted(row.id, day, row.by, "" if before else row.option or "", row.to))
    for inject in loaded.injects:
        if inject.at is not None and inject.enabled and inject.id not in spec.skip and inject.action is not None:
            day, action = calendar.at(calendar.seconds(inject.at)).date(), inject.action
            scripted.append(Scripted(inject.id, day, (action.by,), action.option, (action.to,) if action.to else ()))
    return tuple(scripted)
