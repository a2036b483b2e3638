"""The answers of the look-ahead as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from wargame.futures.continuation import ActionCounts, FutureResult, measures
from wargame.simulation.exercise import Exercise
from wargame.statistics.differences import Difference, holm, paired
from wargame.statistics.intervals import Floats, wilson

SIGNIFICANT = 0.05
"""Differences are clear if their p-value, adjusted for all comparisons, is below this."""
WIDEST = 40
"""Columns up to which names are aligned."""
EQUAL = 0.005
"""Measures closer to each other than this are equal when printed."""


def title_of(exercise: Exercise, name: str) -> str:
    """The title of an outcome or an indicator; another measure is its own title."""
    scenario = exercise.context.scenario
    spec = scenario.outcomes.get(name) or scenario.indicators.get(name)
    return spec.title if spec else name.replace("_", " ")


def open_outcomes(exercise: Exercise) -> list[str]:
    """The outcomes that have not occurred."""
    return [name for name in exercise.context.scenario.outcomes if exercise.outcomes[name] is None]


def forecast_lines(exercise: Exercise, results: Sequence[FutureResult]) -> list[str]:
    """The open outcomes by probability, with Wilson's 95 % interval; those that no future has in one line."""
    n = len(results)
    counts = {name: sum(name in result.outcomes for result in results) for name in open_outcomes(exercise)}
    if not counts:
        return ["Every outcome has already occurred."]
    lines = []
    for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        if count:
            p, (low, high) = count / n, wilson(count / n, n)
            interval = f"({low:.0%} to {high:.0%})"
            lines.append(f"{'<1%' if p < 0.01 else f'{p:.0%}':>4} {interval:<14}  {title_of(exercise, name)}")
    if never := [title_of(exercise, name) for name in sorted(counts) if not counts[name]]:
        lines.append(f"in none of {n} (0% to {wilson(0.0, n)[1]:.0%}): {'; '.join(never)}")
    return lines


def whatif_lines(exercise: Exercise, without: Sequence[FutureResult], given: Sequence[FutureResult]) -> list[str]:
    """The clear differences between paired futures, without and with a command; the rest by name.

    A difference is clear if its p-value is below `SIGNIFICANT` after Holm's adjustment for all comparisons.
    """
    shares = {name: (_occurred(without, name), _occurred(given, name)) for name in open_outcomes(exercise)}
    levels = {name: (_level(without, name), _level(given, name)) for name in sorted(given[0].measures)}
    tests = {name: paired(after, before, share=True) for name, (before, after) in shares.items()}
    tests |= {name: paired(after, before, share=False) for name, (before, after) in levels.items()}
    adjusted = dict(zip(tests, holm([test.p for test in tests.values()]), strict=True))
    clear = [name for name, p in adjusted.items() if p < SIGNIFICANT]
    titles = {name: title_of(exercise, name) for name in tests}
    width = min(WIDEST, max((len(titles[name]) for name in clear), default=0))
    lines = [f"{'':<{width}}  {'without':>8} {'with':>8}  difference"] if clear else ["No clear difference."]
    for name in clear:
        before, after = (shares if name in shares else levels)[name]
        form = ".0%" if name in shares else ".2f"
        change = _share_change(before, after) if name in shares else _level_change(tests[name])
        lines.append(f"{titles[name]:<{width}}  {before.mean():>8{form}} {after.mean():>8{form}}  {change}")
    same = [titles[name] for name in tests if name not in clear]
    return [*lines, *([f"no clear difference: {'; '.join(same)}"] if same else [])]


def _occurred(results: Sequence[FutureResult], name: str) -> Floats:
    return np.array([name in result.outcomes for result in results], dtype=np.float64)


def _level(results: Sequence[FutureResult], name: str) -> Floats:
    return np.array([result.measures[name] for result in results], dtype=np.float64)


def _share_change(before: Floats, after: Floats) -> str:
    more, fewer = int((after > before).sum()), int((after < before).sum())
    return f"{after.mean() - before.mean():+.0%} (in {more} only with it, in {fewer} only without)"


def _level_change(difference: Difference) -> str:
    return f"{difference.estimate:+.2f} ({difference.low:+.2f} to {difference.high:+.2f})"


def where_lines(exercise: Exercise, results: Sequence[FutureResult]) -> list[str]:
    """The percentile of this exercise among unattended runs, for each measure that differs; ties count half."""
    here, n = measures(exercise, ActionCounts(exercise)), len(results)
    lines = [f"Percentile of this exercise among {n} unattended runs at the same moment:"]
    for name in sorted(here):
        others = [result.measures[name] for result in results]
        if any(abs(value - here[name]) >= EQUAL for value in others):
            below = sum(value < here[name] for value in others) + 0.5 * sum(value == here[name] for value in others)
            values = f"here {here[name]:>6.2f}, median {median(others):>6.2f}"
            lines.append(f"{100 * below / n:>3.0f}%  {values}  {title_of(exercise, name)}")
    return lines if len(lines) > 1 else [*lines, "no measure differs"]
