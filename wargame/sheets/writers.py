"""Writes an MSEL as a workbook (xlsx, ods), as CSV, as a calendar (iCalendar, RFC 5545) and as a Markdown document.

The sheets of a workbook are MSEL, Expected, Lists, Read me, and a hidden one for the import. No maintained library
writes OpenDocument without an office program.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from wargame.dataclasses import dataclass
from wargame.errors import needs
from wargame.journal.archives import unzipped, zipped
from wargame.journal.template_cache import environment
from wargame.language.plain_text import clean
from wargame.sheets.columns import InjectCells
from wargame.sheets.msel_book import SheetContent
from wargame.sheets.reading import NEEDS_EXTRA, guarded
from wargame.sheets.table import letters
from wargame.tables import by_key

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS = 32_767
"""Characters that a cell of Excel can hold."""
SPARE_ROWS = 500
"""Rows below the last one for which the drop-downs also hold."""
MIME = "application/vnd.oasis.opendocument.spreadsheet"
_TIMES = re.compile(rb"<dcterms:(created|modified).*?</dcterms:\1>")
"""When a workbook was written: it is left out, so that the same sheets give the same bytes."""
WIDTH_CM = 0.21
"""Centimetres of one character of a column's width."""
HEAD_COLOUR = "DCE6F1"
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""The format writes characters as `_x0041_`, so that a text that looks like this is escaped itself."""


def to_xlsx(sheets: Sequence[SheetContent]) -> bytes:
    """Return a workbook of these sheets. All cells are text, so that programs keep dates and leading zeros."""
    with needs(NEEDS_EXTRA, "sheets"):
        from openpyxl import Workbook
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    for content in sheets:
        sheet = workbook.create_sheet(content.name)
        _fill(sheet, content)
        if content.hidden:
            sheet.sheet_state = "hidden"
    return zipped({name: _TIMES.sub(b"", content) for name, content in unzipped(_saved(workbook)).items()})


def _saved(workbook: Workbook) -> bytes:
    """Return the file of a workbook. Its sheets are written in memory: `save` of the library needs a temporary disk."""
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):
        def write_worksheet(self, ws: Worksheet) -> None:
            WorksheetWriter(ws, content := BytesIO()).write()
            archive.writestr(ws.path[1:], content.getvalue())
            self.manifest.append(ws)

    with ZipFile(stream := BytesIO(), "w") as archive:
        InMemory(workbook, archive).save()
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
    files = {"mimetype": MIME.encode()}
    for name in ("content.xml", "settings.xml", "META-INF/manifest.xml"):
        files[name] = templates.get_template(f"{name.rpartition('/')[2]}.j2").render(shared).encode()
    return zipped(files, stored=("mimetype",))


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


FOLD_AT = 75
"""Octets in a line of a calendar file."""
EVENT_MINUTES = 15
"""The duration of an inject in a calendar."""


@dataclass(frozen=True, slots=True)
class PlannedInject:
    """An inject with its planned time (None if it has none) and its trigger as a phrase."""

    row: InjectCells
    at: datetime | None
    trigger: str


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file in UTF-8 with a mark, as Excel expects it; cells that look like formulas are guarded."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([guarded(cell) for cell in headings])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def to_ics(scenario: str, injects: Iterable[PlannedInject], *, stamp: datetime, with_notes: bool = False) -> bytes:
    """Return a calendar with one event for each inject that has a time; the ids of events are stable.

    Times are in their own zone, which the calendar describes; without one they are by any reader's clock. Notes
    are for the facilitator and appear only with `with_notes`.
    """
    dated = [inject for inject in injects if inject.at is not None]
    zone = _zone_lines([inject.at for inject in dated if inject.at is not None])
    length = timedelta(minutes=EVENT_MINUTES)
    content = {"scenario": scenario, "injects": dated, "zone": zone, "stamp": stamp, "length": length}
    text = _rendered("msel.ics.j2", with_notes=with_notes, **content)
    return "".join(f"{part}\r\n" for line in text.split("\n") for part in _folded(line)).encode()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _zone_name(at: datetime) -> str:
    """Return the name of the zone of a time; empty for UTC, a fixed offset, and a time without a zone."""
    return at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) and at.tzinfo.key != "UTC" else ""


def _moment(at: datetime) -> str:
    if at.tzinfo is not None and not _zone_name(at):
        return f":{_utc(at)}"
    return f"{f';TZID={_zone_name(at)}' if at.tzinfo else ''}:{at:%Y%m%dT%H%M%S}"


def _zone_lines(times: Sequence[datetime]) -> list[str]:
    """Return the description of the zone of these times: one part for each change of its offset between them."""
    if not times or not _zone_name(times[0]):
        return []
    at, last = (limit(times).astimezone(UTC).replace(minute=0, second=0) for limit in (min, max))
    zone, before, parts = times[0].tzinfo, None, []
    while at <= last + timedelta(days=1):
        here = at.astimezone(zone)
        if here.utcoffset() != before:
            kind = "DAYLIGHT" if here.dst() else "STANDARD"
            onset = at.replace(tzinfo=None) + (before or here.utcoffset() or timedelta())
            offsets = [(at.replace(tzinfo=None) - onset, "FROM"), (-(here.utcoffset() or timedelta()), "TO")]
            parts += [f"BEGIN:{kind}", f"DTSTART:{onset:%Y%m%dT%H%M%S}"]
            parts += [f"TZOFFSET{name}:{_offset(-offset)}" for offset, name in offsets] + [f"END:{kind}"]
            before = here.utcoffset()
        at += timedelta(hours=1)
    return ["BEGIN:VTIMEZONE", f"TZID:{_zone_name(times[0])}", *parts, "END:VTIMEZONE"]


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _escaped(value: str) -> str:
    plain = clean(value, lines=True)
    for char in ("\\", ";", ","):
        plain = plain.replace(char, f"\\{char}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Return the line in parts of at most 75 octets; all but the first begin with a space."""
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > FOLD_AT:
            parts.append(part)
            part = " "
        part += char
    return [*parts, part]


def to_markdown(title: str, injects: Iterable[PlannedInject], *, with_notes: bool = False) -> bytes:
    """Return a document with one section for each storyline and one paragraph for each inject."""
    by_storyline = by_key((inject.row.cells.get("Storyline", ""), inject) for inject in injects)
    return (_rendered("msel.md.j2", title=title, storylines=by_storyline, with_notes=with_notes) + "\n").encode()


def _rendered(name: str, **content: object) -> str:
    """Return a text from its template, without line breaks at its end."""
    templates = environment("wargame.sheets", "templates", autoescape=False)
    templates.filters |= {"plain": _plain, "escaped": _escaped, "moment": _moment, "utc": _utc}
    return templates.get_template(name).render(content).rstrip()


def _plain(value: str) -> str:
    """Return a text without characters that Markdown or HTML would interpret."""
    printable = clean(value)
    for char in ("\\", "`", "*", "_", "[", "]", "<", ">", "#", "|"):
        printable = printable.replace(char, f"\\{char}")
    return printable
