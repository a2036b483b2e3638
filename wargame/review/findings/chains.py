"""Chains of events: what a decision followed, the decision, and what came of it.

A chain goes back from a record along the triggers to one event before the decision. Signals and steps that only pass
a cause on are left out; that talks were suspended or resumed is not. An order of a person answers what its command
names: a decision that was due, a message, a demand, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from wargame.journal import wording
from wargame.journal.causes import OWN_INITIATIVE, on_own_initiative, orderer, trigger, turns_talks
from wargame.journal.records import Record
from wargame.journal.records.correspondence import VoteResultRecord
from wargame.journal.records.governments import DecisionRecord
from wargame.journal.records.run import CommandRecord
from wargame.journal.sentences import headline
from wargame.review.findings.headlines import command_in_words
from wargame.review.findings.source import RunSource

MOST = 5
"""Links of one chain."""
EVENTS = {
    "inject.released": "inject",
    "history": "history",
    "hazard": "chance event",
    "action": "action",
    "demand": "demand",
    "demand.settled": "demand",
    "offer": "offer",
    "message": "message",
    "vote": "vote",
    "request": "request",
}
"""Kinds at which a chain may begin, with what they are called."""
DECISIONS = frozenset({"decision", "ruling", "standing_order", "procedure.answer"})
RESULTS = {"forum": "step", "agreement": "step", "outcome": "outcome", "leader": "leader", "vote.result": "vote"}
STEPS_BACK = 14


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One event of a chain. `role` says what it is, such as inject, decision, order, action or outcome."""

    seq: int
    at: str
    role: str
    text: str


def chain(source: RunSource, record: Record) -> tuple[ChainLink, ...]:
    """Return the events that lead to a record, oldest first, and the record itself."""
    links, decided, walked = [_link(source, record, None)], _decides(record), record
    after: Record | None = None
    for _ in range(STEPS_BACK):
        earlier = _before(source, walked, after)
        if earlier is None or len(links) == MOST:
            break
        if earlier.kind in EVENTS or _decides(earlier) or turns_talks(earlier):
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
    return trigger(record, source.index, after)


def _link(source: RunSource, record: Record, after: Record | None) -> ChainLink:
    return ChainLink(record.seq, record.at, _role(record), _text(source, record, after))


def _role(record: Record) -> str:
    if record.kind == "command":
        return "order" if record.about in ("order", "standing_order") else "white cell"
    return {**EVENTS, **RESULTS}.get(record.kind, "decision" if record.kind in DECISIONS else record.kind)


def _text(source: RunSource, record: Record, after: Record | None) -> str:
    """Return a record in words; a decision whose choice is the next link says how it was decided instead."""
    titles = source.titles
    if isinstance(record, DecisionRecord) and after is not None:
        who = wording.sentence(titles.government(record.who))
        share = "" if record.chance is None else wording.percent(record.chance)
        share = f" ({share} among its options)" if share not in ("", "100%") else ""
        if wording.after_missed_deadline(record, source.index):
            return f"The model decides for {titles.government(record.who)}, where people missed their deadline{share}"
        return f"{who} decides at {wording.meeting(record)}{share}"
    if isinstance(record, CommandRecord) and record.about in ("order", "standing_order"):
        data = record.data
        who = titles.government(data.get("government"))
        why = f": '{data['why']}'" if data.get("why") else ""
        if record.who:
            orders = f"{wording.sentence(who)} orders"
            own = f" {OWN_INITIATIVE}" if on_own_initiative(record) else ""
            return f"{orders} it{own}{why}" if after is not None else f"{orders}{own}: {titles.choice(data)}{why}"
        return f"{wording.sentence(orderer(record))} orders for {who}: {titles.choice(data)}{why}"
    if isinstance(record, VoteResultRecord) and record.cause and record.cause[-1] in source.index:
        return f"Result: {vote_count(record)}"
    if isinstance(record, CommandRecord) and record.about == "action":
        return "The white cell enters it" + (f": '{record.data['why']}'" if record.data.get("why") else "")
    if record.kind == "command":
        words = command_in_words(source, record)
        return f"The white cell {words[:1].lower()}{words[1:]}"
    return headline(record, source.index, titles)


def vote_count(result: VoteResultRecord) -> str:
    """Return the count of a vote: `yes 1, no 0, silent 1`."""
    return ", ".join([result.counted, *([f"silent {result.silent}"] if result.silent else [])])
