"""Writes an MSEL as an Excel workbook: MSEL, Expected, Lists, Read me, and a hidden sheet for the import."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from wargame.errors import MissingExtra
from wargame.sheets.msel_book import SheetContent
from wargame.sheets.reading import NEEDS_EXTRA
from wargame.sheets.table import letters

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS = 32_767
"""Characters that a cell of Excel can hold."""
SPARE_ROWS = 500
"""Rows below the last one for which the drop-downs also hold."""
HEAD_COLOUR = "DCE6F1"
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""The format writes characters as `_x0041_`, so that a text that looks like this is escaped itself."""


def to_xlsx(sheets: Sequence[SheetContent]) -> bytes:
    """Return the bytes of a workbook with these sheets.

    All cells are text, so that programs change neither dates nor leading zeros.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtra(NEEDS_EXTRA, "sheets") from None
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    for content in sheets:
        sheet = workbook.create_sheet(content.name)
        _fill(sheet, content)
        if content.hidden:
            sheet.sheet_state = "hidden"
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, content: SheetContent) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    top = Alignment(vertical="top", wrap_text=True)
    for row in (content.headings, *content.rows):
        sheet.append([_LIKE_AN_ESCAPE.sub("_x005F_", value) for value in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"  # so that a text that begins with `=` is not a formula
                cell.number_format = "@"
                cell.alignment = top
                cell.quotePrefix = str(cell.value).startswith(("=", "+", "-", "@", "'"))
    for number, width in enumerate(content.widths):
        sheet.column_dimensions[letters(number)].width = width
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEAD_COLOUR)
    if content.frozen:
        sheet.freeze_panes = content.frozen
        sheet.auto_filter.ref = f"A1:{letters(len(content.headings) - 1)}{len(content.rows) + 1}"
    _drop_downs(sheet, content)


def _drop_downs(sheet: Worksheet, content: SheetContent) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, source in content.choices.items():
        validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        validation.add(f"{letters(column)}2:{letters(column)}{len(content.rows) + 1 + SPARE_ROWS}")
        sheet.add_data_validation(validation)


def too_long(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the cells (row, column from 0) with more characters than a cell can hold."""
    return [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if len(cell) > MOST_CHARACTERS]
