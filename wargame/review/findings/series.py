"""Numbers of the world over time, as the journal tells them: monthly snapshots, and every change between."""

from __future__ import annotations

from dataclasses import dataclass

from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.source import RunSource

BELIEF = "belief of "
CHANGING = frozenset({"action", "inject.released", "history", "hazard"})


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """A value of the true world at a moment, and the record that tells it."""

    seq: int
    t: int
    at: str
    value: float
    told_by: str
    """`snapshot` for the first of a month, else the kind of the record that moved the number."""


def series(source: RunSource) -> dict[str, list[SeriesPoint]]:
    """All numbers by path, each in the order of time. Snapshots leave out what is at 0: here it is back."""
    found: dict[str, list[SeriesPoint]] = {}
    snapshots = [r for r in source.records if r.kind == "snapshot" and isinstance(r.data.get("values"), dict)]
    paths = {path for record in snapshots for path in record.data["values"]}
    for record in source.records:
        if record.kind == "snapshot" and isinstance(record.data.get("values"), dict):
            values = record.data["values"]
            for path in paths:
                point = SeriesPoint(record.seq, record.t, record.at, float(values.get(path, 0.0)), "snapshot")
                found.setdefault(path, []).append(point)
        elif record.kind in CHANGING and isinstance(record.data.get("effects"), dict):
            for path, change in record.data["effects"].items():
                point = SeriesPoint(record.seq, record.t, record.at, float(change[1]), record.kind)
                found.setdefault(path, []).append(point)
    return dict(sorted(found.items()))


def indicators(source: RunSource) -> list[Row]:
    """Every number over time but trust and estimates: `path`, `value`, and what told it."""
    return [
        _row(source, path, point)
        for path, points in series(source).items()
        if not path.startswith((BELIEF, "trust["))
        for point in points
    ]


def relations(source: RunSource) -> list[Row]:
    """Trust of each government in each other one at each snapshot, −1 to 1."""
    return [
        _row(source, path, point) | dict(zip(("who", "whom"), path[6:-1].split(", "), strict=True))
        for path, points in series(source).items()
        if path.startswith("trust[")
        for point in points
        if point.told_by == "snapshot"
    ]


def estimates(source: RunSource) -> list[Row]:
    """What each government believed of the indicators that it can only estimate, at each snapshot."""
    rows = []
    for path, points in series(source).items():
        if path.startswith(BELIEF):
            who, _, of = path.removeprefix(BELIEF).partition(" in ")
            rows += [_row(source, of, point) | {"who": who} for point in points]
    return rows


def _row(source: RunSource, path: str, point: SeriesPoint) -> Row:
    told = {"path": path, "value": point.value, "told_by": point.told_by}
    return {"seq": point.seq, "at": point.at, "day": day(source, point.t), **told}
