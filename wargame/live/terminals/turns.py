"""Announcements of a change of the past, for those participants whose past it changes."""

from collections import Counter
from collections.abc import Callable, Iterable

from wargame.dataclasses import dataclass, field
from wargame.errors import shortened
from wargame.journal.wording import sentence_end
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import evaluator_lines
from wargame.live.session.session import Session
from wargame.seat.brief import brief, inbox
from wargame.seat.feed import PUBLIC, FeedItem, feed
from wargame.sentence import BANNER, Name, Sentence

TURNS = {"undo": "undoes a command", "switch": "changes to another branch", "rewind": "goes back"}
"""Descriptions of changes of the past, for their announcement."""
NAMED = 3
"""Withdrawn items that an announcement names."""
LONGEST = 120
"""Characters of a withdrawn item in an announcement."""


def _key(console: Console) -> tuple[str, ...]:
    return (console.role, *console.observed)


@dataclass(frozen=True, slots=True)
class Impression:
    """The impression of a participant of the exercise, and other knowledge; `knows` is None if the time changes anyway.

    Impressions are compared by what is read: records have other numbers once a hidden one is undone.
    """

    items: list[FeedItem] = field(compare=False)
    lines: list[str]
    knows: object


class TurnAnnouncements:
    """Finds out whom a change of the past concerns: what somebody has never seen is not announced to them.

    An announcement names what is withdrawn of what its participant has been shown, and nothing else. `apart` is the
    console of those who are notified of every change.
    """

    def __init__(self, session: Session, consoles: Callable[[], Iterable[Console]], *, apart: Console) -> None:
        self._session, self._consoles, self._apart = session, consoles, apart
        self._same_time = False
        self._before: dict[tuple[str, ...], Impression] = {}

    def begin(self, to: int) -> None:
        """Keep what participants have been shown, before the past changes and the time becomes second `to`."""
        self._same_time = to == self._session.exercise.now
        self._before = self._impressions()

    def end(self, kind: str) -> dict[Console, Sentence]:
        """Return the consoles which a command of this kind concerns, with the announcement for each."""
        before, now, instant = self._before, self._impressions(), self._session.instant(self._session.clock)
        self._before = {}
        turn = f" exercise {TURNS.get(kind, 'goes back')}"
        if not self._same_time:
            turn += f" and continues from {instant}. Disregard what you have seen of later times."
        elif kind == "undo":
            turn += f"; the time is still {instant}."
        else:
            turn += f" at {instant}."
        messages = {}
        for console in self._consoles():
            old, new = before.get(_key(console)), now.get(_key(console))
            if not self._same_time or old is None or old != new:
                text = " ".join(filter(None, [turn, self._withdrawn(old, new)]))
                messages[console] = Sentence(Name(f"{BANNER}: the", "The"), text)
        return messages

    def _withdrawn(self, old: Impression | None, new: Impression | None) -> str:
        """Return what a participant has been shown up to the present time and is no longer true, as a sentence."""
        if old is None or new is None:
            return ""
        left, gone = Counter(new.lines), []
        for item in old.items:
            left[item.line] -= 1
            if left[item.line] < 0 and item.record.t <= self._session.exercise.now:
                gone.append(item)
        if not gone:
            return "What you know has changed with it." if self._same_time else ""
        names = "; ".join(shortened(clean(item.notice.brief()), LONGEST) for item in gone[:NAMED] if item.notice)
        more = f", and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
        return sentence_end(f"Withdrawn: {names}{more}")

    def _impressions(self) -> dict[tuple[str, ...], Impression]:
        """Return what seats, screens and evaluators have been shown and know now; those with one key have the same.

        Those who see all are notified of every change, without what is withdrawn.
        """
        keys: dict[tuple[str, ...], Impression] = {}
        for console in self._consoles():
            if console is not self._apart and not console.sees_all and _key(console) not in keys:
                keys[_key(console)] = self._impression(console)
        return keys

    def _impression(self, console: Console) -> Impression:
        exercise, records = self._session.exercise, self._session.records
        if console.is_seat:
            items = inbox(exercise, records, console.seat)
            knows = (exercise.now, brief(exercise, console.seat)) if self._same_time else None
        elif console.evaluator is not None:
            shown = evaluator_lines(console, records, len(records))
            return Impression([], shown, [brief(exercise, each) for each in console.observed])
        else:
            items = [item for item in feed(exercise, PUBLIC, records) if item.text]
            knows = None
        return Impression(items, [item.line for item in items], knows)
