"""Targets: valid bands, times in order, and pools that fit the statistic."""

from __future__ import annotations

from datetime import datetime, timedelta

from wargame.scenario.building.draft import NO_CALENDAR, Draft, Step
from wargame.scenario.model.targets import Activity, Answered, Statistic, Target

SHORTEST = timedelta(days=1)


def check(draft: Draft) -> None:
    """Report targets that runs cannot be compared with."""
    for name, target in draft.scenario.targets.items():
        place: tuple[Step, ...] = ("targets", name)
        if not target.statistics:
            draft.fault((*place, "statistics"), "a target needs at least one statistic", "add a statistic and its band")
        if target.arm is not None and target.arm.add:
            draft.fault(
                (*place, "arm", "add"), "the arm of a target cannot add inject files", "add them to the scenario"
            )
        _check_times(draft, place, target)
        for number, statistic in enumerate(target.statistics):
            _check_statistic(draft, (*place, "statistics", number), statistic)


def _check_times(draft: Draft, place: tuple[Step, ...], target: Target) -> None:
    calendar = draft.scenario.calendar
    if calendar is NO_CALENDAR:
        return
    start = calendar.start.local
    first = (target.startex or calendar.startex or calendar.start).local
    last = (target.until or calendar.end).local
    if start and first and first < start:
        draft.fault((*place, "startex"), "STARTEX is before the start of the scenario")
    elif first and last and last < _later(first):
        key = "until" if target.until else "startex"
        draft.fault((*place, key), "the target ends less than a day after its STARTEX", "write a later `until`")


def _later(time: datetime) -> datetime:
    return time + SHORTEST


def _check_statistic(draft: Draft, place: tuple[Step, ...], statistic: Statistic) -> None:
    low, high = statistic.band
    if low >= high:
        remedy = "write the lower end first" if low > high else "the ends must differ"
        draft.fault((*place, "band"), f"the band from {low:g} to {high:g} is empty", remedy)
    if statistic.pool == "all" and statistic.measure is not None:
        draft.fault((*place, "pool"), "a measure is a number of each run: use `mean` or `median`")
    if statistic.pool == "median" and isinstance(statistic.computed, Activity):
        draft.fault((*place, "pool"), "activity compares means over runs: remove `pool`")
    if isinstance(statistic.computed, Answered) and statistic.computed.goldstein >= 0:
        draft.fault((*place, "answered", "goldstein"), "the weight of hostile actions must be below 0")
