"""Findings as rows: what the tables for notebooks, the page and the documents are all made of.

Each function takes an open run and returns plain dictionaries with the same keys in every row; `seq` is
the number of the record that a row rests on. Times are ISO texts with offset, `day` counts from STARTEX, shares and probabilities run from 0 to 1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from wargame.journal import sentences as phrases
from wargame.journal.reasons import in_brief
from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import turning_points

Row = dict[str, Any]

QUIET = frozenset({"signal", "snapshot", "run.start", "run.end"})
TRANSITIONS = frozenset({"forum", "agreement"})
REMARKS = frozenset({"note", "rating", "request", "ruling", "message", "offer", "answer", "vote", "ballot"})
"""Kinds of what people wrote and judged, besides commands."""

ANY_OF = "any of:"
"""How an expected action begins that has no title of its own."""


def day(source: RunSource, t: int) -> float:
    """Days from STARTEX, with two digits."""
    return round((t - source.startex) / DAY, 2)


def _row(source: RunSource, record: Record, **more: Any) -> Row:
    return {"seq": record.seq, "at": record.at, "day": day(source, record.t), **more}


def timeline(source: RunSource) -> list[Row]:
    """What happened, in order: all but signals, digests and meetings that came to nothing."""
    return [
        _row(
            source,
            record,
            kind=record.kind,
            who=record.who,
            about=record.about,
            headline=phrases.headline(record),
            because=phrases.because(record, source.index),
        )
        for record in source.records
        if record.kind not in QUIET and not (record.kind == "decision" and record.about == "wait")
    ]


def decisions(source: RunSource, *, waits: bool = True) -> list[Row]:
    """Every meeting: what was chosen, against what, how likely it was and whether a coin fell."""
    found = (record for record in source.records if record.kind == "decision")
    return [_decision(source, record) for record in found if waits or record.about != "wait"]


def _decision(source: RunSource, record: Record) -> Row:
    data = record.data
    listed = [c for c in data.get("candidates", ()) if isinstance(c, dict)]
    best = max(listed, key=lambda c: phrases.number(c, "score"), default={})
    chosen = next((c for c in listed if _same(c, data)), {})
    return _row(
        source,
        record,
        who=record.who,
        dossier=data.get("dossier"),
        meeting=data.get("meeting"),
        hours=_hours(data.get("took")),
        choice=data.get("choice", record.about),
        target=data.get("target"),
        chance=data.get("chance"),
        wish=data.get("p"),
        score=chosen.get("score"),
        best=phrases.choice(best) if best else None,
        best_score=best.get("score"),
        coin=bool(chosen) and chosen.get("score") != best.get("score"),
        verdict=in_brief(record, lambda candidate: title_of_choice(source, candidate)),
        because=phrases.because(record, source.index),
    )


def _same(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    return (candidate.get("option"), candidate.get("target")) == (data.get("choice"), data.get("target"))


def _hours(seconds: object) -> float | None:
    return round(seconds / 3600, 2) if isinstance(seconds, int | float) else None


def terms(source: RunSource) -> list[Row]:
    """The terms of the scores of the best candidates of every decision that acted."""
    return [
        _row(source, record, who=record.who, option=c.get("option"), target=c.get("target"), term=term, value=value)
        for record in source.records
        if record.kind == "decision"
        for c in record.data.get("candidates", ())
        for term, value in c.get("terms", {}).items()
    ]


def causes(source: RunSource) -> list[Row]:
    """The causal graph: one row an edge, from what came before to what it set off or contributed to."""
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


def expected_actions(source: RunSource) -> list[Row]:
    """Each expected action that was called for: met, late or missed, within what time, and how long it took."""
    return [
        _row(
            source,
            record,
            inject=record.data.get("inject", record.about),
            inject_title=title_of_inject(source, str(record.data.get("inject", record.about))),
            who=record.data.get("who", record.who),
            expected=str(record.data.get("title") or options(source, record.data.get("any_of"))),
            within_days=_within(source, record),
            status=record.data.get("status"),
            done=record.data.get("by"),
            done_title=_done(source, record),
            latency_days=_days(record.data.get("latency")),
            objective=record.data.get("objective"),
            action=record.cause[0] if len(record.cause) > 1 else None,
            released=record.cause[-1] if record.cause else None,
        )
        for record in source.since
        if record.kind == "expected"
    ]


def _within(source: RunSource, record: Record) -> float | None:
    """Days that were given, from the script: the journal tells only the time taken."""
    inject = str(record.data.get("inject", record.about))
    asked = record.data.get("who", record.who), record.data.get("title"), list(record.data.get("any_of") or ())
    specs = (spec for each in source.injects if each.id == inject for spec in each.expected)
    return next((_days(s.within) for s in specs if (s.who, s.title, list(s.any_of)) == asked), None)


def _done(source: RunSource, record: Record) -> str:
    """What settled an expected action, and towards whom; empty where nothing did."""
    title = title_of_option(source, str(record.data.get("by") or ""))
    action = source.index.get(record.cause[0]) if len(record.cause) > 1 else None
    target = action.data.get("target") if action is not None else None
    return f"{title} ({target})" if title and target else title


def still_open(source: RunSource) -> int:
    """Expected actions whose time was not over when the run ended."""
    closing = next((record.data for record in reversed(source.records) if record.kind == "run.end"), {})
    return int(closing.get("expected", {}).get("open", 0))


def options(source: RunSource, wanted: object) -> str:
    """The titles of what would do, as `any of: ...` where there is a choice."""
    listed = [title_of_option(source, str(option)) for option in wanted] if isinstance(wanted, list | tuple) else []
    return f"{ANY_OF} {', '.join(listed)}" if len(listed) > 1 else "".join(listed)


def title_of_option(source: RunSource, option: str) -> str:
    """The verb phrase of an option, or its id as words."""
    known = source.scenario.options if source.scenario else {}
    return known[option].title if option in known else phrases.words(option)


def title_of_choice(source: RunSource, candidate: Mapping[str, Any]) -> str:
    """The title of an option with its target: `offers talks (BRL)`."""
    target = candidate.get("target")
    return title_of_option(source, str(candidate.get("option", ""))) + (f" ({target})" if target else "")


def title_of_inject(source: RunSource, inject: str) -> str:
    """The title of an inject as written, or its id as words."""
    return source.inject_titles.get(inject) or phrases.words(inject)


def _days(seconds: object) -> float | None:
    return round(seconds / DAY, 2) if isinstance(seconds, int | float) else None


def moments(source: RunSource) -> list[Row]:
    """The candidate turning points, at most ten, in the order of time; `score` says how much they turned."""
    return [
        {"seq": p.seq, "at": p.at, "day": day(source, source.index[p.seq].t)}
        | {"kind": p.kind, "what": p.what, "why": p.why, "score": p.score}
        for p in turning_points(source.since, source.index)
    ]


def attention(source: RunSource) -> list[Row]:
    """Working hours that each leadership gave to each dossier, and their share of all its hours."""
    closing = next((record.data for record in reversed(source.records) if record.kind == "run.end"), {})
    spent: Mapping[str, Mapping[str, float]] = closing.get("attention") or _worked(source.since)
    return [
        {"who": who, "dossier": dossier, "hours": round(seconds / 3600, 2), "share": round(seconds / total, 4)}
        for who in sorted(spent)
        if (total := sum(spent[who].values())) > 0
        for dossier, seconds in sorted(spent[who].items(), key=lambda item: (-item[1], item[0]))
    ]


def _worked(since: Iterable[Record]) -> dict[str, Counter[str]]:
    worked: dict[str, Counter[str]] = defaultdict(Counter)
    for record in since:
        if record.kind == "decision":
            worked[record.who][str(record.data.get("dossier", ""))] += round(phrases.number(record.data, "took"))
    return worked


def meetings(source: RunSource) -> list[Row]:
    """Attention over time: the hours of each meeting on its dossier."""
    return [
        _row(source, r, who=r.who, dossier=r.data.get("dossier"), hours=_hours(r.data.get("took")))
        for r in source.since
        if r.kind == "decision"
    ]


def talks(source: RunSource) -> list[Row]:
    """The history of every forum and agreement, step by step."""
    return [
        _row(
            source,
            record,
            kind=record.kind,
            name=record.about,
            title=str(record.data.get("title") or phrases.words(record.about)),
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
    """Each day with an action since STARTEX: the sum of Rivera severities and the highest rung, and by whom."""
    days: dict[str, list[Record]] = defaultdict(list)
    for record in source.since:
        if record.kind == "action":
            days[record.at[:10]].append(record)
    return [_escalated(source, date, actions) for date, actions in sorted(days.items())]


def _escalated(source: RunSource, date: str, actions: list[Record]) -> Row:
    top = max(
        actions, key=lambda action: (phrases.number(action.data, "rung"), phrases.number(action.data, "severity"))
    )
    return {
        "date": date,
        "day": int(day(source, actions[0].t)),
        "actions": len(actions),
        "severity": round(sum(phrases.number(action.data, "severity") for action in actions), 4),
        "rung": int(phrases.number(top.data, "rung")),
        "by": top.who,
        "seq": top.seq,
    }


def notes(source: RunSource) -> list[Row]:
    """Notes, adjudications and every other command of the facilitator, in order."""
    return [
        _row(
            source,
            record,
            kind=f"command: {record.about}" if record.kind == "command" else record.kind,
            who=record.who,
            text=str(record.data.get("text") or record.data.get("why") or record.data.get("rating") or ""),
            about=_ordered(record.data) if record.kind == "command" else record.about,
            tag=str(record.data.get("tag") or ""),
        )
        for record in source.records
        if record.kind == "command" or record.kind in REMARKS
    ]


def _ordered(data: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in data.items() if value not in (None, "") and key != "why")


def seats(source: RunSource) -> dict[str, str]:
    """Who decided for each government at STARTEX; empty if the journal does not tell."""
    handed = next((record.data.get("seats") for record in source.records if record.kind == "startex"), None)
    return {str(name): str(kind) for name, kind in handed.items()} if isinstance(handed, dict) else {}


def journal(source: RunSource) -> list[Row]:
    """All records, each with its headline."""
    return [
        _row(source, r, kind=r.kind, who=r.who, about=r.about, headline=phrases.headline(r), cause=list(r.cause))
        for r in source.records
    ]
