"""What an import understands of a sheet of others: columns, rows, recipients, times; and what it asks."""

from __future__ import annotations

import io
import re
import shlex
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from support.in_process import inside, inside_json

WHO = ("--who", "Blue=ARD", "--who", "Red=BRL")


def workbook(path: Path, *rows: tuple[Any, ...], merged: tuple[str, ...] = ()) -> Any:
    """Writes a workbook with one sheet, and returns the sheet's book."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return book


def injects(
    folder: Path, *rows: tuple[Any, ...], words: tuple[str, ...] = WHO, merged: tuple[str, ...] = ()
) -> list[Any]:
    """The injects of an import of these rows."""
    workbook(folder / "a.xlsx", *rows, merged=merged)
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load((folder / "a.yaml").read_text("utf-8"))["injects"])


def refused(folder: Path, *rows: tuple[Any, ...], words: tuple[str, ...] = WHO) -> str:
    """The message of an import that writes nothing."""
    workbook(folder / "a.xlsx", *rows)
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *words, cwd=folder)
    assert (done.returncode, (folder / "a.yaml").exists()) == (3, False), done.stdout
    return done.stderr


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (("Lfd. Nr.", "Übungszeit", "Absender", "Empfänger", "Übermittlungsweg", "Inhalt"), (1, "9.15 Uhr")),
        (("N°", "Heure", "Émetteur", "Destinataire", "Moyen", "Contenu"), (1, "09h15")),
        (("Número", "Hora", "Remitente", "Destinatario", "Medio", "Mensaje"), (1, "9:15")),
        (("* Serial *", "DTG", "Originator", "Addressee", "Means", "Inject\nText"), (1, "010915ZJAN30")),
    ],
)
def test_headings_in_four_languages_are_known(headings: tuple[str, ...], row: tuple[Any, ...], tmp_path: Path) -> None:
    """Stars, accents and line breaks do not matter."""
    (found,) = injects(tmp_path, headings, (*row, "HQ", "Blue", "Fax", "Boats."))
    assert (found["id"], found["sender"], found["audience"], found["message"]) == ("inject_1", "HQ", ["ARD"], "Boats.")
    assert found["at"] in ("D+0 H+9 M+15", "2030-01-01 09:15Z")


def test_values_decide_what_to_means(tmp_path: Path) -> None:
    """In a sheet of NATO, it is a training objective."""
    rows = [("Serial", "Addressee", "TO", "Injection Text", "Message"), (1, "Blue", "TO 1.2", "", "Boats.")]
    assert "Objective: TO 1.2" in injects(tmp_path, *rows)[0]["notes"]
    (tmp_path / "a.yaml").unlink()
    assert injects(tmp_path, ("Serial", "TO", "Message"), (1, "Blue", "Boats."))[0]["audience"] == ["ARD"]


def test_two_columns_that_fit_as_well_are_asked(tmp_path: Path) -> None:
    """With the command that says which."""
    rows = [("No", "Inject Time", "Event Time", "To", "Message"), (1, "D+1", "D+2", "Blue", "Boats.")]
    said = refused(tmp_path, *rows)
    assert "a.xlsx:Sheet!B1: two columns can be the game time: B 'Inject Time' or C 'Event Time'" in said
    assert "next: wargame msel import a.xlsx --scenario two-rivals --columns when=B --who Blue=ARD" in said
    (found,) = injects(tmp_path, *rows, words=(*WHO, "--columns", "when=C"))
    assert (found["at"], found["notes"]) == ("D+2", "Inject Time: D+1")


def test_headings_of_two_rows_count_together(tmp_path: Path) -> None:
    """Merged cells above name what is below them; `Exercise Time` is that of the room."""
    rows = [
        ("No.", "Scenario", None, "Exercise", "Communication", None, "Inject"),
        (None, "Day", "Time", "Time", "From", "To", None),
        (1, 1, "0900", "10:00", "HQ", "Blue", "Boats."),
        (2, 2, "0910", "10:05", "HQ", "Red", "More boats."),
    ]
    found = injects(tmp_path, *rows, merged=("B1:C1", "E1:F1", "A1:A2", "G1:G2"))
    assert [each["at"] for each in found] == ["D+0 H+9", "D+1 H+9 M+10"]
    assert [each["notes"] for each in found] == ["Exercise Time: 10:00", "Exercise Time: 10:05"]


def test_cells_merged_over_rows_count_for_each(tmp_path: Path) -> None:
    """A day that is written once; a row with one text is the storyline of those below it."""
    rows = [
        ("No", "Day", "Time", "To", "Message"),
        ("DETECTION", None, None, None, None),
        (1, date(2030, 1, 2), time(9), "Blue", "Boats."),
        (2, None, time(9, 30), "Red", "More."),
    ]
    found = injects(tmp_path, *rows, merged=("A2:E2", "B3:B4"))
    assert [(each["at"], each["storyline"]) for each in found] == [
        ("2030-01-02 09:00", "DETECTION"),
        ("2030-01-02 09:30", "DETECTION"),
    ]


def test_startex_alone_is_no_storyline(tmp_path: Path) -> None:
    """It is for the facilitator, and the rows below it keep their storyline."""
    rows = [("No", "To", "Message"), ("Day 1, dawn", None, None), (None, None, "STARTEX"), (1, "Blue", "Boats.")]
    found = injects(tmp_path, *rows)
    assert [(each.get("kind"), each["storyline"]) for each in found] == [
        ("facilitation", "Day 1, dawn"),
        (None, "Day 1, dawn"),
    ]


def test_durations_of_more_than_a_day_count_from_startex(tmp_path: Path) -> None:
    """Those below a day in the same column do so, too."""
    rows = [
        ("No", "Time", "To", "Message"),
        (1, timedelta(hours=9), "Blue", "A."),
        (2, timedelta(hours=33), "Red", "B."),
    ]
    assert [each["at"] for each in injects(tmp_path, *rows)] == ["D+0 H+9", "1d 9h"]


def test_a_time_before_startex_asks_when_the_sheet_begins(tmp_path: Path) -> None:
    """A morning in a scenario that begins in the evening."""
    (tmp_path / "a.csv").write_text("No,Time,To,Message\n1,0830,CUB,Ships.\n")
    done = inside("msel import", "a.csv", "--scenario", "cuba-1962", cwd=tmp_path)
    assert "a.csv:B2: '0830' is before STARTEX, 1962-10-22 20:00 (say when the sheet begins: --startex" in done.stderr


def test_dates_outside_the_scenario_are_one_question(tmp_path: Path) -> None:
    """With the option that makes the first of them D+0."""
    rows = [("No", "DTG", "To", "Message"), (1, "041200ZJUN25", "Blue", "A."), (2, "03 0900Z JUN 25", "Red", "B.")]
    said = refused(tmp_path, *rows)
    assert "next: wargame msel import a.xlsx --scenario two-rivals --startex 2025-06-03" in said
    found = injects(tmp_path, *rows, words=(*WHO, "--startex", "2025-06-03"))
    assert [each["at"] for each in found] == ["D+1 H+12", "D+0 H+9"]


def test_a_row_whose_recipient_is_empty_is_asked(tmp_path: Path) -> None:
    """Never all players; neither are all injects of a sheet without recipients."""
    rows = [
        ("No", "Time", "To", "Message"),
        (1, "0900", "---", "A."),
        (2, "0930", None, "B."),
        (3, "0940", "Red", "C."),
    ]
    said = refused(tmp_path, *rows)
    assert 'a.xlsx:Sheet!C2: this row has no recipient, and 1 more cell: A3 (--who "=all" sends such rows' in said
    found = injects(tmp_path, *rows, words=(*WHO, "--who", "=ARD,BRL"))
    assert [each["audience"] for each in found] == [["ARD", "BRL"], ["ARD", "BRL"], ["BRL"]]
    assert "no column says who receives the injects" in refused_again(tmp_path, ("No", "Message"), (1, "A ship."))


def refused_again(folder: Path, *rows: tuple[Any, ...]) -> str:
    """The message for another sheet in the same folder."""
    (folder / "a.yaml").unlink()
    return refused(folder, *rows)


def test_a_map_keeps_what_was_said(tmp_path: Path) -> None:
    """The next sheet with the same headings needs no options; a map may also name columns by letter."""
    rows = [("Nr", "Wann", "An", "Text"), (1, "D+1", "Blue", "A."), (2, "D+2", "Red", "B.")]
    words = (*WHO, "--columns", "when=B", "--map", "my.yaml")
    first = injects(tmp_path, *rows, words=words)
    (tmp_path / "a.yaml").unlink()
    assert injects(tmp_path, *rows, words=("--columns", "my.yaml")) == first
    (tmp_path / "letters.yaml").write_text(
        "columns: {A: id, 'B:': when, C: to, D: message}\nwho: {Blue: ARD, Red: [BRL]}\n"
    )
    (tmp_path / "a.yaml").unlink()
    assert injects(tmp_path, *rows, words=("--columns", "letters.yaml")) == first


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--columns", "when=Q"), 3, "--columns: the sheet has no column 'Q' (give its heading or its letter)"),
        (("--columns", "wen=B"), 2, "--columns wen=B: write FIELD=COLUMN, such as when=C (did you mean 'when'?)"),
        (("--who", "ARD"), 2, '--who ARD: write "TEAM=GOV", such as "Blue Team=KOR", or "=all" for empty cells'),
        (("--who", "Blue=ARX"), 2, "--who Blue=ARX: there is no government 'ARX' (did you mean 'ARD'?)"),
        (("--sheet", "Day 1"), 2, "--sheet Day 1: there is no such sheet with text (they are Sheet)"),
        (("--heading-row", "9"), 2, "--heading-row 9: the rows with text are 1 to 2"),
    ],
)
def test_a_wrong_option_is_one_error(words: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    """It is not followed by what the sheet leaves open."""
    workbook(tmp_path / "a.xlsx", ("No", "Message"), (1, "Boats."))
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (code, said)


def test_the_sheet_and_the_row_of_headings_can_be_named(tmp_path: Path) -> None:
    """Where they are not found; a sheet that is hidden is read only if it is named."""
    book = workbook(tmp_path / "a.xlsx", ("No", "To", "Message"), (1, "Blue", "A."))
    hidden = book.create_sheet("Old")
    for row in (("Nr. 1",), ("x", "y", "z"), (1, "Red", "Boats.")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    words = ("--sheet", "Old", "--heading-row", "2", "--columns", "message=z", "--columns", "to=B", *WHO)
    plan = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *words, cwd=tmp_path)
    assert plan.returncode == 0, plan.stderr
    assert "audience: [BRL]" in (tmp_path / "a.yaml").read_text("utf-8")


def test_what_is_hidden_or_computed_is_said(tmp_path: Path) -> None:
    """Hidden rows are read; a formula counts with its last value, and without one it is a problem."""
    book = workbook(tmp_path / "a.xlsx", ("No", "To", "Message"), (1, "Blue", "A."), (2, "Red", "B."))
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *WHO, cwd=tmp_path)
    assert "rows that are hidden are read like the others: 3 (delete them" in " ".join(done.stdout.split())
    second = book.create_sheet("Second")
    for row in (("No", "To", "Message"), (1, "Blue", "A."), (2, "Red", "B.")):
        second.append(row)
    second.row_dimensions[2].hidden = True
    book.save(tmp_path / "a.xlsx")
    words = ("--sheet", "Second", "--into", "second.yaml", *WHO)
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *words, cwd=tmp_path)
    assert "rows that are hidden are read like the others: 2 (delete them" in " ".join(done.stdout.split())
    book["Sheet"]["C2"] = "=A2"
    book.save(tmp_path / "a.xlsx")
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *WHO, "--into", "b.yaml", cwd=tmp_path)
    assert "a.xlsx:Sheet!C2: the cell has a formula that has not been computed (correct the formula" in done.stderr


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("No,To,Message\n1,Blue,Schiffe für die Küste\n".encode("cp1252"), "is not UTF-8 and is read as Western"),
        ("No,To,Message\n1,Blue,\x81\n".encode("latin-1"), "a.csv: the encoding of this file is not known"),
        ("No,To,Message\n1,Blue,A\n".encode("utf-16-le"), "a.csv: the encoding of this file is not known"),
        (b"No,To,Message\n" + b"1,Blue,A\n" * 100_000, "a.csv: the file has more than 20,000 rows"),
    ],
)
def test_wrong_encodings_and_too_many_rows_are_said(data: bytes, message: str, tmp_path: Path) -> None:
    """No letter is replaced silently."""
    (tmp_path / "a.csv").write_bytes(data)
    done = inside("msel import", "a.csv", "--scenario", "two-rivals", "--who", "Blue=ARD", cwd=tmp_path)
    assert message in " ".join((done.stdout + done.stderr).split())


def test_rows_that_their_status_omits_are_disabled(tmp_path: Path) -> None:
    """The status itself stays in the notes."""
    rows = [
        ("No", "Time", "To", "Message", "Status"),
        (1, "0900", "Blue", "A.", "Deleted"),
        (2, "0910", "Red", "B.", "OK"),
    ]
    found = injects(tmp_path, *rows)
    assert [(each.get("enabled", True), each["notes"]) for each in found] == [
        (False, "Status: Deleted"),
        (True, "Status: OK"),
    ]


def test_our_own_sheets_take_the_same_times(tmp_path: Path) -> None:
    """In the column When of an export."""
    (tmp_path / "a.csv").write_text(
        "Id,Title,Trigger,When\na,A,at,Day 2 09:00\nb,B,,STARTEX + 2h\nc,C,at,05/13/2030\nd,D,at,9h\n"
    )
    done = inside("msel import", "a.csv", "--scenario", "two-rivals", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load((tmp_path / "a.yaml").read_text("utf-8"))["injects"]
    assert [str(each["at"]) for each in found] == ["D+1 H+9", "D+0 H+2", "2030-05-13", "9h"]


def test_a_person_is_asked_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is open, then what to change; a change that cannot be made keeps the answers; the map is written."""
    answers = iter(["low", "ard", "when=Q", "Red=BRL", "title=D", ""])
    monkeypatch.setattr("wargame.cli.msel_conversation.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    workbook(tmp_path / "a.xlsx", ("No", "To", "Message", "Codes"), (1, "Blue", "Boats.", "Sea"))
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "--columns: the sheet has no column 'Q'" in done.stderr
    assert "a.xlsx, sheet Sheet, headings in row 1\n" in done.stdout
    (found,) = yaml.safe_load((tmp_path / "a.yaml").read_text("utf-8"))["injects"]
    assert (found["title"], found["audience"]) == ("Sea", ["ARD"])
    kept = yaml.safe_load((tmp_path / "a.columns.yaml").read_text("utf-8"))
    assert (kept["columns"]["title"], kept["who"]) == ("Codes", {"Blue": "ARD", "Red": "BRL"})


@pytest.mark.parametrize("answer", ["y", "Yes"])
def test_yes_confirms_like_enter(answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no change and no name of a team."""
    monkeypatch.setattr("wargame.cli.msel_conversation.is_terminal", lambda: True)
    answers = iter([answer])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    workbook(tmp_path / "a.xlsx", ("No", "To", "Message"), (1, "All", "Boats."))
    assert inside("msel import", "a.xlsx", "--scenario", "two-rivals", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.yaml").exists()


def test_a_sheet_without_headings_imports_rightly_as_proposed(tmp_path: Path) -> None:
    """The longest texts are the messages and the names that recur the teams, which the table shows."""
    (tmp_path / "a.csv").write_text(
        ",Mail,J+0 H+1,team2,Warning,Look at your screens.,,,100\n"
        ",SMS,J 09h00,team1,Call,Call back at once.,for the SOC,done,100\n"
        ",Mail,J+1 09h05,team2,News,All is lost.,,done,100\n"
    )
    refused = inside("msel import", "a.csv", "--scenario", "two-rivals", cwd=tmp_path)
    assert re.findall(r"^([DF]) +(\S+) ", refused.stdout, re.MULTILINE) == [("D", "to"), ("F", "message")]
    (command,) = re.findall(r"^next: wargame msel import (.*)$", refused.stderr, re.MULTILINE)
    words = [{"team2=GOV": "team2=BRL", "team1=GOV": "team1=ARD"}.get(word, word) for word in shlex.split(command)]
    assert inside("msel import", *words, cwd=tmp_path).returncode == 0
    found = yaml.safe_load((tmp_path / "a.yaml").read_text("utf-8"))["injects"]
    assert [(each["message"], each["audience"]) for each in found] == [
        ("Look at your screens.", ["BRL"]),
        ("Call back at once.", ["ARD"]),
        ("All is lost.", ["BRL"]),
    ]


def test_teams_of_a_sheet_without_headings_are_recipients_although_empty_cells_go_to_all(tmp_path: Path) -> None:
    """What is meant for one team is neither sent to all nor given the name of the team as its title."""
    rows = (
        ("J+1", "Team A", "The cabinet meets in secret."),
        ("J+2", "Team B", "The port is closed."),
        ("J+3", "", "Rain."),
    )
    said = refused(tmp_path, *rows, words=("--who", "=all", "--columns", "message=C"))
    assert "there is no government 'Team A'" in said


def test_numbers_under_minutes_count_from_startex(tmp_path: Path) -> None:
    """One that is no whole number is an error at its cell."""
    (tmp_path / "a.csv").write_text("Title,Due (minutes),To\nA,95,All\nB,7.5,All\n")
    done = inside("msel import", "a.csv", "--scenario", "two-rivals", cwd=tmp_path)
    assert done.returncode == 3
    assert "a.csv:B3: " in done.stderr


def test_json_has_the_result_alone(tmp_path: Path) -> None:
    """What was understood is for people."""
    workbook(tmp_path / "a.xlsx", ("No", "To", "Message"), (1, "Blue", "Boats."))
    done = inside_json("msel import", "a.xlsx", "--scenario", "two-rivals", *WHO, cwd=tmp_path)
    assert done["added"] == ["inject_1"]


def test_a_workbook_with_links_names_them(tmp_path: Path) -> None:
    """The values of the last save count."""
    import zipfile

    book = workbook(tmp_path / "a.xlsx", ("No", "To", "Message"), (1, "Blue", "Boats."))
    book.save(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b'<c r="A2" t="n"><v>1</v>', b'<c r="A2" t="n"><f>[1]Other!A1</f><v>1</v>')
            new.writestr(entry, data)
        new.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    done = inside("msel import", "a.xlsx", "--scenario", "two-rivals", *WHO, cwd=tmp_path)
    assert "1 cell is a formula, some in other files: the values of the last save are read" in " ".join(
        done.stdout.split()
    )
