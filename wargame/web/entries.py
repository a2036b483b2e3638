"""The entries of a viewer: one for each record that its role may see, in the order of the journal.

They follow from the records alone, so that after a restart of the server an entry has the same number as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import JUDGED, is_shown
from wargame.live.console.roles import SEAT
from wargame.live.session.session import Session
from wargame.seat import lines as sentences
from wargame.seat.feed import PUBLIC, FeedFollower, reader_of
from wargame.web.viewer import Entry

View = tuple[str, ...]
"""What decides which records a viewer may see: `seat KOR`, `public`, `white cell` or `evaluator` with its seats."""
WHITE_CELL_VIEW: View = ("white cell",)
PUBLIC_VIEW: View = ("public",)


def view_of(console: Console) -> View:
    """The view of a console now; that of an evaluator changes with the seats observed and with what is granted."""
    if console.role == SEAT:
        return ("seat", console.seat)
    if console.sees_all:
        return WHITE_CELL_VIEW
    if console.evaluator is not None:
        return ("evaluator", *console.observed)
    return PUBLIC_VIEW


class EntryList:
    """The entries of one view; `update` adds those of new records."""

    def __init__(self, session: Session, view: View) -> None:
        self.view = view
        self.entries: list[Entry] = []
        self._session, self._position = session, 0
        exercise = session.exercise
        seats = {"seat": view[1:], "evaluator": view[1:], "public": (PUBLIC,)}.get(view[0], ())
        self._feeds = {seat: FeedFollower(exercise, seat) for seat in seats}
        self.update()

    def update(self) -> int:
        """Adds the entries of new records, and returns how many there are."""
        before, records = len(self.entries), self._session.records
        for at, text, kind in self._new(records):
            self.entries.append(Entry(len(self.entries) + 1, at[:16], text, kind))
        self._position = len(records)
        return len(self.entries) - before

    def _new(self, records: Sequence[Record]) -> Iterator[tuple[str, str, str]]:
        exercise, fresh = self._session.exercise, records[self._position :]
        if self.view == WHITE_CELL_VIEW:
            for record in fresh:
                if is_shown(record) or record.kind == "command":
                    yield record.at, clean(f"#{record.seq} {sentences.record_line(exercise, record)}"), record.kind
            return
        readers = {seat: reader_of(exercise, seat) for seat in self._feeds} if fresh else {}
        for record in fresh:
            seen: dict[tuple[str, int, str, str], list[str]] = {}
            for seat, follower in self._feeds.items():
                for item in follower.read(record, readers[seat]):
                    if item.text:
                        key = item.record.at, item.record.seq, item.text, item.record.kind
                        seen.setdefault(key, []).append(seat)
            for (at, seq, text, kind), seats in seen.items():
                yield at, clean(f"#{seq} {', '.join(seats)}: {text}") if self.view[0] == "evaluator" else text, kind
            if record.kind in JUDGED and self.view[0] == "evaluator" and record.who in self.view[1:]:
                yield record.at, clean(f"#{record.seq} {sentences.record_line(exercise, record)}"), record.kind
