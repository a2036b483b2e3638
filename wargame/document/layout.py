"""The layout of tables on paper: columns in which no word is broken, and which sections are in landscape."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from wargame.document.blocks import Grid, Heading

CM_A_CHARACTER, PADDING = 0.2, 0.4
"""Width of a bold character of a table, and of what is beside the text of a cell, in centimetres."""
PORTRAIT, LANDSCAPE = 17.0, 25.7
"""Centimetres between the margins of A4."""
MANY, LONGEST = 8, 24
"""Columns from which a table is wide anyway; characters of a word that may be broken, such as a hash."""


def fitted(grid: Grid, width: float) -> list[float]:
    """Return the widths of columns in centimetres: as the table asks for them, but as wide as their longest words."""
    shares, least = grid.widths or (1.0,) * len(grid.heads), _needed(grid)
    if sum(least) >= width:
        return [width * each / sum(least) for each in least]
    spare = [max(each * width / sum(shares) - need, 0.0) for each, need in zip(shares, least, strict=True)]
    return [need + (width - sum(least)) * each / sum(spare) for need, each in zip(least, spare, strict=True)]


def _needed(grid: Grid) -> list[float]:
    columns = zip(*(row for row in (grid.heads, *grid.rows) if len(row) == len(grid.heads)), strict=True)
    longest = (max(map(len, re.findall(r"[^\s_/]+[_/]?", " ".join(cells))), default=1) for cells in columns)
    return [min(length, LONGEST) * CM_A_CHARACTER + PADDING for length in longest]


def is_wide(block: object) -> bool:
    """Return whether a table needs landscape."""
    return isinstance(block, Grid) and bool(block.rows) and (len(block.heads) >= MANY or sum(_needed(block)) > PORTRAIT)


def oriented(blocks: Iterable[object]) -> Iterator[tuple[bool, list[object]]]:
    """Yield runs of blocks, with whether they are in landscape: a section with a wide table is so as a whole."""
    sections: list[list[object]] = [[]]
    for block in blocks:
        begun = not all(isinstance(each, Heading) for each in sections[-1])
        if begun and isinstance(block, Heading) and block.level <= 3:
            sections.append([])
        sections[-1].append(block)
    marked = [(any(map(is_wide, section)), section) for section in sections if section]
    for wide, same in groupby(marked, lambda pair: pair[0]):
        yield wide, [block for _, section in same for block in section]
