"""Marks of the timeline: shape, colour and lane of each record, for the page and for the figures of documents."""

from collections.abc import Iterable, Iterator, Mapping

from wargame.dataclasses import dataclass
from wargame.document.palette import OKABE_ITO, PUOR
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord, SignalRecord
from wargame.journal.records.steps import AgreementRecord, ForumRecord, stays_in_state
from wargame.review.findings.people import ordered_for

CIRCLE = "M-1,0a1,1 0 1,0 2,0a1,1 0 1,0 -2,0"
SQUARE = "M-1,-1h2v2h-2z"
DOWN, UP = "M-1,-.8h2l-1,1.8z", "M-1,.8h2l-1,-1.8z"
DIAMOND = "M0,-1.25l1,1.25l-1,1.25l-1,-1.25z"
CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z"
STAR = "M0,-1.5L.35,-.49L1.43,-.46L.57,.19L.88,1.21L0,.6L-.88,1.21L-.57,.19L-1.43,-.46L-.35,-.49Z"
LINE, YELLOW, BLUE, LIGHT, GREEN, ORANGE = "var(--mark)", "#F0E442", *(OKABE_ITO[place] for place in (0, 5, 2, 4))


@dataclass(frozen=True, slots=True)
class Mark:
    """A kind of mark: its name in legends, the box that shows it, its path within a unit circle, and its colours.

    `size` is its radius in pixels; 0 if that depends on the record.
    """

    name: str
    shown_by: str
    path: str
    fill: str
    stroke: str = LINE
    size: int = 0


MARKS = {
    "inject": Mark("inject", "injects", DOWN, ORANGE, size=5),
    "very hostile": Mark("very hostile action", "actions", CIRCLE, PUOR[1]),
    "hostile": Mark("hostile action", "actions", CIRCLE, PUOR[3]),
    "friendly": Mark("friendly action", "actions", CIRCLE, PUOR[7]),
    "very friendly": Mark("very friendly action", "actions", CIRCLE, PUOR[9]),
    "people": Mark("order or message of a player, command", "people", SQUARE, LIGHT, size=4),
    "command": Mark("order or message of a player, command", "injects", SQUARE, LIGHT, size=4),
    "proposed": Mark("talks or agreement proposed, offered", "talks", DIAMOND, "#D5DBE1", size=5),
    "convened": Mark("convened", "talks", DIAMOND, LIGHT, size=5),
    "suspended": Mark("suspended", "talks", DIAMOND, ORANGE, size=5),
    "agreed": Mark("agreed, in force, verified", "talks", DIAMOND, GREEN, size=5),
    "collapsed": Mark("collapsed, broken", "talks", DIAMOND, "#000", size=5),
    "outcome": Mark("outcome", "talks", STAR, YELLOW, size=5),
    "leader": Mark("change of leader", "talks", UP, OKABE_ITO[3], size=5),
    "decision": Mark("decision of the model", "decisions", SQUARE, "#fff", BLUE, 3),
    "hazard": Mark("chance event", "injects", CROSS, OKABE_ITO[1], size=5),
    "history": Mark("history before STARTEX", "injects", SQUARE, "#bbb", "#555", 3),
}
"""The kinds of marks, in the order of legends."""
VERY = 5.0
"""Goldstein weight from which an action is very hostile or very friendly; the largest is 10."""
STATES = {"in_force": "agreed", "verified": "agreed", "broken": "collapsed", "offered": "proposed"}
"""States of agreements and forums that have the mark of another one."""
ORDERS = frozenset({"order", "standing_order", "pass"})
SAID = frozenset(
    {
        *("message", "offer", "answer", "vote", "vote.result", "request", "ruling", "rfi"),
        *("procedure.proposed", "procedure.answer"),
    }
)
"""Kinds of what people say and decide."""
KINDS = {
    **dict.fromkeys(("outcome", "leader", "hazard", "history"), ""),
    "inject.released": "inject",
    "command": "command",
    "note": "command",
}
"""Other kinds of records that have a mark, with its name if that differs."""
SCRIPT = frozenset({"inject.released", "hazard", "command", "note", "history"})
"""Kinds in the lane of exercise control, whomever they are about."""
CONTROL, TALKS = "EXCON", "TALKS"
"""Lanes besides those of governments."""
LANES = {CONTROL: "Exercise control", TALKS: "Talks and outcomes"}


def mark_of(record: Record, seat: str = "") -> str:
    """Return the kind of mark of a record, or an empty text. In the version for a `seat`, its signals are actions."""
    kind = record.kind
    if kind in SAID or ordered_for(record):
        return "people"
    if isinstance(record, ActionRecord) or (isinstance(record, SignalRecord) and seat):
        weight = record.goldstein if isinstance(record, ActionRecord) else record.perceived
        return ("very " if abs(weight) >= VERY else "") + ("hostile" if weight < 0 else "friendly")
    if kind == "decision":
        return "" if record.about == "wait" else "decision"
    if isinstance(record, ForumRecord | AgreementRecord):
        known = STATES.get(record.after, record.after if record.after in MARKS else "proposed")
        return "" if stays_in_state(record) else known
    return KINDS.get(kind, "") or (kind if kind in KINDS else "")


def lane_of(record: Record, governments: Mapping[str, str], seat: str = "") -> str:
    """Return the lane of a record: a government, `EXCON` or `TALKS`."""
    speaker = ordered_for(record) or ((record.about if record.kind == "ruling" else record.who) * (record.kind in SAID))
    if speaker in governments:
        return speaker
    if record.kind in ("forum", "agreement", "outcome"):
        return TALKS
    if isinstance(record, SignalRecord) and seat:
        return record.actor
    return record.who if record.who in governments and record.kind not in SCRIPT else CONTROL


def legend(*, live: bool) -> Iterator[tuple[list[Mark], str]]:
    """Yield the marks that most need an explanation, with their names."""
    yield [MARKS["inject"]], MARKS["inject"].name
    yield [MARKS["hostile"], MARKS["very hostile"]], "hostile action, larger if more severe"
    yield [MARKS["friendly"]], MARKS["friendly"].name
    yield from [([MARKS["people"]], MARKS["people"].name)] if live else ()
    yield [MARKS["agreed"]], "talks, agreements"
    yield [MARKS["outcome"]], MARKS["outcome"].name


def symbols(seat: str) -> Iterator[tuple[list[Mark], str]]:
    """Yield the other marks, with their names. A seat sees neither chance events nor history as such."""
    names = ("proposed", "convened", "suspended", "agreed", "collapsed", "leader", "decision")
    for name in (*names, *(() if seat else ("hazard", "history"))):
        yield [MARKS[name]], MARKS[name].name


def drawn(records: Iterable[Record], governments: Mapping[str, str], seat: str) -> Iterator[tuple[int, str, str]]:
    """Yield (record, kind of mark, lane) of each record that has a mark, and of steps of talks without one."""
    for record in records:
        lane, mark = lane_of(record, governments, seat), mark_of(record, seat)
        if mark or lane == TALKS:
            yield record.seq, mark, lane
