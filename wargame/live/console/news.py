"""New records on a console, and those between two stops of the clock, by its role."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from wargame.journal.records import Record
from wargame.journal.records.steps import stays_in_state
from wargame.journal.template_cache import text_lines
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.roles import SEAT
from wargame.live.console.waiting import answer_to, open_by_seat, open_decisions, queue, queue_counts
from wargame.live.session.session import Session
from wargame.seat import feed as sentences
from wargame.seat.brief import inbox, summary_lines
from wargame.seat.feed import PUBLIC, FeedItem, feed
from wargame.simulation.exercise import Exercise
from wargame.tables import tables
from wargame.world.layout import Slot

SHOWN: frozenset[str] = frozenset(tables("journal/kinds.yaml")["shown"])
"""Kinds of records that the facilitator and the scribe see as they happen."""
JUDGED = frozenset({"expected", "expected.candidate"})
"""Kinds of records about the seats observed that an evaluator sees besides what these seats see."""
COUNTED = frozenset({"decision.due", "decision.missed"})
"""Kinds that are only counted after a jump."""
JUMP = 7 * 86400
"""An advance of at least this many seconds is a jump: a seat gets a catch-up instead of every message. Judgement."""
MOST = 80
"""Lines of news shown at once to the white cell."""
CATCH_UP = 36
"""Messages of a catch-up shown to the seat itself."""


def is_shown(record: Record) -> bool:
    """Return whether the white cell sees a record as it happens: events, and the commands of seats."""
    return record.kind in SHOWN or (record.kind == "command" and bool(record.who))


def record_line(session: Session, record: Record, sentence: str = "") -> str:
    """Return one record for the white cell, with its date and number; `sentence` replaces its usual sentence."""
    at = session.exercise.calendar.at(record.t)
    return clean(f"{at:%Y-%m-%d %H:%M}  #{record.seq:<5} {sentence or sentences.record_line(session.exercise, record)}")


def news(console: Console, records: Iterable[Record]) -> list[str]:
    """Return the lines that a console shows of new records; after a jump, passed decisions are only counted."""
    fresh, session = list(records), console.session
    since = session.path[-1].t if session.path else session.exercise.now  # the records themselves may be secret
    jumped = bool(fresh) and session.exercise.now - since >= JUMP
    listed = [record for record in fresh if record.kind not in COUNTED] if jumped else fresh
    if console.role == SEAT:
        messages = [item.line for item in inbox(session.exercise, listed, console.seat)]
        return catch_up(session, console.seat, since, messages) if jumped else messages
    if console.evaluator is not None and not console.sees_all:
        return evaluator_lines(console, fresh)
    if console.sees_all:
        lines = white_cell_news(session, listed)
        if len(listed) < len(fresh):
            due, missed = (sum(record.kind == kind for record in fresh) for kind in ("decision.due", "decision.missed"))
            late = f"; not taken in time: {missed}" if missed else ""
            lines.append(f"Decisions that fell due in this time: {due}{late} (log 500 lists them)")
        return lines
    return public_news(session, fresh)


def observed_news(
    exercise: Exercise, seats: Sequence[str], records: Iterable[Record]
) -> Iterator[tuple[FeedItem, tuple[str, ...]]]:
    """Yield what these seats read of records, in the order of the records, each with the seats that read the same.

    A message is the same if the seats count it differently; it has the number of the first of them.
    """
    for record in records:
        seen: dict[tuple[str, int, str], tuple[FeedItem, tuple[str, ...]]] = {}
        for seat in seats:
            for item in feed(exercise, seat, [record]):
                if item.text:
                    same = item.notice.body.typed() if item.notice and record.kind == "message" else item.text
                    key = item.record.at, item.record.seq, same
                    first, readers = seen.get(key, (item, ()))
                    seen[key] = first, (*readers, seat)
        yield from seen.values()


def to_judge(seats: Sequence[str], records: Iterable[Record]) -> list[Record]:
    """Return the records about these seats that their evaluators see besides what the seats see."""
    return [record for record in records if record.kind in JUDGED and record.who in seats]


def evaluator_lines(console: Console, records: list[Record], most: int = 0) -> list[str]:
    """Return what the seats observed see of records, and what there is to judge of them, each with its number.

    Only the last `most` are shown; by default `MOST`, after a line that counts the others.
    """
    exercise, observed = console.exercise, console.observed
    lines = [
        (item.record.at, item.record.seq, f"{', '.join(seats)}: {item.text}")
        for item, seats in observed_news(exercise, observed, records)
    ]
    lines += [(each.at, each.seq, sentences.record_line(exercise, each)) for each in to_judge(observed, records)]
    shown = [clean(f"{at[:16].replace('T', ' ')}  #{seq:<5} {text}") for at, seq, text in sorted(lines)]
    if most or len(shown) <= MOST:
        return shown[-most:]
    return [f"({len(shown) - MOST} earlier lines are not shown: log {len(shown)} lists them)", *shown[-MOST:]]


def white_cell_news(session: Session, records: Iterable[Record]) -> list[str]:
    """Return the lines of new records for the facilitator or the scribe; only the last `MOST` if there are more."""
    shown = [record for record in records if is_shown(record)]
    lines = [
        record_line(session, group[0], sentences.together(group) if len(group) > 1 else "")
        for group in sentences.grouped(shown)
    ]
    fresh = {record.seq for record in shown}
    waiting = [] if session.exercise.done else list(queue(session.exercise))
    lines += [f"  in the queue: {answer_to(item)}" for item in waiting if item.seq in fresh]
    if len(lines) > MOST:
        return [f"({len(lines) - MOST} earlier lines are not shown: log {len(shown)} lists them)", *lines[-MOST:]]
    return lines


def catch_up(session: Session, government: str, since: int, messages: list[str], most: int = CATCH_UP) -> list[str]:
    """Return the news of a seat after a jump from second `since`: the last messages of its inbox, and what is due."""
    due = [] if session.exercise.done else [each.name for each in open_decisions(session.exercise, government)]
    days, omitted = round((session.exercise.now - since) / 86400), ""
    if len(messages) > most:
        omitted = f" (the last {most} of {len(messages)}; inbox {government} {len(messages)} shows all)"
    return [
        f"Catch-up for {government}, {days} days{omitted}:",
        *(f"  {line}" for line in messages[-most:] or ["Nothing new."]),
        *([f"  Due now: {', '.join(due)}"] if due else []),
    ]


def public_news(session: Session, records: list[Record]) -> list[str]:
    """Return the news for a screen in the room: records for everyone, and public actions that all governments know."""
    return [item.line for item in feed(session.exercise, PUBLIC, records) if item.text]


HEADLINES = frozenset({"outcome", "outcome.revoked", "leader", "hazard", "demand", "forum", "agreement"})
"""Kinds of records that the white cell's summary lists."""
LETTERS = frozenset({"message", "offer", "answer", "vote", "ballot"})
MOST_LISTED = 6
"""Records that are listed; the others are counted."""
NEAR_ZERO = 0.005
"""Indicators closer to 0 are left out."""


def world_values(exercise: Exercise) -> list[tuple[Slot, float]]:
    """Return the indicators of the world as a whole that are not 0."""
    world = exercise.context.world
    shown = [(slot, world.get(slot.name)) for slot in world.slots if not slot.index and slot.is_named]
    return [(slot, value) for slot, value in shown if abs(value) >= NEAR_ZERO]


def summary(console: Console) -> list[str]:
    """Return what has happened since the clock was last started, to the person at a console."""
    session, wall = console.session, console.wall
    records = session.records[wall.since :]
    span = f"{session.instant(wall.since_at)} to {session.instant(session.clock)}"
    if console.sees_all:
        return text_lines(
            "wargame.live",
            "summary.txt.j2",
            span=span,
            injects=[record.about for record in records if record.kind == "inject.released"],
            actions=sum(record.kind == "action" for record in records),
            letters=sum(record.kind in LETTERS for record in records),
            missed=[f"{record.who} {record.about}" for record in records if record.kind == "decision.missed"],
            events=[record for record in records if record.kind in HEADLINES and not stays_in_state(record)],
            most=MOST_LISTED,
            line=partial(record_line, session),
            queue=queue_counts(session),
            due=open_by_seat(console),
        )
    lines: list[str] = []
    for seat in console.observed:
        content = summary_lines(session.exercise, seat, records)
        lines += [f"Summary for {console.name(seat)}, {span}:", *(f"  {line}" for line in content or ["Nothing new."])]
    return lines
