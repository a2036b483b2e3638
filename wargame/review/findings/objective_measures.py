"""The measures that an exercise file gives to its objectives, with the numbers that the journal shows."""

from __future__ import annotations

from math import isfinite, nan

from wargame.language.compiler import compile_expression
from wargame.language.expressions import ExpressionError
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.source import RunSource
from wargame.scenario.model.measures import Call, Parsed, parse_measure

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
            "measure": measure.title,
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
    values = {name: _value(source, call) for name, call in parsed.calls.items()}
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


def _value(source: RunSource, call: Call) -> float | None:
    """Return the value of a call from the records since STARTEX; None for functions of indicators."""
    args = call.args
    if call.function in ("p", "time"):
        first = next((r for r in source.since if r.kind == "outcome" and r.about == args[0]), None)
        if call.function == "p":
            return float(first is not None)
        return nan if first is None else (first.t - source.startex) / DAY
    if call.function == "count":
        of = [r for r in source.since if r.kind in COUNTED and r.about == args[0]]
        return float(sum(len(args) == 1 or (r.kind == "action" and r.who == args[1]) for r in of))
    if call.function == "actions":
        return float(sum(r.kind == "action" and args in ((), (r.who,)) for r in source.since))
    return None
