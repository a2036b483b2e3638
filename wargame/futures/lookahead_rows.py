"""The answers of the look-ahead as numbers with their intervals, which charts draw, and as lines of text."""

from collections.abc import Sequence
from math import isnan
from statistics import median
from typing import Annotated

import msgspec
import numpy as np

from wargame.futures.continuation import FutureResult, PresentRun
from wargame.journal.template_cache import text_lines
from wargame.simulation.exercise import Exercise
from wargame.statistics.intervals import Difference, Floats, holm, paired, wilson

SIGNIFICANT = 0.05
"""Differences are clear if their p-value, adjusted for all comparisons, is below this."""
EQUAL = 0.005
"""Measures closer to each other than this are equal when printed."""
SHARE, LEVEL, PERCENTILE = "share", "level", "percentile"
"""The subject of a row: the share of futures with an outcome, the level of a measure, or a percentile."""


_BEFORE = msgspec.Meta(description="The value without the command, or the median of the others.")
_AFTER = msgspec.Meta(description="The value with the command, or the level of this exercise.")


class LookaheadRow(msgspec.Struct, frozen=True):
    """One number of an answer; shares and percentiles are from 0 to 1."""

    title: Annotated[str, msgspec.Meta(description="The outcome or the measure.")]
    kind: Annotated[str, msgspec.Meta(description="`share`, `level` or `percentile`.")]
    value: Annotated[float, msgspec.Meta(description="A share, a level, a difference of these, or a percentile.")]
    low: Annotated[float, msgspec.Meta(description="The lower end of its 95 % interval.")]
    high: Annotated[float, msgspec.Meta(description="The upper end; both ends are `value` without an interval.")]
    without: Annotated[float, _BEFORE] = 0.0
    given: Annotated[float, _AFTER] = 0.0
    only_given: Annotated[int, msgspec.Meta(description="Pairs with the outcome only with the command.")] = 0
    only_without: Annotated[int, msgspec.Meta(description="Pairs with the outcome only without it.")] = 0
    clear: Annotated[bool, msgspec.Meta(description="Whether the difference is significant.")] = True


def title_of(exercise: Exercise, name: str) -> str:
    """Return the title of an outcome or an indicator; another measure is its own title."""
    scenario = exercise.context.scenario
    spec = scenario.outcomes.get(name) or scenario.indicators.get(name)
    return spec.title if spec else name.replace("_", " ")


def open_outcomes(exercise: Exercise) -> list[str]:
    """Return the outcomes that have not occurred."""
    return [name for name in exercise.context.scenario.outcomes if exercise.outcomes[name] is None]


def forecast_rows(exercise: Exercise, results: Sequence[FutureResult]) -> list[LookaheadRow]:
    """Return the open outcomes by probability, with Wilson's 95 % interval."""
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
    """Return the differences between paired futures, without and with a command: outcomes, then measures.

    A difference is clear if its p-value is below `SIGNIFICANT` after Holm's adjustment for all comparisons.
    """
    names = [(name, SHARE) for name in open_outcomes(exercise)] + [(name, LEVEL) for name in sorted(given[0].measures)]
    pairs = [(_numbers(without, name, kind), _numbers(given, name, kind)) for name, kind in names]
    tests = [
        paired(after, before, share=kind == SHARE) for (_, kind), (before, after) in zip(names, pairs, strict=True)
    ]
    rows = []
    for (name, kind), pair, test, p in zip(names, pairs, tests, holm([test.p for test in tests]), strict=True):
        rows.append(_difference(title_of(exercise, name), kind, *pair, test, p < SIGNIFICANT))
    return rows


def _difference(title: str, kind: str, before: Floats, after: Floats, test: Difference, clear: bool) -> LookaheadRow:
    estimate = float(after.mean() - before.mean()) if kind == SHARE else test.estimate
    more, fewer = int((after > before).sum()), int((after < before).sum())
    low, high = (estimate if isnan(limit) else limit for limit in (test.low, test.high))  # one pair has no interval
    return LookaheadRow(title, kind, estimate, low, high, float(before.mean()), float(after.mean()), more, fewer, clear)


def _numbers(results: Sequence[FutureResult], name: str, kind: str) -> Floats:
    return np.array([name in each.outcomes if kind == SHARE else each.measures[name] for each in results], np.float64)


def where_rows(exercise: Exercise, results: Sequence[FutureResult]) -> list[LookaheadRow]:
    """Return the percentile of this exercise among unattended runs, for each measure that differs; ties count half."""
    here, n = PresentRun(exercise).measures(), len(results)
    rows = []
    for name in sorted(here):
        others = [result.measures[name] for result in results]
        if any(abs(value - here[name]) >= EQUAL for value in others):
            below = sum(value < here[name] for value in others) + 0.5 * sum(value == here[name] for value in others)
            share, middle = below / n, float(median(others))
            rows.append(LookaheadRow(title_of(exercise, name), PERCENTILE, share, share, share, middle, here[name]))
    return rows


WIDEST = 40
"""Columns up to which names are aligned."""


def answer_lines(kind: str, rows: Sequence[LookaheadRow], n: int) -> list[str]:
    """Return the answer to a question of this kind, `forecast`, `whatif` or `where`, from `n` futures."""
    return text_lines(
        "wargame.futures", "answer.txt.j2", kind=kind, rows=rows, n=n, widest=WIDEST, change_text=change_text
    )


def change_text(row: LookaheadRow) -> str:
    """Return a difference as text: of shares with the pairs that differ, of levels with its interval."""
    if row.kind == SHARE:
        return f"{100 * row.value:+.0f} % (in {row.only_given} only with it, in {row.only_without} only without)"
    return f"{row.value:+.2f} ({row.low:+.2f} to {row.high:+.2f})"
