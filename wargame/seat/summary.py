"""What a stretch of the exercise has brought to one government, in a few figures and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.journal.notices import spans
from wargame.journal.records.governments import FRIENDLY, HOSTILE, ActionRecord, SignalRecord
from wargame.journal.records.script import InjectReleasedRecord
from wargame.journal.wording import count, sentence
from wargame.language.plain_text import clean
from wargame.seat.feed import FeedItem, feed, reader_of

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.simulation.exercise import Exercise

EVENTS = frozenset({"outcome", "outcome.revoked", "hazard", "leader", "forum", "agreement"})
"""Public events that a summary names."""
LETTERS = frozenset({"message", "offer", "answer", "vote", "vote.result", "ruling"})
"""What others have written to the seat."""
FEW = 3
"""Reports and events that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class DueDecision:
    """A decision on one dossier that waits for the seat; `meetings` have asked for it. Times are in seconds."""

    dossier: str
    title: str
    since: int
    until: int | None
    meetings: int


@dataclass(frozen=True, slots=True)
class SeatSummary:
    """What some records have brought to a seat.

    `injects` are the numbers of its messages of the script, `letters` counts what others wrote to it, `reports` the
    signals about others, of which some are `hostile` or `friendly`; `strongest` are the most hostile reports.
    """

    government: str
    injects: tuple[int, ...]
    letters: int
    reports: int
    hostile: int
    friendly: int
    strongest: tuple[str, ...]
    carried_out: tuple[str, ...]
    events: tuple[str, ...]
    missed: tuple[str, ...]
    due: tuple[DueDecision, ...]


def seat_summary(exercise: Exercise, seat: str, records: Sequence[Record]) -> SeatSummary:
    """Return the summary of these records for a government, with what it has to decide now."""
    items = feed(exercise, seat, records)
    titles = reader_of(exercise, seat).titles
    signals = [item for item in items if item.record.kind == "signal" and item.text]
    hostile = [item for item in signals if _perceived(item) < HOSTILE]
    dossiers = exercise.context.scenario.dossiers
    return SeatSummary(
        government=seat,
        injects=tuple(
            item.record.number for item in items if isinstance(item.record, InjectReleasedRecord) and item.record.number
        ),
        letters=sum(item.record.kind in LETTERS and item.record.who != seat for item in items),
        reports=len(signals),
        hostile=len(hostile),
        friendly=sum(_perceived(item) > FRIENDLY for item in signals),
        strongest=tuple(_report(item) for item in sorted(hostile, key=_perceived)[:FEW]),
        carried_out=tuple(item.record.done(titles) for item in items if isinstance(item.record, ActionRecord)),
        events=tuple(item.text for item in items if item.record.kind in EVENTS and item.text),
        missed=tuple(dossiers[item.record.about].title for item in items if item.record.kind == "decision.missed"),
        due=tuple(due_decisions(exercise, seat)),
    )


def due_decisions(exercise: Exercise, seat: str) -> list[DueDecision]:
    """Return the decisions that wait for a seat, one for each dossier, the oldest first; none after ENDEX."""
    if exercise.done:
        return []
    dossiers = exercise.context.scenario.dossiers
    return [
        DueDecision(due.dossier, dossiers[due.dossier].title, due.since, due.until, due.meetings)
        for due in sorted(exercise.commands.seats.dues.values(), key=lambda due: (due.since, due.seq))
        if due.government == seat
    ]


def _perceived(item: FeedItem) -> float:
    return item.record.perceived if isinstance(item.record, SignalRecord) else 0.0


def _report(item: FeedItem) -> str:
    return f"{item.notice.body.typed() if item.notice else ''}, {item.record.at[:10]}"


def summary_lines(exercise: Exercise, summary: SeatSummary, *, typed: bool = True) -> list[str]:
    """Return a summary in lines, with the commands that show more if it is for those who type."""
    lines: list[str] = []
    shows = " (inbox shows them)" if typed else ""
    if summary.injects:
        numbers = ", ".join(f"[{each}]" for each in spans(summary.injects))
        lines.append(f"Messages of the exercise: {numbers}{shows}")
    if summary.letters:
        lines.append(f"From others: {count(summary.letters, 'letter')}{shows}")
    if summary.reports:
        tones = ((summary.hostile, "hostile"), (summary.friendly, "friendly"))
        counts = ", ".join(f"{number} {tone}" for number, tone in tones if number)
        lines.append(f"Reports on others: {summary.reports}{f' ({counts})' if counts else ''}")
        lines += [f"  {report}" for report in summary.strongest]
    lines += _listed("Carried out for you", [sentence(each) for each in summary.carried_out])
    lines += _listed("Events", list(summary.events))
    if summary.missed:
        lines.append(f"Not decided in time: {', '.join(dict.fromkeys(summary.missed))}")
    if summary.due:
        lines += ["For you to decide:", *(f"  {due_text(exercise, due)}" for due in summary.due)]
    return [clean(line) for line in lines]


def due_text(exercise: Exercise, due: DueDecision) -> str:
    """Return a due decision in words: `The alliance (alliance), since 2017-06-03, 4 meetings`."""
    meetings = f", {due.meetings} meetings" if due.meetings > 1 else ""
    until = f", by {exercise.calendar.at(due.until):%Y-%m-%d %H:%M}" if due.until is not None else ""
    return f"{due.title} ({due.dossier}), since {exercise.calendar.at(due.since):%Y-%m-%d}{meetings}{until}"


def _listed(title: str, texts: list[str]) -> list[str]:
    """Return the last few texts under a title, with how many there are."""
    if not texts:
        return []
    more = f" ({len(texts)}, the last {FEW})" if len(texts) > FEW else ""
    return [f"{title}{more}:", *(f"  {text}" for text in texts[-FEW:])]
