"""The entries of a viewer: one for each record that its role may see, in the order of the journal.

They follow from the records alone, so that after a restart of the server an entry has the same number as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import is_shown, observed_news, to_judge
from wargame.live.console.roles import SEAT
from wargame.live.session.session import Session
from wargame.seat import feed as sentences
from wargame.seat.feed import PUBLIC
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
        self._exercise = session.exercise
        self.update()

    def update(self) -> int:
        """Add the entries of new records, and return how many there are."""
        before, records = len(self.entries), self._session.records
        for record in records[self._position :]:
            for entry in self._of(record):
                self.entries.append(replace(entry, k=len(self.entries) + 1))
        self._position = len(records)
        return len(self.entries) - before

    def _of(self, record: Record) -> Iterator[Entry]:
        role, *names = self.view
        if self.view == WHITE_CELL_VIEW:
            if is_shown(record) or record.kind == "command":
                yield self._of_white_cell(record)
            return
        for item, seats in observed_news(self._exercise, [PUBLIC] if self.view == PUBLIC_VIEW else names, [record]):
            found, text = item.notice, item.text
            if role == "evaluator":
                text = clean(f"#{item.record.seq} {', '.join(seats)}: {text}")
            label, body = (clean(found.label), clean(found.body.shown())) if found else ("", "")
            yield Entry(0, item.record.at[:16], text, item.record.kind, label, body)
        if role == "evaluator" and to_judge(names, [record]):
            yield self._of_white_cell(record)

    def _of_white_cell(self, record: Record) -> Entry:
        line = sentences.record_line(self._exercise, record)
        return Entry(0, record.at[:16], clean(f"#{record.seq} {line}"), record.kind, "", clean(line))
