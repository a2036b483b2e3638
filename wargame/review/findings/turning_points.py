"""Turning points: the records of a run that matter most.

They are chosen by a score: outcomes and agreements before leaders and forums, these before single actions, and among
actions the severe and the rare ones. The trigger of a chosen record is named with it instead of being listed itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from wargame.journal import sentences as phrases
from wargame.journal.records import Record
from wargame.review.findings.plans import headline
from wargame.review.findings.source import RunSource

MOST = 10
LEAST_SCORE = 3.0
SAME = 2
"""How many of one kind and name, such as the same action of the same government, are listed."""

FIXED = {"leader": 7.0, "strategy": 3.5}
FORUM = {"agreed": 9.0, "convened": 6.0, "collapsed": 6.0, "suspended": 5.0, "proposed": 3.0}
AGREEMENT = {"verified": 9.0, "in_force": 8.0, "broken": 8.0, "offered": 3.5}
OUTCOME, ENDING = 8.5, 12.0
SEVEREST = 60.0
ACTION, RARE = 8.0, 1.5


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A record: what happened and, in one line, why (empty if no cause is known)."""

    seq: int
    at: str
    kind: str
    what: str
    why: str
    score: float


def turning_points(
    source: RunSource, since: Sequence[Record] | None = None, most: int = MOST
) -> tuple[TurningPoint, ...]:
    """At most `most`, in order of time; from STARTEX on, or among the records `since`."""
    since = source.since if since is None else since
    counts = Counter(_name(record) for record in since)
    start = since[0].t if since else 0
    revoked = {seq for record in since if record.kind == "outcome.revoked" for seq in record.cause[1:]}
    news = [r for r in since if (r.t > start or r.cause) and r.seq not in revoked]  # not what is true at STARTEX
    scored = [(score(record, counts[_name(record)]), record) for record in news]
    ranked = sorted((pair for pair in scored if pair[0] >= LEAST_SCORE), key=lambda pair: (-pair[0], pair[1].seq))
    return tuple(
        _point(value, record, source) for value, record in sorted(_choose(ranked, most), key=lambda p: p[1].seq)
    )


def _name(record: Record) -> tuple[str, str, str, str]:
    """Records with the same values are the same kind of event."""
    return record.kind, record.who, record.about, str(record.data.get("to", ""))


def score(record: Record, times: int = 1) -> float:
    """The weight of a record, 0 to about 12; an event that happens many `times` weighs less."""
    data = record.data
    if record.kind == "action":
        severity = min(max(phrases.number(data, "severity"), 0.0), SEVEREST)
        return ACTION * sqrt(severity / SEVEREST) + RARE / times
    if record.kind == "outcome":
        return ENDING if data.get("ends") else OUTCOME
    if record.kind in ("forum", "agreement") and data.get("from") != data.get("to"):
        return (FORUM if record.kind == "forum" else AGREEMENT).get(str(data.get("to")), 0.0) / sqrt(times)
    return FIXED.get(record.kind, 0.0)


def _choose(ranked: Sequence[tuple[float, Record]], most: int) -> list[tuple[float, Record]]:
    chosen: list[tuple[float, Record]] = []
    listed: Counter[tuple[str, str, str, str]] = Counter()
    covered: set[int] = set()
    for value, record in ranked:
        key = _name(record)
        if listed[key] >= SAME or record.seq in covered or covered & set(record.cause[:1]):
            continue
        chosen.append((value, record))
        listed[key] += 1
        covered |= {record.seq, *record.cause[:1]}
        if len(chosen) == most:
            break
    return chosen


def _point(value: float, record: Record, source: RunSource) -> TurningPoint:
    what, why = headline(source, record), source.because(record)
    return TurningPoint(record.seq, record.at, record.kind, what, why, round(value, 2))
