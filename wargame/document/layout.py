"""The widths of the columns of tables on paper, so that no word is broken."""

import re

from wargame.document.blocks import Grid

CM_A_CHARACTER, PADDING = 0.2, 0.4
"""Width of a bold character of a table, and of what is beside the text of a cell, in centimetres."""
TEXT_WIDTH = 17.0
"""Centimetres between the margins."""
LONGEST = 24
"""Characters of a word that may be broken, such as a hash."""


def fitted(grid: Grid) -> list[float]:
    """Return the widths of columns in centimetres: as the table asks for them, but as wide as their longest words."""
    shares, least = grid.widths or (1.0,) * len(grid.heads), _needed(grid)
    if sum(least) >= TEXT_WIDTH:
        return [TEXT_WIDTH * each / sum(least) for each in least]
    spare = [max(each * TEXT_WIDTH / sum(shares) - need, 0.0) for each, need in zip(shares, least, strict=True)]
    return [need + (TEXT_WIDTH - sum(least)) * each / sum(spare) for need, each in zip(least, spare, strict=True)]


def _needed(grid: Grid) -> list[float]:
    columns = zip(*(row for row in (grid.heads, *grid.rows) if len(row) == len(grid.heads)), strict=True)
    longest = (max(map(len, re.findall(r"[^\s_/]+[_/]?", " ".join(cells))), default=1) for cells in columns)
    return [min(length, LONGEST) * CM_A_CHARACTER + PADDING for length in longest]
