"""Tables read from spreadsheets and CSV files: text cells with their places."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Problem, shortened

Cell = tuple[str, str]
"""The text of a cell and its place, such as `msel.xlsx:MSEL!F12`."""

Area = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, in the numbers of `Table.rows`."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: headings, and rows below them, both from 0. `sheet` is empty for a CSV file."""

    file: str
    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading_row: int = 1
    """The number of the row of headings in the sheet, from 1; 0 if the rows begin at the top."""
    typed: frozenset[tuple[int, int]] = field(default=frozenset())
    """Cells (row, column) that held a date and not a text."""
    broken: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Cells (row, column) without the value that they should have, and what is wrong with them."""
    merged: tuple[Area, ...] = ()
    is_hidden: bool = False
    facts: tuple[str, ...] = ()
    """Sentences on what a reader of the sheet may not see: hidden rows, formulas, an encoding."""

    def headed(self, count: int, headings: tuple[str, ...] | None = None) -> Table:
        """Return the sheet with its first `count` rows, this row of headings among them, above the rows.

        `headings` are the headings of the last of these rows by default; with a `count` of 0, they are empty.
        """
        every = (self.headings, *self.rows)
        moved = count - 1
        named = every[moved] if count else ("",) * len(self.headings)
        return replace(
            self,
            headings=headings or named,
            rows=every[count:],
            heading_row=self.heading_row + moved,
            typed=frozenset((row - moved, column) for row, column in self.typed if row >= moved),
            broken={(row - moved, column): text for (row, column), text in self.broken.items() if row >= moved},
            merged=tuple((r - moved, c, last - moved, d) for r, c, last, d in self.merged),
        )

    def broken_cells(self, columns: Iterable[int]) -> list[Problem]:
        """Return the problems of cells without a value in these columns."""
        remedy = "correct the formula, or write the text itself; an apostrophe before it makes it a text"
        read = set(columns)
        return [
            fault(self.place(row, column), message, remedy)
            for (row, column), message in sorted(self.broken.items())
            if column in read
        ]

    def place(self, row: int, column: int) -> str:
        """Return the place of a cell of `rows`, both counted from 0."""
        return f"{self.file}:{f'{self.sheet}!' if self.sheet else ''}{letters(column)}{self.heading_row + row + 1}"

    def heading_place(self, column: int) -> str:
        """Return the place of a heading."""
        return self.place(-1 if self.heading_row else 0, column)

    def records(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Yield the rows that have any text: the number from 0, and the non-empty cells by column."""
        for number, row in enumerate(self.rows):
            cells = {column: (cell, self.place(number, column)) for column, cell in enumerate(row) if cell}
            if cells:
                yield number, cells


def fault(place: object, message: str, remedy: str = "") -> Problem:
    """Return a problem of a file, or of one of its cells."""
    return Problem(str(place), 0, 0, message, remedy)


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A to Z, AA, ..."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def plain_heading(heading: str) -> str:
    """Return a heading without case, accents, punctuation and space, to compare it with others."""
    return "".join(char for char in unicodedata.normalize("NFKD", heading.casefold()) if char.isalnum())


def find_columns(table: Table, names: Sequence[str], problems: list[Problem]) -> dict[str, int]:
    """Return the columns that have one of these headings, by heading; a heading that occurs twice is a problem."""
    known = {plain_heading(name): name for name in names}
    places: dict[str, int] = {}
    for column, heading in enumerate(table.headings):
        name = known.get(plain_heading(heading))
        if name is None:
            continue
        if name in places:
            message, first = f"the heading '{shortened(heading)}' is written twice", table.heading_place(places[name])
            problems.append(fault(table.heading_place(column), message, f"first in {first}"))
        else:
            places[name] = column
    return places


SHOWN = 5
"""Further cells that a message names."""


@dataclass(slots=True)
class Causes:
    """Problems by cause. The first cell of a cause gives the message."""

    found: dict[str, list[Problem]] = field(default_factory=dict)

    def add(self, place: str, message: str, remedy: str = "", cause: str = "") -> None:
        """Add a problem of a cell; `cause` is what several cells have in common, the message by default."""
        self.found.setdefault(cause or message, []).append(fault(place, message, remedy))

    def problems(self, *, only: str = "", without: str = "") -> list[Problem]:
        """Return one problem for each cause, for this one alone, or for all but one."""
        found = (each for cause, each in self.found.items() if only in ("", cause) and cause != without)
        return [
            replace(first, message=f"{first.message}, and {cells(each.file for each in others)}") if others else first
            for first, *others in found
        ]


def cell_name(place: str) -> str:
    """Return the cell of a place: `F7` of `msel.xlsx:Sheet1!F7`."""
    return place.rpartition(":")[2].rpartition("!")[2]


def cells(places: Iterable[str], most: int = SHOWN) -> str:
    """Return the number of cells and the names of the first, such as `12 more cells: F7, F9, ...`."""
    names = list(map(cell_name, places))
    more = ", ..." if len(names) > most else ""
    return f"{len(names)} more cell{'s' if len(names) > 1 else ''}: {', '.join(names[:most])}{more}"
