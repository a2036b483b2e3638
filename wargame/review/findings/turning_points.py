"""Turning points: the records of a run that matter most.

They are chosen by a score: outcomes and agreements before leaders and forums, these before single actions, and among
actions the severe and the rare ones. If people played, some places are kept for them: first for orders that were
carried out, then for what they requested, voted, offered and wrote. The trigger of a chosen record is named with it
instead of being listed itself.

A chain of events goes back from a record along the triggers to one event before the decision. Signals and steps that
only pass a cause on are left out; that talks were suspended or resumed is not. An order of a person answers what its
command names: a decision that was due, a message, a demand, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from math import sqrt

from wargame.dataclasses import dataclass
from wargame.journal import sentences
from wargame.journal.records import Record
from wargame.journal.records.correspondence import RulingRecord, VoteResultRecord, Written
from wargame.journal.records.governments import ActionRecord, DecisionRecord
from wargame.journal.records.run import CommandRecord, RatingRecord
from wargame.journal.records.script import OutcomeRecord
from wargame.journal.records.steps import AgreementRecord, ForumRecord, stays_in_state
from wargame.review.findings.headlines import TEXTS, command_in_words, headline
from wargame.review.findings.people import SeatHistory, order_of
from wargame.review.findings.source import RunSource
from wargame.tables import tables

MOST = 8
"""Turning points of a review, on its page, in its documents and in the hot wash."""
KEPT = 4
"""Places kept for what people ordered and said."""
LEAST_SCORE = 3.0
SAME = 2
"""The number of listed records of one kind and name, such as the same action of the same government."""

FIXED = {"leader": 7.0, "strategy": 3.5}
FORUM = {"agreed": 9.0, "convened": 6.0, "collapsed": 6.0, "suspended": 5.0, "proposed": 3.0}
AGREEMENT = {"verified": 9.0, "in_force": 8.0, "broken": 8.0, "offered": 3.5}
OUTCOME, ENDING = 8.5, 12.0
SEVEREST = 60.0
ACTION, RARE = 8.0, 1.5
BY_PEOPLE = ("ruling", "standing_order", "procedure.answer")
"""Kinds of records, besides orders, through which people act."""
ORDERED = 2.0
"""Added to the score of what a person ordered."""
SAID = {"offer": 4.5, "vote.result": 4.5, "ruling": 4.0, "message": 3.0}
"""Statements of people to each other, and refusals of the white cell."""
CANCELLED = 3.0
LAST = ("order.cancelled", "ruling", "vote.result", "offer", "message")
"""Acts of people besides orders that were carried out, in the order in which places are kept for them."""
ENOUGH = 2
"""A message of a person is a turning point only if there are fewer other things of people."""


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A record: what happened, and why in one line, empty if unknown. `chain` has what led to it, and itself."""

    seq: int
    at: str
    kind: str
    what: str
    why: str
    score: float
    chain: tuple[ChainLink, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether its chain has a decision or an order that the journal records."""
        return any(link.role in ("decision", "order") for link in self.chain)


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    record: Record
    ordered: bool
    """Whether a person ordered it."""

    @property
    def place(self) -> int:
        """Orders of people that were carried out come first (0), then the others in the order of `LAST`."""
        kind = self.record.kind
        return LAST.index(kind) + 1 if kind in LAST else 0


def turning_points(
    source: RunSource, since: Sequence[Record] | None = None, most: int = MOST
) -> tuple[TurningPoint, ...]:
    """Return at most `most`, in order of time; from STARTEX on, or among the records `since`."""
    since = source.since if since is None else since
    counts = Counter(_name(record) for record in since)
    start = since[0].t if since else 0
    revoked = {seq for record in since if record.kind == "outcome.revoked" for seq in record.cause}  # and the command
    news = [r for r in since if (r.t > start or r.cause) and r.seq not in revoked]  # not at STARTEX
    followed = {seq for record in source.records if record.kind != "expected.candidate" for seq in record.cause}
    followed |= {int(r.evidence) for r in source.records if isinstance(r, RatingRecord) and r.evidence}
    news = [r for r in news if r.kind != "message" or r.seq in followed]
    seats = SeatHistory(source)
    scored = (_scored(source, seats, record, counts[_name(record)]) for record in news)
    ranked = sorted((one for one in scored if one.score >= LEAST_SCORE), key=lambda s: (-s.score, s.record.seq))
    return tuple(_point(one, source) for one in sorted(_choose(ranked, most), key=lambda one: one.record.seq))


def _name(record: Record) -> tuple[str, str, str, str]:
    """Return the key by which records are the same kind of event."""
    return record.kind, record.who, record.about, str(getattr(record, "after", "") or getattr(record, "to", ""))


def score(record: Record, times: int = 1) -> float:
    """Return the weight of a record, 0 to about 12; an event that happens many `times` weighs less."""
    match record:
        case ActionRecord():
            return ACTION * sqrt(min(max(record.severity, 0.0), SEVEREST) / SEVEREST) + RARE / times
        case OutcomeRecord():
            return ENDING if record.ends else OUTCOME
        case ForumRecord() | AgreementRecord() if not stays_in_state(record):
            return (FORUM if record.kind == "forum" else AGREEMENT).get(record.after, 0.0) / sqrt(times)
    return FIXED.get(record.kind, 0.0)


def _scored(source: RunSource, seats: SeatHistory, record: Record, times: int) -> _Scored:
    if record.kind in SAID and _said_by_people(source, seats, record):
        return _Scored(SAID[record.kind], record, ordered=False)
    ordered = record.kind in ("action", "order.cancelled") and _ordered_by_people(source, seats, record)
    if record.kind == "order.cancelled":
        return _Scored(CANCELLED if ordered else 0.0, record, ordered)
    return _Scored(score(record, times) + ORDERED * ordered, record, ordered)


def _ordered_by_people(source: RunSource, seats: SeatHistory, record: Record) -> bool:
    trigger = source.index.get(record.cause[0]) if record.cause else None
    if trigger is None:
        return False
    who = record.who if trigger.kind in BY_PEOPLE else order_of(trigger)
    return bool(who) and seats.is_human(who, trigger.seq)


def _said_by_people(source: RunSource, seats: SeatHistory, record: Record) -> bool:
    if isinstance(record, RulingRecord):
        return record.how == "refuse" and seats.is_human(record.about, record.seq)
    if isinstance(record, VoteResultRecord):
        return any(seats.is_human(voter, record.seq) for voter in record.to or ())
    if isinstance(record, Written) and record.by:
        return False
    return seats.is_human(record.who, record.seq) and record.who in source.governments


def _choose(ranked: Sequence[_Scored], most: int) -> list[_Scored]:
    """Choose those for which places are kept, then the others by score."""
    chosen: list[_Scored] = []
    listed: Counter[tuple[str, str, str, str]] = Counter()
    covered: set[int] = set()
    people = [one for one in ranked if one.ordered or one.record.kind in SAID]
    people.sort(key=lambda one: one.place)  # then by score
    if sum(one.record.kind != "message" for one in people) >= ENOUGH:
        people, ranked = ([one for one in many if one.record.kind != "message"] for many in (people, ranked))
    for candidates, places in ((people, KEPT), (ranked, most)):
        last = min(most, len(chosen) + places)
        for one in candidates:
            record, key = one.record, _name(one.record)
            if len(chosen) == last:
                break
            if listed[key] >= SAME or record.seq in covered or covered & set(record.cause[:1]):
                continue
            chosen.append(one)
            listed[key] += 1
            covered |= {record.seq, *record.cause[:1]}
    return chosen


def _point(one: _Scored, source: RunSource) -> TurningPoint:
    record = one.record
    what = headline(source, record)
    why = "" if record.kind in SAID else source.because(record)
    return TurningPoint(record.seq, record.at, record.kind, what, why, round(one.score, 2), chain(source, record))


LINKS = 5
"""Links of one chain."""
EVENTS: Mapping[str, str] = tables("review/words.yaml")["events"]
"""Kinds at which a chain may begin, with what they are called."""
DECISIONS = frozenset({"decision", "ruling", "standing_order", "procedure.answer"})
RESULTS = {"forum": "step", "agreement": "step", "outcome": "outcome", "leader": "leader", "vote.result": "vote"}
STEPS_BACK = 14


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One event of a chain. `role` says what it is, such as inject, decision, order, action or outcome.

    `name` is the text without the role, where it begins with it.
    """

    seq: int
    at: str
    role: str
    text: str
    name: str = ""


def chain(source: RunSource, record: Record) -> tuple[ChainLink, ...]:
    """Return the events that lead to a record, oldest first, and the record itself."""
    links, decided, walked = [_link(source, record, None)], _decides(record), record
    after: Record | None = None
    for _ in range(STEPS_BACK):
        earlier = _before(source, walked, after)
        if earlier is None or len(links) == LINKS:
            break
        if earlier.kind in EVENTS or _decides(earlier) or sentences.turns_talks(earlier):
            links.append(_link(source, earlier, walked))
        if earlier.kind in EVENTS and decided:
            break
        decided, after, walked = decided or _decides(earlier), walked, earlier
    return tuple(reversed(links))


def _decides(record: Record) -> bool:
    return record.kind in DECISIONS or record.kind == "command"


def _before(source: RunSource, record: Record, after: Record | None) -> Record | None:
    """Return the trigger of a record that `after` follows from; of the result of a vote, the vote."""
    if record.kind == "vote.result" and record.cause:
        return source.index.get(record.cause[-1])
    return sentences.trigger(record, source.index, after)


def _link(source: RunSource, record: Record, after: Record | None) -> ChainLink:
    return ChainLink(
        record.seq, record.at, _role(record), _text(source, record, after), record.unlabelled(source.titles)
    )


def _role(record: Record) -> str:
    if record.kind == "command":
        return "order" if record.about in ("order", "standing_order") else "white cell"
    return {**EVENTS, **RESULTS}.get(record.kind, "decision" if record.kind in DECISIONS else record.kind)


def _text(source: RunSource, record: Record, after: Record | None) -> str:
    """Return a record as a sentence; a decision whose choice is the next link says how it was decided instead."""
    if isinstance(record, VoteResultRecord) and record.cause and record.cause[-1] in source.index:
        return f"Result: {vote_count(record)}"
    if isinstance(record, CommandRecord) or (isinstance(record, DecisionRecord) and after is not None):
        late = isinstance(record, DecisionRecord) and record.is_after_missed_deadline(source.index)
        how = {"last": after is None, "late": late, "done": partial(command_in_words, source, record)}
        return str(TEXTS.link(record, source.titles, **how))
    return sentences.headline(record, source.index, source.titles)


def vote_count(result: VoteResultRecord) -> str:
    """Return the count of a vote: `yes 1, no 0, silent 1`."""
    return ", ".join([result.counted, *([f"silent {result.silent}"] if result.silent else [])])
