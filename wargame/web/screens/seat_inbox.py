"""The inbox of a seat: what it was sent and what it did, newest first, with what is to be acknowledged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from wargame.journal.notices import FRIENDLY, HOSTILE
from wargame.journal.records import Record
from wargame.journal.wording import Titles, signed
from wargame.language.plain_text import clean
from wargame.seat.banner import BANNER
from wargame.seat.brief import inbox
from wargame.seat.feed import FeedItem, letters, reader_of, unacknowledged
from wargame.seat.message_html import Showing, message_html
from wargame.seat.messages import message_of
from wargame.web.attached import attachment_url
from wargame.web.screens.moments import Moment, moment_of
from wargame.web.viewer import Viewer

BLOCK = 40
"""Older items come in blocks of so many, so that most blocks never change."""
LABELS = {
    "inject.retracted": ("message", "Disregard"),
    "questionnaire.answer": ("own", "Answered"),
    "questionnaire.closed": ("report", "Questionnaire"),
    "questionnaire.results": ("report", "Results"),
    "message": ("message", "Message"),
    "offer": ("message", "Offer"),
    "answer": ("message", "Answer"),
    "vote": ("message", "Vote"),
    "vote.result": ("message", "Result of a vote"),
    "rfi.reply": ("message", "Reply of EXCON"),
    "ruling": ("message", "Ruling"),
    "demand": ("message", "Demand"),
    "demand.settled": ("report", "Demand"),
    "procedure.proposed": ("message", "Standing procedure"),
    "order.inherited": ("message", "Under way"),
    "signal": ("report", "Report"),
    "outcome": ("report", "Event"),
    "outcome.revoked": ("report", "Correction"),
    "hazard": ("report", "News"),
    "leader": ("report", "Leadership"),
    "forum": ("report", "Talks"),
    "agreement": ("report", "Agreement"),
    "startex": ("report", "Exercise"),
    "run.end": ("report", "Exercise"),
    "action": ("own", "Done"),
    "decision": ("own", "Staff"),
    "decision.due": ("own", "Decision due"),
    "decision.missed": ("own", "Not decided"),
    "order.cancelled": ("own", "Not carried out"),
    "standing_order": ("own", "Standing order"),
    "strategy": ("own", "Policy"),
    "request": ("own", "Sent to EXCON"),
    "rfi": ("own", "Question to EXCON"),
    "ballot": ("own", "Your vote"),
    "procedure.answer": ("own", "Standing procedure"),
    "procedure.expired": ("own", "Standing procedure"),
}
"""Kind of a record -> the sort by which the inbox is filtered, and the label."""
COMMANDS = {
    "order": ("own", "Ordered"),
    "standing_order": ("own", "Standing order"),
    "pass": ("own", "Passed"),
    "ack": ("own", "Acknowledged"),
    "procedures": ("message", "Standing procedures"),
    "seat": ("report", "Seat"),
}
"""The same for commands, by their kind; others are announcements of the exercise."""
PREFIXES = tuple(
    f"{each}: "
    for each in (
        "Report",
        "News",
        "Done",
        "Ordered",
        "Passed",
        "Acknowledged",
        "Outcome",
        "Answered",
        "Sent to the white cell",
    )
)
"""Beginnings of notices that repeat the label."""
SHOUTED = re.compile(r"^(DECISION DUE on|STANDING PROCEDURE \d+:|UNDER WAY \d+, ordered by the model:) ")
"""Beginnings in capitals, for terminals."""
QUOTED = re.compile(r"'([^']+)'(.*)")
"""A title that begins a notice; below its label it needs no quotation marks."""
INSTANT = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b")
"""A game time as terminals show it."""
TYPED = re.compile(r"(?:, unless you cancel it)? \((?:accept \d+ or refuse|accept|refuse|cancel) \d+\)")
"""What one types at a console; the page has buttons."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the inbox.

    `sort` is `message`, `report` or `own`; `sender` who wrote it, as far as that is shown apart from the text. `number`
    is the number by which it is acknowledged, 0 for what needs no acknowledgement; `open` says that this is still to
    be done. `tone` is that of a report, with `weight` in words; `by` names the person of this seat who did it. `writer`
    names the other government, or EXCON, that wrote a message.
    """

    id: str
    sort: str
    label: str
    sender: str
    text: str
    when: Moment
    number: int = 0
    open: bool = False
    tone: str = ""
    weight: str = ""
    by: str = ""
    card: Markup | None = None
    """A message of the script in the template of its channel, instead of its text."""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The items of one day of the game, newest first."""

    when: Moment
    items: tuple[Item, ...]


def items_of(viewer: Viewer) -> tuple[Item, ...]:
    """All items of the seat, oldest first."""
    return viewer.once("seat items", lambda: tuple(_items(viewer)))


def open_numbers(viewer: Viewer) -> tuple[int, ...]:
    """The numbers of the messages to be acknowledged; none after ENDEX, when nothing can be acknowledged."""
    exercise, seat = viewer.console.session.exercise, viewer.console.seat
    if exercise.done:
        return ()
    return viewer.once(
        "open letters",
        lambda: tuple(each.number for each in unacknowledged(exercise, seat, letters(exercise, seat))),
    )


def blocks(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[tuple[Item, ...], ...]]:
    """The recent items, then blocks of older ones; all of them newest first."""
    old = max(0, len(items) // BLOCK - 1) * BLOCK
    older = [tuple(reversed(items[at : at + BLOCK])) for at in range(0, old, BLOCK)]
    return tuple(reversed(items[old:])), tuple(reversed(older))


def by_day(items: Sequence[Item]) -> tuple[Day, ...]:
    """Items, newest first, by day of the game."""
    days: dict[str, list[Item]] = {}
    for item in items:
        days.setdefault(f"{item.when.at:%Y-%m-%d}", []).append(item)
    return tuple(Day(each[0].when, tuple(each)) for each in days.values())


def _items(viewer: Viewer) -> Iterator[Item]:
    console = viewer.console
    received = inbox(console.session.exercise, console.session.records, console.seat)
    titles = reader_of(console.session.exercise, console.seat).titles
    waiting, authors = frozenset(open_numbers(viewer)), Authors(viewer)
    for place, item in enumerate(received, 1):
        record = item.record
        sort, label = _label(record, console.seat)
        sender, text = _sender_and_text(item, titles, console.seat)
        number = int(record.data.get("number", 0)) if record.kind == "inject.released" else 0
        tone, weight = _tone(record)
        yield Item(
            f"i{place}", sort, label, sender, text, moment_of(console, record), number, number in waiting, tone, weight,
            authors.of(record), _card(record, titles) if record.kind == "inject.released" else None,
            _sentence(clean(titles.government(record.who))) if record.kind == "message" and sort != "own" else "",
        )  # fmt: skip


def _card(record: Record, titles: Titles) -> Markup:
    html = message_html(message_of(record, titles), Showing(attachment_url, live=True))
    return Markup(html)  # noqa: S704 - a template that escapes all text


def _label(record: Record, seat: str) -> tuple[str, str]:
    if record.kind == "inject.released":
        return "message", str(record.data.get("channel", "News"))
    if record.kind == "command":
        return COMMANDS.get(record.about, ("report", "Exercise"))
    sort, label = LABELS.get(record.kind, ("report", "Note"))
    if record.kind == "offer" and record.data.get("form") == "demand":
        label = "Demand"
    if record.kind == "message" and record.data.get("public"):
        label = "Public statement"
    return ("own" if record.kind in ("message", "offer", "answer", "vote") and record.who == seat else sort), label


def _sender_and_text(item: FeedItem, titles: Titles, seat: str) -> tuple[str, str]:
    """Who wrote what, where that is shown apart; else the notice without what its label says."""
    record, data = item.record, item.record.data
    if record.kind == "inject.released":
        return clean(record.who), clean(str(data.get("message") or data.get("subject") or data.get("title", "")))
    if record.kind in ("message", "offer", "vote"):
        own = record.who == seat
        sender = "" if own else _sentence(clean(titles.government(record.who)))
        others = list(data.get("to", ())) != [seat] and not data.get("public") and record.kind != "vote"
        to = f" to {titles.listed(data['to'])}" if others else ""
        number = f", {record.kind} {data['number']}" if "number" in data else ""
        choices = f" ({' / '.join(map(str, data['choices']))})" if record.kind == "vote" else ""
        return f"{sender}{clean(to)}{number}".lstrip(" ,"), clean(
            f"{data.get('question') or data.get('text', '')}{choices}"
        )
    text = item.text.removeprefix(BANNER).lstrip()
    if record.kind == "signal":
        text = text.rpartition("; assessed as")[0] or text
    for prefix in PREFIXES:
        text = text.removeprefix(prefix)
    text = TYPED.sub("", SHOUTED.sub("", text))
    if record.kind == "command" and record.about == "ack":
        text = f"Message{'' if text.isdigit() else 's'} {text}"
    quoted = QUOTED.fullmatch(text)
    year = int(record.at[:4])
    return "", _sentence(INSTANT.sub(lambda at: _short(at[0], year), f"{quoted[1]}{quoted[2]}" if quoted else text))


def _short(time: str, year: int) -> str:
    """A time as this page writes it, with its year if that is not `year`."""
    return Moment(datetime.fromisoformat(time), 0, year).short


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tone(record: Record) -> tuple[str, str]:
    if record.kind != "signal" or "perceived" not in record.data:
        return "", ""
    weight = float(record.data["perceived"])
    tone = "hostile" if weight < HOSTILE else "friendly" if weight > FRIENDLY else "neutral"
    return tone, signed(weight, 1)


class Authors:
    """The persons of this seat who gave commands, as far as the command log names them."""

    def __init__(self, viewer: Viewer) -> None:
        seat, names = viewer.console.seat, {each.id: each.name for each in viewer.people}
        self._seat = seat
        self._names: dict[tuple[int, str], list[str]] = defaultdict(list)
        for entry in viewer.console.session.path:
            if entry.data.get("who") == seat and isinstance(entry.by, str):
                self._names[entry.t, entry.kind].append(names.get(entry.by, ""))

    def of(self, record: Record) -> str:
        """The name of the person who gave the command of a record; call it once for each record, in their order."""
        if record.who != self._seat:
            return ""
        names = self._names.get((record.t, record.about if record.kind == "command" else record.kind))
        return names.pop(0) if names else ""
