"""The MSEL as a Gantt chart that shows the state of the exercise: what was released, what is due, where there is room.

Each row is one strip; places are shares of its width, so that the chart fits any screen. A mark that has a date can be
dragged, and has buttons that do the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.msel_view import MselRow
from wargame.sheets.gantt import date_form, tick_days
from wargame.sheets.schedule import ScheduledInject, schedule
from wargame.web.screens.control_msel import msel_rows, room_clock

MOST_TICKS = 9
WINDOWS = {"all": None, "90d": 90, "30d": 30}
"""What the chart can show: everything, or a number of days from a little before now."""
BEFORE_NOW = 0.15
"""Share of a shorter window that lies before now."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: its place in per cent, its day from STARTEX, its date, and its time in the room if known."""

    x: float
    day: str
    date: str
    room: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in a row. `shape` is `done`, `due`, `window` or `open`; `x` and `end` are in per cent of the width."""

    shape: str
    x: float
    end: float
    hint: str


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One inject: its row of the MSEL, and its marks."""

    row: MselRow
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class GanttGroup:
    """The rows of a storyline."""

    storyline: str
    rows: tuple[GanttRow, ...]


@dataclass(frozen=True, slots=True)
class Gantt:
    """The chart. `now` is in per cent, None outside the window; `days` is the length of the window."""

    groups: tuple[GanttGroup, ...]
    ticks: tuple[Tick, ...]
    moves: tuple[float, ...]
    now: float | None
    days: float
    window: str
    paced: bool


def gantt(console: Console, window: str = "all", selected: str = "") -> Gantt:
    """Return the chart now, of the whole exercise or of a window around now."""
    session = console.session
    exercise, calendar = session.exercise, session.exercise.calendar
    rows = {row.id: row for row in msel_rows(console, selected)}
    specs = {name: item.spec for name, item in exercise.injector.lines.items()}
    plan = schedule(exercise.context.scenario, specs)
    now, length = calendar.day(exercise.now), WINDOWS.get(window)
    ends = calendar.day(exercise.end)
    first = 0.0 if length is None else max(0.0, min(now - BEFORE_NOW * length, ends - length))
    last = ends if length is None else min(ends, first + length)
    scale = _Scale(first, max(last, first + 1))
    groups: dict[str, list[GanttRow]] = {}
    releases: dict[str, list[int]] = {}
    for record in session.records:
        if record.kind == "inject.released":
            releases.setdefault(record.about, []).append(record.t)
    for planned in plan.rows:
        marks = _marks(console, planned, scale, releases.get(planned.id, []))
        groups.setdefault(rows[planned.id].storyline, []).append(GanttRow(rows[planned.id], tuple(marks)))
    times = console.wall.move_times
    moves = [calendar.day(times.end(number)) for number in range(1, times.count)]
    return Gantt(
        tuple(GanttGroup(name or "without a storyline", tuple(each)) for name, each in groups.items()),
        tuple(_ticks(console, scale)),
        tuple(scale.x(day) for day in moves if scale.shows(day)),
        scale.x(now) if scale.shows(now) else None,
        round(scale.last - scale.first, 2),
        window if window in WINDOWS else "all",
        bool(console.wall.pace),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days from STARTEX into per cent of the width."""

    first: float
    last: float

    def shows(self, day: float) -> bool:
        return self.first <= day <= self.last

    def x(self, day: float) -> float:
        share = (day - self.first) / (self.last - self.first)
        return round(100 * min(1.0, max(0.0, share)), 2)


def _ticks(console: Console, scale: _Scale) -> list[Tick]:
    calendar, room = console.session.exercise.calendar, room_clock(console)
    origin, out, form = calendar.at(calendar.startex), [], date_form(scale.last - scale.first)
    for day in tick_days(scale.first, scale.last, MOST_TICKS):
        at = origin + timedelta(days=day)
        second = calendar.startex + day * DAY
        future = second > console.session.exercise.now
        out.append(Tick(scale.x(day), f"D{day:+d}", f"{at:{form}}", room(second) if future else ""))
    return out


def _marks(console: Console, planned: ScheduledInject, scale: _Scale, releases: list[int]) -> list[Mark]:
    """Return what has been released, then what is due, or the window in which it can be released."""
    session = console.session
    exercise, calendar = session.exercise, session.exercise.calendar
    item = exercise.injector.lines[planned.id]
    done = [
        Mark("done", scale.x(day), scale.x(day), f"released {session.instant(t)}")
        for t in releases
        if scale.shows(day := calendar.day(t))
    ]
    due = exercise.injector.due_of(item)
    if due is not None:
        day = calendar.day(due)
        mark = Mark("due", scale.x(day), scale.x(day), f"due {session.instant(due)}")
        return [*done, *([mark] if scale.shows(day) else [])]
    if not item.alive or item.spec.manual or exercise.done:
        return done
    today = calendar.day(exercise.now)
    if planned.kind == "window" and planned.days:
        start, end = max(planned.days[0], today), planned.days[-1]
        shape = "window"
    elif planned.kind in ("condition", "after"):
        until = calendar.day(calendar.seconds(item.spec.until)) if item.spec.until else calendar.day(exercise.end)
        start = today if item.not_before is None else max(today, calendar.day(item.not_before))
        end, shape = until, "open"
    else:
        return done
    if end <= scale.first or start >= scale.last or end <= start:
        return done
    return [*done, Mark(shape, scale.x(start), scale.x(end), planned.note)]
