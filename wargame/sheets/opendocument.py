"""Writes an MSEL as an OpenDocument spreadsheet. No maintained library writes the format without an office program."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO

from markupsafe import Markup, escape

from wargame.journal.template_cache import environment
from wargame.sheets.msel_book import SheetContent
from wargame.sheets.table import letters

MIME = "application/vnd.oasis.opendocument.spreadsheet"
_DATE = (1980, 1, 1, 0, 0, 0)
"""The time of the entries of the archive, so that the same MSEL gives the same bytes."""
WIDTH_CM = 0.21
"""Centimetres of one character of a column's width."""


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
