"""A sheet in the control room: sent, read another way, imported as it was shown, and nothing before that."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.live import resumed, verified
from support.web import Client, Served, run, serving

SHEET = """Event #,Event Time,Event Description,Recipient Player(s)
01,9:00,The ferry is six hours late.,Command Center
02,9:10,A boat drifts.,"ED, Command Center"
"""
OWN = """Id,Title,Trigger,When,To
coup,"A coup: at night",at,D+200,ARD
bulletin,A bulletin,by hand,,
"""


async def send(who: Client, text: str | bytes = SHEET, name: str = "harbour.csv", **headers: str) -> httpx.Response:
    """Sends a file, as the page does."""
    form = {"Content-Type": "application/octet-stream", **headers}
    content = text.encode() if isinstance(text, str) else text
    return await who.http.post("/api/1/sheet", params={"name": name}, content=content, headers=form)


async def shown(who: Client) -> dict[str, str]:
    """The parts of the page."""
    answer = await who.post("/parts", {"have": {}, "query": "view=import"})
    return {name: html for name, html in answer.json()["parts"].items() if name.startswith("view.")}


async def digest(who: Client) -> str:
    """The hash that the button bears."""
    found = re.search(
        r'data-verb="sheet".*?value="import".*?value="(\w+)"', (await shown(who))["view.import-injects"], re.DOTALL
    )
    assert found is not None
    return found[1]


def injects(there: Served) -> dict[str, Any]:
    """The injects of the exercise by id: title, recipients, time and whether one is to come."""
    lines = there.session.exercise.injector.lines.items()
    return {name: (each.spec.title, each.spec.audience, each.alive) for name, each in lines}


def test_a_file_of_another_program_is_named_and_can_be_removed(tmp_path: Path) -> None:
    """Its page says what is wrong, also for JSON that is no export of OpenAEV, and has the button that removes it."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            for text in ('{"a": 1}', "[" * 100_000):
                assert (await send(chief, text, "other.json")).status_code == 200
                page = (await shown(chief))["view.import-file"]
                assert "not an export of OpenAEV" in page
                assert "Remove this file" in page
            await chief.lines("sheet", "forget")
            assert "other.json" not in (await shown(chief))["view.import-file"]

    run(steps())


def test_a_sheet_is_imported_after_its_teams_are_chosen(tmp_path: Path) -> None:
    """One command of the log; the exercise resumes with it, and verifies."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            before = injects(there)
            assert (await send(chief)).status_code == 200
            page = unescape((await shown(chief))["view.import-file"])
            assert "there is no government 'Command Center', and 1 more cell: D3" in page
            await chief.lines("sheet", "--who", "Command Center=ARD,ED=ARD,ED=BRL")
            assert injects(there) == before
            assert not there.session.log.lines
            said = await chief.lines("sheet", "import", await digest(chief))
            assert said == ["harbour.csv: 2 injects added, 0 changed."]
            added = {name: each for name, each in injects(there).items() if name not in before}
            assert added == {
                "inject_01": ("The ferry is six hours late", ("ARD",), True),
                "inject_02": ("A boat drifts", ("ARD", "BRL"), True),
            }
            assert [line.kind for line in there.session.log.lines] == ["inject"]
            assert "import-read" not in str(await shown(chief))
            there.session.close()

    run(steps())
    again = resumed(tmp_path / "run")
    assert {"inject_01", "inject_02"} <= set(again.exercise.injector.lines)
    again.close()
    assert verified(tmp_path / "run")


def test_columns_are_chosen_and_two_of_one_kind_are_refused(tmp_path: Path) -> None:
    """The values of a column that no field takes are in the notes."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            await send(chief, SHEET.replace("Command Center", "Arda").replace("ED, ", "Brel, "))
            await chief.lines("sheet", "--columns", "message=C,message=D,when=B")
            assert "two columns are the message: C and D" in (await shown(chief))["view.import-file"]
            await chief.lines("sheet", "--columns", "title=A,message=C,to=D", "--who", "Arda=ARD,Brel=BRL")
            await chief.lines("sheet", "import", await digest(chief))
            item = there.session.exercise.injector.lines["inject_01"].spec
            assert (item.title, item.manual, item.notes) == ("01", True, "Event Time: 9:00")

    run(steps())


def test_an_export_changes_adds_and_skips_together(tmp_path: Path) -> None:
    """Rows of injects that are there are edits; with --skip, the injects that the sheet lacks are skipped."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            others = set(injects(there)) - {"coup"}
            await send(chief, OWN)
            assert "changes Title" in (await shown(chief))["view.import-injects"]
            await chief.lines("sheet", "import", await digest(chief), "--skip")
            assert injects(there)["coup"] == ("A coup: at night", ("ARD",), True)
            assert injects(there)["bulletin"][2]
            assert not [name for name in others if injects(there)[name][2]]
            await chief.lines("undo")
            assert "bulletin" not in injects(there)
            assert all(injects(there)[name][2] for name in others)
            await send(chief, OWN)
            await chief.lines("sheet", "import", await digest(chief))
            await send(chief, OWN)
            assert "0 new, 0 changed, 2 unchanged" in (await shown(chief))["view.import-injects"]

    run(steps())


def test_what_was_not_shown_is_not_imported(tmp_path: Path) -> None:
    """The MSEL has changed since, or another sheet was sent; the same key imports once."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            await send(chief, OWN)
            old = await digest(chief)
            await chief.lines("inject", "news", "Riots", "--id", "riots")
            refused = await chief.command("sheet", "import", old)
            assert refused.status_code == 422
            assert "has changed since it was shown" in refused.text
            hash_ = await digest(chief)
            for _ in range(2):
                assert (await chief.command("sheet", "import", hash_, key="once")).status_code == 200
            assert [line.kind for line in there.session.log.lines].count("inject") == 2

    run(steps())


def test_only_the_facilitator_sends_sheets(tmp_path: Path) -> None:
    """Not a deputy, an evaluator or a seat; none of them sees one."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            chief = await there.joined("facilitator", "Fay")
            await send(chief, OWN)
            hash_ = await digest(chief)
            for of in ("deputy", "evaluator", "ARD", "screen"):
                other = await there.joined(of, f"Eve of {of}")
                assert (await send(other)).status_code == 403
                assert (await other.command("sheet", "import", hash_)).status_code == 403
                assert (await other.command("sheet", "forget")).status_code == 403
                assert "bulletin" not in str((await other.post("/parts", {"have": {}, "query": "view=import"})).json())
            stranger = there.client()
            assert (await send(stranger)).status_code == 401
            assert await digest(chief) == hash_

    run(steps())


REFUSED: tuple[tuple[str | bytes, str, dict[str, str], int, str], ...] = (
    (SHEET, "harbour.exe", {}, 422, "this is not a spreadsheet"),
    (SHEET, "harbour.xlsx", {}, 422, "this is not a spreadsheet that can be read"),
    (SHEET, "harbour.xlsm", {}, 422, "workbooks with macros are not read"),
    ("", "harbour.csv", {}, 422, "the file is empty"),
    (SHEET, "../" + "n" * 200 + ".csv", {}, 422, "the name of a file"),
    (SHEET, "", {}, 422, "the name of a file"),
    (b"x" * 2_000_001, "harbour.csv", {}, 413, "at most"),
    (SHEET, "harbour.csv", {"Content-Type": "text/csv"}, 415, "octet-stream"),
    (SHEET, "harbour.csv", {"Origin": "http://evil.example"}, 403, "origin"),
)


@pytest.mark.parametrize(("text", "name", "headers", "status", "words"), REFUSED)
def test_files_are_checked(
    tmp_path: Path, text: str | bytes, name: str, headers: dict[str, str], status: int, words: str
) -> None:
    """Type, content, size, name and origin; the sheet before stays."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            await send(chief, OWN)
            before = await digest(chief)
            answer = await send(chief, text, name, **headers)
            assert (answer.status_code, words in answer.text) == (status, True), answer.text
            assert await digest(chief) == before

    run(steps())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"Objective": "glory"}, "objective"),
        ({"Trigger": "at", "When": "2029-01-01"}, "sheet.csv:"),
        ({"To": "XXX"}, "XXX"),
        ({"Trigger": "someday"}, "there is no trigger"),
    ],
)
def test_bad_cells_have_the_messages_of_the_terminal(tmp_path: Path, row: dict[str, str], words: str) -> None:
    """With sheet and cell; there is no button to import."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            chief = await there.joined("facilitator", "Fay")
            out = io.StringIO()
            heads = ("Id", "Title", "Trigger", "When", "To", "Objective")
            writer = csv.DictWriter(out, heads)
            writer.writeheader()
            writer.writerow({"Id": "bulletin", "Title": "B", "Trigger": "by hand", **row})
            await send(chief, out.getvalue(), "sheet.csv")
            parts = await shown(chief)
            assert words in unescape(parts["view.import-file"])
            assert 'role="alert"' in parts["view.import-file"]
            assert 'value="import"' not in parts["view.import-injects"]

    run(steps())
