"""Who knew what, and when: for each event, when each seat learned of it, by the rules of `journal.visibility`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from wargame.journal.records import Record
from wargame.journal.viewer_memory import PUBLIC
from wargame.journal.visibility import Viewer
from wargame.language.times import format_duration
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.scenario.journal_context import public_facts
from wargame.simulation.exercise import Exercise
from wargame.web.screens.control_overview import NewsLine, news_line

EVENTS = frozenset({"action", "outcome", "inject.released", "message", "offer", "vote", "demand", "request"})
"""Kinds of records about which one asks who knew."""
LISTED = 30
"""Events that are listed."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What one seat knew of an event. `when` is `own`, `never`, or the time at which it learned; `after` the delay."""

    seat: str
    state: str
    when: str
    after: str
    seq: int | None = None
    """The record by which it learned."""


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event, and what each seat and the public knew of it."""

    line: NewsLine
    seats: tuple[Learned, ...]


@dataclass(slots=True)
class _Follower:
    """One seat, or the public: `learned` maps an event to the record by which it was learned."""

    viewer: Viewer
    learned: dict[int, Record] = field(default_factory=dict)

    def read(self, record: Record) -> None:
        """Take the next record of the exercise."""
        known = set(self.viewer.learned)
        for shown in self.viewer.see(record):
            self.learned.setdefault(shown.seq, record)
        for action in self.viewer.learned - known:
            self.learned.setdefault(action, record)


@dataclass(slots=True)
class _Index:
    """What all seats have learned of one past of an exercise, as far as it has been read."""

    records: Sequence[Record]
    followers: dict[str, _Follower]
    position: int = 0


_INDEXES: WeakKeyDictionary[Exercise, _Index] = WeakKeyDictionary()


def _index(session: Session) -> _Index:
    """Return the index of the present past, with the records since it was read last."""
    exercise = session.exercise
    found = _INDEXES.get(exercise)
    if found is None or found.records is not session.records:
        facts = public_facts(exercise.context.scenario)
        seats = {name: _Follower(Viewer(name, facts)) for name in (*exercise.governments, PUBLIC)}
        found = _INDEXES[exercise] = _Index(session.records, seats)
    for record in session.records[found.position :]:
        for follower in found.followers.values():
            follower.read(record)
    found.position = len(session.records)
    return found


def known_events(console: Console, until: int | None = None, only: int | None = None) -> list[KnownEvent]:
    """Return the last events, newest first, with who knew of them; as known at second `until`, or one event alone."""
    session = console.session
    index = _index(session)
    chosen = [
        record
        for record in session.records
        if (
            record.seq == only
            if only is not None
            else record.kind in EVENTS and not getattr(record, "inherited", False)
        )
        and (until is None or record.t <= until)
        and record.t >= session.exercise.calendar.startex
    ]
    return [
        KnownEvent(
            news_line(session, record),
            tuple(_learned(console, name, follower, record, until) for name, follower in index.followers.items()),
        )
        for record in reversed(chosen[-LISTED:])
    ]


def _learned(console: Console, name: str, follower: _Follower, event: Record, until: int | None) -> Learned:
    by = follower.learned.get(event.seq)
    if by is None or (until is not None and by.t > until):
        return Learned(name, "never", "", "")
    at = console.session.exercise.calendar.at(by.t)
    if name == event.who:
        return Learned(name, "own", f"{at:%m-%d %H:%M}", "")
    delay = by.t - event.t
    after = format_duration(delay // 60 * 60) if delay >= 60 else "at once"
    return Learned(name, "knew", f"{at:%m-%d %H:%M}", after, by.seq)
