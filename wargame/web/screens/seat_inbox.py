"""The inbox of a seat: what it was sent and what it did, newest first, with what is to be acknowledged."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup
from msgspec import structs

from wargame.dataclasses import dataclass, replace
from wargame.journal.records.correspondence import MessageRecord
from wargame.journal.records.script import InjectReleasedRecord
from wargame.journal.wording import Titles, called, sentence
from wargame.language.plain_text import clean
from wargame.seat.brief import inbox
from wargame.seat.feed import PUBLIC, feed, letters, reader_of, unacknowledged
from wargame.seat.messages import message_html, message_of
from wargame.web.rendering import attachment_url, render
from wargame.web.screens.clocks import GameTime, moment_of
from wargame.web.viewer import Viewer

BLOCK = 40
"""Older items come in blocks of this length, so that most blocks never change."""


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
    when: GameTime
    number: int = 0
    open: bool = False
    tone: str = ""
    weight: str = ""
    by: str = ""
    card: Markup | None = None
    """A message of the script in the template of its channel, instead of its text."""
    writer: str = ""
    public: bool = False
    """Whether it is in the public feed as well, which all seats and the public screen have."""
    message: MessageRecord | None = None
    """A message that can be answered, with its number among the messages of the seat."""
    earlier: tuple["Item", ...] = ()
    """The messages of its thread before it, oldest first."""


def items_of(viewer: Viewer) -> tuple[Item, ...]:
    """Return all items of the seat, oldest first."""
    return viewer.cached("seat items", lambda: tuple(_items(viewer)))


def open_numbers(viewer: Viewer) -> tuple[int, ...]:
    """Return the numbers of the messages to be acknowledged; none after ENDEX, when nothing can be acknowledged."""
    exercise, seat = viewer.console.session.exercise, viewer.console.seat
    if exercise.done:
        return ()
    return viewer.cached(
        "open letters", lambda: tuple(each.number for each in unacknowledged(exercise, seat, letters(exercise, seat)))
    )


def blocks(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[tuple[Item, ...], ...]]:
    """Return the recent items, then blocks of older ones; all of them newest first."""
    old = max(0, len(items) // BLOCK - 1) * BLOCK
    older = [tuple(reversed(items[at : at + BLOCK])) for at in range(0, old, BLOCK)]
    return tuple(reversed(items[old:])), tuple(reversed(older))


def in_threads(items: Sequence[Item]) -> list[Item]:
    """Return items, oldest first, with each message that was answered inside the last one of its thread."""
    last: dict[int | str, Item] = {}
    shown: dict[str, Item] = {}
    for item in items:
        before = last.get(item.message.re) if item.message else None
        earlier = (*before.earlier, shown.pop(before.id)) if before is not None else ()
        shown[item.id] = now = replace(item, earlier=earlier)
        last |= {each.message.number: now for each in (*earlier, item) if each.message}
    return list(shown.values())


def by_day(items: Sequence[Item], answers: bool) -> list[tuple[GameTime, Markup]]:
    """Return the moment and the HTML of each day of items, newest first. `answers` is whether the seat can reply."""
    days = (tuple(each) for _, each in groupby(items, lambda item: item.when.at.date()))
    return [(each[0].when, _day(each, answers)) for each in days]


@lru_cache(maxsize=4096)
def _day(items: tuple[Item, ...], answers: bool) -> Markup:
    """Return the items of a day; most days do not change."""
    return Markup(render("seat/day.html", items=items, answers=answers))  # noqa: S704 - a template that escapes all text


def _items(viewer: Viewer) -> Iterator[Item]:
    console = viewer.console
    received = inbox(console.session.exercise, console.session.records, console.seat)
    titles = reader_of(console.session.exercise, console.seat).titles
    waiting, authors = frozenset(open_numbers(viewer)), _authors(viewer)
    public = {
        each.record.seq for each in feed(console.session.exercise, PUBLIC, console.session.records) if each.notice
    }
    for place, item in enumerate(received, 1):
        record, found = item.record, item.notice
        assert found is not None
        given = authors[record.t, record.about if record.kind == "command" else record.kind]
        to = f" to {found.to}" if found.to else ""
        yield Item(
            f"i{place}",
            found.sort,
            clean(found.label),
            clean(", ".join(filter(None, [f"{found.sender}{to}".lstrip(), found.name]))),
            sentence(clean(found.body.shown(int(record.at[:4])), lines=True)),
            moment_of(console, record),
            found.letter,
            found.letter in waiting,
            *found.tone,
            by=given.popleft() if given and record.who == console.seat else "",
            card=_card(record, titles) if isinstance(record, InjectReleasedRecord) else None,
            writer=clean(called(found.sender)) if record.kind == "message" else "",
            public=record.seq in public,
            message=structs.replace(record, to=tuple(record.to))
            if isinstance(record, MessageRecord) and record.number
            else None,
        )


def _card(record: InjectReleasedRecord, titles: Titles) -> Markup:
    html = message_html(message_of(record, titles), attachment_url, live=True)
    return Markup(html)  # noqa: S704 - a template that escapes all text


def _authors(viewer: Viewer) -> defaultdict[tuple[int, str], deque[str]]:
    """Return who gave the commands of this seat, by second and kind, in their order; empty without a name."""
    names = {each.id: each.name for each in viewer.people}
    found: defaultdict[tuple[int, str], deque[str]] = defaultdict(deque)
    for entry in viewer.console.session.path:
        if entry.data.get("who") == viewer.console.seat:
            found[entry.t, entry.kind].append(names.get(entry.by, "") if isinstance(entry.by, str) else "")
    return found
