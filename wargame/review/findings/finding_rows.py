"""Records of a run as rows for tables, pages and documents.

Each function takes an open run and returns plain dictionaries with the same keys in every row. `seq` is the
number of the record that a row is based on. Times are ISO texts with offset, `day` counts from STARTEX.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from wargame.journal import wording
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord, DecisionRecord
from wargame.journal.records.run import CommandRecord, NoteRecord, StartexRecord
from wargame.journal.records.steps import AgreementRecord, ForumRecord
from wargame.journal.trace import compared, in_brief
from wargame.language.times import DAY
from wargame.review.findings.headlines import headline
from wargame.review.findings.people import MODEL, SeatHistory
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import TurningPoint
from wargame.tables import by_key, tables

Row = dict[str, Any]

QUIET = frozenset({"signal", "snapshot", "run.start", "run.end"})
REMARKS: frozenset[str] = frozenset(tables("journal/kinds.yaml")["remarks"])
"""Kinds of what people wrote and judged, besides commands."""


def day(source: RunSource, t: int) -> float:
    """Return days from STARTEX, with two digits."""
    return round((t - source.startex) / DAY, 2)


def record_row(source: RunSource, record: Record, *parts: str, **columns: Any) -> Row:
    """Return a row that is based on one record, with these parts of it and other columns."""
    row = {"seq": record.seq, "at": record.at, "day": day(source, record.t)}
    return {**row, **{part: getattr(record, part) for part in parts}, **columns}


def journal(source: RunSource) -> list[Row]:
    """Return all records, each with its headline."""
    return [
        record_row(source, record, "kind", "who", "about", headline=headline(source, record), cause=list(record.cause))
        for record in source.records
    ]


def timeline(source: RunSource) -> list[Row]:
    """Return what happened, in order: everything but signals, snapshots and meetings without an action."""
    return [
        record_row(source, r, "kind", "who", "about", headline=headline(source, r), because=source.because(r))
        for r in source.records
        if r.kind not in QUIET and not (r.kind == "decision" and r.about == "wait")
    ]


def causes(source: RunSource) -> list[Row]:
    """Return the causal graph, one row an edge: from a cause to the record that it triggered or contributed to."""
    return [
        {
            "seq": record.seq,
            "cause": cause,
            "role": "trigger" if place == 0 else "contribution",
            "kind": record.kind,
            "cause_kind": source.index[cause].kind if cause in source.index else None,
        }
        for record in source.records
        for place, cause in enumerate(record.cause)
    ]


def moments(source: RunSource, points: Sequence[TurningPoint]) -> list[Row]:
    """Return the turning points in order of time with their score; `chain` has the events that led to each."""
    return [
        {"seq": p.seq, "at": p.at, "day": day(source, source.index[p.seq].t)}
        | {"kind": p.kind, "what": p.what, "why": p.why, "score": p.score, "chain": p.chain}
        for p in points
    ]


def talks(source: RunSource) -> list[Row]:
    """Return the steps of every forum and agreement."""
    return [
        record_row(
            source,
            record,
            kind=record.kind,
            name=record.about,
            title=record.title or wording.words(record.about),
            before=record.before,
            after=record.after,
            event=record.event or None,
            who=record.who,
            progress=record.progress if isinstance(record, ForumRecord) else None,
            committed=", ".join(record.committed or ()) if isinstance(record, ForumRecord) else "",
        )
        for record in source.records
        if isinstance(record, ForumRecord | AgreementRecord)
    ]


def escalation(source: RunSource) -> list[Row]:
    """Return each day with an action since STARTEX: the sum of Rivera severities, the highest rung, and by whom."""
    days = by_key((record.at[:10], record) for record in source.since if isinstance(record, ActionRecord))
    tops = {date: max(acts, key=lambda action: (action.rung, action.severity)) for date, acts in sorted(days.items())}
    return [
        {
            "date": date,
            "day": int(day(source, days[date][0].t)),
            "actions": len(days[date]),
            "severity": round(sum(action.severity for action in days[date]), 4),
            "rung": top.rung,
            "by": top.who,
            "seq": top.seq,
        }
        for date, top in tops.items()
    ]


def notes(source: RunSource) -> list[Row]:
    """Return notes, adjudications and all other commands of the facilitator, in order."""
    return [
        record_row(
            source,
            record,
            kind=f"command: {record.about}" if record.kind == "command" else record.kind,
            who=getattr(record, "evaluator", "") or record.who,
            text=_remark(record),
            about=_arguments(record.data) if isinstance(record, CommandRecord) else record.about,
            tag=str(record.tag or "") if isinstance(record, NoteRecord) else "",
        )
        for record in source.records
        if record.kind == "command" or record.kind in REMARKS
    ]


def _remark(record: Record) -> str:
    """Return what was written; of a rating, the rating and why."""
    if isinstance(record, CommandRecord):
        return str(record.data.get("text") or record.data.get("why") or "")
    parts = (getattr(record, "rating", ""), getattr(record, "text", "") or getattr(record, "why", ""))
    return ": ".join(str(part) for part in parts if part)


def _arguments(data: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in data.items() if value not in (None, "") and key != "why")


def seats(source: RunSource) -> dict[str, str]:
    """Return the kind of each seat at STARTEX; empty if the journal lacks the record."""
    kinds = next((record.seats for record in source.records if isinstance(record, StartexRecord)), None) or {}
    return {name: source.programs.get(name, kind) if kind == "human" else kind for name, kind in kinds.items()}


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
    """Return hours of each leadership by dossier, the most first, and their share of all its hours."""
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
