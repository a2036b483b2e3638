"""Wraps lines for a screen: between words, with continuation lines indented to the column where the text began."""

from __future__ import annotations

import re
from collections.abc import Iterable

from prompt_toolkit.utils import get_cwidth

LEAST = 20
"""In terminals narrower than this, lines are not wrapped."""
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
MANY = 4
"""A line with more gaps than this is a list of values; it continues under the first value."""


def folded(lines: Iterable[str], width: int) -> list[str]:
    """Return all lines, wrapped to `width` columns; lines with escape sequences are not changed."""
    return [part for line in lines for part in (fold(line, width) if "\x1b" not in line else [line])]


def fold(line: str, width: int) -> list[str]:
    """Wraps one line, whose columns are separated by two or more spaces.

    If the last column begins in the left 3/5 of the screen, its text continues below its beginning. If it begins
    further right, it moves to a new line.
    """
    if width < LEAST or get_cwidth(line) <= width:
        return [line]
    margin = len(line) - len(line.lstrip())
    starts = [match.end() for match in _GAP.finditer(line)]
    columns = starts[:1] if len(starts) > MANY else starts
    near = [start for start in columns if get_cwidth(line[:start]) <= width * 3 // 5]
    if columns and len(starts) <= MANY and near != columns:
        head, rest = line[: columns[-1]].rstrip(), line[columns[-1] :]
        return [*_wrap(head, width, margin + 4), *_wrap(" " * (margin + 4) + rest, width, margin + 4)]
    return _wrap(line, width, get_cwidth(line[: near[-1]]) if near else margin + 2)


def _wrap(line: str, width: int, hang: int) -> list[str]:
    """Breaks a line between words, and inside a word only if the word is longer than a line."""
    lines, begun = [], ""
    for word in re.findall(r"\s*\S+", line):
        piece = word
        if begun and get_cwidth(begun + piece) > width:
            lines.append(begun)
            begun, piece = " " * hang, piece.lstrip()
        while get_cwidth(begun + piece) > width:
            cut = _fitting(begun + piece, width)
            lines.append((begun + piece)[:cut])
            begun, piece = " " * hang, (begun + piece)[cut:]
        begun += piece
    return [*lines, begun]


def _fitting(text: str, width: int) -> int:
    """Return how many characters fit; at least one after the leading spaces."""
    least = len(text) - len(text.lstrip()) + 1
    taken = 0
    for place, letter in enumerate(text):
        taken += get_cwidth(letter)
        if taken > width:
            return max(place, least)
    return len(text)


def clipped(text: str, width: int) -> str:
    """Return a text cut to `width` columns; an ellipsis marks the cut."""
    if get_cwidth(text) <= width:
        return text
    while text and get_cwidth(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"
