"""Decisions: what was chosen, among what, how likely it was, and whether chance decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from wargame.journal.reasons import compared, in_brief
from wargame.journal.records.governments import DecisionRecord
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.people import MODEL, SeatHistory
from wargame.review.findings.source import RunSource


def decisions(source: RunSource) -> list[Row]:
    """Return every meeting.

    `by_chance` says that a candidate with a better score was not chosen, `chance` is the probability of the choice and
    `p_act` that of acting at this meeting.
    """
    return [_decision(source, record) for record in source.records if isinstance(record, DecisionRecord)]


def _decision(source: RunSource, record: DecisionRecord) -> Row:
    chosen, best = compared(record) if record.candidates else (None, None)
    return record_row(
        source,
        record,
        who=record.who,
        dossier=record.dossier,
        meeting=record.meeting,
        hours=hours(record.took),
        choice=record.choice,
        target=record.target,
        chance=record.chance,
        p_act=record.p,
        score=chosen.score if chosen else None,
        best=source.titles.ordered(best.option, best.target) if best else None,
        best_score=best.score if best else None,
        by_chance=chosen is not None and best is not None and chosen.score != best.score,
        verdict=in_brief(record, lambda each: source.titles.ordered(each.option, each.target)),
        because=source.because(record),
    )


def hours(seconds: object) -> float | None:
    """Return seconds of work in hours, with two digits; None if they are not known."""
    return round(seconds / 3600, 2) if isinstance(seconds, int | float) else None


def terms(source: RunSource) -> list[Row]:
    """Return the terms of the scores of the best candidates, one row a term."""
    return [
        record_row(source, record, who=record.who, option=c.option, target=c.target, term=term, value=value)
        for record in source.records
        if isinstance(record, DecisionRecord)
        for c in record.candidates
        for term, value in c.terms.items()
    ]


def work_seconds(source: RunSource) -> Mapping[str, Mapping[str, float]]:
    """Return seconds of the model by government and dossier, as the run ended with them.

    Those of a run cut short, and of a government that the model did not hold throughout, are from its meetings: what
    people spent on a dossier is not known.
    """
    seats, seconds = SeatHistory(source), dict[str, Counter[str]]()
    for record in source.since:
        if isinstance(record, DecisionRecord) and seats.kind(record.who, record.seq) in ("", MODEL):
            spent = seconds.setdefault(record.who, Counter())
            spent[record.dossier] += record.took
    closing = source.closing.get("attention") or {}
    return seconds | {who: spent for who, spent in closing.items() if seats.always_model(who)}


def attention(source: RunSource) -> list[Row]:
    """Hours of each leadership by dossier, the most first, and their share of all its hours."""
    seconds = work_seconds(source)
    return [
        {"who": who, "dossier": dossier, "hours": round(spent / 3600, 2), "share": round(spent / total, 4)}
        for who in sorted(seconds)
        if (total := sum(seconds[who].values())) > 0
        for dossier, spent in sorted(seconds[who].items(), key=lambda item: (-item[1], item[0]))
    ]


def meetings(source: RunSource) -> list[Row]:
    """Return the hours of each meeting on its dossier: attention over time."""
    return [
        record_row(source, r, who=r.who, dossier=r.dossier, hours=hours(r.took))
        for r in source.since
        if isinstance(r, DecisionRecord)
    ]
