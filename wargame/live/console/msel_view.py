"""The MSEL as the facilitator sees it: a row for each inject, with its state, its time, and who has received it.

A terminal prints the rows as lines, a browser as a table. `details` has one inject in full.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import starmap
from typing import NamedTuple

from wargame.dataclasses import dataclass, fields
from wargame.journal.template_cache import Macros
from wargame.journal.wording import Titles, words
from wargame.language.plain_text import clean
from wargame.language.times import Time, format_duration
from wargame.live.console.command_line import countdown
from wargame.live.console.consent import consent_note
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.scenario.model import Inject
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.feed import inject_name, reader_of
from wargame.sentence import Hint, Part, Sentence
from wargame.simulation.mechanisms.triggers import MselItem

PARTS = ("due", "waiting", "held", "released", "skipped")
"""The parts of the MSEL that `msel` can show alone; `all` shows everything."""
_ORDER = ("skipped", "released", "held", "due", "waiting")
LAST_RELEASES = 2
"""Releases in the short list."""
NEXT_DUE = 5
"""Injects that are due in the short list."""
SHORT = 10
"""An MSEL of at most this many items is always shown whole."""
WHEN_WIDTH = 48
"""Columns of the time of an item."""


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
    added: bool
    """Whether it was added during the exercise."""
    when: str
    room: str
    to: str
    to_short: str
    receipt: str
    note: str
    """That it would act or speak in the name of a human seat; empty for others."""
    can_hold: bool
    can_unhold: bool
    can_skip: bool
    can_delay: bool
    can_retract: bool
    selected: bool = False


def msel_rows(session: Session, room: Callable[[int], str] = lambda _: "", selected: str = "") -> list[MselRow]:
    """Return injects: skipped, released, held, dated, waiting. `room` gives the time of day of a second of the game."""
    rows = []
    for name, item in session.exercise.injector.lines.items():
        due, part = session.exercise.injector.due_of(item), _part(session, item)
        time = item.last if part == "released" else due
        row = _row(session, item, part, due, room(time) if time is not None else "", selected)
        rows.append((_ORDER.index(part), time or 0, name, row))
    return [row for *_, row in sorted(rows, key=lambda each: each[:3])]


def _row(session: Session, item: MselItem, part: str, due: int | None, room: str, selected: str) -> MselRow:
    spec, over = item.spec, session.exercise.done
    alive, titles = item.alive and not over, reader_of(session.exercise, "").titles
    names = [clean(titles.governments.get(name, name)) for name in spec.audience]
    to = "white cell" if spec.kind == "facilitation" else clean(titles.listed(spec.audience)) or "all"
    return MselRow(
        spec.id,
        clean(spec.title),
        clean(spec.storyline.replace("_", " ")),
        spec.kind,
        spec.channel,
        part,
        _status(session, item),
        item.ad_hoc,
        clean(when(session, item, due, brief=True)),
        room,
        to,
        _short(names) or to,
        _receipt(session, item),
        clean(consent_note(session, item)),
        can_hold=alive and item.status != "held",
        can_unhold=item.status == "held" and not over,
        can_skip=alive,
        can_delay=alive and not spec.manual and not (item.status == "held" and item.missed is not None),
        can_retract=bool(item.released) and not over,
        selected=spec.id == selected,
    )


def _short(names: Sequence[str]) -> str:
    """Return the first recipients, if there are several: `China, Japan +3`."""
    return ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")


# --- lines of a terminal -----------------------------------------------------------------------------


def short_list(rows: list[MselRow]) -> list[MselRow]:
    """Return the last releases, what is held and what is due next; everything if the MSEL is short."""
    if len(rows) <= SHORT:
        return rows
    held, due, released = ([row for row in rows if row.part == part] for part in ("held", "due", "released"))
    return released[-LAST_RELEASES:] + held + due[:NEXT_DUE]


def table(rows: list[MselRow]) -> list[str]:
    """Return rows in aligned columns; `*` marks an inject that was added during the exercise."""
    name_width = max((len(row.id) for row in rows), default=0)
    when_width = max((len(_clip(row.when)) for row in rows), default=0)
    return [
        clean(
            f"{row.id:<{name_width}}  {row.status + '*' * row.added:<9}  {_clip(row.when):<{when_width}}  {row.title}"
            + "".join(f" [{text}]" for text in (row.receipt, row.note) if text)
        )
        for row in rows
    ]


def omitted(rows: list[MselRow], shown: list[MselRow]) -> list[str]:
    """Return how many items of each part there are, where not all of them are shown."""
    counts, in_view = ({part: sum(row.part == part for row in some) for part in PARTS} for some in (rows, shown))
    parts = [f"{counts[part]} {part} (msel {part})" for part in PARTS if counts[part] > in_view[part]]
    return [f"In all: {', '.join(parts)}"] if parts else []


def _clip(text: str) -> str:
    return text if len(text) <= WHEN_WIDTH else text[: WHEN_WIDTH - 1] + "…"


def _part(session: Session, item: MselItem) -> str:
    if item.status in ("held", "skipped"):
        return item.status
    if item.status == "released" and not item.alive:
        return "released"
    return "waiting" if session.exercise.injector.due_of(item) is None else "due"


def status(session: Session, item: MselItem) -> str:
    """Return the state of an item in a word or two; `*` marks one that was added during the exercise."""
    return _status(session, item) + "*" * item.ad_hoc


def _status(session: Session, item: MselItem) -> str:
    if item.status == "released":
        return f"released{f' x{item.released}' if item.released > 1 else ''}"
    if item.status == "held":
        return "held, overdue" if item.missed else "held"
    names = {"due": "due", "waiting": "by hand" if item.spec.manual else "waits"}
    return item.status if item.status == "disabled" else names.get(_part(session, item), item.status)


def when(session: Session, item: MselItem, due: int | None, *, brief: bool = False) -> str:
    """Return when an item was or will be released, or what triggers it."""
    instant = session.exercise.calendar.minute if brief else session.instant
    if item.status == "released" and item.last is not None:
        return instant(item.last)
    if item.status == "skipped":
        return ""
    if due is not None:
        return f"{instant(due)}, {countdown(due - session.exercise.now)}"
    bound = f"not before {instant(item.not_before)}, " if item.not_before is not None else ""
    return bound + _trigger(session, item)


def _trigger(session: Session, item: MselItem) -> str:
    """Return what triggers an item; its times are those to which the white cell has moved them."""
    calendar = session.exercise.calendar

    def moment(time: Time, *, short: bool = False) -> str:
        return calendar.minute(calendar.seconds(time) + item.shift, short=short)

    titles = reader_of(session.exercise, "").titles
    wording = Wording(moment, partial(moment, short=True), government=titles.government)
    text, rate = trigger_phrase(item.spec, wording)
    return f"{text}: {rate}" if rate else text


def names(session: Session, ids: Sequence[str]) -> Sequence[Part]:
    """Return injects in a sentence, with commas between them."""
    return [part for each in ids for part in (", ", inject_name(session.exercise, each))][1:]


def added_sentence(console: Console, added: Sequence[str]) -> Sentence:
    """Return the answer to a command that has added injects."""
    now = [Hint(("release", each), "releases it now", "Release now") for each in added[:1]]
    return Sentence("Added to the MSEL: ", *names(console.session, added), *now)


# --- receipt -----------------------------------------------------------------------------------------


def human_recipients(session: Session, item: MselItem) -> list[str]:
    """Return the human seats to which an inject was sent."""
    if item.last is None or item.spec.kind == "facilitation":
        return []
    audience = item.spec.audience or tuple(session.exercise.governments)
    return [name for name in audience if session.exercise.commands.seats.of(name) == "human"]


def receipts(session: Session, item: MselItem) -> dict[str, list[str]]:
    """Return the seats that have received the last release, in which a person has opened it, and that confirmed."""
    recipients = human_recipients(session, item)
    releases = [r.seq for r in session.records if r.kind == "inject.released" and r.about == item.spec.id]
    last = releases[-1] if releases else 0
    this = item.spec.id, item.released
    acknowledged = session.exercise.commands.msel.acknowledged.get(this, ())
    return {
        "delivered": [name for name in recipients if session.shown.get(name, -1) >= last or name in acknowledged],
        "read": [name for name in recipients if this in session.read.get(name, ()) or name in acknowledged],
        "acknowledged": [name for name in recipients if name in acknowledged],
    }


def _receipt(session: Session, item: MselItem) -> str:
    recipients = human_recipients(session, item)
    if not recipients:
        return ""
    counts = [f"{kind} {len(names)}" for kind, names in receipts(session, item).items()]
    return f"{', '.join(counts)} of {len(recipients)}"


# --- one inject --------------------------------------------------------------------------------------

OMITTED = frozenset({"id", "title", "source", "enabled", *Inject.ONE_OF})
"""Fields that the first lines show, or that do not matter to people in the room."""


class Detail(NamedTuple):
    """A field of an inject and its value; a question is named by its id."""

    name: str
    value: str
    is_question: bool = False


def details(session: Session, item: MselItem) -> list[Detail]:
    """Return id and state, receipt, trigger, and every field that does not have its default."""
    spec, titles = item.spec, reader_of(session.exercise, "").titles
    state = f"{status(session, item)}, {when(session, item, session.exercise.injector.due_of(item))}".rstrip(", ")
    lines = [(spec.id, state)]
    if human_recipients(session, item):
        lines += [(kind, ", ".join(names) or "none yet") for kind, names in receipts(session, item).items()]
    if note := consent_note(session, item):
        lines.append((note, f'skip {spec.id} prevents it; edit {spec.id} action "" keeps the inject without it'))
    calendar = session.exercise.calendar

    def moment(time: Time) -> str:
        return session.instant(calendar.seconds(time))

    def inject(name: str) -> str:
        return f"{name} ('{titles.injects.get(name, name)}')"

    wording = Wording(moment, moment, inject, lambda option: f"'{titles.option(option)}'", government=titles.government)
    text, rate = trigger_phrase(spec, wording)
    lines += [("title", spec.title), (spec.trigger_kind, f"{text}: {rate}" if rate else text)]
    lines += [] if spec.enabled else [("enabled", "not before another inject enables it")]
    details = (*starmap(Detail, lines), *_fields(session, spec, titles))
    return [Detail(clean(each.name), clean(each.value), each.is_question) for each in details]


def _fields(session: Session, spec: Inject, titles: Titles) -> Iterator[Detail]:
    """Yield each field that is not empty and not its default; one line for each expected action and question."""
    calendar = session.exercise.calendar
    in_words = Macros(
        "wargame.live",
        "inject.txt.j2",
        titles=titles,
        scenario=session.exercise.context.scenario,
        instant=lambda time: session.instant(calendar.seconds(time)),
        length=format_duration,
        words=words,
    )
    for each in fields(spec):
        value = getattr(spec, each.name)
        if each.name in OMITTED or value == each.default or value in (None, "", (), {}):
            continue
        for part in value if each.name == "expected" else (value,):
            yield Detail(each.name, getattr(in_words, each.name, _plain)(part))
        if each.name == "questionnaire":
            yield from (Detail(asked.id, in_words.question(asked), is_question=True) for asked in value.questions)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
