"""The calendar, dated elements outside it, and the exercise file with its times in both clocks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from yaml.nodes import SequenceNode

from wargame.errors import nearest, shortened
from wargame.language.times import Time, format_duration
from wargame.scenario.building.draft import EXERCISE, NO_CALENDAR, Draft, PathStep
from wargame.scenario.checks.people import check_sentence
from wargame.scenario.model import ExercisePlan
from wargame.scenario.model.exercises import endex

OUTSIDE = ("before the scenario starts", "not before the scenario ends")
"""The description of a date outside the scenario."""


def check_calendar(draft: Draft) -> None:
    """Report an unknown time zone, a calendar in the wrong order, and elements outside the calendar."""
    calendar = draft.scenario.calendar
    if calendar is NO_CALENDAR:
        return
    zone, startex = calendar.zone, calendar.startex or calendar.start
    if not _is_zone(zone):
        from zoneinfo import available_timezones

        places = [each for each in available_timezones() if "/" in each and not each.startswith("Etc/")]
        remedy = nearest(zone, sorted(places)) or "such as Asia/Seoul"
        draft.fault(("calendar", "zone"), f"unknown time zone '{shortened(zone)}'", remedy)
        zone = "UTC"
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
    for row in draft.scenario.history:
        _inside(draft, ("history", row.id, "at"), clock.local(row.at), start, end)
        if row.window and clock.local(row.window[0]) > clock.local(row.window[1]):
            draft.fault(("history", row.id, "window"), "its last day is before the first", "exchange the two dates")
    _check_injects(draft, clock, start, end)


def clock(draft: Draft) -> LocalClock | None:
    """Convert times to local dates; None if the calendar itself is invalid."""
    calendar = draft.scenario.calendar
    if calendar is NO_CALENDAR or calendar.start.local is None:
        return None
    startex = calendar.startex or calendar.start
    return LocalClock(calendar.zone, startex) if startex.local is not None and _is_zone(calendar.zone) else None


class LocalClock:
    """Local times of a calendar; offsets count from STARTEX."""

    def __init__(self, zone: str, startex: Time) -> None:
        self.zone = zone
        self.startex = self.local(startex)

    def local(self, time: Time) -> datetime:
        """Return date and time in the scenario's zone, as a naive datetime."""
        if time.local is None:
            return self.startex + timedelta(seconds=time.offset or 0)
        if time.zone_offset is None:
            return time.local
        from zoneinfo import ZoneInfo

        there = time.local.replace(tzinfo=timezone(timedelta(seconds=time.zone_offset)))
        return there.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)


def _is_zone(name: str) -> bool:
    if name != "UTC":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            return False
    return True


def _check_injects(draft: Draft, clock: LocalClock, start: datetime, end: datetime) -> None:
    for inject in draft.injects:
        path: tuple[PathStep, ...] = ("injects", inject.id)
        if inject.at:
            _inside(draft, (*path, "at"), clock.local(inject.at), start, end)
        if inject.at and inject.until and clock.local(inject.until) <= clock.local(inject.at):
            draft.fault((*path, "until"), "`until` is not after `at`: the inject would never be released")
        if inject.random and inject.random.between:
            low, high = (clock.local(time) for time in inject.random.between)
            _inside(draft, (*path, "random", "between", 0), low, start, end)
            if high <= low:
                message = "the window is empty" if high == low else "the window ends before it begins"
                remedy = "use `at` for a fixed time" if high == low else ""
                draft.fault((*path, "random", "between", 1), message, remedy)


def _inside(draft: Draft, path: tuple[PathStep, ...], time: datetime, start: datetime, end: datetime) -> None:
    if not start <= time < end:
        side = OUTSIDE[0] if time < start else OUTSIDE[1]
        draft.fault(path, f"{time:%Y-%m-%d %H:%M} is {side}", f"it runs from {start:%Y-%m-%d} to {end:%Y-%m-%d}")


def check_exercise(draft: Draft) -> None:
    """Report what cannot be played or evaluated as the exercise file says."""
    exercise = draft.exercise
    if exercise is None:
        return
    _check_times_of_exercise(draft, exercise)
    _check_room(draft, exercise)
    _check_seats(draft, exercise)
    for name, objective in exercise.objectives.items():
        if not objective.title and name not in draft.scenario.objectives:
            message = f"the scenario has no objective '{name}'"
            draft.fault((EXERCISE, "objectives", name), message, "write its `title`, or name one of the scenario")


def _check_times_of_exercise(draft: Draft, exercise: ExercisePlan) -> None:
    calendar = draft.scenario.calendar
    if calendar is NO_CALENDAR or (calendar.startex or calendar.start).local is None:
        return
    if exercise.startex is not None and exercise.startex.local is None:
        draft.fault((EXERCISE, "startex"), "`startex` must be a date: offsets count from STARTEX")
        return
    clock = LocalClock(calendar.zone, exercise.startex or calendar.startex or calendar.start)
    first, last, start = clock.startex, clock.local(calendar.end), clock.local(calendar.start)
    end = clock.local(endex(exercise) or calendar.end)
    key = "until" if exercise.until else "moves" if exercise.moves else "startex"
    if not start <= first < last:
        draft.fault((EXERCISE, "startex"), f"STARTEX is outside the scenario ({start:%Y-%m-%d} to {last:%Y-%m-%d})")
        return
    if end <= first:
        draft.fault((EXERCISE, key), "the exercise ends before its STARTEX")
    elif end > last:
        draft.fault((EXERCISE, key), f"ENDEX, {end:%Y-%m-%d %H:%M}, is after the end of the scenario, {last:%Y-%m-%d}")
    elif exercise.until and exercise.moves:
        moves, length = sum(move.game for move in exercise.moves), int((end - first).total_seconds())
        if moves != length:
            span = format_duration(length)
            message = f"the moves take {format_duration(moves)} of game time; from STARTEX to `until` are {span}"
            draft.fault((EXERCISE, "moves"), message, "remove `until`, which then is the end of the last move")
    assert draft.exercise is not None
    late = [each.id for each in draft.played if each.at and clock.local(each.at) >= end]
    if late and not draft.exercise.scenario_injects:
        names = ", ".join(late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
        draft.warn((EXERCISE, "injects"), f"due only after ENDEX, {end:%Y-%m-%d %H:%M}: {names}")


def _check_room(draft: Draft, exercise: ExercisePlan) -> None:
    """Check that the time in the room holds the briefing, the moves, the breaks and the hot wash."""
    moves, seen = len(exercise.moves), set[int]()
    for place, pause in enumerate(exercise.breaks):
        path = (EXERCISE, "breaks", place, "after")
        if not exercise.moves:
            draft.fault((EXERCISE, "breaks", place), "a break is after a move, and there are no moves", "add `moves`")
        elif pause.after >= moves:
            draft.fault(path, f"there is no move after this break: the exercise has {moves}", f"1 to {moves - 1}")
        elif pause.after in seen:
            draft.fault(path, f"a second break after move {pause.after}", "join them")
        seen.add(pause.after)
    used = sum(move.wall for move in exercise.moves) + sum(pause.wall for pause in exercise.breaks)
    used += (exercise.briefing or 0) + (exercise.hot_wash or 0)
    if used > exercise.wall:
        message = f"briefing, moves, breaks and hot wash take {format_duration(used)}, more than the time in the room"
        draft.fault((EXERCISE, "wall"), message, f"shorten them, or write `wall: {format_duration(used)}`")
    if "nothing" in exercise.stops and len(exercise.stops) > 1:
        draft.fault((EXERCISE, "stops"), "`nothing` excludes the other stops", "write it alone, or remove it")
    written = draft.locate((EXERCISE, "stops"))
    if not exercise.stops and isinstance(written, SequenceNode) and not written.value:
        draft.fault((EXERCISE, "stops"), "no stop is given", "write [nothing] if the clock is not to stop")


def _check_seats(draft: Draft, exercise: ExercisePlan) -> None:
    if not any(seat.player == "human" for seat in exercise.seats.values()):
        message = "no government has a human seat: this exercise plays itself"
        draft.warn((EXERCISE, "seats" if exercise.seats else "title"), message, "list governments under `seats`")
    for name, seat in exercise.seats.items():
        path = (EXERCISE, "seats", name)
        if seat.player == "model" and seat.persons:
            draft.fault((*path, "persons"), f"the model decides for {name}", "remove the persons, or `player: model`")
        for place, task in enumerate(seat.tasks):
            check_sentence(draft, task, (*path, "tasks", place))
    for place, evaluator in enumerate(exercise.evaluators):
        for seat_name in evaluator.seats:
            if seat_name in exercise.seats and exercise.seats[seat_name].player == "human":
                continue
            if draft.has("government", seat_name):
                draft.warn((EXERCISE, "evaluators", place, "seats"), f"no person plays {seat_name}")
