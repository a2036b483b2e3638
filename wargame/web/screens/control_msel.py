"""The MSEL in the control room: each inject with its state, its time in both clocks, and what can be done with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from wargame.language.plain_text import clean
from wargame.live.console import msel_view
from wargame.live.console.console import Console
from wargame.live.console.msel_view import MselRow
from wargame.live.session.session import Session
from wargame.scenario.model import Inject
from wargame.simulation.mechanisms.msel_item import MselItem
from wargame.web.receipts import Receipt
from wargame.web.viewer import Viewer

ORDER = ("held", "due", "waiting", "released", "skipped")
"""The parts of the MSEL as they follow one another: what is to come is first."""
EDITED = ("title", "message", "at", "audience", "channel", "notes")
"""Fields that the form of an inject offers first; the others can be chosen from a list."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an inject that can be changed: its name, its present value as it is typed."""

    name: str
    value: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class MselDetail:
    """One inject in full, as `msel ID` shows it, and the fields of its form."""

    row: MselRow
    lines: tuple[tuple[str, str], ...]
    editable: bool
    fields: tuple[Field, ...]
    names: tuple[str, ...]
    """All fields that can be changed."""


def msel_rows(console: Console, selected: str = "") -> list[MselRow]:
    """All injects: held ones, those to come by date, those that wait, released ones (latest first), skipped ones."""
    rows = msel_view.msel_rows(console.session, room_clock(console), selected)
    groups = {part: [row for row in rows if row.part == part] for part in ORDER}
    groups["released"].reverse()
    return [row for part in ORDER for row in groups[part]]


def room_clock(console: Console) -> Callable[[int], str]:
    """Return the time of day at which a second of the game was, or will be at the present pace.

    The past is read from the command log. The future is only known to a running clock; else it is counted from the
    moment at which the clock starts, as in `+12 min`.
    """
    session, wall = console.session, console.wall
    path = session.path
    seconds, now, pace = [entry.t for entry in path], session.exercise.now, wall.pace
    present = datetime.now().astimezone()

    def room(t: int) -> str:
        if t < now:
            place = bisect_right(seconds, t)
            entry = path[place - 1] if place else None
            return _local(entry.wall, present) if entry is not None else ""
        if not pace:
            return ""
        left = (t - now) / pace
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


def msel_detail(console: Console, name: str) -> MselDetail | None:
    """Return one inject in full; None if there is none of this id."""
    session = console.session
    item = session.exercise.injector.lines.get(name)
    if item is None:
        return None
    (row,) = (each for each in msel_rows(console, name) if each.id == name)
    pairs = tuple(msel_view.details(session, item)[1:])
    editable = item.state not in ("released", "skipped") and not session.exercise.done
    names = tuple(sorted(each.name for each in fields(Inject) if each.name not in {"id", "source"}))
    present = tuple(_field(session, item, each) for each in EDITED if each != "at" or item.spec.at is not None)
    return MselDetail(row, pairs, editable, present, names)


def _field(session: Session, item: MselItem, name: str) -> Field:
    value = getattr(item.spec, name)
    if name == "at":
        moment = session.exercise.calendar.at(session.exercise.injector.due_of(item) or 0)
        return Field(name, f"{moment:%Y-%m-%d %H:%M}")
    if isinstance(value, tuple):
        return Field(name, f"[{', '.join(value)}]" if value else "")
    return Field(name, clean(str(value or ""), lines=True), name in ("message", "notes"))


def receipt_rows(viewer: Viewer, name: str) -> list[tuple[Receipt, list[tuple[str, str]]]]:
    """Return the receipts of an inject, each with its steps and their times of day; empty without an inject."""
    if viewer.receipts is None or name not in viewer.console.session.exercise.injector.lines:
        return []
    present, steps = datetime.now().astimezone(), ("delivered", "opened", "acknowledged", "answered")
    return [
        (each, [(step, _local(getattr(each, step), present)) for step in steps if step != "answered" or each.asks])
        for each in viewer.receipts(name)
    ]


def part_counts(rows: list[MselRow]) -> list[tuple[str, int]]:
    """Return how many injects each part has."""
    return [(part, sum(row.part == part for row in rows)) for part in ORDER]
