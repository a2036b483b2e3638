"""The MSEL as the facilitator sees it: all injects as a table, and one in full with its fields as `edit` takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields

from wargame.journal.wording import Titles, words
from wargame.language.plain_text import clean
from wargame.language.times import Time, format_duration
from wargame.live.console.acting_for_people import acts_note
from wargame.live.console.console import Console
from wargame.live.console.times import countdown
from wargame.live.session.session import Session
from wargame.scenario.model import Attachment, Effect, ExpectedAction, Inject, Install, Questionnaire
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.feed import reader_of
from wargame.seat.lines import inject_name
from wargame.sentence import Hint, Part, Sentence
from wargame.simulation.mechanisms.msel_item import MselItem

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
Row = tuple[str, str, str, str]
"""Id, status, time and title of an item."""


def part_rows(session: Session) -> list[tuple[str, Row]]:
    """(part, row) of every item: released ones by time, then those to come by date."""
    exercise = session.exercise
    rows = []
    for name, item in exercise.injector.lines.items():
        due, part = exercise.injector.due_of(item), _part(session, item)
        time = item.last if part == "released" else due
        row = (
            name,
            status(session, item),
            when(session, item, due, brief=True),
            item.spec.title + _receipt(session, item) + _acts_note(session, item),
        )
        rows.append(((_ORDER.index(part), time or 0, name), (part, row)))
    return [row for _, row in sorted(rows)]


def short_list(rows: list[tuple[str, Row]]) -> list[Row]:
    """The last releases, what is held and what is due next; everything if the MSEL is short."""
    if len(rows) <= SHORT:
        return [row for _, row in rows]
    held_rows, due, released = ([row for part, row in rows if part == which] for which in ("held", "due", "released"))
    return released[-LAST_RELEASES:] + held_rows + due[:NEXT_DUE]


def table(rows: list[Row]) -> list[str]:
    """Rows in aligned columns."""
    name_width = max((len(name) for name, *_ in rows), default=0)
    when_width = max((len(_clip(when)) for *_, when, _ in rows), default=0)
    return [
        clean(f"{name:<{name_width}}  {state:<9}  {_clip(when):<{when_width}}  {title}")
        for name, state, when, title in rows
    ]


def omitted(rows: list[tuple[str, Row]], shown: list[Row]) -> list[str]:
    """How many items of each part there are, where not all of them are shown."""
    counts = {part: sum(each == part for each, _ in rows) for part in PARTS}
    in_view = {part: sum(each == part and row in shown for each, row in rows) for part in PARTS}
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
    """The state of an item in a word or two; `*` marks one that was added during the exercise."""
    mark = "*" if item.ad_hoc else ""
    if item.status == "released":
        return f"released{f' x{item.released}' if item.released > 1 else ''}{mark}"
    if item.status == "held":
        return f"{'held, overdue' if item.missed else 'held'}{mark}"
    names = {"due": "due", "waiting": "by hand" if item.spec.manual else "waits"}
    return f"{item.status if item.status == 'disabled' else names.get(_part(session, item), item.status)}{mark}"


def when(session: Session, item: MselItem, due: int | None, *, brief: bool = False) -> str:
    """When an item was or will be released, or what triggers it."""
    instant = _to_the_minute(session) if brief else session.instant
    if item.status == "released" and item.last is not None:
        return instant(item.last)
    if item.status == "skipped":
        return ""
    if due is not None:
        return f"{instant(due)}, {countdown(due - session.exercise.now)}"
    bound = f"not before {instant(item.not_before)}, " if item.not_before is not None else ""
    return bound + _trigger(session, item)


def _to_the_minute(session: Session) -> Callable[[int], str]:
    return lambda t: f"{session.exercise.calendar.at(t):%Y-%m-%d %H:%M}"


def _trigger(session: Session, item: MselItem) -> str:
    """What triggers an item; its times are those to which the white cell has moved them."""
    calendar, instant = session.exercise.calendar, _to_the_minute(session)

    def moment(time: Time) -> str:
        return instant(calendar.seconds(time) + item.shift)

    titles = reader_of(session.exercise, "").titles
    wording = Wording(moment, lambda time: moment(time).removesuffix(" 00:00"), government=titles.government)
    text, rate = trigger_phrase(item.spec, wording)
    return f"{text}: {rate}" if rate else text


def names(session: Session, ids: Sequence[str]) -> Sequence[Part]:
    """Injects in a sentence, with commas between them."""
    return [part for each in ids for part in (", ", inject_name(session.exercise, each))][1:]


def added_sentence(console: Console, added: Sequence[str]) -> Sentence:
    """The answer to a command that has added injects."""
    now = [Hint(("release", each), "releases it now", "Release now") for each in added[:1]]
    return Sentence("Added to the MSEL: ", *names(console.session, added), *now)


# --- acting for people -------------------------------------------------------------------------------


def _acts_note(session: Session, item: MselItem) -> str:
    note = acts_note(session, item)
    return f" [{note}]" if note else ""


# --- receipt -----------------------------------------------------------------------------------------


def human_recipients(session: Session, item: MselItem) -> list[str]:
    """The human seats to which an inject was sent."""
    if item.last is None or item.spec.kind == "facilitation":
        return []
    audience = item.spec.audience or tuple(session.exercise.governments)
    return [name for name in audience if session.exercise.commands.seats.of(name) == "human"]


def receipts(session: Session, item: MselItem) -> dict[str, list[str]]:
    """The seats that have received the last release, in which a person has opened it, and that have confirmed."""
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
    return f" [{', '.join(counts)} of {len(recipients)}]"


OMITTED = frozenset({"id", "source", "enabled", *Inject.ONE_OF})
"""Fields that the first lines show, or that do not matter to people in the room."""


def details(session: Session, item: MselItem) -> list[str]:
    """State, receipt, trigger, and every field that does not have its default."""
    spec, titles = item.spec, reader_of(session.exercise, "").titles
    state = f"{status(session, item)}, {when(session, item, session.exercise.injector.due_of(item))}".rstrip(", ")
    lines = [f"{spec.id}: {state}"]
    if human_recipients(session, item):
        lines += [f"{kind}: {', '.join(names) or 'none yet'}" for kind, names in receipts(session, item).items()]
    if note := acts_note(session, item):
        lines.append(f'{note}: skip {spec.id} prevents it; edit {spec.id} action "" keeps the inject without it')
    lines += [f"title: {spec.title}", f"{spec.trigger_kind}: {_trigger_in_full(session, spec, titles)}"]
    lines += [] if spec.enabled else ["enabled: not before another inject enables it"]
    return [clean(line) for line in [*lines, *_fields(session, spec, titles)]]


def _trigger_in_full(session: Session, spec: Inject, titles: Titles) -> str:
    calendar = session.exercise.calendar

    def moment(time: Time) -> str:
        return session.instant(calendar.seconds(time))

    def inject(name: str) -> str:
        return f"{name} ('{titles.injects.get(name, name)}')"

    wording = Wording(moment, moment, inject, lambda option: f"'{titles.option(option)}'", government=titles.government)
    text, rate = trigger_phrase(spec, wording)
    return f"{text}: {rate}" if rate else text


def _fields(session: Session, spec: Inject, titles: Titles) -> Iterator[str]:
    """`name: value` of each field that is not empty and not its default; one line for each expected action."""
    scenario = session.exercise.context.scenario
    for each in fields(spec):
        value = getattr(spec, each.name)
        if each.name in OMITTED or each.name == "title" or value == each.default or value in (None, "", (), {}):
            continue
        if each.name == "expected":
            yield from (f"expected: {_expected(action, titles)}" for action in spec.expected)
        elif each.name == "action" and spec.action is not None:
            yield f"action: {_action(spec, titles)}"
        elif each.name in ("effects", "reports"):
            yield f"{each.name}: {', '.join(_change(path, change) for path, change in value.items())}"
        elif each.name == "salience":
            yield f"salience: {', '.join(f'{titles.dossier(name)} +{number:g}' for name, number in value.items())}"
        elif each.name == "installs":
            leaders = {name: leader.title for name, leader in scenario.leaders.items()}
            yield f"installs: {'; '.join(_install(install, leaders, titles) for install in spec.installs)}"
        elif each.name == "attachments":
            yield f"attachments: {'; '.join(map(_attachment, spec.attachments))}"
        elif each.name == "questionnaire" and spec.questionnaire is not None:
            yield from _questionnaire(spec.questionnaire)
        elif each.name == "audience":
            yield f"audience: {', '.join(f'{titles.government(name)} ({name})' for name in spec.audience)}"
        elif each.name == "objective":
            yield f"objective: {value} ({scenario.objectives[value].title})"
        else:
            yield f"{each.name}: {_plain(session, each.name, value)}"


def _attachment(attachment: Attachment) -> str:
    """A file with its kind and size: `map.png (picture, 120 kB)`."""
    content = attachment.content
    size = f" ({content.kind}, {max(1, round(content.size / 1000)):,} kB)" if content else ""
    return f"{attachment.file}{size}"


def _questionnaire(questionnaire: Questionnaire) -> Iterator[str]:
    until = f", closes {format_duration(questionnaire.within)} later" if questionnaire.within else ""
    yield f"questionnaire: to each {questionnaire.each}{until}"
    for question in questionnaire.questions:
        kind = " / ".join(question.choices) if question.choices else "in words"
        scale = f"{question.scale[0]} to {question.scale[1]}" if question.scale else ""
        yield f"  {question.id}: {question.text} ({scale or kind})"


def _plain(session: Session, name: str, value: object) -> str:
    if isinstance(value, Time):
        return session.instant(session.exercise.calendar.seconds(value))
    if name in ("every", "cool_down") and isinstance(value, int):
        return format_duration(value)
    if name == "chance" and isinstance(value, float):
        return f"{value:.0%}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _action(spec: Inject, titles: Titles) -> str:
    assert spec.action is not None
    did = titles.toward(titles.option(spec.action.option), spec.action.to)
    return f"{titles.government(spec.action.by)} {did} ({spec.action.option})"


def _change(path: str, change: Effect | float) -> str:
    if not isinstance(change, Effect):
        return f"{path} (variance {change:g})"
    if change.by is not None:
        return f"{path} {change.by:+g}" if isinstance(change.by, float | int) else f"{path} by {change.by}"
    return f"{path} = {change.to}"


def _install(install: Install, leaders: dict[str, str], titles: Titles) -> str:
    who = leaders.get(install.leader or "", "") or titles.government(install.government)
    strategy = install.strategy and f"strategy '{titles.strategies.get(install.strategy) or words(install.strategy)}'"
    return f"{who}, {strategy}" if strategy else who


def _expected(action: ExpectedAction, titles: Titles) -> str:
    to = f" toward {titles.listed(action.towards)}" if action.towards else ""
    late = f", late until {format_duration(action.within + action.late)}" if action.late else ""
    title = f" ({action.title})" if action.title else ""
    options = titles.any_of(action.any_of)
    return f"{titles.government(action.who)} {options}{to}, within {format_duration(action.within)}{late}{title}"
