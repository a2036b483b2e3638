"""Writes an MSEL as an Excel workbook or an OpenDocument spreadsheet.

The sheets are MSEL, Expected, Lists, Read me, and a hidden one for the import. No maintained library writes
OpenDocument without an office program.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from wargame.errors import MissingExtra
from wargame.journal.template_cache import environment
from wargame.sheets.msel_book import SheetContent
from wargame.sheets.reading import NEEDS_EXTRA
from wargame.sheets.table import letters

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS = 32_767
"""Characters that a cell of Excel can hold."""
SPARE_ROWS = 500
"""Rows below the last one for which the drop-downs also hold."""
MIME = "application/vnd.oasis.opendocument.spreadsheet"
_DATE = (1980, 1, 1, 0, 0, 0)
"""The time of the entries of the archive, so that the same MSEL gives the same bytes."""
WIDTH_CM = 0.21
"""Centimetres of one character of a column's width."""
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
    from openpyxl.worksheet.datavalidation import DataValidation

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
    for column, source in content.choices.items():
        validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        validation.add(f"{letters(column)}2:{letters(column)}{len(content.rows) + 1 + SPARE_ROWS}")
        sheet.add_data_validation(validation)


def to_ods(sheets: Sequence[SheetContent]) -> bytes:
    """Return the bytes of a spreadsheet with these sheets."""
    templates = environment("wargame.sheets", "templates")
    shared = {
        "sheets": sheets,
        "widths": sorted({width for sheet in sheets for width in sheet.widths}),
        "width_cm": WIDTH_CM,
        "letters": letters,
        "condition": _condition,
        "inline": _inline,
        "letter_number": lambda frozen: ord(frozen[0]) - ord("A"),
        "mime": MIME,
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _DATE), MIME)
        for name in ("content.xml", "settings.xml", "META-INF/manifest.xml"):
            text = templates.get_template(f"{name.rpartition('/')[2]}.j2").render(shared)
            archive.writestr(zipfile.ZipInfo(name, _DATE), text.encode(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _condition(source: str) -> str:
    """Return the condition for an Excel list: words between double quotes, or a range of another sheet."""
    if source.startswith('"'):
        words = ";".join(f'"{word}"' for word in source.strip('"').split(","))
        return f"of:cell-content-is-in-list({words})"
    name, _, area = source.partition("!")
    first, _, last = area.partition(":")
    return f"of:cell-content-is-in-list([${name}.{first}:.{last}])"


def _inline(line: str) -> Markup:
    """Return a line of a cell; runs of spaces and tabs are elements, since XML readers collapse them."""
    escaped = str(escape(line))
    escaped = re.sub(r"^ | (?= )|(?<= ) | $", "<text:s/>", escaped) if "  " in line or line != line.strip() else escaped
    return Markup(escaped.replace("\t", "<text:tab/>"))  # noqa: S704  # the line is escaped above
