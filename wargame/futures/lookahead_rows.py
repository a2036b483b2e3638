"""The answers of the look-ahead as numbers with their intervals: what is printed as lines and drawn as charts."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from statistics import median

import msgspec
import numpy as np

from wargame.futures.continuation import ActionCounts, FutureResult, measures
from wargame.simulation.exercise import Exercise
from wargame.statistics.differences import Difference, holm, paired
from wargame.statistics.intervals import Floats, wilson

SIGNIFICANT = 0.05
"""Differences are clear if their p-value, adjusted for all comparisons, is below this."""
EQUAL = 0.005
"""Measures closer to each other than this are equal when printed."""
SHARE, LEVEL, PERCENTILE = "share", "level", "percentile"
"""What a row is about: the share of futures with an outcome, the level of a measure, or a percentile."""


class LookaheadRow(msgspec.Struct, frozen=True):
    """One number of an answer.

    `value` is a share, a difference of shares or levels, or a percentile from 0 to 1; `low` and `high` are its 95 %
    interval, equal to `value` where there is none. `without` and `given` are the two sides of a comparison; for a
    percentile, the median of the others and the level of this exercise. `only_given` and `only_without` count the pairs
    with the outcome on one side alone. `clear` says whether the difference is significant.
    """

    title: str
    kind: str
    value: float
    low: float
    high: float
    without: float = 0.0
    given: float = 0.0
    only_given: int = 0
    only_without: int = 0
    clear: bool = True


def title_of(exercise: Exercise, name: str) -> str:
    """The title of an outcome or an indicator; another measure is its own title."""
    scenario = exercise.context.scenario
    spec = scenario.outcomes.get(name) or scenario.indicators.get(name)
    return spec.title if spec else name.replace("_", " ")


def open_outcomes(exercise: Exercise) -> list[str]:
    """The outcomes that have not occurred."""
    return [name for name in exercise.context.scenario.outcomes if exercise.outcomes[name] is None]


def forecast_rows(exercise: Exercise, results: Sequence[FutureResult]) -> list[LookaheadRow]:
    """The open outcomes by probability, with Wilson's 95 % interval."""
    n = len(results)
    counts = {name: sum(name in result.outcomes for result in results) for name in open_outcomes(exercise)}
    rows = []
    for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        low, high = wilson(count / n, n)
        rows.append(LookaheadRow(title_of(exercise, name), SHARE, count / n, low, high))
    return rows


def whatif_rows(
    exercise: Exercise, without: Sequence[FutureResult], given: Sequence[FutureResult]
) -> list[LookaheadRow]:
    """The differences between paired futures, without and with a command: outcomes, then measures.

    A difference is clear if its p-value is below `SIGNIFICANT` after Holm's adjustment for all comparisons.
    """
    shares = {name: (_occurred(without, name), _occurred(given, name)) for name in open_outcomes(exercise)}
    levels = {name: (_level(without, name), _level(given, name)) for name in sorted(given[0].measures)}
    tests = {name: paired(after, before, share=True) for name, (before, after) in shares.items()}
    tests |= {name: paired(after, before, share=False) for name, (before, after) in levels.items()}
    adjusted = dict(zip(tests, holm([test.p for test in tests.values()]), strict=True))
    rows = []
    for name, test in tests.items():
        kind, (before, after) = (SHARE, shares[name]) if name in shares else (LEVEL, levels[name])
        rows.append(_difference(title_of(exercise, name), kind, before, after, test, adjusted[name] < SIGNIFICANT))
    return rows


def _difference(title: str, kind: str, before: Floats, after: Floats, test: Difference, clear: bool) -> LookaheadRow:
    estimate = float(after.mean() - before.mean()) if kind == SHARE else test.estimate
    more, fewer = int((after > before).sum()), int((after < before).sum())
    low, high = (estimate if isnan(limit) else limit for limit in (test.low, test.high))  # one pair has no interval
    return LookaheadRow(title, kind, estimate, low, high, float(before.mean()), float(after.mean()), more, fewer, clear)


def _occurred(results: Sequence[FutureResult], name: str) -> Floats:
    return np.array([name in result.outcomes for result in results], dtype=np.float64)


def _level(results: Sequence[FutureResult], name: str) -> Floats:
    return np.array([result.measures[name] for result in results], dtype=np.float64)


def where_rows(exercise: Exercise, results: Sequence[FutureResult]) -> list[LookaheadRow]:
    """The percentile of this exercise among unattended runs, for each measure that differs; ties count half."""
    here, n = measures(exercise, ActionCounts(exercise)), len(results)
    rows = []
    for name in sorted(here):
        others = [result.measures[name] for result in results]
        if any(abs(value - here[name]) >= EQUAL for value in others):
            below = sum(value < here[name] for value in others) + 0.5 * sum(value == here[name] for value in others)
            share, middle = below / n, float(median(others))
            rows.append(LookaheadRow(title_of(exercise, name), PERCENTILE, share, share, share, middle, here[name]))
    return rows
