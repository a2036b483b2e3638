"""Attention: how leaderships divide their working time among dossiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from wargame.journal.records.governments import DecisionRecord
from wargame.review.findings.decisions import hours
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.people import MODEL, SeatHistory
from wargame.review.findings.source import RunSource


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
