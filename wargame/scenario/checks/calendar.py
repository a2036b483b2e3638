"""The calendar, and dated elements outside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from wargame.errors import shortened
from wargame.language.times import Time
from wargame.scenario.building.draft import NO_CALENDAR, Draft, Step

OUTSIDE = ("before the scenario starts", "not before the scenario ends")
"""Where a date is that the scenario does not have."""


def check(draft: Draft) -> None:
    """Report an unknown time zone, a calendar in the wrong order, and elements outside the calendar."""
    calendar = draft.scenario.calendar
    if calendar is NO_CALENDAR:
        return
    zone = _zone(draft, calendar.zone)
    startex = calendar.startex or calendar.start
    fixed = [name for name in ("start", "startex") if getattr(calendar, name) and getattr(calendar, name).local is None]
    for name in fixed:
        draft.fault(("calendar", name), f"`{name}` must be a date: offsets count from STARTEX")
    if fixed:
        return
    clock = LocalClock(zone, startex)
    start, middle, end = clock.local(calendar.start), clock.local(startex), clock.local(calendar.end)
    if middle < start:
        draft.fault(("calendar", "startex"), "STARTEX is before the start of the scenario")
    if end <= max(start, middle):
        draft.fault(("calendar", "end"), "the scenario ends before its STARTEX")
    if middle < start or end <= max(start, middle):
        return
    _check_history(draft, clock, start, end)
    _check_injects(draft, clock, start, end)


def clock(draft: Draft) -> LocalClock | None:
    """Convert times to local dates; None if the calendar itself is invalid."""
    calendar = draft.scenario.calendar
    if calendar is NO_CALENDAR or calendar.start.local is None:
        return None
    if calendar.zone != "UTC":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(calendar.zone)
        except (ValueError, OSError, KeyError):
            return None
    startex = calendar.startex or calendar.start
    return LocalClock(calendar.zone, startex) if startex.local is not None else None


class LocalClock:
    """Local times of a calendar; offsets count from STARTEX."""

    def __init__(self, zone: str, startex: Time) -> None:
        self.zone = zone
        self.startex = self.local(startex)

    def local(self, time: Time) -> datetime:
        """Date and time in the scenario's zone, as a naive datetime."""
        if time.local is None:
            return self.startex + timedelta(seconds=time.offset or 0)
        if time.zone_offset is None:
            return time.local
        from datetime import timezone
        from zoneinfo import ZoneInfo

        there = time.local.replace(tzinfo=timezone(timedelta(seconds=time.zone_offset)))
        return there.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)


def _zone(draft: Draft, name: str) -> str:
    """Return the time zone; UTC, with the error reported, if it is unknown."""
    if name == "UTC":
        return name
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        from wargame.errors import nearest

        remedy = nearest(name, available_timezones()) or "such as Asia/Seoul"
        draft.fault(("calendar", "zone"), f"unknown time zone '{shortened(name)}'", remedy)
        return "UTC"


def _check_history(draft: Draft, clock: LocalClock, start: datetime, end: datetime) -> None:
    for row in draft.scenario.history:
        _inside(draft, ("history", row.id, "at"), clock.local(row.at), start, end)


def _check_injects(draft: Draft, clock: LocalClock, start: datetime, end: datetime) -> None:
    for inject in draft.injects:
        path: tuple[Step, ...] = ("injects", inject.id)
        if inject.at:
            _inside(draft, (*path, "at"), clock.local(inject.at), start, end)
        if inject.at and inject.until and clock.local(inject.until) <= clock.local(inject.at):
            draft.fault((*path, "until"), "`until` is not after `at`: the inject would never be released")
        if inject.random and inject.random.between:
            low, high = (clock.local(time) for time in inject.random.between)
            _inside(draft, (*path, "random", "between", 0), low, start, end)
            if high <= low:
                message = "the window is empty" if high == low else "the window ends before it begins"
                draft.fault(
                    (*path, "random", "between", 1), message, "use `at` for a fixed time" if high == low else ""
                )


def _inside(draft: Draft, path: tuple[Step, ...], time: datetime, start: datetime, end: datetime) -> None:
    if not start <= time < end:
        side = OUTSIDE[0] if time < start else OUTSIDE[1]
        draft.fault(path, f"{time:%Y-%m-%d %H:%M} is {side}", f"it runs from {start:%Y-%m-%d} to {end:%Y-%m-%d}")
