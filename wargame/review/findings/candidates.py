"""Moments with an alternative: those behind the turning points, and ordinary ones for comparison."""

from __future__ import annotations

from wargame.futures.counterfactual import Intervention
from wargame.journal import wording
from wargame.journal.records import Record
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import turning_points


def candidates(source: RunSource, most: int) -> list[Intervention]:
    """The interventions behind the turning points, highest score first: decisions, injects, orders, chance events."""
    points = sorted(turning_points(source, most=3 * most), key=lambda p: (-p.score, p.seq))
    turns: dict[int, Intervention] = {}
    for point in points:
        turn = _behind(source, source.index[point.seq])
        if turn is not None and turn.seq not in turns:
            turns[turn.seq] = turn
    return list(turns.values())[:most]


def _behind(source: RunSource, record: Record) -> Intervention | None:
    """The nearest record with an alternative, going back along the triggers."""
    while record.t >= source.startex:
        turn = _turn(record)
        if turn is not None:
            return turn
        if not record.cause or record.cause[0] not in source.index:
            return None
        record = source.index[record.cause[0]]
    return None


def _turn(record: Record) -> Intervention | None:
    data = record.data
    if record.kind == "decision" and record.about != "wait":
        other = _runner_up(record)
        chosen = (str(data.get("choice", record.about)), data.get("target"))
        return Intervention(record.seq, record.t, "decision", record.who, *chosen, *(other or (None, None)))
    if record.kind == "inject.released" and data.get("trigger") != "manual":
        return Intervention(record.seq, record.t, "inject", record.who, record.about)
    if record.kind == "hazard":
        return Intervention(record.seq, record.t, "hazard", "", record.about)
    if record.kind == "command" and record.about == "order" and not data.get("forced"):
        return Intervention(
            record.seq, record.t, "order", str(data["government"]), str(data["option"]), data.get("target")
        )
    return None


def _runner_up(record: Record) -> tuple[str, str | None] | None:
    """The most likely candidate that was not chosen."""
    chosen = (record.data.get("choice"), record.data.get("target"))
    others = [c for c in record.data.get("candidates", ()) if (c.get("option"), c.get("target")) != chosen]
    best = max(others, key=lambda c: wording.number(c, "chance"), default=None)
    return None if best is None else (str(best.get("option")), best.get("target"))


def count_with_alternative(source: RunSource) -> int:
    """How many records of the run have an alternative."""
    return sum(_turn(record) is not None for record in source.since)


def placebos(source: RunSource, most: int, taken: set[int]) -> list[Intervention]:
    """Ordinary moments, spread evenly over the decisions to act that are not candidates."""
    ordinary = [turn for record in source.since if record.seq not in taken and record.kind == "decision"
                if (turn := _turn(record)) is not None]  # fmt: skip
    step = max(1, len(ordinary) // (most + 1))
    return ordinary[step // 2 :: step][:most]
