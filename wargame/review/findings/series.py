"""Numbers of the world over time: monthly snapshots, and every recorded change between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.run import SnapshotRecord
from wargame.journal.records.script import HazardRecord, HistoryRecord, InjectReleasedRecord
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.source import RunSource

BELIEF = "belief of "
Changing = ActionRecord | InjectReleasedRecord | HistoryRecord | HazardRecord


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """A value of the true world at a moment, and the record that contains it."""

    seq: int
    t: int
    at: str
    value: float
    source_kind: str
    """`snapshot` for the first of a month, else the kind of the record that changed the number."""


def series(source: RunSource) -> dict[str, list[SeriesPoint]]:
    """Return all numbers by path, in order of time. Snapshots leave out zeros; here they are filled in."""
    points: dict[str, list[SeriesPoint]] = {}
    snapshots = [r for r in source.records if isinstance(r, SnapshotRecord)]
    paths = {path for record in snapshots for path in record.values or ()}
    for record in source.records:
        if isinstance(record, SnapshotRecord) and record.values:
            for path in paths:
                point = SeriesPoint(record.seq, record.t, record.at, record.values.get(path, 0.0), "snapshot")
                points.setdefault(path, []).append(point)
        elif isinstance(record, Changing):
            for path, change in (record.effects or {}).items():
                point = SeriesPoint(record.seq, record.t, record.at, change[1], record.kind)
                points.setdefault(path, []).append(point)
    return dict(sorted(points.items()))


Series = Mapping[str, Sequence[SeriesPoint]]


def indicators(source: RunSource, numbers: Series) -> list[Row]:
    """Return every number over time except trust and estimates: `path`, `value` and its `source`."""
    return [
        _row(source, path, point)
        for path, points in numbers.items()
        if not path.startswith((BELIEF, "trust["))
        for point in points
    ]


def relations(source: RunSource, numbers: Series) -> list[Row]:
    """Trust of each government in each other one at each snapshot, from −1 to 1."""
    return [
        _row(source, path, point) | dict(zip(("who", "whom"), path[6:-1].split(", "), strict=True))
        for path, points in numbers.items()
        if path.startswith("trust[")
        for point in points
        if point.source_kind == "snapshot"
    ]


def estimates(source: RunSource, numbers: Series) -> list[Row]:
    """Return each government's estimates of the indicators that it does not know, at each snapshot."""
    rows = []
    for path, points in numbers.items():
        if path.startswith(BELIEF):
            who, _, of = path.removeprefix(BELIEF).partition(" in ")
            rows += [_row(source, of, point) | {"who": who} for point in points]
    return rows


def _row(source: RunSource, path: str, point: SeriesPoint) -> Row:
    value = {"path": path, "value": point.value, "source": point.source_kind}
    return {"seq": point.seq, "at": point.at, "day": day(source, point.t), **value}
