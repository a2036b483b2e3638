"""MSELs of other makers: headings of their profiles, their times, their teams, OpenAEV's JSON."""

from __future__ import annotations

import contextlib
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from support import sheets
from support.in_process import inside, inside_json
from wargame.language.times import parse_time
from wargame.scenario.loading.load import load
from wargame.sheets.columns import TRIGGER, WHEN
from wargame.sheets.foreign_times import TimeRules, date_order, game_time, read_time
from wargame.sheets.vocabulary import PROFILES

CONVENTIONS = (
    "Control Number",
    "Move",
    "Group",
    "Event Type",
    "Delivery Time",
    "Simulated Time",
    "From",
    "To",
    "Delivery Method",
    "Title",
    "Message",
    "Expected Actions",
    "Objective",
    "Controller",
    "Status",
    "Notes",
)
"""The sixteen columns of an HSEEP MSEL."""


def row(**cells: str) -> list[str]:
    """A row under the headings of CONVENTIONS."""
    names = {heading.replace(" ", "_").lower(): heading for heading in CONVENTIONS}
    by_heading = {names[name]: cell for name, cell in cells.items()}
    return [by_heading.get(heading, "") for heading in CONVENTIONS]


def imported(tmp_path: Path, rows: list[list[str]], *words: str, headings: tuple[str, ...] = CONVENTIONS) -> str:
    """The inject file that an import of these rows into a new file writes."""
    sheets.workbook(tmp_path / "msel.xlsx", [headings, *rows])
    done = inside("msel import", "msel.xlsx", "--scenario", "two-rivals", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return (tmp_path / "msel.yaml").read_text("utf-8")


def failed(tmp_path: Path, rows: list[list[str]], *words: str, headings: tuple[str, ...] = CONVENTIONS) -> str:
    """The message of an import that fails and writes nothing."""
    sheets.workbook(tmp_path / "msel.xlsx", [headings, *rows])
    done = inside("msel import", "msel.xlsx", "--scenario", "two-rivals", *words, cwd=tmp_path)
    assert done.returncode in (2, 3)
    assert not (tmp_path / "msel.yaml").exists()
    return done.stderr


def time_text(text: str, startex: str = "", order: str = "") -> str:
    """The time in an inject file for a text in a sheet, which begins at `startex` if that is given."""
    begin = datetime.fromisoformat(startex or "2030-01-01")
    return game_time(read_time(text, order), TimeRules(begin, is_given=bool(startex)))


def test_a_sheet_with_hseep_columns_becomes_an_inject_file(tmp_path: Path) -> None:
    """Each part has its field; what an inject has no field for is in its notes, with its heading."""
    written = imported(
        tmp_path,
        [
            row(
                control_number="E-01",
                move="1",
                group="strait",
                event_type="Inject",
                delivery_time="09:30",
                simulated_time="D+2 H+3",
                to="Ardenne, BRL",
                delivery_method="E-mail",
                title="A protest note",
                message="The note says: stop.",
                expected_actions="ARD: protest, talk within 14d - Answers the note",
                controller="Sam",
                status="Scheduled",
                notes="Read it aloud.",
            ),
            row(
                control_number="E-02",
                event_type="Contingency Inject",
                to="All",
                title="A storm",
                delivery_method="In person",
            ),
        ],
        "--who",
        "Ardenne=ARD",
    )
    assert written == (
        "format: wargame-injects/1\nscenario: two-rivals\ntitle: Msel\n\ninjects:\n"
        "  - id: E-01\n    title: A protest note\n    storyline: strait\n    at: D+2 H+3\n    channel: Email\n"
        '    audience: [ARD, BRL]\n    message: "The note says: stop."\n    notes: |-\n'
        "      Read it aloud.\n      Move: 1\n"
        "      Delivery Time: 09:30\n      Controller: Sam\n      Status: Scheduled\n    expected:\n      - who: ARD\n"
        "        any_of: [protest, talk]\n        within: 14d\n        title: Answers the note\n\n"
        "  - id: E-02\n    title: A storm\n    kind: contingency\n    manual: true\n    channel: Phone\n"
    )


def test_the_new_file_runs(tmp_path: Path) -> None:
    """An imported sheet is a script like any other."""
    imported(tmp_path, [row(control_number="1", simulated_time="D+2", title="A note", to="ARD")])
    done = inside_json("run", "two-rivals", "--injects", "msel.yaml", "--until", "10d", "--out", "r", cwd=tmp_path)
    assert done["decisions"] >= 0
    journal = (tmp_path / "r" / "journal.jsonl").read_text("utf-8")
    assert '"inject_1"' in journal


@pytest.mark.parametrize("name", PROFILES)
def test_an_export_in_a_profile_comes_back(name: str, tmp_path: Path) -> None:
    """Times are dates in it, other triggers and further fields are missing, and still nothing counts as changed."""
    assert inside("init", "ex", cwd=tmp_path).returncode == 0
    place = tmp_path / "ex"
    assert inside("msel export", ".", "--out", "out.xlsx", "--as", name, cwd=place).returncode == 0
    plan = inside_json("msel import", "out.xlsx", "--columns", name, "--into", "injects.yaml", "--check", cwd=place)
    assert (plan["changed"], plan["added"], plan["missing"]) == ({}, [], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D+1 H+2 M-5", "D+1 H+2 M-5"),
        ("J-60", "D-60"),
        ("J+1", "D+1"),
        ("26/06/2024 09h00", "D+25 H+9"),
        ("26.06.2024", "D+25"),
        ("09:30", "D+0 H+9 M+30"),
        ("1:30 pm", "D+0 H+13 M+30"),
        ("2024-06-03 06:15", "D+2 H+6 M+15"),
        ("031200JJUN24", "D+2 H+12"),
        ("2024-05-31 22:00", "D-0 H-2"),
    ],
)
def test_times_of_other_tools_are_read(text: str, expected: str) -> None:
    """Days from STARTEX as they are; dates count from the sheet's own STARTEX, here 1 June 2024."""
    assert time_text(text, "2024-06-01") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("05/06/2024", "can be read in two ways: write 2024-06-05 or 2024-05-06"),
        ("25:00", "not a time of day"),
        ("soon", "is not a time"),
        ("STARTEX + 3", "can be days, hours or minutes: write STARTEX"),
        ("T+15", "can be days, hours or minutes"),
        ("4-Mar", "has no year"),
        ("04 jui 2030", "is not a time that is read"),
        ("31/02/2024", "Feb 2024 has 29 days"),
    ],
)
def test_times_that_are_unclear_are_refused(text: str, message: str) -> None:
    """A day and a month are never guessed."""
    with pytest.raises(ValueError, match=message):
        time_text(text)


@pytest.mark.parametrize(
    ("order", "text", "expected"),
    [
        ("day-first", "05/06/2024", "2024-06-05"),
        ("month-first", "05/06/2024", "2024-05-06"),
        ("month-first", "05/06/2024 0930", "2024-05-06 09:30"),
        ("month-first", "26/06/2024", "2024-06-26"),
        ("month-first", "05/06/2024 9:30 pm", "2024-05-06 21:30"),
        ("day-first", "05.06.2024 14h05", "2024-06-05 14:05"),
        ("", "0930", "D+0 H+9 M+30"),
        ("", "0930 hrs", "D+0 H+9 M+30"),
    ],
)
def test_the_order_of_a_date_can_be_said(order: str, text: str, expected: str) -> None:
    """By an option, or by the other dates of the sheet; times need no colon."""
    assert time_text(text, order=order) == expected


@pytest.mark.parametrize(
    ("text", "alone", "from_eight"),
    [
        ("09 Mar 2027 0815", "2027-03-09 08:15", "D+0 M+15"),
        ("9-Mar-2027 08:15", "2027-03-09 08:15", "D+0 M+15"),
        ("March 9, 2027 8:15 AM", "2027-03-09 08:15", "D+0 M+15"),
        ("10 Sept 2027", "2027-09-10", "D+184 H+16"),
        ("2027-03-09 0815", "2027-03-09 08:15", "D+0 M+15"),
        ("2027-03-10 08:15 hrs", "2027-03-10 08:15", "D+1 M+15"),
        ("08h00", "D+0 H+8", "D+0"),
        ("9h", "D+0 H+9", "D+0 H+1"),
        ("9.15 Uhr", "D+0 H+9 M+15", "D+0 H+1 M+15"),
        ("8:30 PM", "D+0 H+20 M+30", "D+0 H+12 M+30"),
        ("041200ZMAR27", "2027-03-04 12:00Z", "D-4 H-20"),
        ("041200KMAR27", "2027-03-04 12:00+10:00", "D-5 H-6"),
        ("10 1430 MAR 27", "2027-03-10 14:30", "D+1 H+6 M+30"),
        ("T+00:15", "D+0 M+15", "D+0 M+15"),
        ("+3h", "D+0 H+3", "D+0 H+3"),
        ("H-1", "D-0 H-1", "D-0 H-1"),
        ("Day 2 09:00", "D+1 H+9", "D+1 H+1"),
        ("J+1 H+2 M-5", "D+1 H+2 M-5", "D+1 H+2 M-5"),
        ("9. März 2027, 08:15", "2027-03-09 08:15", "D+0 M+15"),
        ("9 de marzo de 2027 9h", "2027-03-09 09:00", "D+0 H+1"),
        ("26/03/27 09h00", "2027-03-26 09:00", "D+17 H+1"),
        ("13/03/2027 0930 hrs", "2027-03-13 09:30", "D+4 H+1 M+30"),
        ("STARTEX + 2h45", "D+0 H+2 M+45", "D+0 H+2 M+45"),
        ("STARTEX+45 min", "D+0 M+45", "D+0 M+45"),
        ("H+2:45", "D+0 H+2 M+45", "D+0 H+2 M+45"),
        ("H+2", "D+0 H+2", "D+0 H+2"),
        ("D+1 0930", "D+1 H+9 M+30", "D+1 H+1 M+30"),
        ("0830", "D+0 H+8 M+30", "D+0 M+30"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, alone: str, from_eight: str) -> None:
    """From midnight of the day of STARTEX, or from the time of day at which the sheet begins."""
    assert time_text(text) == alone
    assert time_text(text, "2027-03-09 08:00") == from_eight


PIECES = ("0", "12", "99", "2030", "05/06/24", "D", "J", "T", "+", "-", ":", "h", "Day", "mars", "Z", " ")
"""Parts of times."""


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=20),
        st.lists(st.sampled_from(PIECES)).map("".join),
    ),
    st.booleans(),
)
def test_any_text_is_a_time_that_injects_can_have_or_is_refused(text: str, is_given: bool) -> None:
    """No cell stops an import with an internal error."""
    with contextlib.suppress(ValueError):
        written = game_time(read_time(text), TimeRules(datetime.fromisoformat("2030-01-01 08:00"), is_given=is_given))
        try:
            parse_time(written)
        except ValueError as error:
            raise AssertionError(written) from error


@pytest.mark.parametrize("text", ["approx 0930", "1030Z", "11.15", "STARTEX + x"])
def test_other_times_are_quoted_as_they_are_in_the_cell(text: str) -> None:
    """With examples of what is read."""
    with pytest.raises(ValueError, match=re.escape(f"'{text}' is not a time that is read; write it as in 09:30")):
        time_text(text)


def test_the_seconds_of_a_time_are_kept() -> None:
    """An ISO time that has them is as it was."""
    assert time_text("2024-05-06 10:00:30") == "2024-05-06 10:00:30"


def test_hrs_in_a_time_does_not_put_the_day_first() -> None:
    """Only `h` between the numbers does, as in French."""
    with pytest.raises(ValueError, match="two ways"):
        time_text("05/06/2024 0930 hrs")


def test_titles_above_the_headings_and_sheets_before_the_msel_are_skipped(tmp_path: Path) -> None:
    """Problems name the cells of the sheet as it is."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Distribution list"])
    sheet = book.create_sheet("MSEL")
    sheet.append(["EXERCISE HARBOUR LIGHT"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(list(PROFILES["hseep"]))
    sheet.append([1, "0815", "Key Event", "Radio", "Port", "ARD", "Boats circle."])
    sheet.append([])
    sheet.append([2, "0930", "Contingency", "Phone", "Port", "ARD", "A ship drifts."])
    book.save(tmp_path / "msel.xlsx")
    done = inside("msel import", "msel.xlsx", "--scenario", "two-rivals", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "msel.yaml").read_text("utf-8")
    assert "    title: Boats circle\n    at: D+0 H+8 M+15\n    channel: Phone\n    sender: Port\n" in written
    assert "msel.xlsx:MSEL!B6: a contingency with a time is released at this time, needed or not" in done.stderr
    sheet["B6"] = "soon"
    book.save(tmp_path / "again.xlsx")
    done = inside("msel import", "again.xlsx", "--scenario", "two-rivals", cwd=tmp_path)
    assert "again.xlsx:MSEL!B6: 'soon' is not a time" in done.stderr


def test_dates_that_the_scenario_does_not_have_name_the_option(tmp_path: Path) -> None:
    """The sheet has a real date, the scenario another year; a time of day in the option is that of `D+0`."""
    rows = [row(title="A", simulated_time="2027-03-09 08:15", to="All")]
    assert "; --startex 2027-03-09 makes this day D+0 of the scenario)" in failed(tmp_path, rows)
    assert "    at: D+0 M+15\n" in imported(tmp_path, rows, "--startex", "2027-03-09 08:00")


def test_the_other_dates_of_a_sheet_show_their_order() -> None:
    """A number above 12 is a day; dates that contradict one another show nothing."""
    assert date_order(["05/06/2024", "05/13/2024 0900"]) == "month-first"
    assert date_order(["05/06/2024", "13/05/2024", "text", ""]) == "day-first"
    assert date_order(["05/06/2024", "13/05/2024", "05/13/2024"]) == ""
    assert date_order(["05/06/2024"]) == ""


def test_a_cause_has_one_problem_with_its_cells(tmp_path: Path) -> None:
    """Not one for each row; those of other causes follow in the order of the sheet."""
    rows = [row(control_number=str(n), simulated_time=f"soon {n}", title="Rain", to="Blue") for n in range(1, 11)]
    said = failed(tmp_path, rows).splitlines()
    cells = "and 9 more cells: {0}3, {0}4, {0}5, {0}6, {0}7, ... ("
    assert said[0].startswith(f"msel.xlsx:Sheet1!F2: 'soon 1' is not a time that is read, {cells.format('F')}")
    assert said[1].startswith(f"msel.xlsx:Sheet1!H2: there is no government 'Blue', {cells.format('H')}")
    assert said[2:] == []


def test_the_time_of_the_room_is_not_taken_for_game_time(tmp_path: Path) -> None:
    """A sheet with delivery times only needs a decision of its author."""
    headings = ("Title", "Delivery Time")
    message = failed(tmp_path, [["A note", "09:30"]], headings=headings)
    assert "msel.xlsx:Sheet1!B1: this is the time of delivery in the room" in message
    assert '--columns "when=Delivery Time"' in message


def test_a_map_of_columns_names_headings_or_letters(tmp_path: Path) -> None:
    """For sheets whose headings no profile knows."""
    (tmp_path / "map.yaml").write_text("columns: {title: Kurztext, when: C, message: Text lang}\n")
    rows = [["Eine Note", "Aufhören.", "D+3"]]
    headings = ("Kurztext", "Text lang", "Zeit")
    written = imported(tmp_path, rows, "--columns", "map.yaml", "--who", "=all", headings=headings)
    assert "    title: Eine Note\n    at: D+3\n    message: Aufhören.\n" in written


def test_unknown_recipients_and_kinds_are_named_with_their_cells(tmp_path: Path) -> None:
    """All problems at once, each with its cell and a remedy."""
    message = failed(
        tmp_path,
        [
            row(control_number="1", title="A", to="Blue Team"),
            row(control_number="1", title="B", event_type="Injct"),
            row(control_number="3", title="C", simulated_time="soon"),
        ],
    )
    assert (
        "msel.xlsx:Sheet1!H2: there is no government 'Blue Team' (name the government that plays it: --who" in message
    )
    assert "msel.xlsx:Sheet1!A3: the number '1' is used twice (first in msel.xlsx:Sheet1!A2; correct it" in message
    assert "msel.xlsx:Sheet1!D3: there is no kind of inject 'Injct' (did you mean 'inject'? correct it" in message
    assert "msel.xlsx:Sheet1!F4: 'soon' is not a time" in message


def test_rows_for_the_white_cell_become_facilitation(tmp_path: Path) -> None:
    """A row to EXCON reaches no seat."""
    written = imported(tmp_path, [row(title="Prepare the room", to="EXCON", simulated_time="D+1")])
    assert "    kind: facilitation\n" in written
    assert "audience" not in written


def test_a_team_that_nobody_plays_is_the_white_cell(tmp_path: Path) -> None:
    """The error for an unknown team says how."""
    rows = [row(title="A call", to="Press pool"), row(title="A fire", to="Press pool, ARD")]
    assert '"Press pool=GOV", or --who "Press pool=EXCON" if nobody does' in failed(tmp_path, rows)
    written = imported(tmp_path, rows, "--who", "Press pool=EXCON")
    assert "    title: A call\n    kind: facilitation\n    manual: true\n" in written
    assert "    title: A fire\n    manual: true\n    audience: [ARD]\n" in written


def export_of_openaev(**changes: Any) -> bytes:
    """An export of OpenAEV with two injects and one team."""
    first = {
        "inject_id": "i1",
        "inject_title": "Press call",
        "inject_description": "Ask for a comment",
        "inject_enabled": True,
        "inject_depends_duration": 93_600,
        "inject_teams": ["t1"],
        "inject_content": {"subject": "A call", "body": "<p>Any comment?</p>"},
    }
    second = first | {
        "inject_id": "i2",
        "inject_title": "Second call",
        "inject_enabled": False,
        "inject_depends_on": "i1",
        "inject_depends_duration": 97_200,
        "inject_content": None,
    }
    document = {
        "export_version": 1,
        "exercise_injects": [first, second],
        "exercise_teams": [{"team_id": "t1", "team_name": "Blue Team"}],
    }
    return json.dumps(document | changes).encode()


def test_an_export_of_openaev_is_read(tmp_path: Path) -> None:
    """Durations become D+n, dependencies `after`, teams governments."""
    (tmp_path / "x.json").write_bytes(export_of_openaev())
    words = ("--scenario", "two-rivals", "--who", "Blue Team=ARD")
    done = inside("msel import", "x.json", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.yaml").read_text("utf-8").partition("injects:\n")[2] == (
        "  - id: press_call\n    title: Press call\n    at: D+1 H+2\n    audience: [ARD]\n    subject: A call\n"
        "    message: Any comment?\n    notes: Ask for a comment\n\n"
        "  - id: second_call\n    title: Second call\n    after: {inject: press_call, delay: 1h}\n"
        "    audience: [ARD]\n    message: Ask for a comment\n    enabled: false\n"
    )


def openaev_injects(tmp_path: Path, name: str, data: bytes, *words: str) -> list[Any]:
    """The injects of an import of an export."""
    (tmp_path / name).write_bytes(data)
    done = inside("msel import", name, "--scenario", "two-rivals", "--who", "Blue Team=ARD", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load((tmp_path / "x.yaml").read_text("utf-8"))["injects"])


def test_a_newer_export_of_openaev_has_lists(tmp_path: Path) -> None:
    """Several parents, of which the latest counts; HTML, expectations, tags and objectives become text."""
    content = {
        "subject": "Press call",
        "body": "<p>Dear&nbsp;all,<br/>call &amp; ask.</p>",
        "expectations": [{"expectation_name": "Answer", "expectation_description": "in an hour"}],
    }
    parents = [
        {"dependency_relationship": {"inject_parent_id": each, "inject_children_id": "i3"}} for each in ("i1", "i2")
    ]
    base = {"inject_id": "i1", "inject_title": "Press call", "inject_teams": [{"team_id": "t1"}], "inject_tags": ["g1"]}
    export = {
        "scenario_information": {"scenario_name": "x"},
        "scenario_injects": [
            base | {"inject_content": content, "inject_depends_duration": 60, "inject_depends_on": []},
            base | {"inject_id": "i2", "inject_title": "Two", "inject_depends_duration": 120},
            base
            | {
                "inject_id": "i3",
                "inject_title": "Three",
                "inject_depends_duration": 150,
                "inject_depends_on": parents,
            },
        ],
        "scenario_teams": [{"team_id": "t1", "team_name": "Blue Team"}],
        "scenario_tags": [{"tag_id": "g1", "tag_name": "media"}],
        "scenario_objectives": [{"objective_title": "Stay calm"}],
    }
    first, _, third = openaev_injects(tmp_path, "x.json", json.dumps(export).encode())
    assert (first["title"], first["message"], first["at"]) == ("Press call", "Dear all,\ncall & ask.", "D+0 M+1")
    assert first["notes"].split("\n") == [
        "Expected: Answer: in an hour",
        "Tags: media",
        "Objectives of the exercise: Stay calm",
    ]
    assert (third["after"], third["notes"]) == (
        {"inject": "two", "delay": "30s"},
        "Tags: media\nDepends on: Press call",
    )


def test_an_archive_of_openaev_is_read(tmp_path: Path) -> None:
    """Its JSON file; an inject for all teams is for all players, one for none is asked."""
    export = json.loads(export_of_openaev())
    export["exercise_injects"][0] |= {"inject_all_teams": True, "inject_teams": None}
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.json", json.dumps(export))
        archive.writestr("a.txt", "document")
    found = openaev_injects(tmp_path, "x.zip", (tmp_path / "x.zip").read_bytes())
    assert [each.get("audience") for each in found] == [None, ["ARD"]]
    export["exercise_injects"][0] |= {"inject_all_teams": False}
    (tmp_path / "y.json").write_text(json.dumps(export))
    done = inside("msel import", "y.json", "--scenario", "two-rivals", "--who", "Blue Team=ARD", cwd=tmp_path)
    assert "next: wargame msel import y.json --scenario two-rivals --who 'Blue Team=ARD' --who =all" in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{}", "x.json: this is not an export of OpenAEV"),
        (b"\xff\xfe", "x.json: this is not an export of OpenAEV"),
        (b"[" * 100_000, "x.json: this is not an export of OpenAEV"),
        (export_of_openaev(export_version=2), "export_version is 2; only version 1 can be read"),
    ],
)
def test_other_json_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """With the reason, which OpenAEV's own import does not give."""
    (tmp_path / "x.json").write_bytes(content)
    done = inside("msel import", "x.json", "--scenario", "two-rivals", cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (3, True), done.stderr


def test_the_governments_of_a_scenario_are_known_by_name(tmp_path: Path) -> None:
    """A sheet may use the names that people read."""
    name = load("two-rivals").scenario.governments["ARD"].name
    assert "audience: [ARD]" in imported(tmp_path, [row(title="A", to=name)])


def test_headings_and_trigger_words_are_constant() -> None:
    """Sheets that exist depend on these."""
    assert (TRIGGER, WHEN) == ("Trigger", "When")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("columns: {title: Title, when: Title}", "map.yaml:1:25: 'Title' is already the title (give each column one"),
        ("columns: [Title]", "map.yaml:1:10: `columns` must be a mapping of parts of an inject to columns (write it"),
        ("columns: {title: Titel}", "map.yaml:1:11: the sheet has no column 'Titel' (did you mean 'Title'?)"),
    ],
)
def test_a_map_that_does_not_fit_has_one_message(tmp_path: Path, written: str, message: str) -> None:
    """It is not followed by one about the sheet."""
    (tmp_path / "a.csv").write_text("Title,When\nA storm,D+1\n")
    (tmp_path / "map.yaml").write_text(written + "\n")
    done = inside("msel import", "a.csv", "--scenario", "two-rivals", "--columns", "map.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1), done.stderr
    assert done.stderr.startswith(message)
    assert not (tmp_path / "a.yaml").exists()


def test_days_before_the_scenario_are_one_problem(tmp_path: Path) -> None:
    """It names the first cell and counts the others, as for dates of another year."""
    rows = [row(simulated_time=when, to="All", title=f"Call {when}") for when in ("J-60", "J-30", "D+1", "H-2")]
    message = failed(tmp_path, rows)
    assert message.count("outside the scenario") == 1
    assert (
        "'J-60' is outside the scenario, which runs from 2030-01-01 to 2031-01-01, and 2 more cells: F3, F5" in message
    )


def test_rows_before_the_scenario_are_kept_disabled_if_one_says_so(tmp_path: Path) -> None:
    """Their time stays in the notes."""
    rows = [row(simulated_time="J-30", to="All", title="Read ahead")]
    (inject,) = yaml.safe_load(imported(tmp_path, rows, "--early", "omit"))["injects"]
    assert (inject["enabled"], inject["manual"], inject["notes"]) == (False, True, "Time: J-30")


def test_a_map_keeps_what_becomes_of_early_rows(tmp_path: Path) -> None:
    """A later sheet is read the same way; another word is one error."""
    rows = [row(simulated_time="J-30", to="All", title="Read ahead")]
    imported(tmp_path, rows, "--early", "startex", "--map", "map.yaml")
    (tmp_path / "msel.yaml").unlink()
    assert "    at: D+0\n" in imported(tmp_path, rows, "--columns", "map.yaml")
    (tmp_path / "msel.yaml").unlink()
    text = (tmp_path / "map.yaml").read_text("utf-8")
    (tmp_path / "map.yaml").write_text(text.replace("early: startex", "early: soon"))
    assert "`early` is startex or omit" in failed(tmp_path, rows, "--columns", "map.yaml")


def test_an_export_of_openaev_without_injects_is_an_empty_file(tmp_path: Path) -> None:
    """It says so, and names the teams; a later export is merged into it."""
    export = {"exercise_information": {"exercise_name": "Drill"}, "exercise_teams": [{"team_name": "SOC"}]}
    (tmp_path / "x.json").write_text(json.dumps(export))
    done = inside("msel import", "x.json", "--scenario", "two-rivals", cwd=tmp_path)
    assert (done.returncode, "has no injects, only teams: SOC" in done.stderr) == (0, True), done.stderr
    assert yaml.safe_load((tmp_path / "x.yaml").read_text("utf-8"))["injects"] == []
    assert len(openaev_injects(tmp_path, "y.json", export_of_openaev(), "--into", "x.yaml")) == 2


def test_an_objective_of_openaev_keeps_its_description(tmp_path: Path) -> None:
    """Another program's exercise, with injects of a title only, gives the same notes."""
    objective = {"objective_title": "Detect the intrusion", "objective_description": "Alert within <b>15</b> minutes"}
    export = {
        "export_version": 1,
        "exercise_information": {"exercise_name": "Drill"},
        "exercise_objectives": [objective],
        "exercise_injects": [{"inject_id": "a", "inject_title": "Phishing", "inject_attack_patterns": [{}]}],
        "exercise_variables": [{"variable_key": "host"}],
    }
    found = openaev_injects(tmp_path, "x.json", json.dumps(export).encode(), "--who", "=all")
    assert found[0]["notes"] == "Objectives of the exercise: Detect the intrusion: Alert within 15 minutes"
