"""Texts with parts that HTML marks, such as links to records. Other media write them as plain texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self


class Piece(str):
    """A part of a text with a look in HTML: a date, a record, a status, code, or a detail to open.

    `shown` is its text in HTML if that differs, `name` the kind of a status.
    """

    __slots__ = ("look", "name", "shown")

    def __new__(cls, look: str, text: str, shown: str = "", name: str = "") -> Self:
        """A piece with one of the looks of the HTML writer, such as `when`, `record`, `status`, `strong` and `code`."""
        piece = super().__new__(cls, text)
        piece.look, piece.shown, piece.name = look, shown or text, name
        return piece

    look: str
    shown: str
    name: str


class Rich(str):
    """A text of several parts, some of them with a look in HTML. Other media write it as a plain text."""

    __slots__ = ("parts",)

    def __new__(cls, *parts: str) -> Self:
        """The parts are strings and pieces; they are joined without blanks."""
        text = super().__new__(cls, "".join(parts))
        text.parts = parts
        return text

    parts: tuple[str, ...]


def record(seq: int | None) -> str:
    """Return the number of a record, as `#12`, which links to it in HTML; empty for None."""
    return "" if seq is None else Piece("record", f"#{seq}", name=str(seq))


def reference(seq: int | None) -> str:
    """Return the number of a record at the end of a sentence, as ` [#12]`; empty for None."""
    return "" if seq is None else Piece("reference", f" [#{seq}]", f"#{seq}", str(seq))


def records(seqs: Iterable[int | None]) -> Rich:
    """Return numbers of records, as `#12 #13`."""
    parts = [part for seq in seqs if seq is not None for part in (" ", record(seq))]
    return Rich(*parts[1:])


_RECORD = re.compile(r"\[#(\d+)\]")


def linked(text: str) -> Rich:
    """Return a text of a reviewer, in which `[#12]` stands for record 12."""
    parts = _RECORD.split(text)
    return Rich(*(Piece("record", f"[#{part}]", f"#{part}", part) if n % 2 else part for n, part in enumerate(parts)))


def detail(text: str) -> str:
    """Return a long text that HTML shows on demand and other media leave out."""
    return Piece("detail", "", text) if text else ""


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
