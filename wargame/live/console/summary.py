"""The summary of what has passed between two stops of the clock, by role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import public_news, record_line
from wargame.live.console.roles import SEAT, WHITE_CELL
from wargame.live.console.status_bar import due_decisions, open_requests
from wargame.live.session.session import Session
from wargame.seat.summary import seat_summary, summary_lines

HEADLINES = frozenset({"outcome", "outcome.revoked", "leader", "hazard", "demand", "forum", "agreement"})
"""Kinds of records that the white cell's summary lists."""
LETTERS = frozenset({"message", "offer", "answer", "vote", "ballot"})
MOST = 6
"""Records that are listed; the others are counted."""


def summary(console: Console, records: Sequence[Record]) -> list[str]:
    """What these records, the last ones of the exercise, are to the person at a console."""
    session = console.session
    if not records:
        return ["Nothing has happened since the clock was last started."]
    span = f"{session.instant(records[0].t)} to {session.instant(session.clock)}"
    if console.role == SEAT:
        content = summary_lines(session.exercise, seat_summary(session.exercise, console.seat, records))
        name = console.name(console.seat)
        return [f"Summary for {name}, {span}:", *(f"  {line}" for line in content or ["Nothing new."])]
    if console.role in WHITE_CELL:
        return [f"Summary, {span}:", *(clean(f"  {line}") for line in _white_cell(session, records))]
    return public_news(session, list(records))


def _white_cell(session: Session, records: Sequence[Record]) -> Iterator[str]:
    injects = [record.about for record in records if record.kind == "inject.released"]
    actions = sum(record.kind == "action" for record in records)
    letters = sum(record.kind in LETTERS for record in records)
    yield f"injects: {', '.join(injects) or 'none'}; actions: {actions}"
    if letters:
        yield f"messages, offers and votes of seats: {letters}"
    missed = [f"{r.who} {r.about}" for r in records if r.kind == "decision.missed"]
    if missed:
        yield f"not decided in time: {', '.join(missed)}"
    listed = [r for r in records if r.kind in HEADLINES and r.data.get("from") != r.data.get("to", "")]
    if len(listed) > MOST:
        yield f"{len(listed)} events, the last {MOST}:"
    yield from (record_line(session, record) for record in listed[-MOST:])
    if requests := open_requests(session):
        yield f"requests to rule on: {requests}"
    if due := due_decisions(session):
        yield f"to decide: {due}"
