"""Writes an MSEL as an OpenDocument spreadsheet. No maintained library writes the format without an office program."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from wargame.sheets.msel_book import MselBook, SheetContent
from wargame.sheets.table import letters

MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    "of": "urn:oasis:names:tc:opendocument:xmlns:of:1.2",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
_DATE = (1980, 1, 1, 0, 0, 0)
"""The time of the entries of the archive, so that the same MSEL gives the same bytes."""
WIDTH_CM = 0.21
"""Centimetres of one character of a column's width."""


def to_ods(book: MselBook) -> bytes:
    """Return the bytes of the spreadsheet."""
    return _document(book.sheets)


def sheet_to_ods(content: SheetContent) -> bytes:
    """Return the bytes of a spreadsheet with one sheet."""
    return _document((content,))


def _document(sheets: tuple[SheetContent, ...]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, "mimetype", MIME, zipfile.ZIP_STORED)
        _add(archive, "content.xml", _content(sheets))
        _add(archive, "settings.xml", _settings(sheets))
        _add(archive, "META-INF/manifest.xml", _manifest())
    return stream.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: str, how: int = zipfile.ZIP_DEFLATED) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DATE), content.encode(), how)


def _root(name: str, inside: str) -> str:
    spaces = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in _NAMES.items() if prefix != "manifest")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{name} {spaces} office:version="1.3">{inside}</office:{name}>'
    )


def _content(sheets: tuple[SheetContent, ...]) -> str:
    widths = sorted({width for sheet in sheets for width in sheet.widths})
    styles = "".join(
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width * WIDTH_CM:.2f}cm"/></style:style>'
        for width in widths
    )
    styles += (
        '<number:text-style style:name="text"><number:text-content/></number:text-style>'
        '<style:style style:name="cell" style:family="table-cell" style:data-style-name="text">'
        '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
        '<style:style style:name="head" style:family="table-cell" style:data-style-name="text">'
        '<style:table-cell-properties fo:background-color="#dce6f1" fo:wrap-option="wrap"/>'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/>'
        "</style:style>"
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    lists = [
        f'<table:content-validation table:name="{_validation(sheet, column)}" table:allow-empty-cell="true" '
        f"table:condition={quoteattr(_condition(source))} table:base-cell-address={quoteattr(_address(sheet, column))}>"
        '<table:error-message table:display="false"/></table:content-validation>'
        for sheet in sheets
        for column, source in sheet.choices.items()
    ]
    tables = "".join(map(_table, sheets))
    body = f"<table:content-validations>{''.join(lists)}</table:content-validations>{tables}"
    return _root(
        "document-content",
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>",
    )


def _validation(sheet: SheetContent, column: int) -> str:
    return f"list_{sheet.name}_{column}"


def _address(sheet: SheetContent, column: int) -> str:
    return f"'{sheet.name}'.{letters(column)}2"


def _condition(source: str) -> str:
    """Return the condition for an Excel list: words between double quotes, or a range of another sheet."""
    if source.startswith('"'):
        words = ";".join(f'"{word}"' for word in source.strip('"').split(","))
        return f"of:cell-content-is-in-list({words})"
    name, _, area = source.partition("!")
    first, _, last = area.partition(":")
    return f"of:cell-content-is-in-list([${name}.{first}:.{last}])"


def _table(sheet: SheetContent) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths)
    head = _row(sheet.headings, "head", {})
    checks = {column: _validation(sheet, column) for column in sheet.choices}
    rows = "".join(_row(row, "cell", checks) for row in sheet.rows)
    style = "hidden" if sheet.hidden else "shown"
    name = quoteattr(sheet.name)
    return f'<table:table table:name={name} table:style-name="{style}">{columns}{head}{rows}</table:table>'


def _row(cells: tuple[str, ...], style: str, checks: dict[int, str]) -> str:
    written = (
        f'<table:table-cell table:style-name="{style}"{_check(checks.get(column))} office:value-type="string">'
        f"{''.join(f'<text:p>{_inline(line)}</text:p>' for line in cell.split(chr(10)))}</table:table-cell>"
        if cell
        else f'<table:table-cell table:style-name="{style}"{_check(checks.get(column))}/>'
        for column, cell in enumerate(cells)
    )
    return f"<table:table-row>{''.join(written)}</table:table-row>"


def _check(name: str | None) -> str:
    return f' table:content-validation-name="{name}"' if name else ""


def _inline(line: str) -> str:
    """Return a line of a cell; runs of spaces and tabs are elements, since XML readers collapse them."""
    escaped = escape(line)
    escaped = re.sub(r"^ | (?= )|(?<= ) | $", "<text:s/>", escaped) if "  " in line or line != line.strip() else escaped
    return escaped.replace("\t", "<text:tab/>")


def _settings(sheets: tuple[SheetContent, ...]) -> str:
    """Return the panes that stay in view."""
    views = "".join(_view(sheet) for sheet in sheets if sheet.frozen)
    entry = f'<config:config-item-map-entry><config:config-item-map-named config:name="Tables">{views}'
    entry += "</config:config-item-map-named></config:config-item-map-entry>"
    inside = f'<config:config-item-map-indexed config:name="Views">{entry}</config:config-item-map-indexed>'
    return _root(
        "document-settings",
        f'<office:settings><config:config-item-set config:name="ooo:view-settings">{inside}</config:config-item-set>'
        "</office:settings>",
    )


def _view(sheet: SheetContent) -> str:
    column = ord(sheet.frozen[0]) - ord("A")
    items = {"HorizontalSplitMode": 2, "VerticalSplitMode": 2, "HorizontalSplitPosition": column}
    items |= {"VerticalSplitPosition": 1, "PositionRight": column, "PositionBottom": 1}
    written = "".join(
        f'<config:config-item config:name="{name}" config:type="{"short" if "Mode" in name else "int"}">{value}'
        "</config:config-item>"
        for name, value in items.items()
    )
    name = quoteattr(sheet.name)
    return f"<config:config-item-map-entry config:name={name}>{written}</config:config-item-map-entry>"


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", MIME), ("content.xml", "text/xml"), ("settings.xml", "text/xml"))
    )
    uri = quoteattr(_NAMES["manifest"])
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest={uri} manifest:version="1.3">'
        f"{entries}</manifest:manifest>"
    )
