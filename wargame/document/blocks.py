"""A document as blocks, before it is Markdown, Word or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

MARKING = "EXERCISE EXERCISE EXERCISE"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `quiet` for side remarks, `lead` for the sentence that says most."""

    text: str
    quiet: bool = False
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` if the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Chains:
    """Numbered events, each with the steps that led to it; `items` are pairs of a title and its steps."""

    items: tuple[tuple[str, tuple[str, ...]], ...]


class Bar(str):
    """A cell with counts by name: its text is `3 met, 1 missed`, and most formats draw a stacked bar above it."""

    __slots__ = ("most", "parts")

    def __new__(cls, parts: tuple[tuple[str, int], ...], most: int) -> Self:
        """`parts` are names with their counts, `most` is the count of a full bar; without counts it is a dash."""
        bar = super().__new__(cls, ", ".join(f"{number} {name}" for name, number in parts if number) or "–")
        bar.parts, bar.most = parts, most
        return bar

    parts: tuple[tuple[str, int], ...]
    most: int


BAR_COLOURS = {"met": "0072B2", "late": "E69F00", "missed": "B34700"}
"""Colours of the parts of bars, without `#`; other names are grey."""
BAR_GREY = "98A3AD"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a caption. `widths` are shares of the page, equal if left out."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


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
    chart: object
    """An Altair chart."""


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


Block = Heading | Paragraph | Bullets | Chains | Grid | Code | Picture | Figures | Photo | Fields | Break
Document = Sequence[Block]


def to_repeat(*commands: str) -> tuple[Code, ...]:
    """Commands as they are stored in manifests: shell commands, or calls such as `wargame.run('two-rivals')`."""
    parts = groupby(dict.fromkeys(filter(None, commands)), key=lambda command: command.startswith("wargame."))
    return tuple(
        Code("\n".join(("import wargame", "", *lines) if python else lines), python=python) for python, lines in parts
    )


ARROW = " → "
"""Between the steps of a chain."""


def breakable(text: str) -> str:
    """Text for a narrow column, with zero-width spaces after underscores, where it may be broken."""
    return text.replace("_", "_\u200b")


def title_of(blocks: Sequence[object]) -> str:
    """The first heading."""
    return next((block.text for block in blocks if isinstance(block, Heading)), "Report")
