"""Records of a run as rows for tables, pages and documents.

Each function takes an open run and returns plain dictionaries with the same keys in every row. `seq` is the
number of the record that a row is based on. Times are ISO texts with offset, `day` counts from STARTEX.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from wargame.journal import wording
from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.plans import headline
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import TurningPoint

Row = dict[str, Any]

QUIET = frozenset({"signal", "snapshot", "run.start", "run.end"})
TRANSITIONS = frozenset({"forum", "agreement"})
REMARKS = frozenset(
    {
        *("note", "rating", "request", "ruling", "rfi", "rfi.reply"),
        *("message", "offer", "answer", "vote", "ballot"),
    }
)
"""Kinds of what people wrote and judged, besides commands."""


def day(source: RunSource, t: int) -> float:
    """Days from STARTEX, with two digits."""
    return round((t - source.startex) / DAY, 2)


def record_row(source: RunSource, record: Record, *parts: str, **columns: Any) -> Row:
    """A row that is based on one record, with these parts of it and other columns."""
    row = {"seq": record.seq, "at": record.at, "day": day(source, record.t)}
    return {**row, **{part: getattr(record, part) for part in parts}, **columns}


def journal(source: RunSource) -> list[Row]:
    """All records, each with its headline."""
    return [
        record_row(source, record, "kind", "who", "about", headline=headline(source, record), cause=list(record.cause))
        for record in source.records
    ]


def timeline(source: RunSource) -> list[Row]:
    """What happened, in order: everything but signals, snapshots and meetings without an action."""
    return [
        record_row(source, r, "kind", "who", "about", headline=headline(source, r), because=source.because(r))
        for r in source.records
        if r.kind not in QUIET and not (r.kind == "decision" and r.about == "wait")
    ]


def causes(source: RunSource) -> list[Row]:
    """The causal graph, one row an edge: from a cause to the record that it triggered or contributed to."""
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
    """The turning points in order of time with their score; `chain` has the events that led to each."""
    return [
        {"seq": p.seq, "at": p.at, "day": day(source, source.index[p.seq].t)}
        | {"kind": p.kind, "what": p.what, "why": p.why, "score": p.score, "chain": p.chain}
        for p in points
    ]


def talks(source: RunSource) -> list[Row]:
    """The steps of every forum and agreement."""
    return [
        record_row(
            source,
            record,
            kind=record.kind,
            name=record.about,
            title=str(record.data.get("title") or wording.words(record.about)),
            before=record.data.get("from"),
            after=record.data.get("to"),
            event=record.data.get("event"),
            who=record.who,
            progress=record.data.get("progress"),
            committed=", ".join(map(str, record.data.get("committed") or ())),
        )
        for record in source.records
        if record.kind in TRANSITIONS
    ]


def escalation(source: RunSource) -> list[Row]:
    """Each day with an action since STARTEX: the sum of Rivera severities, the highest rung, and who reached it."""
    days: dict[str, list[Record]] = defaultdict(list)
    for record in source.since:
        if record.kind == "action":
            days[record.at[:10]].append(record)
    return [_day_of_actions(source, date, actions) for date, actions in sorted(days.items())]


def _day_of_actions(source: RunSource, date: str, actions: list[Record]) -> Row:
    top = max(
        actions, key=lambda action: (wording.number(action.data, "rung"), wording.number(action.data, "severity"))
    )
    return {
        "date": date,
        "day": int(day(source, actions[0].t)),
        "actions": len(actions),
        "severity": round(sum(wording.number(action.data, "severity") for action in actions), 4),
        "rung": int(wording.number(top.data, "rung")),
        "by": top.who,
        "seq": top.seq,
    }


def notes(source: RunSource) -> list[Row]:
    """Notes, adjudications and all other commands of the facilitator, in order."""
    return [
        record_row(
            source,
            record,
            kind=f"command: {record.about}" if record.kind == "command" else record.kind,
            who=str(record.data.get("evaluator") or record.who),
            text=_remark(record.data),
            about=_arguments(record.data) if record.kind == "command" else record.about,
            tag=str(record.data.get("tag") or ""),
        )
        for record in source.records
        if record.kind == "command" or record.kind in REMARKS
    ]


def _remark(data: Mapping[str, Any]) -> str:
    """What was written; of a rating, the rating and why."""
    text = str(data.get("text") or data.get("why") or "")
    return ": ".join(part for part in (str(data.get("rating") or ""), text) if part)


def _arguments(data: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in data.items() if value not in (None, "") and key != "why")


def seats(source: RunSource) -> dict[str, str]:
    """The kind of each seat at STARTEX; empty if the journal lacks the record."""
    startex = next((record.data.get("seats") for record in source.records if record.kind == "startex"), None)
    kinds = {str(name): str(kind) for name, kind in startex.items()} if isinstance(startex, dict) else {}
    return {name: source.programs.get(name, kind) if kind == "human" else kind for name, kind in kinds.items()}
