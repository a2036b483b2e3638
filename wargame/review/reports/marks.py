"""Marks of the timeline: shape, colour and lane of each record, for the page and for the figures of documents."""

from collections.abc import Iterable, Iterator, Mapping

from wargame.dataclasses import dataclass
from wargame.document.palette import COLOURS, PUOR
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord, SignalRecord
from wargame.journal.records.steps import AgreementRecord, ForumRecord, stays_in_state
from wargame.review.findings.people import ordered_for
from wargame.tables import tables


@dataclass(frozen=True, slots=True)
class Mark:
    """A kind of mark: its name in legends, the box that shows it, its path within a unit circle, and its colours.

    `size` is its radius in pixels; 0 if that depends on the record.
    """

    name: str
    shown_by: str
    path: str
    fill: str
    stroke: str = "var(--mark)"
    size: int = 0


_TABLE = tables("review/marks.yaml")


def _colour(name: str) -> str:
    """Return the colour of a category, a place of the scale from purple to orange, or the colour itself."""
    return COLOURS[name][0] if name in COLOURS else PUOR[int(name[1:])] if name.startswith("p") else name


MARKS = {
    name: Mark(
        **row | {"path": _TABLE["paths"][row["path"]]} | {k: _colour(row[k]) for k in {*row} & {"fill", "stroke"}}
    )
    for name, row in _TABLE["marks"].items()
}
"""The kinds of marks, in the order of legends."""
VERY = 5.0
"""Goldstein weight from which an action is very hostile or very friendly; the largest is 10."""
STATES = {"in_force": "agreed", "verified": "agreed", "broken": "collapsed", "offered": "proposed"}
"""States of agreements and forums that have the mark of another one."""
SAID: frozenset[str] = frozenset(tables("journal/kinds.yaml")["said"])
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
"""Lanes besides the governments'."""
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
