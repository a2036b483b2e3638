"""A document as blocks, from which each medium is written: HTML, Markdown, Word, PDF and the terminal.

A block is a frozen class.
`for_paper` replaces the blocks that only a page on a screen has by their form in other media.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import floor, log10
from typing import Any, TypeVar

from wargame.dataclasses import dataclass, replace

T = TypeVar("T")
MARKING = "EXERCISE EXERCISE EXERCISE"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `quiet` for side remarks, `lead` for the sentence that says most, `alarm` for a warning.

    One for the `screen` explains what to do there; other media leave it out.
    """

    text: str
    quiet: bool = False
    lead: bool = False
    alarm: bool = False
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` if the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Something that happened, with what is to say about it; `marked` if it ended the run."""

    title: str
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """Things that happened, side by side on a page and as a list elsewhere."""

    items: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a chain: its role, such as inject or decision, what happened, and when."""

    role: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class Chain:
    """An event with its date, the steps that led to it, and remarks on it; `seq` is the number of its record."""

    title: str
    when: str
    seq: int
    steps: tuple[Step, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The event in one line: `3 Jan 2030: War [#12]`."""
        return f"{self.when}: {self.title} [#{self.seq}]"

    @property
    def story(self) -> str:
        """Return the steps that led to the event and the remarks on it, in one line; empty if there are none."""
        return ARROW.join(f"{step.text} ({step.when})" for step in self.steps) or " ".join(self.remarks)


@dataclass(frozen=True, slots=True)
class Chains:
    """Numbered events."""

    items: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a caption. A row of one cell is the title of the rows below it.

    `widths` are shares of the page, equal if left out. Without `heads` a terminal prints no line of heads. On a phone,
    a row of a `stacked` table becomes a card, since its cells are texts.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    stacked: bool = False

    def filled(self) -> Grid:
        """Return the table without the columns in which no row has a text."""
        rows = [row for row in self.rows if len(row) == len(self.heads)]
        kept = [place for place, cells in enumerate(zip(*rows, strict=True)) if any(cells)] or range(len(self.heads))

        def of(row: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(row[place] for place in kept) if len(row) == len(self.heads) else row

        return replace(self, heads=of(self.heads), rows=tuple(map(of, self.rows)), widths=of(self.widths))

    def grouped(self) -> Grid:
        """Return the same table with the first column as titles of rows."""
        rows: list[tuple[str, ...]] = []
        for title, group in groupby(self.rows, key=lambda row: row[0]):
            rows += [(title,), *(row[1:] for row in group)]
        return replace(self, heads=self.heads[1:], rows=tuple(rows), widths=self.widths[1:])


@dataclass(frozen=True, slots=True)
class Code:
    """Commands to type in a shell, or in Python."""

    text: str
    python: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its title and description. It is drawn when it is written; Markdown has only the title."""

    title: str
    description: str
    chart: dict[str, Any]
    """A specification of Vega-Lite, of `drawing.chart`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Small figures, two side by side if there is room."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that was sent to people, as a file of the type `media_type`, `width` pixels wide.

    Word and PDF show it where they can; elsewhere, and if it is damaged, there is its title with the description.
    """

    title: str
    description: str
    data: bytes
    media_type: str
    width: int

    @property
    def caption(self) -> str:
        """Title and description."""
        return f"{self.title}: {self.description}" if self.description else self.title


@dataclass(frozen=True, slots=True)
class Fields:
    """Named parts of one thing, such as an observation; empty ones are left out."""

    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A new page."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that a page shows on demand below their `summary`, and that other media just show."""

    summary: str
    blocks: tuple[Any, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Island:
    """An interactive part of a page: the macro `name` of `islands.html.j2`, which is given `data()`.

    Other media have the blocks of `paper()` instead, by default nothing.
    """

    name: str
    data: Callable[[], Mapping[str, Any]] = dict
    paper: Callable[[], Iterable[Any]] = tuple


PlainBlock = Heading | Paragraph | Bullets | Cards | Chains | Grid | Code | Fields
Block = PlainBlock | Picture | Figures | Photo | Break | Fold | Island


def for_paper(blocks: Iterable[Any], *, pictures: bool = True) -> Iterator[Any]:
    """Yield the blocks of media other than HTML: islands in their static form, nothing folded, no screen hints."""
    for block in blocks:
        if isinstance(block, Island):
            yield from for_paper(block.paper(), pictures=pictures)
        elif isinstance(block, Fold):
            yield from for_paper(block.blocks, pictures=pictures)
        elif isinstance(block, Grid):
            yield block.filled()
        elif isinstance(block, Cards):
            yield Bullets(tuple(f"{card.title}: {card.text}" for card in block.items))
        elif not (getattr(block, "screen", False) or (isinstance(block, Picture) and not pictures)):
            yield block


def written(writers: Any, block: object) -> Any:
    """Return a block as a medium writes it: by what has the name of its class; raises TypeError for anything else."""
    write = getattr(writers, type(block).__name__, None)
    if write is None:
        raise TypeError(f"not a block: {block!r}")
    return write(block)


def to_repeat(*commands: str) -> tuple[Code, ...]:
    """Return commands as they are stored in manifests: shell commands, or calls such as `wargame.run('two-rivals')`."""
    parts = groupby(dict.fromkeys(filter(None, commands)), key=lambda command: command.startswith("wargame."))
    return tuple(
        Code("\n".join(("import wargame", "", *lines) if python else lines), python=python) for python, lines in parts
    )


def next_steps(rows: Sequence[tuple[str, str]]) -> Code:
    """Return commands, each with what it does as a comment of the shell."""
    longest = max(len(command) for command, _ in rows)
    return Code("\n".join(f"{command:<{longest}}  # {what}" for command, what in rows))


ARROW = " → "
"""Between the steps of a chain."""


def breakable(text: str) -> str:
    """Return text for a narrow column, with zero-width spaces after underscores, where it may be broken."""
    return text.replace("_", "_\u200b")


def title_of(blocks: Sequence[object]) -> str:
    """Return the first heading."""
    return next((block.text for block in blocks if isinstance(block, Heading)), "Report")


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
        rows = tuple((*((each.title,) if titled else ()), *line.cells) for each in self.groups for line in each.lines)
        return Grid(self.caption, heads, rows, tuple(1 / len(heads) for _ in heads))


def extent(largest: float) -> float:
    """Return the round number at the end of an axis that has to hold `largest`; 1 if that is 0."""
    if largest <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(largest))
    return next(step * power for step in STEPS if step * power >= largest * (1 - 1e-9))
