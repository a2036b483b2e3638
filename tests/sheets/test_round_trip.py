"""An exported MSEL comes back unchanged, and a change of a cell changes only its field."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import sheets
from support.in_process import inside
from wargame.scenario.loading import catalogue
from wargame.scenario.model import Inject
from wargame.sheets import reading, writers
from wargame.sheets.columns import COLUMNS, HEADINGS, InjectCells
from wargame.sheets.msel_book import MselSource, book_of, msel_sheet
from wargame.sheets.script import Script, new_script
from wargame.sheets.writers import to_ods, to_xlsx

SCRIPTS = [entry.path for entry in catalogue.injects()]


@pytest.fixture(params=SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def script(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a shipped inject file."""
    return Path(shutil.copyfile(request.param, tmp_path / request.param.name))


@pytest.mark.parametrize("suffix", [".xlsx", pytest.param(".ods", marks=pytest.mark.slow), ".csv"])
def test_a_shipped_script_comes_back_byte_for_byte(script: Path, suffix: str, tmp_path: Path) -> None:
    """Exporting and importing without a change finds no difference."""
    sheet = sheets.exported(sheets.source_of(script), tmp_path / f"msel{suffix}")
    plan = sheets.imported(sheet, script)
    assert plan.content == script.read_bytes()
    assert len(plan.unchanged) == len(Script("x", script.read_bytes()).rows) > 0
    assert (plan.changed, plan.added, plan.missing) == ({}, (), ())


def test_every_field_of_an_inject_has_a_column() -> None:
    """A field that is added to the model cannot be lost in a sheet."""
    columns = {column.field for column in COLUMNS if column.field} | {"expected", *Inject.ONE_OF}
    assert columns == {each.name for each in fields(Inject)}


def msel(tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the main script of korea-2017 and its export."""
    script = Path(shutil.copyfile(catalogue.injects_dir() / "korea-2017" / "msel.yaml", tmp_path / "msel.yaml"))
    return script, sheets.exported(sheets.source_of(script), tmp_path / "msel.xlsx")


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """The lines removed and added."""
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_changed_cell_changes_its_field_only(tmp_path: Path) -> None:
    """All other lines stay, with their comments."""
    script, sheet = msel(tmp_path)
    sheets.set_cell(sheet, "leak_by_hand", "Title", "Leak: a memorandum")
    sheets.set_cell(sheet, "quarterly_review", "When", "D+91")
    plan = sheets.imported(sheet, script)
    assert changed_lines(script.read_bytes(), plan.content) == [
        "-     at: D+90",
        "+     at: D+91",
        "-     title: A memorandum is leaked",
        '+     title: "Leak: a memorandum"',
    ]
    assert list(plan.changed) == ["quarterly_review", "leak_by_hand"]


def test_an_emptied_cell_removes_its_field(tmp_path: Path) -> None:
    """A field without a value uses its default."""
    script, sheet = msel(tmp_path)
    sheets.set_cell(sheet, "quarterly_review", "Every", None)
    plan = sheets.imported(sheet, script)
    assert changed_lines(script.read_bytes(), plan.content) == ["-     every: 90d"]


def test_a_new_field_is_written_in_its_place(tmp_path: Path) -> None:
    """After the fields that come before it in the usual order."""
    script, sheet = msel(tmp_path)
    sheets.set_cell(sheet, "startex", "Chance", 0.5)
    plan = sheets.imported(sheet, script)
    lines = plan.content.decode().splitlines()
    assert lines[lines.index("    chance: 0.5") - 1] == "    at: D+0 H+0"


FLOW = """format: wargame-injects/1
scenario: two-rivals

injects:
  - id: first
    title: First
    at: D+1
    message: one
  # the second is in braces
  - {id: second,
     title: Second, at: D+2,
     message: two}

  - id: third
    title: Third
    at: D+3
    message: three
"""


def test_an_inject_in_braces_is_written_again_as_a_whole(tmp_path: Path) -> None:
    """Its neighbours and the comment above it stay, and only the new title differs from what it said before."""
    script = tmp_path / "flow.yaml"
    script.write_text(FLOW)
    sheet = sheets.exported(sheets.source_of(script), tmp_path / "msel.xlsx")
    sheets.set_cell(sheet, "second", "Title", "Changed")
    plan = sheets.imported(sheet, script)
    braces = "  - {id: second,\n     title: Second, at: D+2,\n     message: two}\n"
    block = "  - id: second\n    title: Changed\n    at: D+2\n    message: two\n"
    assert plan.content.decode() == FLOW.replace(braces, block)


def test_the_trigger_changes_with_its_word(tmp_path: Path) -> None:
    """The old trigger is removed and the new one takes its place."""
    script, sheet = msel(tmp_path)
    sheets.set_cell(sheet, "leak_by_hand", "Trigger", "when")
    sheets.set_cell(sheet, "leak_by_hand", "When", "tension > 0.5")
    plan = sheets.imported(sheet, script)
    assert changed_lines(script.read_bytes(), plan.content) == ["-     manual: true", "+     when: tension > 0.5"]


def test_expected_actions_are_changed_as_a_whole(tmp_path: Path) -> None:
    """Their rows are in a sheet of their own."""
    script = Path(shutil.copyfile(catalogue.injects_dir() / "two-rivals" / "msel.yaml", tmp_path / "msel.yaml"))
    sheet = sheets.exported(sheets.source_of(script), tmp_path / "msel.xlsx")

    def later(book: Any) -> None:
        book["Expected"]["E2"].value = "20d"

    sheets.edit(sheet, later)
    plan = sheets.imported(sheet, script)
    assert [heading for heading, _, _ in plan.changed["collision"]] == ["Expected"]
    assert b"within: 20d" in plan.content
    assert Script("x", plan.content).rows["collision"].expected[0]["Within"] == "20d"


def test_rows_are_added_at_the_end_and_removed_on_request_only(tmp_path: Path) -> None:
    """A row that is not in the sheet stays unless --delete is given."""
    script, sheet = msel(tmp_path)

    def change(book: Any) -> None:
        book["MSEL"].delete_rows(3)
        book["MSEL"].append(["added", "An added inject", "", "", "at", "D+9"])

    sheets.edit(sheet, change)
    plan = sheets.imported(sheet, script)
    assert (plan.added, plan.missing, plan.removed) == (("added",), ("quarterly_review",), ())
    assert plan.content.decode().endswith("\n  - id: added\n    title: An added inject\n    at: D+9\n")
    deleting = sheets.imported(sheet, script, delete=True)
    assert deleting.removed == ("quarterly_review",)
    assert b"quarterly_review" not in deleting.content
    assert list(Script("x", deleting.content).rows)[:2] == ["startex", "leak_by_hand"]


def test_the_command_prints_what_it_adds_keeps_and_removes(tmp_path: Path) -> None:
    """By the ids of the injects, with the option that removes what is not in the sheet."""
    assert inside("init", "mine", "--from", "two-rivals", cwd=tmp_path).returncode == 0
    assert inside("msel export", "mine", "--out", "msel.xlsx", cwd=tmp_path).returncode == 0

    def change(book: Any) -> None:
        book["MSEL"].delete_rows(next(row[0].row for row in book["MSEL"].rows if row[0].value == "funeral"))
        book["MSEL"].append(["added", "An added inject", "", "", "at", "D+9"])

    sheets.edit(tmp_path / "msel.xlsx", change)
    words = ("msel.xlsx", "--into", "mine/msel.yaml", "--check")
    shown = inside("msel import", *words, cwd=tmp_path).stdout.splitlines()
    assert shown[:2] == ["added: added", "not in the sheet: funeral (kept; --delete removes them)"]
    assert inside("msel import", *words, "--delete", cwd=tmp_path).stdout.splitlines()[1] == "removed: funeral"


def test_a_row_changed_on_both_sides_is_refused_with_both_values(tmp_path: Path) -> None:
    """Neither the sheet nor the file wins by itself."""
    script, sheet = msel(tmp_path)
    sheets.set_cell(sheet, "leak_by_hand", "Title", "One title")
    script.write_bytes(script.read_bytes().replace(b"A memorandum is leaked", b"Another title"))
    with pytest.raises(
        Exception, match=r"MSEL!B4: Title of 'leak_by_hand' changed here and in .*'One title'.*'Another"
    ):
        sheets.imported(sheet, script)


def test_a_row_changed_in_the_file_only_stays(tmp_path: Path) -> None:
    """The sheet still has the text of the export, so that the file is newer."""
    script, sheet = msel(tmp_path)
    script.write_bytes(script.read_bytes().replace(b"A memorandum is leaked", b"Another title"))
    plan = sheets.imported(sheet, script)
    assert plan.kept == ("leak_by_hand",)
    assert plan.content == script.read_bytes()


def test_a_column_that_the_sheet_does_not_have_stays(tmp_path: Path) -> None:
    """An author may delete columns that are not needed."""
    script, sheet = msel(tmp_path)

    def drop(book: Any) -> None:
        book["MSEL"].delete_cols(HEADINGS.index("Salience") + 1)
        del book["Expected"]

    sheets.edit(sheet, drop)
    assert sheets.imported(sheet, script).content == script.read_bytes()


def test_columns_of_the_author_survive_a_second_export(tmp_path: Path) -> None:
    """They are matched by the id of the inject."""
    from wargame.sheets.export import own_columns

    script, sheet = msel(tmp_path)

    def add(book: Any) -> None:
        book["MSEL"].cell(1, len(HEADINGS) + 1, "Actor")
        book["MSEL"].cell(3, len(HEADINGS) + 1, "Sam")

    sheets.edit(sheet, add)
    extra = own_columns(sheet, sheets.source_of(script).rows)
    assert extra["Actor"][:3] == ("", "Sam", "")


# --- any text ----------------------------------------------------------------------------------------

NASTY = [
    "=1+1",
    "0012",
    "2017-06-30",
    "TRUE",
    "-5",
    "@x",
    "+1",
    "'quoted",
    "a: b",
    "# c",
    "null",
    "~",
    "{a",
    "[b",
    "x" * 400,
]
TEXT = st.one_of(
    st.sampled_from(["_x0041_ is an escape to Excel", "_x000D_", "_x005F_x0041_"]),
    st.sampled_from(NASTY),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
        | st.just("\n"),
        max_size=200,
    ),
).map(lambda text: "\n".join(line for line in text.strip().split("\n")))


@pytest.mark.slow
@settings(max_examples=30)
@given(title=TEXT.filter(bool), message=TEXT, notes=TEXT)
def test_any_text_survives_every_format(title: str, message: str, notes: str) -> None:
    """Formulas, numbers with zeros in front, dates, line breaks: each comes back as written."""
    cells = {"Id": "a", "Title": title, "Trigger": "by hand", "Message": message, "Notes": notes}
    row = InjectCells("a", {heading: cell for heading, cell in cells.items() if cell})
    data = new_script("two-rivals", "", [row])
    assert Script("x", data).rows == {"a": row}
    scenario = sheets.source_of(catalogue.injects_dir() / "two-rivals" / "msel.yaml").scenario
    source = MselSource((row,), scenario, {})
    book, table = book_of(source, {}), msel_sheet(source, {})
    for name, content in {
        "x.xlsx": to_xlsx(book),
        "x.ods": to_ods(book),
        "x.csv": writers.to_csv(table.headings, table.rows),
    }.items():
        (read, *_) = reading.tables_of(name, content)
        back = {heading: cell for heading, cell in zip(read.headings, read.rows[0], strict=False) if cell}
        assert back == row.cells, name


def test_the_longest_cell_survives(tmp_path: Path) -> None:
    """A cell of Excel holds 32,767 characters; one more is refused with the inject and the column."""
    script = tmp_path / "injects.yaml"

    def write(length: int) -> Path:
        row = InjectCells("a", {"Id": "a", "Title": "t", "Trigger": "by hand", "Message": "x" * length})
        script.write_bytes(new_script("two-rivals", "", [row]))
        return sheets.exported(sheets.source_of(script), tmp_path / "long.xlsx")

    assert sheets.imported(write(32_767), script).unchanged == ("a",)
    with pytest.raises(Exception, match="Message has more than 32,767 characters"):
        write(32_768)


# --- LibreOffice -------------------------------------------------------------------------------------

OFFICE = shutil.which("localc")  # not `soffice`, which Writer alone has, too


def resaved(paths: Sequence[Path], suffix: str, folder: Path) -> list[Path]:
    """The files as LibreOffice saves them in another format, started once for all."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", suffix.lstrip("."), "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=240)
    return [folder / f"{path.stem}{suffix}" for path in paths]


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice Calc is not installed")
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_libreoffice_saves_what_comes_back_byte_for_byte(suffix: str, tmp_path: Path) -> None:
    """Each shipped script, exported, saved again by LibreOffice and imported, is equal to the byte."""
    scripts = [Path(shutil.copyfile(path, tmp_path / f"{number}.yaml")) for number, path in enumerate(SCRIPTS)]
    exports = [sheets.exported(sheets.source_of(script), script.with_suffix(".xlsx")) for script in scripts]
    for again, script in zip(resaved(exports, suffix, tmp_path / "office"), scripts, strict=True):
        plan = sheets.imported(again, script)
        assert plan.content == script.read_bytes(), json.dumps({k: list(v) for k, v in plan.changed.items()})


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice Calc is not installed")
def test_libreoffice_reads_an_opendocument_export(tmp_path: Path) -> None:
    """The file that is written without LibreOffice is a complete spreadsheet to it, hidden sheet included."""
    script = Path(shutil.copyfile(catalogue.injects_dir() / "korea-2017" / "msel.yaml", tmp_path / "msel.yaml"))
    sheet = sheets.exported(sheets.source_of(script), tmp_path / "msel.ods")
    (again,) = resaved([sheet], ".xlsx", tmp_path / "office")
    assert sheets.imported(again, script).content == script.read_bytes()
