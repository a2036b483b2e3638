"""The MSEL in the control room: each inject with its state, its time in both clocks, and what can be done with it.

The Gantt chart shows what was released, what is due, and where there is room. Each row is one strip; places are shares
of its width, so that the chart fits any screen. A mark that has a date can be dragged, and has buttons that do so.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from wargame.dataclasses import dataclass, fields
from wargame.language.plain_text import clean
from wargame.language.times import DAY
from wargame.live.console import msel_view
from wargame.live.console.console import Console
from wargame.live.console.msel_view import MselRow
from wargame.live.session.session import Session
from wargame.scenario.model import Inject
from wargame.sheets.schedule import ScheduledInject, date_form, schedule, tick_days
from wargame.simulation.mechanisms.triggers import MselItem
from wargame.web.receipts import Receipt
from wargame.web.viewer import Viewer

ORDER = ("held", "due", "waiting", "released", "skipped")
"""The parts of the MSEL as they follow one another: what is to come is first."""
EDITED = ("title", "message", "at", "audience", "channel", "notes")
"""Fields that the form of an inject offers first; the others can be chosen from a list."""


def msel_rows(console: Console, selected: str = "") -> list[MselRow]:
    """Return all injects: held ones, coming ones by date, waiting ones, released ones (latest first), skipped ones."""
    rows = msel_view.msel_rows(console.session, room_clock(console), selected)
    groups = {part: [row for row in rows if row.part == part] for part in ORDER}
    groups["released"].reverse()
    return [row for part in ORDER for row in groups[part]]


def room_clock(console: Console) -> Callable[[int], str]:
    """Return the time of day at which a second of the game was, or will be at the present pace.

    The past is read from the command log. The future, with planned moves and breaks, is only known to a running clock;
    else it is counted from the moment at which the clock starts, as in `+12 min`.
    """
    session, wall = console.session, console.wall
    path = session.path
    seconds, now = [entry.t for entry in path], session.exercise.now
    present = datetime.now().astimezone()

    def room(t: int) -> str:
        if t < now:
            place = bisect_right(seconds, t)
            entry = path[place - 1] if place else None
            return _local(entry.wall, present) if entry is not None else ""
        if (left := wall.wall_until(t)) is None:
            return ""
        if wall.running:
            return _day_and_time(present + timedelta(seconds=left), present)
        minutes = round(left / 60)
        return f"+{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"+{minutes} min" if minutes else "soon"

    return room


def _local(wall: str, present: datetime) -> str:
    try:
        return _day_and_time(datetime.fromisoformat(wall).astimezone(), present)
    except ValueError:  # a time that was changed on disk
        return ""


def _day_and_time(at: datetime, present: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == present.date() else f"{at:%d %b %H:%M}"


def msel_detail(console: Console, name: str) -> dict[str, Any] | None:
    """Return one inject in full, as `msel ID` shows it, with the fields of its form; None if there is none of this id.

    `fields` are (name, present value as typed, whether it is long), `names` all that can be changed, as choices.
    """
    session = console.session
    item = session.exercise.injector.lines.get(name)
    if item is None:
        return None
    return {
        "row": next(each for each in msel_rows(console, name) if each.id == name),
        "lines": msel_view.details(session, item)[1:],
        "trigger": item.spec.trigger_kind,
        "editable": item.state not in ("released", "skipped") and not session.exercise.done,
        "fields": [_field(session, item, each) for each in EDITED if each != "at" or item.spec.at is not None],
        "names": sorted((each.name, each.name) for each in fields(Inject) if each.name not in {"id", "source"}),
    }


def _field(session: Session, item: MselItem, name: str) -> tuple[str, str, bool]:
    value = getattr(item.spec, name)
    if name == "at":
        moment = session.exercise.calendar.at(session.exercise.injector.due_of(item) or 0)
        return name, f"{moment:%Y-%m-%d %H:%M}", False
    if isinstance(value, tuple):
        return name, f"[{', '.join(value)}]" if value else "", False
    return name, clean(str(value or ""), lines=True), name in ("message", "notes")


def receipt_rows(viewer: Viewer, name: str) -> list[tuple[Receipt, list[tuple[str, str]]]]:
    """Return the receipts of an inject, each with its steps and their times of day; empty without an inject."""
    if viewer.receipts is None or name not in viewer.console.session.exercise.injector.lines:
        return []
    present, steps = datetime.now().astimezone(), ("delivered", "opened", "acknowledged", "answered")
    return [
        (each, [(step, _local(getattr(each, step), present)) for step in steps if step != "answered" or each.asks])
        for each in viewer.receipts(name)
    ]


MOST_TICKS = 9
WINDOWS = {"all": None, "90d": 90, "30d": 30}
"""The windows of the chart: everything, or a number of days from a little before now."""
BEFORE_NOW = 0.15
"""Share of a shorter window that lies before now."""


Tick = tuple[float, str, str, str]
"""A line of the grid: its place in per cent, its day from STARTEX, its date, and its time in the room if known."""


@dataclass(frozen=True, slots=True)
class GanttMark:
    """A mark in a row. `shape` is `done`, `due`, `window` or `open`; `x` and `end` are in per cent of the width."""

    shape: str
    x: float
    end: float
    hint: str


GanttRow = tuple[MselRow, list[GanttMark]]
"""One inject: its row of the MSEL, and its marks."""


def gantt(console: Console, window: str = "all") -> dict[str, Any]:
    """Return the chart now, of the whole exercise or of a window around now, whose length is `days`.

    `groups` are the storylines with their rows (`GanttRow`), `ticks` the lines of the grid (`Tick`), `moves` and `now`
    in per cent; `now` is None outside the window.
    """
    session = console.session
    exercise, calendar = session.exercise, session.exercise.calendar
    rows = {row.id: row for row in msel_rows(console)}
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
        groups.setdefault(rows[planned.id].storyline, []).append((rows[planned.id], marks))
    times = console.wall.move_times
    moves = [calendar.day(times.end(number)) for number in range(1, times.count)]
    return {
        "groups": [(name or "without a storyline", listed) for name, listed in groups.items()],
        "ticks": _ticks(console, scale),
        "moves": [scale.x(day) for day in moves if scale.shows(day)],
        "now": scale.x(now) if scale.shows(now) else None,
        "days": round(scale.last - scale.first, 2),
        "window": window if window in WINDOWS else "all",
        "paced": bool(console.wall.pace),
    }


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
    origin, out, form = calendar.at(calendar.startex), list[Tick](), date_form(scale.last - scale.first)
    for day in tick_days(scale.first, scale.last, MOST_TICKS):
        at = origin + timedelta(days=day)
        second = calendar.startex + day * DAY
        future = second > console.session.exercise.now
        out.append((scale.x(day), f"D{day:+d}", f"{at:{form}}", room(second) if future else ""))
    return out


def _marks(console: Console, planned: ScheduledInject, scale: _Scale, releases: list[int]) -> list[GanttMark]:
    """Return what has been released, then what is due, or the window in which it can be released."""
    session = console.session
    exercise, calendar = session.exercise, session.exercise.calendar
    item = exercise.injector.lines[planned.id]
    done = [
        GanttMark("done", scale.x(day), scale.x(day), f"released {session.instant(t)}")
        for t in releases
        if scale.shows(day := calendar.day(t))
    ]
    due = exercise.injector.due_of(item)
    if due is not None:
        day = calendar.day(due)
        mark = GanttMark("due", scale.x(day), scale.x(day), f"due {session.instant(due)}")
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
    return [*done, GanttMark(shape, scale.x(start), scale.x(end), planned.note)]
