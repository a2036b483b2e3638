"""Those who see the same: the persons of a seat, the control room, the public screens, or one evaluator."""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import is_shown, observed_news, to_judge
from wargame.seat import feed as sentences
from wargame.seat.feed import PUBLIC
from wargame.web.access import DEPUTY, EVALUATOR, FACILITATOR, LOBBY, SCREEN, SEAT
from wargame.web.access.people import Person
from wargame.web.viewer import FeedEntry, PageParts

ViewKey = tuple[str, ...]
"""The role that decides which records a viewer may see: `seat KOR`, `public`, `white cell`, `evaluator` of seats."""
WHITE_CELL_VIEW: ViewKey = ("white cell",)
PUBLIC_VIEW: ViewKey = ("public",)


Query = tuple[tuple[str, str], ...]
"""The subject of a page of the control room or of an evaluator: the query of its address."""
QUERIES = 8
"""Queries of one audience that are kept rendered."""


@dataclass(slots=True)
class Rendering:
    """The parts of a screen in one state of the exercise, and their hashes."""

    version: int = -1
    parts: PageParts = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    pushed: dict[str, str] = field(default_factory=dict)
    """The hashes of the parts of which the streams have been notified."""
    answers: dict[object, bytes] = field(default_factory=dict)
    """The encoded answers to `parts`, by what the page has."""

    def unreported(self) -> list[str]:
        """Return the keys of the parts that have changed since the last call."""
        keys = [key for key in {**self.pushed, **self.hashes} if self.pushed.get(key) != self.hashes.get(key)]
        self.pushed = dict(self.hashes)
        return keys


class ViewerGroup:
    """One group of viewers. `console` is the one through which its screen is rendered; nobody types there.

    `turns` counts the changes of the past that this audience has noticed. `announcement` is that of the last one.
    """

    def __init__(self, key: str, role: str, console: Console, turns: int) -> None:
        self.key, self.role, self.console, self.turns = key, role, console, turns
        self.announcement = ""
        self.version = -1
        """The state of the exercise that the screen shows."""
        self.cache: dict[object, object] = {}
        """What several parts of the screen need in this state."""
        self.renderings: OrderedDict[Query, Rendering] = OrderedDict()
        """The latest rendering of each query that pages have, the one used last at the end."""
        self._read()

    def _present_view(self) -> ViewKey:
        """Return the view now; that of an evaluator changes with the seats observed and with what is granted."""
        console = self.console
        if self.role == LOBBY:
            return PUBLIC_VIEW
        if console.role == SEAT:
            return ("seat", console.seat)
        if console.sees_all:
            return WHITE_CELL_VIEW
        return PUBLIC_VIEW if console.evaluator is None else ("evaluator", *console.observed)

    def _read(self) -> None:
        """Read all entries of the present past, as this audience may see them now."""
        self._exercise, self._view = self.console.session.exercise, self._present_view()
        self._entries, self._position = list[FeedEntry](), 0
        self._add()

    def _add(self) -> bool:
        """Add the entries of new records; True if there are some."""
        before, records = len(self._entries), self.console.session.records
        for record in records[self._position :]:
            for entry in self._of(record):
                self._entries.append(replace(entry, k=len(self._entries) + 1))
        self._position = len(records)
        return len(self._entries) > before

    def _of(self, record: Record) -> Iterator[FeedEntry]:
        role, *names = self._view
        if self._view == WHITE_CELL_VIEW:
            if is_shown(record) or record.kind == "command":
                yield self._of_white_cell(record)
            return
        for item, seats in observed_news(self._exercise, [PUBLIC] if self._view == PUBLIC_VIEW else names, [record]):
            found, text = item.notice, item.text
            if role == "evaluator":
                text = clean(f"#{item.record.seq} {', '.join(seats)}: {text}")
            label, body = (clean(found.label), clean(found.body.shown())) if found else ("", "")
            yield FeedEntry(0, item.record.at[:16], text, item.record.kind, label, body)
        if role == "evaluator" and to_judge(names, [record]):
            yield self._of_white_cell(record)

    def _of_white_cell(self, record: Record) -> FeedEntry:
        line = sentences.record_line(self._exercise, record)
        return FeedEntry(0, record.at[:16], clean(f"#{record.seq} {line}"), record.kind, "", clean(line))

    @property
    def epoch(self) -> int:
        """The number of this past. That of an evaluator also depends on what the evaluator may see."""
        if self.console.evaluator is None:
            return self.turns
        return self.turns * 1000 + zlib.crc32(repr(self._view).encode()) % 1000

    @property
    def entries(self) -> list[FeedEntry]:
        """All entries so far."""
        return [] if self.role == LOBBY else self._entries

    def update(self) -> bool:
        """Add the entries of new records; True if there are some, or if the view has become another one."""
        if self._present_view() != self._view:
            self._read()
            self.announcement = "What you may see has changed."
            return True
        return self._add()

    def turn(self, announcement: str) -> bool:
        """Read the new past; False if there is no announcement and the entries of this audience have not changed."""
        before = self._entries
        self._read()
        if not announcement and self._entries[: len(before)] == before:
            return False
        self.turns += 1
        self.announcement = announcement
        return True

    def freshen(self, version: int) -> None:
        """Have the screen show this state of the exercise."""
        if version != self.version:
            self.version, self.cache = version, {}

    def render(self, query: Query, render: Callable[[], PageParts]) -> Rendering:
        """Return the parts for a query in the state that the screen shows."""
        version = self.version
        before = self.renderings.get(query) or Rendering()
        if before.version == version:
            self.renderings.move_to_end(query)
            return before
        parts = render()
        if parts == before.parts:
            before.version = version
            rendering = before
        else:
            hashes = {
                key: before.hashes[key]
                if before.parts.get(key) == html
                else hashlib.blake2b(html.encode(), digest_size=9).hexdigest()
                for key, html in parts.items()
            }
            pushed = before.pushed if query in self.renderings else dict(hashes)  # a new page has what it shows
            rendering = Rendering(version, parts, hashes, pushed)
        self.renderings[query] = rendering
        self.renderings.move_to_end(query)
        if len(self.renderings) > QUERIES:
            self.renderings.popitem(last=False)
        return rendering


def console_role(role: str) -> str:
    """Return the role of the console of a viewer: a deputy has that of a facilitator, the lobby that of a screen."""
    return {DEPUTY: FACILITATOR, LOBBY: SCREEN}.get(role, role)


def key_of(person: Person | None) -> str:
    """Return the audience of a person."""
    if person is None or not person.admitted:
        return f"{LOBBY} {person.id}" if person is not None else LOBBY
    if person.role == SEAT:
        return f"{SEAT} {person.seat}"
    return f"{EVALUATOR} {person.id}" if person.role == EVALUATOR else person.role
