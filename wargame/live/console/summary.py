"""The summary of what has passed between two stops of the clock, by role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wargame.journal.records import Record
from wargame.journal.records.steps import stays_in_state
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import record_line
from wargame.live.console.open_decisions import open_by_seat
from wargame.live.console.queue_view import queue_counts
from wargame.seat.feed import seat_summary, summary_lines

HEADLINES = frozenset({"outcome", "outcome.revoked", "leader", "hazard", "demand", "forum", "agreement"})
"""Kinds of records that the white cell's summary lists."""
LETTERS = frozenset({"message", "offer", "answer", "vote", "ballot"})
MOST = 6
"""Records that are listed; the others are counted."""


def summary(console: Console) -> list[str]:
    """Return what has happened since the clock was last started, to the person at a console."""
    session, wall = console.session, console.wall
    records = session.records[wall.since :]
    span = f"{session.instant(wall.since_at)} to {session.instant(session.clock)}"
    if console.sees_all:
        return [f"Summary, {span}:", *(clean(f"  {line}") for line in _white_cell(console, records))]
    lines: list[str] = []
    for seat in console.observed:
        content = summary_lines(session.exercise, seat_summary(session.exercise, seat, records))
        lines += [f"Summary for {console.name(seat)}, {span}:", *(f"  {line}" for line in content or ["Nothing new."])]
    return lines


def _white_cell(console: Console, records: Sequence[Record]) -> Iterator[str]:
    session = console.session
    injects = [record.about for record in records if record.kind == "inject.released"]
    actions = sum(record.kind == "action" for record in records)
    letters = sum(record.kind in LETTERS for record in records)
    yield f"injects: {', '.join(injects) or 'none'}; actions: {actions}"
    if letters:
        yield f"messages, offers and votes of seats: {letters}"
    missed = [f"{r.who} {r.about}" for r in records if r.kind == "decision.missed"]
    if missed:
        yield f"not decided in time: {', '.join(missed)}"
    listed = [r for r in records if r.kind in HEADLINES and not stays_in_state(r)]
    if len(listed) > MOST:
        yield f"{len(listed)} events, the last {MOST}:"
    yield from (record_line(session, record) for record in listed[-MOST:])
    if waiting := queue_counts(session):
        yield f"queue: {waiting}"
    if due := open_by_seat(console):
        yield f"to decide: {due}"
