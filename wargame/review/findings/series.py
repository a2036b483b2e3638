"""Indicator values over time: monthly snapshots, and every recorded change between them."""

from collections.abc import Mapping, Sequence
from math import isfinite, nan

from wargame.dataclasses import dataclass
from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.run import SnapshotRecord
from wargame.journal.records.script import HazardRecord, HistoryRecord, InjectReleasedRecord
from wargame.language.compiler import compile_expression
from wargame.language.expressions import ExpressionError
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.source import RunSource
from wargame.scenario.model.measures import Call, Parsed, parse_measure

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


IndicatorSeries = Mapping[str, Sequence[SeriesPoint]]


def indicators(source: RunSource, numbers: IndicatorSeries) -> list[Row]:
    """Return every number over time except trust and estimates: `path`, `value` and its `source`."""
    return [
        _row(source, path, point)
        for path, points in numbers.items()
        if not path.startswith((BELIEF, "trust["))
        for point in points
    ]


def relations(source: RunSource, numbers: IndicatorSeries) -> list[Row]:
    """Return trust of each government in each other one at each snapshot, from −1 to 1."""
    return [
        _row(source, path, point) | dict(zip(("who", "whom"), path[6:-1].split(", "), strict=True))
        for path, points in numbers.items()
        if path.startswith("trust[")
        for point in points
        if point.source_kind == "snapshot"
    ]


def estimates(source: RunSource, numbers: IndicatorSeries) -> list[Row]:
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


COUNTED = ("action", "inject.released", "outcome")
"""Kinds of records that `count` counts, by what they are about."""


def objective_measures(source: RunSource) -> list[Row]:
    """Return each measure: objective, title, measure, standard, and value as text, empty if people have to find it."""
    plan = source.loaded.exercise if source.loaded else None
    if plan is None or source.scenario is None:
        return []
    titles = source.scenario.objectives
    return [
        {
            "objective": name,
            "title": titles[name].title if name in titles else planned.title,
            "measure": measure.named,
            "standard": measure.standard,
            "formula": measure.formula or "",
            "value": _text(source, measure.formula) if measure.formula else "",
        }
        for name, planned in plan.objectives.items()
        for measure in planned.measures
    ]


def _text(source: RunSource, formula: str) -> str:
    """Return the value of a formula; empty if the journal alone does not show it."""
    try:
        parsed = parse_measure(formula)
    except ExpressionError:
        return ""
    if parsed.reads or parsed.expression.events:
        return ""
    values = {name: value_of(source, call) for name, call in parsed.calls.items()}
    if any(value is None for value in values.values()):
        return ""
    number = _evaluated(parsed, {name: float(value or 0.0) for name, value in values.items()})
    if parsed.kind == "share" and isfinite(number):
        return "yes" if number else "no"
    if parsed.kind == "time":
        return f"after {number:.3g} d" if isfinite(number) else "did not occur"
    return f"{number:g}" if isfinite(number) else ""


def _evaluated(parsed: Parsed, values: dict[str, float]) -> float:
    """Return the expression with these values of its calls; NaN for a division by 0."""
    if parsed.kind == "time":
        return next(iter(values.values()))
    labels = list(values)
    numbers = {place: values[label] for place, label in enumerate(labels)}
    try:
        code = compile_expression(parsed.expression, lambda name, _: labels.index(name), strict=True)
        return float(code(numbers, lambda *_: 0.0))  # it calls no functions of events
    except ZeroDivisionError:
        return nan


def value_of(source: RunSource, call: Call) -> float | None:
    """Return the value of a call from the records since STARTEX; None for functions of indicators."""
    args, (after, until) = call.args, call.window
    inside = [r for r in source.since if after <= r.t - source.startex < until]
    if call.function in ("p", "time"):
        first = next((r for r in inside if r.kind == "outcome" and r.about == args[0]), None)
        if call.function == "p":
            return float(first is not None)
        return nan if first is None else (first.t - source.startex) / DAY
    if call.function in ("count", "first"):
        counted = (r for r in inside if r.kind in COUNTED and r.about == args[0])
        of = [r for r in counted if len(args) == 1 or (r.kind == "action" and r.who == args[1])]
        return float(len(of)) if call.function == "count" else (of[0].t - source.startex) / DAY if of else nan
    if call.function in ("actions", "severity"):
        acts = [r for r in inside if isinstance(r, ActionRecord) and args in ((), (r.who,))]
        return float(len(acts) if call.function == "actions" else sum(act.severity for act in acts))
    return None
