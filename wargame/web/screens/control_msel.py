"""The MSEL in the control room: each inject with its state, its time in both clocks, and what can be done with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from wargame.language.plain_text import clean
from wargame.live.console import msel_view
from wargame.live.console.acting_for_people import acts_note
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.scenario.model import Inject
from wargame.simulation.mechanisms.msel_item import MselItem

ORDER = ("held", "due", "waiting", "released", "skipped")
"""The parts of the MSEL as they follow one another: what is to come is first."""
EDITED = ("title", "message", "at", "audience", "channel", "notes")
"""Fields that the form of an inject offers first; the others can be chosen from a list."""


@dataclass(frozen=True, slots=True)
class MselRow:
    """One inject. `when` is its game time or its trigger; `room` is its time of day, or empty if that is not known."""

    id: str
    title: str
    storyline: str
    kind: str
    channel: str
    part: str
    """`due`, `waiting`, `held`, `released` or `skipped`."""
    status: str
    when: str
    room: str
    to: str
    to_short: str
    receipt: str
    note: str
    can_hold: bool
    can_unhold: bool
    can_skip: bool
    can_delay: bool
    can_retract: bool
    selected: bool = False


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
    session, room = console.session, room_clock(console)
    items = session.exercise.injector.lines
    groups: dict[str, list[MselRow]] = {part: [] for part in ORDER}
    for part, (name, *_) in msel_view.part_rows(session):
        groups[part].append(_row(console, items[name], part, room, selected))
    groups["released"].reverse()
    return [row for part in ORDER for row in groups[part]]


def _row(console: Console, item: MselItem, part: str, room: Callable[[int], str], selected: str) -> MselRow:
    session, spec = console.session, item.spec
    due = session.exercise.injector.due_of(item)
    at = item.last if part == "released" else due
    over, alive = session.exercise.done, item.alive and not session.exercise.done
    to = "white cell" if spec.kind == "facilitation" else console.name(*spec.audience) if spec.audience else "all"
    return MselRow(
        spec.id,
        clean(spec.title),
        clean(spec.storyline.replace("_", " ")),
        spec.kind,
        spec.channel,
        part,
        msel_view.status(session, item).replace("*", ""),
        clean(msel_view.when(session, item, due, brief=True)),
        room(at) if at is not None else "",
        to,
        _short(console, spec.audience) or to,
        _receipt(session, item),
        clean("; ".join(filter(None, ["added in this exercise" if item.ad_hoc else "", acts_note(session, item)]))),
        can_hold=alive and item.status != "held",
        can_unhold=item.status == "held" and not over,
        can_skip=alive,
        can_delay=alive and not spec.manual and not (item.status == "held" and item.missed is not None),
        can_retract=bool(item.released) and not over,
        selected=spec.id == selected,
    )


def _short(console: Console, audience: tuple[str, ...]) -> str:
    """The first recipients, if there are several: `China, Japan +3`."""
    names = [console.name(name).removeprefix("the ") for name in audience[:2]]
    return ", ".join(names) + (f" +{len(audience) - 2}" if len(audience) > 2 else "")


def _receipt(session: Session, item: MselItem) -> str:
    """How many human seats have had the last release, opened it and acknowledged it."""
    recipients = msel_view.human_recipients(session, item)
    if not recipients:
        return ""
    counts = {kind: len(names) for kind, names in msel_view.receipts(session, item).items()}
    return f"{counts['delivered']} delivered, {counts['read']} read, {counts['acknowledged']} ack. of {len(recipients)}"


def room_clock(console: Console) -> Callable[[int], str]:
    """The time of day at which a second of the game was, or will be at the present pace.

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
        return _minutes(left)

    return room


def _local(wall: str, present: datetime) -> str:
    try:
        return _day_and_time(datetime.fromisoformat(wall).astimezone(), present)
    except ValueError:  # a time that was changed on disk
        return ""


def _day_and_time(at: datetime, present: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == present.date() else f"{at:%d %b %H:%M}"


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"+{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"+{minutes} min" if minutes else "soon"


def msel_detail(console: Console, name: str) -> MselDetail | None:
    """One inject in full; None if there is none of this id."""
    session = console.session
    item = session.exercise.injector.lines.get(name)
    if item is None:
        return None
    (row,) = (each for each in msel_rows(console, name) if each.id == name)
    lines = [clean(line) for line in msel_view.details(session, item)[1:]]
    pairs = tuple((label, text) for label, _, text in (line.partition(": ") for line in lines))
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


def part_counts(rows: list[MselRow]) -> list[tuple[str, int]]:
    """How many injects each part has."""
    return [(part, sum(row.part == part for row in rows)) for part in ORDER]
