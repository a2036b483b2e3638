"""The answers of the look-ahead as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from wargame.futures.continuation import FutureResult
from wargame.futures.lookahead_rows import SHARE, LookaheadRow, forecast_rows, whatif_rows, where_rows
from wargame.simulation.exercise import Exercise
from wargame.statistics.intervals import wilson

WIDEST = 40
"""Columns up to which names are aligned."""


def forecast_lines(exercise: Exercise, results: Sequence[FutureResult]) -> list[str]:
    """Return the open outcomes by probability, with Wilson's 95 % interval; those that no future has in one line."""
    n, rows = len(results), forecast_rows(exercise, results)
    if not rows:
        return ["Every outcome has already occurred."]
    lines = []
    for row in rows:
        share, interval = "<1%" if row.value < 0.01 else f"{row.value:.0%}", f"({row.low:.0%} to {row.high:.0%})"
        lines += [f"{share:>4} {interval:<14}  {row.title}"] if row.value else []
    if never := [row.title for row in rows if not row.value]:
        lines.append(f"in none of {n} (0% to {wilson(0.0, n)[1]:.0%}): {'; '.join(never)}")
    return lines


def whatif_lines(exercise: Exercise, without: Sequence[FutureResult], given: Sequence[FutureResult]) -> list[str]:
    """Return the clear differences between paired futures, without and with a command; the rest by name."""
    rows = whatif_rows(exercise, without, given)
    clear = [row for row in rows if row.clear]
    width = min(WIDEST, max((len(row.title) for row in clear), default=0))
    lines = [f"{'':<{width}}  {'without':>8} {'with':>8}  difference"] if clear else ["No clear difference."]
    for row in clear:
        form = ".0%" if row.kind == SHARE else ".2f"
        lines.append(f"{row.title:<{width}}  {row.without:>8{form}} {row.given:>8{form}}  {change_text(row)}")
    same = [row.title for row in rows if not row.clear]
    return [*lines, *([f"no clear difference: {'; '.join(same)}"] if same else [])]


def change_text(row: LookaheadRow) -> str:
    """Return a difference in words: of shares with the pairs that differ, of levels with its interval."""
    if row.kind == SHARE:
        return f"{row.value:+.0%} (in {row.only_given} only with it, in {row.only_without} only without)"
    return f"{row.value:+.2f} ({row.low:+.2f} to {row.high:+.2f})"


def where_lines(exercise: Exercise, results: Sequence[FutureResult]) -> list[str]:
    """Return the percentile of this exercise among unattended runs, for each measure that differs."""
    lines = [f"Percentile of this exercise among {len(results)} unattended runs at the same moment:"]
    for row in where_rows(exercise, results):
        values = f"here {row.given:>6.2f}, median {row.without:>6.2f}"
        lines.append(f"{100 * row.value:>3.0f}%  {values}  {row.title}")
    return lines if len(lines) > 1 else [*lines, "no measure differs"]
