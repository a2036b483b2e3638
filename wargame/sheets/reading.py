"""Reads spreadsheets (xlsx, xls, ods) and CSV files as tables of text, within limits of size.

Cells that a program has stored as numbers, dates or booleans become the text that an author would write. The functions
raise `Invalid` with the place of what cannot be read.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault, needs, shortened
from wargame.journal.inputs import open_input
from wargame.language.times import format_duration
from wargame.sheets.archive import MOST_COLUMNS, MOST_ROWS, SheetFacts, check_archive, invalid
from wargame.sheets.columns import clean
from wargame.sheets.table import Table

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_BYTES = 20_000_000
SPREADSHEETS = (".xlsx", ".xls", ".ods")
NEEDS_EXTRA = "reading and writing spreadsheets needs the extra `sheets`"
GUARDED = ("=", "+", "-", "@", "\t")
"""A CSV cell that begins with one of these is a formula to spreadsheet programs; an apostrophe before it guards it."""


def read_tables(path: Path, sheet: str = "") -> list[Table]:
    """Return all sheets of a file with text in them, or one of them; a CSV file has one."""
    return tables_of(str(path), read_bytes(path), sheet)


def tables_of(label: str, data: bytes, sheet: str = "") -> list[Table]:
    """Return the sheets of a file with this name and these bytes, or one of them if it is there."""
    suffix = Path(label).suffix.lower()
    if suffix == ".csv":
        return [_csv_table(label, data)]
    if suffix in SPREADSHEETS:
        return _workbook_tables(label, data, sheet)
    if suffix in (".xlsm", ".xltm", ".xlsb"):
        raise invalid(label, "workbooks with macros are not read", "save it as .xlsx")
    raise invalid(label, "this is not a spreadsheet", "give a file that ends in .xlsx, .xls, .ods or .csv")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, at most `MOST_BYTES`."""
    if not path.exists():
        raise UsageFault(f"there is no file {path}")
    try:
        with open_input(path) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise invalid(path, f"cannot be read: {error.strerror or error}") from None
    if len(data) > MOST_BYTES:
        raise invalid(path, f"the file is larger than {MOST_BYTES // 1_000_000} MB", "split it, or remove pictures")
    if not data.strip():
        raise invalid(path, "the file is empty")
    return data


def _workbook_tables(label: str, data: bytes, sheet: str) -> list[Table]:
    with needs(NEEDS_EXTRA, "sheets"):
        import python_calamine as calamine
    known = check_archive(label, data, sheet)
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        hidden = {each.name for each in book.sheets_metadata if each.visible != calamine.SheetVisibleEnum.Visible}
        tables = [
            _sheet_table(label, book, name, known.get(name, SheetFacts(label, name)), is_hidden=name in hidden)
            for name in ([sheet] if sheet in book.sheet_names else book.sheet_names)
        ]
    except calamine.PasswordError:
        raise invalid(label, "the file is protected by a password", "save it without one") from None
    except (calamine.CalamineError, zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise invalid(label, f"this is not a spreadsheet that can be read: {error}", "save it again") from None
    return [table for table in tables if table is not None]


def _sheet_table(label: str, book: CalamineWorkbook, name: str, known: SheetFacts, *, is_hidden: bool) -> Table | None:
    sheet = book.get_sheet_by_name(name)
    values = [row for _, row in zip(range(MOST_ROWS + 1), sheet.to_python(skip_empty_area=False), strict=False)]
    rows = [tuple(_text(value) for value in row[:MOST_COLUMNS]) for row in values]
    head = next((number for number, row in enumerate(rows) if any(row)), None)
    if head is None:
        return None
    if len(rows) > MOST_ROWS:
        raise invalid(label, f"the sheet '{name}' has more than {MOST_ROWS:,} rows", "delete empty rows")
    typed = frozenset(
        (row, column)
        for row, cells in enumerate(values)
        for column, value in enumerate(cells)
        if isinstance(value, date | time | timedelta)
    )
    merged = tuple((r, c, last, d) for (r, c), (last, d) in sheet.merged_cell_ranges or ())
    every = Table(label, name, (), tuple(rows), 0, typed, known.broken, merged, is_hidden, tuple(_facts(known)))
    return every.headed(head + 2)


def _facts(known: SheetFacts) -> Iterator[str]:
    """Yield sentences on what a reader of the sheet does not see."""
    if known.hidden:
        numbers = [str(row + 1) for row in sorted(known.hidden)]
        rows = ", ".join(numbers[:8]) + (f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")
        yield f"rows that are hidden are read like the others: {rows} (delete them if they are not part of the MSEL)"
    if known.formulas:
        links = ", some in other files" if known.has_links else ""
        cells = "1 cell is a formula" if known.formulas == 1 else f"{known.formulas} cells are formulas"
        yield f"{cells}{links}: the values of the last save are read"


def _text(value: Any) -> str:
    """Return the text of a cell as an author would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return format_duration(round(value.total_seconds()))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return clean(str(value))


def _csv_table(label: str, data: bytes) -> Table:
    content, facts = _decoded(label, data)
    limit = csv.field_size_limit(MOST_BYTES)
    separator = max(",;\t", key=content.lstrip().split("\n", 1)[0].count)
    try:
        rows = list(csv.reader(StringIO(content, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise invalid(label, f"this is not a CSV file: {error}", "save it as CSV, UTF-8") from None
    finally:
        csv.field_size_limit(limit)
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise invalid(label, f"the file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns")
    head = next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if head is None:
        raise invalid(label, "the file is empty")
    width = max(map(len, rows))
    padded = [tuple(_unguarded(clean(cell)) for cell in (*row, *[""] * (width - len(row)))) for row in rows]
    return Table(label, "", padded[head], tuple(padded[head + 1 :]), head + 1, facts=facts)


def _decoded(label: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a CSV file and what to say about its encoding.

    It is UTF-8, UTF-16 with a mark, or else the code page of Western Windows. Raises Invalid if it is none of them.
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in content:
            odd = next((line for line in content.splitlines() if not line.isascii()), "")
            said = f"the file is not UTF-8 and is read as Western Windows text: check letters, as in '{shortened(odd)}'"
            return content, (said,) if encoding == "cp1252" else ()
    raise invalid(label, "the encoding of this file is not known", "save it as CSV, UTF-8")


def guarded(cell: str) -> str:
    """Return a CSV cell that no program takes for a formula."""
    return f"'{cell}" if cell.startswith(GUARDED) or (cell.startswith("'") and cell[1:].startswith(GUARDED)) else cell


def _unguarded(cell: str) -> str:
    """Return the cell without the apostrophe of `guarded`."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip("'").startswith(GUARDED) else cell
