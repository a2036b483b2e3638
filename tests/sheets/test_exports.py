"""Exports for reading: calendars, documents, the MSEL of a run; and the commands that write them."""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import openpyxl
import pytest

from support import sheets
from support.in_process import inside, inside_json
from wargame.errors import install_command


def test_a_calendar_has_the_dated_injects(tmp_path: Path) -> None:
    """Times are those of the scenario, in its zone; notes are left out; undated injects are counted."""
    done = inside("msel export", "korea-2017", "--out", "x.ics", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "x.ics\n")
    calendar = icalendar.Calendar.from_ical((tmp_path / "x.ics").read_bytes())
    events = calendar.walk("VEVENT")
    assert f"{53 - len(events)} of 53 injects have no time and are not in the calendar" in done.stderr
    first = events[0]
    assert (str(first["SUMMARY"]), first.decoded("DTSTART")) == ("STARTEX", datetime(2017, 5, 31, 15, tzinfo=UTC))
    assert first["DTSTART"].to_ical() == b"20170601T000000"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Seoul"]
    assert "Check that each seat" not in (tmp_path / "x.ics").read_text("utf-8").replace("\n ", "")
    assert len({str(event["UID"]) for event in events}) == len(events)


def test_a_calendar_of_the_room_has_wall_times(tmp_path: Path) -> None:
    """At a pace of a day in five minutes, two days are ten minutes."""
    words = ("--clock", "wall", "--startex", "2026-03-02 09:00", "--pace", "1d=5m", "--notes")
    done = inside("msel export", "korea-2017", "--out", "x.ics", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    events = icalendar.Calendar.from_ical((tmp_path / "x.ics").read_bytes()).walk("VEVENT")
    start: dict[str, datetime] = {str(event["UID"]).partition("@")[0]: event.decoded("DTSTART") for event in events}
    assert start["five_party_feeler"] - start["startex"] == timedelta(minutes=5 * 45)
    assert "Check that each seat" in (tmp_path / "x.ics").read_text("utf-8").replace("\r\n ", "")


def test_a_calendar_describes_the_changes_of_its_zone(tmp_path: Path) -> None:
    """In the zone of the scenario, with the hour that clocks change."""
    (tmp_path / "i.yaml").write_text(
        "format: wargame-injects/1\nscenario: cuba-1962\ninjects:\n"
        '  - {id: x1, title: "before", at: 1962-10-27 12:00}\n  - {id: x2, title: "after", at: 1962-10-29 12:00}\n'
    )
    assert inside("msel export", "i.yaml", "--out", "x.ics", cwd=tmp_path).returncode == 0
    content = (tmp_path / "x.ics").read_bytes()
    (zone,) = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")
    changes = [(part.name, str(part["TZOFFSETTO"].to_ical())) for part in zone.subcomponents]
    assert changes == [("DAYLIGHT", "-0400"), ("STANDARD", "-0500")]
    assert b"DTSTART:19621028T020000\r\nTZOFFSETFROM:-0400" in content
    assert b"DTSTART;TZID=America/New_York:19621029T120000" in content


def test_a_calendar_may_have_one_event(tmp_path: Path) -> None:
    """Its zone is described as well."""
    one = "format: wargame-injects/1\nscenario: cuba-1962\ninjects:\n  - {id: x1, title: a, at: 1962-10-27 12:00}\n"
    (tmp_path / "i.yaml").write_text(one)
    assert inside("msel export", "i.yaml", "--out", "x.ics", cwd=tmp_path).returncode == 0
    calendar = icalendar.Calendar.from_ical((tmp_path / "x.ics").read_bytes())
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]


@pytest.mark.parametrize(
    ("startex", "first"),
    [("2026-03-02 09:00", b"DTSTART:20260302T104115\r\n"), ("2026-03-02 09:00+01:00", b"DTSTART:20260302T094115Z\r\n")],
)
def test_the_calendar_of_the_room_does_not_depend_on_the_computer(
    startex: str, first: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times are those of the clock in the room, or as the offset from UTC says: here 20 days and a quarter later."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    words = ("--clock", "wall", "--startex", startex, "--pace", "1d=5m")
    assert inside("msel export", "two-rivals", "--out", "x.ics", *words, cwd=tmp_path).returncode == 0
    assert first in (tmp_path / "x.ics").read_bytes()


def test_a_document_has_every_inject(tmp_path: Path) -> None:
    """In sections by storyline; text of authors is escaped."""
    assert inside("msel export", "two-rivals", "--out", "x.md", cwd=tmp_path).returncode == 0
    written = (tmp_path / "x.md").read_text("utf-8")
    assert written.startswith("# MSEL: Two rivals and a strait\n\n## strait\n")
    assert written.count("\n### ") == 6


def test_csv_cells_that_look_like_formulas_are_guarded(tmp_path: Path) -> None:
    """A spreadsheet program does not compute them."""
    (tmp_path / "i.yaml").write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects:\n"
        '  - {id: x1, title: "=cmd|calc", manual: true, message: "-5", notes: "@now"}\n'
    )
    assert inside("msel export", "i.yaml", "--out", "x.csv", cwd=tmp_path).returncode == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig"))))
    assert (rows[0]["Title"], rows[0]["Message"], rows[0]["Notes"]) == ("'=cmd|calc", "'-5", "'@now")


def test_a_workbook_has_lists_a_frozen_header_and_text_cells(tmp_path: Path) -> None:
    """Drop-downs for closed lists; ids from the sheet Lists; the sheet for the import is hidden."""
    assert inside("msel export", "two-rivals", "--out", "x.xlsx", cwd=tmp_path).returncode == 0
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["MSEL", "Expected", "Lists", "Read me", "_wargame"]
    sheet = book["MSEL"]
    assert (sheet.freeze_panes, book["_wargame"].sheet_state) == ("C2", "hidden")
    lists = {str(each.sqref).partition("2")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert lists["E"] == '"at,after,when,random,by hand"'
    assert lists["R"].startswith("'Lists'!$C$2")
    values = [cell for line in sheet.iter_rows(min_row=2) for cell in line if cell.value is not None]
    assert values
    assert {cell.number_format for cell in values} == {"@"}


def test_the_msel_of_a_run_has_what_became_of_each_inject(tmp_path: Path) -> None:
    """Status, time of release, and how it was released."""
    assert (
        inside("run", "two-rivals", "--until", "60d", "--out", "r", "--no-report", "-q", cwd=tmp_path).returncode == 0
    )
    assert inside("msel export", "r", "--out", "x.csv", cwd=tmp_path).returncode == 0
    rows = {row["Id"]: row for row in csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig")))}
    assert (rows["collision"]["Status"], rows["collision"]["Released"]) == ("released", "2030-01-21 06:00")
    assert rows["harvest"]["Status"] == "skipped"
    shown = inside_json("msel show", "r", cwd=tmp_path)
    assert {each["Status"] for each in shown["injects"]} >= {"released", "skipped"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("two-rivals", "--out", "x.pdf"), "an MSEL cannot be written as '.pdf'"),
        (("two-rivals", "--out", "x.md", "--as", "hseep"), "a .md file has no columns"),
        (("two-rivals", "--out", "x.xlsx", "--clock", "wall"), "are for calendars"),
        (("two-rivals", "--out", "x.ics", "--clock", "wall"), "needs --startex TIME and --pace"),
        (
            ("two-rivals", "--out", "x.ics", "--clock", "wall", "--startex", "9000-12-31", "--pace", "1s=200d"),
            "at this pace, the exercise ends after the year 9999",
        ),
        (("two-rivals", "--out", "x.xlsx", "--notes"), "spreadsheets always have the notes"),
        (("two-rivals", "--out", "no/x.xlsx"), "cannot be written"),
        (("nothing", "--out", "x.xlsx"), "there is no scenario 'nothing'"),
    ],
)
def test_wrong_options_are_refused(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """With the remedy; nothing is written."""
    done = inside("msel export", *words, cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_edits_that_were_not_imported_are_not_overwritten(tmp_path: Path) -> None:
    """A second export of the same name is refused while the sheet has changes of its own."""
    assert inside("msel export", "two-rivals", "--out", "x.xlsx", cwd=tmp_path).returncode == 0
    assert inside("msel export", "two-rivals", "--out", "x.xlsx", cwd=tmp_path).returncode == 0
    sheets.set_cell(tmp_path / "x.xlsx", "collision", "Title", "My own title")
    before = (tmp_path / "x.xlsx").read_bytes()
    done = inside("msel export", "two-rivals", "--out", "x.xlsx", cwd=tmp_path)
    assert (done.returncode, "1 row that has not been imported (collision)" in done.stderr) == (2, True)
    assert (tmp_path / "x.xlsx").read_bytes() == before


def test_a_workbook_needs_no_temporary_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library for workbooks writes each sheet to a temporary file."""
    assert inside("msel export", "two-rivals", "--out", "x.xlsx", cwd=tmp_path).returncode == 0
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    done = inside("msel export", "two-rivals", "--out", "y.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "y.xlsx").read_bytes() == (tmp_path / "x.xlsx").read_bytes()


@pytest.mark.parametrize(("library", "words"), [("openpyxl", "export"), ("python_calamine", "import")])
def test_a_missing_library_is_named_with_its_extra(
    library: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spreadsheets need the extra `sheets`; CSV does not."""
    assert inside("msel export", "two-rivals", "--out", "x.xlsx", cwd=tmp_path).returncode == 0
    monkeypatch.setitem(sys.modules, library, None)
    if words == "export":
        done = inside("msel export", "two-rivals", "--out", "y.xlsx", cwd=tmp_path)
    else:
        done = inside("msel import", "x.xlsx", "--scenario", "two-rivals", cwd=tmp_path)
    assert (done.returncode, install_command("sheets") in done.stderr) == (2, True), done.stderr
    assert inside("msel export", "two-rivals", "--out", "y.csv", cwd=tmp_path).returncode == 0
