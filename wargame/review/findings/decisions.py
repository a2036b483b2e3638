"""Decisions: what was chosen, among what, how likely it was, and whether chance decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wargame.journal import wording
from wargame.journal.reasons import in_brief
from wargame.journal.records import Record
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.source import RunSource


def decisions(source: RunSource) -> list[Row]:
    """Every meeting.

    `by_chance` says that a candidate with a better score was not chosen, `chance` is the probability of the choice and
    `p_act` that of acting at this meeting.
    """
    return [_decision(source, record) for record in source.records if record.kind == "decision"]


def _decision(source: RunSource, record: Record) -> Row:
    data = record.data
    candidates = [c for c in data.get("candidates", ()) if isinstance(c, dict)]
    best = max(candidates, key=lambda c: wording.number(c, "score"), default={})
    chosen = next((c for c in candidates if _is_choice(c, data)), {})
    return record_row(
        source,
        record,
        who=record.who,
        dossier=data.get("dossier"),
        meeting=data.get("meeting"),
        hours=hours(data.get("took")),
        choice=data.get("choice", record.about),
        target=data.get("target"),
        chance=data.get("chance"),
        p_act=data.get("p"),
        score=chosen.get("score"),
        best=source.titles.choice(best) if best else None,
        best_score=best.get("score"),
        by_chance=bool(chosen) and chosen.get("score") != best.get("score"),
        verdict=in_brief(record, source.titles.choice),
        because=source.because(record),
    )


def _is_choice(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    return (candidate.get("option"), candidate.get("target")) == (data.get("choice"), data.get("target"))


def hours(seconds: object) -> float | None:
    """Seconds of work in hours, with two digits; None if they are not known."""
    return round(seconds / 3600, 2) if isinstance(seconds, int | float) else None


def terms(source: RunSource) -> list[Row]:
    """The terms of the scores of the best candidates, one row a term."""
    return [
        record_row(
            source, record, who=record.who, option=c.get("option"), target=c.get("target"), term=term, value=value
        )
        for record in source.records
        if record.kind == "decision"
        for c in record.data.get("candidates", ())
        for term, value in c.get("terms", {}).items()
    ]
