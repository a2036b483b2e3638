"""Looks into spreadsheets (xlsx, ods) before they are read: what is too large, hidden, computed, or without a value.

The library that reads them holds all cells between the first and the last one in memory, reads errors as empty, and
does not say what is hidden.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from wargame.errors import Invalid
from wargame.sheets.table import fault, letters

MOST_UNPACKED = 200_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
ERROR = "the cell has an error instead of a value"
NOT_COMPUTED = "the cell has a formula that has not been computed"
_CELL = re.compile(r"([A-Za-z]{1,4})([0-9]{1,9})")
_WORKSHEET = re.compile(r"(?:^|[/\\])worksheets[/\\].*\.xml$", re.IGNORECASE)
_CHUNK = 1 << 20


@dataclass(slots=True)
class SheetFacts:
    """Facts of a sheet besides its values. Rows and columns count from 0."""

    label: str
    name: str
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells that should have a value and have none, and what is wrong with them."""
    hidden: set[int] = field(default_factory=set)
    """Rows that are hidden and have values."""
    formulas: int = 0
    has_links: bool = False
    """Whether the workbook has links to other files."""

    def add(self, row: int, column: int, *, is_hidden: bool) -> None:
        """Note a cell with a value; raises Invalid if it is too far from the first one."""
        if is_hidden:
            self.hidden.add(row)
        if row < MOST_ROWS + 1 and column < MOST_COLUMNS:
            return
        place = f"{self.label}:{self.name}!{letters(column)}{row + 1}"
        message = f"the sheet has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
        raise invalid(place, message, "delete this cell, or choose another sheet with --sheet NAME")


def check_archive(label: str, data: bytes, only: str = "") -> dict[str, SheetFacts]:
    """Return what is known of each sheet, or of `only` if it is there; Invalid if the archive cannot be read safely."""
    if "EncryptedPackage".encode("utf-16-le") in data:  # the name of a stream, which is outside what is encrypted
        raise invalid(label, "the file is protected by a password", "save it without one")
    if not data.startswith(b"PK") and not zipfile.is_zipfile(BytesIO(data)):
        return {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_entries(label, archive)
            return {name: sheet for each in _sheets(label, archive, only) for name, sheet in each.items()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError):
        raise invalid(label, "the file is damaged: it is not a complete archive", "save it again") from None
    except expat.ExpatError as error:
        raise invalid(label, f"this is not a spreadsheet that can be read: {error}", "save it again") from None
    except RuntimeError:
        raise invalid(label, "the file is protected by a password", "save it without one") from None


def _check_entries(label: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise invalid(label, f"the file unpacks to more than {MOST_UNPACKED // 1_000_000} MB", "remove pictures")
    names = [entry.filename for entry in entries]
    if any(name.endswith("vbaProject.bin") for name in names):
        raise invalid(label, "workbooks with macros are not read", "save it as .xlsx")
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise invalid(label, "this is not a spreadsheet that can be read: there are no sheets in it", "save it again")
    for entry in entries:
        for _ in _chunks(archive, entry.filename):  # finds entries that are larger than they say
            pass
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise invalid(label, "the file is protected by a password", "save it without one")


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _sheets(label: str, archive: zipfile.ZipFile, only: str) -> Iterator[dict[str, SheetFacts]]:
    names = archive.namelist()
    if "content.xml" in names:
        yield _OpenDocument(label, archive, only).sheets
    if "xl/workbook.xml" in names:
        titles = _titles(archive)
        for name in names:
            if name in titles or _WORKSHEET.search(name):
                title = titles.get(name, posixpath.basename(name))
                if only in titles.values() and title != only:
                    continue
                sheet = _worksheet(label, title, archive, name)
                sheet.has_links = any(each.startswith("xl/externalLinks/") for each in names)
                yield {title: sheet}


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the sheets of an Excel workbook, by the name of their entry."""
    targets: dict[str, str] = {}
    titles: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and "Id" in attributes:
            target = attributes.get("Target", "").replace("\\", "/")
            targets[attributes["Id"]] = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            titles[targets.get(link, "")] = attributes.get("name", "")

    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return titles


def _worksheet(label: str, title: str, archive: zipfile.ZipFile, name: str) -> SheetFacts:
    cells = SheetFacts(label, title)
    row = column = -1
    kind = ""
    formula = inside = filled = hidden = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, inside, filled, hidden
        if tag == "row":
            hidden = attributes.get("hidden") in ("1", "true")
            row, column = int(attributes["r"]) - 1 if attributes.get("r", "").isdecimal() else row + 1, -1
        elif tag == "c":
            found = _CELL.fullmatch(attributes.get("r", ""))
            row, column = (int(found[2]) - 1, _number(found[1])) if found else (row, column + 1)
            kind, formula, filled = attributes.get("t", ""), False, False
        elif tag == "f":
            formula = True
            cells.formulas += 1
        elif tag in ("v", "is"):
            inside = True
            cells.add(row, column, is_hidden=hidden)

    def text(_: str) -> None:
        nonlocal filled
        filled = filled or inside

    def end(tag: str) -> None:
        nonlocal inside
        if tag in ("v", "is"):
            inside = False
        elif tag == "c" and kind == "e":
            cells.broken[row, column] = ERROR
        elif tag == "c" and formula and not filled and kind != "str":
            cells.broken[row, column] = NOT_COMPUTED

    _parse(archive, name, start, end, text)
    return cells


def _number(written: str) -> int:
    """Return the number from 0 of a column by its letters."""
    number = 0
    for char in written.upper():
        number = number * 26 + ord(char) - 64
    return number - 1


class _OpenDocument:
    """The sheets of an OpenDocument spreadsheet, in which rows and cells can be repeated."""

    def __init__(self, label: str, archive: zipfile.ZipFile, only: str) -> None:
        self._only = only
        self.sheets: dict[str, SheetFacts] = {}
        self._label, self._cells = label, SheetFacts(label, "")
        self._row = self._column = self._rows = self._columns = 0
        self._hidden = False
        _parse(archive, "content.xml", self._start, self._end)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            name = attributes.get("table:name", "")
            self._cells = self.sheets[name] = SheetFacts(self._label, name)
            self._row = 0
        elif tag == "table-row":
            self._column, self._rows = 0, _repeated(attributes, "table:number-rows-repeated")
            self._hidden = attributes.get("table:visibility", "visible") != "visible"
        elif tag in ("table-cell", "covered-table-cell"):
            self._columns = _repeated(attributes, "table:number-columns-repeated")
            types = [value for key, value in attributes.items() if key.endswith(":value-type")]
            self._cells.formulas += "table:formula" in attributes
            if types:
                self._add()
            problem = ERROR if "error" in types else "" if types or "table:formula" not in attributes else NOT_COMPUTED
            if problem:
                self._cells.broken[self._row, self._column] = problem
        elif tag == "p" and self._columns:
            self._add()

    def _end(self, tag: str) -> None:
        if tag == "table-row":
            self._row += self._rows
        elif tag in ("table-cell", "covered-table-cell"):
            self._column, self._columns = self._column + self._columns, 0

    def _add(self) -> None:
        """Note the last of the repeated cells."""
        if self._only and self._cells.name != self._only:
            return
        row, column = self._row + self._rows - 1, self._column + self._columns - 1
        self._cells.add(row, column, is_hidden=self._hidden)


def _repeated(attributes: dict[str, str], name: str) -> int:
    written = attributes.get(name, "1")
    return int(written) if written.isdecimal() and len(written) < 12 else 1


def _parse(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call the functions for the elements of an entry, with tags without their prefixes."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    for chunk in _chunks(archive, name):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def invalid(place: object, message: str, remedy: str = "") -> Invalid:
    """Return the fault of a file as a whole, or of one of its cells."""
    return Invalid([fault(place, message, remedy)])
