"""The causes and consequences of a record, and who knew of it and when."""

from collections.abc import Mapping

from wargame.dataclasses import dataclass
from wargame.errors import UsageFault
from wargame.journal.records import Record
from wargame.journal.trace import trace
from wargame.journal.viewer_memory import PUBLIC
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.live.console.console import Console
from wargame.live.console.news import is_shown
from wargame.seat.feed import learned, reader_of
from wargame.web.screens.control_overview import NewsLine, news_line

EVENTS = frozenset({"action", "outcome", "inject.released", "message", "offer", "vote", "demand", "request"})
"""Kinds of records about which one asks who knew."""
LISTED = 30
"""Events that are listed."""


@dataclass(frozen=True, slots=True)
class SeatKnowledge:
    """The knowledge of an event in a seat. `when` is `own`, `never` or the time of learning it, `after` the delay."""

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
    seats: tuple[SeatKnowledge, ...]


def known_events(console: Console, until: int | None = None, only: int | None = None) -> list[KnownEvent]:
    """Return the last events, newest first, with who knew of them; as known at second `until`, or one event alone."""
    session = console.session
    exercise = session.exercise
    known = {name: learned(exercise, name) for name in (*exercise.governments, PUBLIC)}

    def is_asked(record: Record) -> bool:
        usual = record.kind in EVENTS and not getattr(record, "inherited", False)
        return usual if only is None else record.seq == only

    past = (r for r in session.records if r.t >= exercise.calendar.startex and (until is None or r.t <= until))
    found = []
    for record in reversed(list(filter(is_asked, past))[-LISTED:]):
        seats = (_learned(console, name, seqs.get(record.seq), record, until) for name, seqs in known.items())
        found.append(KnownEvent(news_line(session, record), tuple(seats)))
    return found


def _learned(console: Console, name: str, seq: int | None, event: Record, until: int | None) -> SeatKnowledge:
    by = None if seq is None else console.session.records[seq]
    if by is None or (until is not None and by.t > until):
        return SeatKnowledge(name, "never", "", "")
    at = console.session.exercise.calendar.at(by.t)
    if name == event.who:
        return SeatKnowledge(name, "own", f"{at:%m-%d %H:%M}", "")
    delay = by.t - event.t
    after = format_duration(delay // 60 * 60) if delay >= 60 else "at once"
    return SeatKnowledge(name, "knew", f"{at:%m-%d %H:%M}", after, by.seq)


MOST_CONTRIBUTIONS = 3
"""Contributing records that stand beside a step."""
OFTEN = 8
"""Records that are offered as a start, and consequences that are listed."""


@dataclass(frozen=True, slots=True)
class WhyStep:
    """A step of the explanation; `contributions` describes what stands at its `sides`, and more."""

    line: NewsLine
    details: tuple[str, ...]
    contributions: tuple[str, ...]
    sides: tuple[NewsLine, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The explanation of one record."""

    seq: int
    summary: str
    steps: tuple[WhyStep, ...]
    closing: str
    consequences: tuple[NewsLine, ...]


def why(console: Console, seq: int) -> Why:
    """Return the explanation of a record; UsageFault if there is no such record."""
    session = console.session
    index = {record.seq: record for record in session.records}
    causes = trace(seq, index, reader_of(session.exercise, "").titles)
    steps = []
    for step in causes.steps:
        beside = (index[each] for each in step.record.cause[1 : 1 + MOST_CONTRIBUTIONS] if each in index)
        details, contributions = (tuple(map(clean, texts)) for texts in (step.details, step.contributions))
        sides = tuple(news_line(session, each) for each in beside)
        steps.append(WhyStep(news_line(session, step.record), details, contributions, sides))
    followed = [record for record in session.records if seq in record.cause and record.seq > seq]
    followed.sort(key=lambda each: (not is_shown(each), each.seq))  # events first: many records lead to signals
    lines = tuple(news_line(session, record) for record in followed[:OFTEN])
    return Why(seq, clean(causes.summary), tuple(steps), clean(causes.closing), lines)


def asked_about(query: Mapping[str, str]) -> int | None:
    """Return the number of the record that the address names; UsageFault for another text."""
    text = query.get("seq", "").lstrip("#")
    if not text:
        return None
    if not text.isdecimal():
        raise UsageFault("type the number of a record, such as 512")
    return int(text)


def suggestions(console: Console) -> list[NewsLine]:
    """Return the last actions and outcomes, to ask about."""
    chosen = [r for r in reversed(console.session.records) if r.kind in ("action", "outcome", "demand", "hazard")]
    return [news_line(console.session, record) for record in chosen[:OFTEN]]
