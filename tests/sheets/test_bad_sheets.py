"""Files that cannot be read or used: one message for each cell, and nothing is written."""

from __future__ import annotations

import contextlib
import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from support import sheets
from support.in_process import inside
from wargame.errors import Problem, WargameError
from wargame.sheets import reading
from wargame.sheets.table import Table, find_columns


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an exercise and the export of its MSEL."""
    folder = tmp_path_factory.mktemp("exported")
    assert inside("init", "ex", cwd=folder).returncode == 0
    assert inside("msel export", ".", "--out", "msel.xlsx", cwd=folder / "ex").returncode == 0
    return folder / "ex"


@pytest.fixture
def exercise(exported: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(exported, tmp_path / "ex"))


def refusal(place: Path, change: Callable[[Any], None] | None = None) -> str:
    """The message of an import after a change of the workbook; the inject file must stay as it is."""
    if change is not None:
        sheets.edit(place / "msel.xlsx", change)
    before = (place / "injects.yaml").read_bytes()
    done = inside("msel import", "msel.xlsx", "--into", "injects.yaml", cwd=place)
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert (place / "injects.yaml").read_bytes() == before
    return done.stderr


@pytest.mark.parametrize(("heading", "place"), [("Title", "B1"), ("When", "F1")])
def test_a_renamed_column_of_an_export_is_one_problem(heading: str, place: str, exercise: Path) -> None:
    """Not one for each cell, as in a sheet of another tool."""

    def rename(book: Any) -> None:
        book["MSEL"][place].value = f"{heading}x"

    assert refusal(exercise, rename).splitlines() == [
        f"msel.xlsx:MSEL!{place}: the column '{heading}' is missing (write '{heading}' in place of '{heading}x')"
    ]


def test_a_column_of_ones_own_hides_no_other_column() -> None:
    """It may stand before the columns that are read."""
    table = Table("msel.csv", "", ("Colour", "Id", "Mood", "Title"), ())
    problems: list[Problem] = []
    assert (find_columns(table, ("Title", "Id"), problems), problems) == ({"Id": 1, "Title": 3}, [])


@pytest.mark.parametrize("into", [(), ("--into", "other.yaml")])
def test_the_script_of_a_built_in_scenario_is_changed_in_a_copy(into: tuple[str, ...], tmp_path: Path) -> None:
    """Instead of a problem for each row: what to do. The sheet then fits the copy."""
    assert inside("msel export", "two-rivals", "--out", "msel.xlsx", cwd=tmp_path).returncode == 0
    done = inside("msel import", "msel.xlsx", *into, cwd=tmp_path)
    assert done.returncode == 2
    assert "6 of the 6 injects of this sheet are in two-rivals already" in done.stderr
    assert "`wargame init DIR --from two-rivals`" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["msel.xlsx"]
    assert inside("init", "mine", "--from", "two-rivals", cwd=tmp_path).returncode == 0
    fits = inside("msel import", "msel.xlsx", "--into", "mine/msel.yaml", cwd=tmp_path)
    assert fits.stdout == "mine/msel.yaml: 0 changed, 0 added, 0 removed, 6 unchanged\n", fits.stderr


def cells(**changes: object) -> Callable[[Any], None]:
    """A change of cells of the sheet MSEL by their names."""

    def change(book: Any) -> None:
        for name, value in changes.items():
            book["MSEL"][name].value = value

    return change


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"L2": "LOWW"}, "msel.xlsx:MSEL!L2: unknown government 'LOWW'"),
        ({"J2": "Pigeon"}, "msel.xlsx:MSEL!J2: "),
        ({"E2": "sometime"}, "msel.xlsx:MSEL!E2: there is no trigger 'sometime' (it is one of at, after, when, random"),
        ({"E2": "at", "F2": "soon"}, "msel.xlsx:MSEL!F2: "),
        ({"E2": "at", "F2": None}, "msel.xlsx:MSEL!E2: the trigger 'at' needs a value in the column When"),
        ({"E2": "when", "F2": "tensoin > 1"}, "msel.xlsx:MSEL!F2: "),
        ({"E2": "after", "F2": "{inject: nothing"}, "msel.xlsx:MSEL!F2: not valid YAML"),
        ({"E2": "by hand", "F2": "D+1"}, "msel.xlsx:MSEL!F2: the trigger is by hand"),
        ({"A2": None}, "msel.xlsx:MSEL!A2: the id is missing"),
        (
            {"A3": "same", "A2": "same"},
            "msel.xlsx:MSEL!A3: the id 'same' is written twice (first in msel.xlsx:MSEL!A2)",
        ),
        ({"H2": "often"}, "msel.xlsx:MSEL!H2: "),
        ({"B2": None}, "`title` is missing"),
        ({"AD2": "tension: {a"}, "msel.xlsx:MSEL!AD2: not valid YAML"),
        ({"O2": "no.png"}, "msel.xlsx:MSEL!O2: attachment 'no.png': there is no such file"),
        ({"P2": "{questions: [{id: a, text: b, scale: [5, 1]}]}"}, "msel.xlsx:MSEL!P2: a scale goes from a lower"),
        ({"C1": "Message"}, "msel.xlsx:MSEL!N1: the heading 'Message' is written twice (first in msel.xlsx:MSEL!C1)"),
    ],
)
def test_a_bad_cell_is_named(exercise: Path, changes: dict[str, object], message: str) -> None:
    """With the sheet and the cell, and the nearest right word where there is one."""
    assert message in refusal(exercise, cells(**changes))


def test_all_bad_cells_are_named_at_once(exercise: Path) -> None:
    """One reading of the messages is enough to correct the sheet."""
    message = refusal(exercise, cells(L2="LOWW", J3="Pigeon"))
    assert "MSEL!L2" in message
    assert "MSEL!J3" in message


def test_expected_actions_are_checked_in_their_own_sheet(exercise: Path) -> None:
    """A row for an inject that does not exist, and an option that does not."""

    def change(book: Any) -> None:
        book["Expected"].append(["nobody", "LOW", "protest"])

    assert "msel.xlsx:Expected!A" in refusal(exercise, change)


def test_merged_rows_are_refused_with_their_range(exercise: Path) -> None:
    """It is not clear which rows a merged cell belongs to."""
    message = refusal(exercise, lambda book: book["MSEL"].merge_cells("C2:C4"))
    assert "msel.xlsx:MSEL!C2:C4: these cells are merged" in message


def test_a_true_date_is_accepted_with_a_warning(exercise: Path) -> None:
    """Spreadsheet programs turn what looks like a date into one."""
    sheets.edit(exercise / "msel.xlsx", cells(E2="at", F2=datetime.fromisoformat("2030-03-04 09:30")))
    done = inside("msel import", "msel.xlsx", "--into", "injects.yaml", cwd=exercise)
    assert (done.returncode, "msel.xlsx:MSEL!F2: this date is read as 2030-03-04 09:30" in done.stderr) == (0, True)
    assert "at: 2030-03-04 09:30" in (exercise / "injects.yaml").read_text("utf-8")


def read(name: str, data: bytes) -> str:
    """The message for a file with these bytes."""
    with pytest.raises(WargameError) as error:
        reading.tables_of(name, data)
    return str(error.value)


def archive(**entries: bytes) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return stream.getvalue()


def book_bytes() -> bytes:
    """A small workbook."""
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.xlsx", b"not a workbook", "this is not a spreadsheet that can be read"),
        ("x.xlsx", b"PK\x03\x04 broken", "it is not a complete archive"),
        ("x.xlsx", archive(a=b"x"), "this is not a spreadsheet that can be read"),
        ("x.xlsx", archive(**{"xl/vbaProject.bin": b"x"}), "workbooks with macros are not read (save it as .xlsx)"),
        ("x.xlsm", b"PK", "workbooks with macros are not read"),
        ("x.ods", b"\x00" * 100, "this is not a spreadsheet that can be read"),
        ("x.xls", b"\xd0\xcf\x11\xe0 broken", "this is not a spreadsheet that can be read"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "the file is protected by a password"),
        ("x.csv", b'a,"b\n', "this is not a CSV file"),
        ("x.csv", b"\n\n", "the file is empty"),
        ("x.docx", b"PK", "this is not a spreadsheet (give a file that ends in"),
    ],
)
def test_a_file_that_is_not_a_spreadsheet_is_refused(name: str, data: bytes, message: str) -> None:
    """With the file and what to do."""
    assert message in read(name, data)


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    """The sizes are those that the archive states."""
    data = bytearray(archive(big=b"x"))
    for place in (data.index(b"PK\x03\x04") + 22, data.index(b"PK\x01\x02") + 24):
        data[place : place + 4] = (210_000_000).to_bytes(4, "little")
    assert "unpacks to more than 200 MB" in read("x.xlsx", bytes(data))


def test_damaged_workbooks_are_refused() -> None:
    """A changed byte is read or refused with the file, never an internal error."""
    data = book_bytes()
    messages = []
    for place in range(0, len(data), 37):
        with contextlib.suppress(WargameError):
            reading.tables_of("x.xlsx", data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
            continue
        messages.append(read("x.xlsx", data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]))
    assert messages
    assert all(message.startswith("x.xlsx") for message in messages)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Titel;Größe\nä;ß\n".encode(), ("Titel", "Größe")),
        ("Titel;Größe\nä;ß\n".encode("cp1252"), ("Titel", "Größe")),
        ("Titel\tGröße\nä\tß\n".encode("utf-16"), ("Titel", "Größe")),
        ("\ufeffTitel,Größe\nä,ß\n".encode(), ("Titel", "Größe")),
    ],
)
def test_csv_files_of_any_program_are_read(data: bytes, expected: tuple[str, ...]) -> None:
    """Separators and encodings of Excel and others."""
    (table,) = reading.tables_of("x.csv", data)
    assert table.headings == expected
    assert table.rows == (("ä", "ß"),)


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    """So is a folder; nothing is created."""
    assert inside("msel import", "x.xlsx", "--scenario", "two-rivals", cwd=tmp_path).returncode == 2
    (tmp_path / "d.xlsx").mkdir()
    assert inside("msel import", "d.xlsx", "--scenario", "two-rivals", cwd=tmp_path).returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == ["d.xlsx"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("#REF!", "the cell has an error instead of a value"),
        ("=N2", "the cell has a formula that has not been computed"),
    ],
)
def test_a_cell_without_its_value_is_not_taken_for_empty(exercise: Path, value: str, message: str) -> None:
    """Otherwise the import would remove a message whose cell shows `#NAME?`."""
    said = refusal(exercise, cells(N2=value))
    assert said.startswith(f"msel.xlsx:MSEL!N2: {message} (correct the formula")
    assert len(said.splitlines()) == 1


def test_an_error_in_a_column_of_ones_own_does_not_matter(exercise: Path) -> None:
    """It is not read."""
    sheets.edit(exercise / "msel.xlsx", cells(AZ1="Mine", AZ2="#REF!"))
    done = inside("msel import", "msel.xlsx", "--into", "injects.yaml", cwd=exercise)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["XFD1048576", "A30000", "XFD3"])
def test_a_cell_far_from_the_others_is_refused_before_the_sheet_is_read(exercise: Path, name: str) -> None:
    """The library would hold all cells between in memory: 550 GB for the last cell that a sheet can have."""
    said = refusal(exercise, cells(**{name: "x"}))
    assert said.startswith(f"msel.xlsx:MSEL!{name}: the sheet has more than 20,000 rows or 500 columns (delete this")


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>
<table:table table:name="MSEL"><table:table-row>{headings}</table:table-row>{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(place: Path, rows: str) -> None:
    """A sheet with the headings Id, Title and Message, and these rows."""
    words = ("Id", "Title", "Trigger", "When", "Message")
    headings = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>' for word in words
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(place / "a.ods", "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", ODS.format(headings=headings, rows=rows))
        archive.writestr("META-INF/manifest.xml", manifest)


CELL = '<table:table-cell {more} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
EMPTY = "<table:table-row table:number-rows-repeated='900000'><table:table-cell/></table:table-row>"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "<table:table-row table:number-rows-repeated='1000000'>"
            + CELL.format(more="", text="x")
            + "</table:table-row>",
            "a.ods:MSEL!A1000001: the sheet has more than 20,000 rows",
        ),
        (
            EMPTY + "<table:table-row>" + CELL.format(more="", text="x") + "</table:table-row>",
            "a.ods:MSEL!A900002: the sheet has more than 20,000 rows",
        ),
        (
            "<table:table-row>"
            + CELL.format(more="table:number-columns-repeated='1000000000'", text="x")
            + "</table:table-row>",
            "a.ods:MSEL!CFDGSXL2: the sheet has more than 20,000 rows or 500 columns",
        ),
        (
            "<table:table-row>"
            + "".join(CELL.format(more="", text=text) for text in ("a", "A", "by hand"))
            + '<table:table-cell/><table:table-cell table:formula="of:=X" calcext:value-type="error" '
            + 'office:value-type="string" office:string-value=""><text:p>#NAME?</text:p></table:table-cell>'
            + "</table:table-row>",
            "a.ods:MSEL!E2: the cell has an error instead of a value",
        ),
    ],
)
def test_the_same_holds_for_opendocument(exercise: Path, rows: str, message: str) -> None:
    """Where rows and cells can be repeated; empty ones at the end do not count."""
    ods(exercise, rows)
    done = inside("msel import", "a.ods", "--into", "injects.yaml", cwd=exercise)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(message), done.stderr
    ods(
        exercise,
        "<table:table-row>"
        + "".join(CELL.format(more="", text=text) for text in ("a", "A", "by hand"))
        + "<table:table-cell table:number-columns-repeated='16000'/></table:table-row>"
        + EMPTY,
    )
    done = inside("msel import", "a.ods", "--into", "injects.yaml", cwd=exercise)
    assert done.returncode == 0, done.stderr


def test_a_second_sheet_with_injects_is_named(exercise: Path) -> None:
    """Its rows would be missed otherwise."""

    def change(book: Any) -> None:
        book.create_sheet("Day 2").append(["Id", "Title", "Trigger", "When"])
        book["Day 2"].append(["b", "B", "by hand", ""])

    sheets.edit(exercise / "msel.xlsx", change)
    done = inside("msel import", "msel.xlsx", "--into", "injects.yaml", cwd=exercise)
    assert done.returncode == 0, done.stderr
    assert "msel.xlsx:Day 2: this sheet also lists injects and is not read; only 'MSEL' is" in done.stderr


def test_the_sheet_with_injects_is_found_behind_a_cover(tmp_path: Path) -> None:
    """In the layouts of other tools, the first sheet often has instructions."""
    book = openpyxl.Workbook()
    book.create_sheet("Cover", 0).append(["How to use this workbook"])
    for name in ("Injects", "More"):
        sheet = book.create_sheet(name)
        sheet.append(["Control Number", "Simulated Time", "Title"])
        sheet.append([name, "D+1", "A storm"])
    book.save(tmp_path / "a.xlsx")
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", "--who", "=all", cwd=tmp_path)
    assert (done.returncode, "added: Injects\n" in done.stdout) == (0, True), done.stderr
    assert "a.xlsx:More: this sheet also lists injects and is not read" in done.stderr


def test_a_damaged_archive_is_refused(exercise: Path) -> None:
    """An entry with another size than it says, or other bytes."""
    data = (exercise / "msel.xlsx").read_bytes()
    at = len(data) // 3
    (exercise / "msel.xlsx").write_bytes(data[:at] + bytes(64) + data[at + 64 :])
    assert refusal(exercise).startswith("msel.xlsx: the file is damaged: it is not a complete archive (save it again)")


@pytest.mark.parametrize("command", [("play",), ("validate",), ("run", "two-rivals", "--injects")])
def test_a_sheet_in_place_of_an_inject_file_names_the_import(command: tuple[str, ...], tmp_path: Path) -> None:
    """A workbook is not a text in a wrong encoding."""
    sheets.workbook(tmp_path / "msel.xlsx", [("Title", "Message"), ("A", "B")])
    (tmp_path / "msel.csv").write_text("Title,Message\nA,B\n", "utf-8")
    for name in ("msel.xlsx", "msel.csv"):
        done = inside(*command, name, cwd=tmp_path)
        assert done.returncode == 3
        expected = "this is not a YAML file (wargame msel import makes an inject file of a spreadsheet)"
        assert f"{name}:1:1: {expected}" in done.stderr
