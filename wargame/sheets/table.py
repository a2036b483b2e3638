"""Tables read from spreadsheets and CSV files: text cells with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wargame.errors import Problem, shortened

Cell = tuple[str, str]
"""The text of a cell and its place, such as `msel.xlsx:MSEL!F12`."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: headings and rows. `sheet` is empty for a CSV file; `first` is the number of the first row below."""

    file: str
    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading_row: int = 1
    typed: frozenset[tuple[int, int]] = field(default=frozenset())
    """Cells (row, column from 0) that held a date and not a text."""
    broken: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Cells (row, column from 0) without the value that they should have, and what is wrong with them."""

    def broken_cells(self, columns: Iterable[int]) -> list[Problem]:
        """Return the problems of cells without a value in these columns."""
        remedy = "correct the formula, or write the text itself; an apostrophe before it makes it a text"
        read = set(columns)
        return [
            Problem(self.place(row, column), 0, 0, message, remedy)
            for (row, column), message in sorted(self.broken.items())
            if column in read
        ]

    def place(self, row: int, column: int) -> str:
        """Return the place of a cell of `rows`, both counted from 0."""
        return f"{self.file}:{f'{self.sheet}!' if self.sheet else ''}{letters(column)}{self.heading_row + row + 1}"

    def heading_place(self, column: int) -> str:
        """Return the place of a heading."""
        return f"{self.file}:{f'{self.sheet}!' if self.sheet else ''}{letters(column)}{self.heading_row}"

    def records(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Yield the rows that have any text: the number from 0, and the non-empty cells by column."""
        for number, row in enumerate(self.rows):
            cells = {column: (cell, self.place(number, column)) for column, cell in enumerate(row) if cell}
            if cells:
                yield number, cells


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A to Z, AA, ..."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def plain_heading(heading: str) -> str:
    """Return a heading without case, punctuation and space, to compare it with others."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def twice(table: Table, column: int, first: int) -> Problem:
    """Return the problem of a heading that occurs twice."""
    message = f"the heading '{shortened(table.headings[column])}' is written twice"
    return Problem(table.heading_place(column), 0, 0, message, f"first in {table.heading_place(first)}")


def find_columns(table: Table, names: Sequence[str], problems: list[Problem]) -> dict[str, int]:
    """Return the columns that have one of these headings, by heading; a heading that occurs twice is a problem."""
    known = {plain_heading(name): name for name in names}
    places: dict[str, int] = {}
    for column, heading in enumerate(table.headings):
        name = known.get(plain_heading(heading))
        if name is None:
            continue
        if name in places:
            problems.append(twice(table, column, places[name]))
        else:
            places[name] = column
    return places
