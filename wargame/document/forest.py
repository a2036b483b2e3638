"""A table of results whose rows have an interval drawn beside them, on an axis that the rows of a group share."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from wargame.document.blocks import Grid, Picture

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Span:
    """An interval and its point on an axis from 0 (left end) to 1 (right end)."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class ForestLine:
    """A row: its cells, its interval if there is one, and whether it is shown to differ from the reference."""

    cells: tuple[str, ...]
    span: Span | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class ForestGroup:
    """Rows with a title and an axis: the texts at its left end, its reference and its right end.

    `reference` is the place of the vertical line from 0 to 1; None for rows without an axis.
    """

    title: str
    lines: tuple[ForestLine, ...]
    ticks: tuple[str, str, str] = ("", "", "")
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class Forest:
    """Groups of rows under one caption. `pictures` show the same intervals in formats without drawings in cells."""

    caption: str
    heads: tuple[str, ...]
    groups: tuple[ForestGroup, ...]
    plot: str
    """The head of the column of intervals."""
    pictures: tuple[Picture, ...] = ()

    def grid(self) -> Grid:
        """Return the table without drawings: the title of its group is the first cell of each row."""
        titled = any(group.title for group in self.groups)
        heads = ("Measure", *self.heads) if titled else self.heads
        rows = tuple(
            (*((group.title,) if titled else ()), *line.cells) for group in self.groups for line in group.lines
        )
        return Grid(self.caption, heads, rows, tuple(1 / len(heads) for _ in heads))


def extent(largest: float) -> float:
    """Return the round number at the end of an axis that has to hold `largest`; 1 if that is 0."""
    if largest <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(largest))
    return next(step * power for step in STEPS if step * power >= largest * (1 - 1e-9))
