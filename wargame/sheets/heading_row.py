"""Finds the MSEL in a workbook of other makers: the sheet and the row of its headings, below rows of titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wargame.sheets.profiles import EXTRA_NOTE, meanings
from wargame.sheets.table import Table

MOST_TITLE_ROWS = 20
"""Rows above the headings that are looked through, such as a title, a classification, an empty line."""
FEWEST = 3
"""Known headings that a row below others needs to be taken for the headings."""


def msel_tables(tables: Sequence[Table]) -> list[Table]:
    """Return the sheets without the rows above their headings, those with the most known headings first."""
    return sorted((_without_titles(table) for table in tables), key=lambda table: -_known(table.headings))


def _without_titles(table: Table) -> Table:
    """Return the sheet from the row with the most known headings on; as it is if no row has more than the first."""
    best, most = table, _known(table.headings)
    for candidate in _below_titles(table):
        known = _known(candidate.headings)
        if known > most and known >= FEWEST:
            best, most = candidate, known
    return best


def _below_titles(table: Table) -> Iterator[Table]:
    """Yield what the sheet is if its first rows are titles."""
    for number, row in enumerate(table.rows[:MOST_TITLE_ROWS]):
        skipped = number + 1
        typed = frozenset((line - skipped, column) for line, column in table.typed if line >= skipped)
        yield Table(table.file, table.sheet, row, table.rows[skipped:], table.heading_row + skipped, typed)


def _known(headings: Sequence[str]) -> int:
    """Return how many parts of an inject these headings name; 0 without a title or a message."""
    parts = {meaning for meaning in meanings(headings, None).values() if meaning != EXTRA_NOTE}
    return len(parts) if parts & {"title", "message"} else 0
