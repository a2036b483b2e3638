"""Moments with an alternative: those behind the turning points, and ordinary ones for comparison."""

from __future__ import annotations

from wargame.futures.counterfactual import Intervention
from wargame.journal.records import Record
from wargame.journal.records.governments import DecisionRecord
from wargame.journal.records.run import CommandRecord
from wargame.journal.records.script import InjectReleasedRecord
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
    """Return the nearest record with an alternative, going back along the triggers."""
    while record.t >= source.startex:
        turn = _turn(record)
        if turn is not None:
            return turn
        if not record.cause or record.cause[0] not in source.index:
            return None
        record = source.index[record.cause[0]]
    return None


def _turn(record: Record) -> Intervention | None:
    if isinstance(record, DecisionRecord) and record.about != "wait":
        other, chosen = _runner_up(record), (record.choice, record.target)
        return Intervention(record.seq, record.t, "decision", record.who, *chosen, *(other or (None, None)))
    if isinstance(record, InjectReleasedRecord) and record.trigger != "manual":
        return Intervention(record.seq, record.t, "inject", record.who, record.about)
    if record.kind == "hazard":
        return Intervention(record.seq, record.t, "hazard", "", record.about)
    if isinstance(record, CommandRecord) and record.about == "order" and not record.data.get("forced"):
        data = record.data
        return Intervention(
            record.seq, record.t, "order", str(data["government"]), str(data["option"]), data.get("target")
        )
    return None


def _runner_up(record: DecisionRecord) -> tuple[str, str | None] | None:
    """Return the most likely candidate that was not chosen."""
    others = [each for each in record.candidates if not each.is_chosen(record)]
    best = max(others, key=lambda each: each.chance, default=None)
    return None if best is None else (best.option, best.target)


def count_with_alternative(source: RunSource) -> int:
    """Return how many records of the run have an alternative."""
    return sum(_turn(record) is not None for record in source.since)


def placebos(source: RunSource, most: int, taken: set[int]) -> list[Intervention]:
    """Ordinary moments, spread evenly over the decisions to act that are not candidates."""
    ordinary = [turn for record in source.since if record.seq not in taken and record.kind == "decision"
                if (turn := _turn(record)) is not None]  # fmt: skip
    step = max(1, len(ordinary) // (most + 1))
    return ordinary[step // 2 :: step][:most]
