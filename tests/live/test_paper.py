"""The exercise on paper: complete for the facilitator, and without secrets on the sheets and cards of players."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import accumulate, pairwise
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import yaml

from support.driving import chromium
from support.engine import changed, loaded
from support.entry_point import wargame
from support.live import console, journal, output_of, session
from wargame.live.console.console import Console
from wargame.live.paper.pack import documents, paper
from wargame.simulation.kernel.settings import Settings


class Addresses(HTMLParser):
    """The addresses that a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects addresses."""
        del tag
        self.found += [str(value) for name, value in attrs if name in ("src", "href")]


def sections(page: str) -> dict[str, str]:
    """The text of each section by its title; sections with the same title are joined."""
    parts: dict[str, str] = {}
    for section in re.findall(r"<section[^>]*>(.*?)</section>", page, re.DOTALL):
        title = unescape(re.findall(r"<h1>(.*?)</h1>", section)[0])
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", section.replace("<wbr>", ""))).split())
        parts[title] = f"{parts.get(title, '')} {text}".strip()
    return parts


def for_players(page: str) -> dict[str, str]:
    """The sections that players receive: the packs of seats, and the cards."""
    return {title: text for title, text in sections(page).items() if title not in WHITE_CELL}


WHITE_CELL = ("Guide", "MSEL", "Commands")
PACK = ("role sheet", "options", "order form")


def test_the_page_has_guide_packs_and_cards(tmp_path: Path) -> None:
    """Every section is marked as an exercise, and nothing is loaded from any host."""
    assert wargame("print", "two-rivals", "--out", "paper.html", cwd=tmp_path).returncode == 0
    page = (tmp_path / "paper.html").read_text("utf-8")
    parts = sections(page)
    packs = [f"{name}: {part}" for name in ("Arda (ARD)", "Brel (BRL)") for part in PACK]
    assert list(parts) == ["Guide", "MSEL", "Commands", "Inject cards", *packs]
    (collision,) = (inject for inject in loaded().injects if inject.id == "collision")
    assert "collision" in parts["Inject cards"]
    assert " ".join(collision.message.split()) in parts["Inject cards"]
    assert "sends patrols into the strait" in parts["Arda (ARD): options"]
    assert all("EXERCISE EXERCISE EXERCISE" in text for text in parts.values())
    addresses = Addresses()
    addresses.feed(page)
    assert addresses.found == []


def test_a_pack_of_one_seat_has_its_three_sections_alone(tmp_path: Path) -> None:
    """Without guide, script and cards; the code may be typed in lower case."""
    done = wargame("print", "two-rivals", "--seats", "brl", cwd=tmp_path)
    assert done.stdout == "two-rivals-BRL.html\n"
    parts = sections((tmp_path / "two-rivals-BRL.html").read_text("utf-8"))
    assert list(parts) == [f"Brel (BRL): {part}" for part in PACK]
    assert "You want control of the strait more than anything else." in parts["Brel (BRL): role sheet"]
    assert "collision" not in " ".join(parts.values())
    assert "arda_council" not in " ".join(parts.values())


def test_a_folder_has_one_file_for_each_reader(tmp_path: Path) -> None:
    """So that no seat receives the pages of another by mistake."""
    done = wargame("print", "two-rivals", "--folder", "packs", cwd=tmp_path)
    assert done.stdout.split() == ["packs/white-cell.html", "packs/ARD.html", "packs/BRL.html"]
    titles = {
        path.stem: list(sections(path.read_text("utf-8"))) for path in sorted((tmp_path / "packs").glob("*.html"))
    }
    assert titles == {
        "ARD": [f"Arda (ARD): {part}" for part in PACK],
        "BRL": [f"Brel (BRL): {part}" for part in PACK],
        "white-cell": ["Guide", "MSEL", "Commands", "Inject cards"],
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--seats", "ARX"), "there is no government 'ARX' (did you mean 'ARD'?)"),
        (("--seats", ","), "--seats names no government"),
        (("--folder", "packs", "--out", "x.html"), "--folder and --out exclude each other"),
        (("--folder", "packs", "--evaluation"), "--folder and --evaluation exclude each other"),
        (("--folder", "taken"), "cannot create taken: "),
    ],
)
def test_a_wrong_command_line_writes_nothing(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    """What is wrong, and the remedy."""
    (tmp_path / "taken").write_text("a file")
    done = wargame("print", "two-rivals", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"taken"}


@pytest.mark.slow
def test_the_role_sheet_on_paper_is_that_of_the_console(tmp_path: Path) -> None:
    """The same texts, at STARTEX."""
    pages = dict(documents(loaded("korea-2017")))
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    for name in ("KOR", "PRK"):
        lines = output_of(there, f"seat {name} human", f"role {name}")[3:-1]
        text = next(text for title, text in sections(pages[name]).items() if title.endswith("role sheet"))
        shown = [line.strip().removeprefix("- ").rstrip(":") for line in lines if line.strip()]
        assert len(shown) > 30
        assert not [line for line in shown if " ".join(line.split()) not in text]


def test_an_order_form_has_the_code_of_its_seat_and_room_to_write() -> None:
    """One form for each seat, to be copied for each move; no sheets for moves that never come."""
    parts = sections(paper(loaded("korea-2017")))
    forms = {title: text for title, text in parts.items() if title.endswith("order form")}
    assert len(forms) == len(loaded("korea-2017").scenario.governments)
    assert all(f"order {title.partition('(')[2][:3]} OPTION TARGET" in text for title, text in forms.items())
    assert not any("move 1" in title for title in parts)


def test_options_on_paper_mark_what_can_be_ordered_at_startex() -> None:
    """With title, code, targets, time and who learns of it."""
    parts = re.findall(r"<tr>(.*?)</tr>", paper(loaded(), ["ARD"], white_cell=False))
    rows = {
        cells[2]: cells for row in parts if len(cells := [cell(c) for c in re.findall(r"<td>(.*?)</td>", row)]) == 6
    }
    assert rows["talk"] == ["●", "offers talks", "talk", "BRL", "1 day", "all"]
    assert rows["blockade"] == ["", "blockades the strait", "blockade", "BRL", "1 day", "all"]
    assert len(rows) == 6


def cell(html: str) -> str:
    """The text of a cell."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_a_card_is_marked_as_an_exercise_when_it_is_cut_out() -> None:
    """Each one, blank ones included."""
    page = paper(loaded())
    cards = page.count('<div class="card">')
    assert cards > 6
    assert page.count('<span class="banner">EXERCISE</span>') == cards


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "scenario", ["two-rivals", pytest.param("korea-2017", marks=pytest.mark.exhaustive), "cuba-1962"]
)
def test_a_pack_is_a_few_sheets(scenario: str, tmp_path: Path) -> None:
    """At A4: a role sheet of at most two pages, options of at most two, one order form."""
    packs = [(name, page) for name, page in documents(loaded(scenario)) if name != "white-cell"]
    assert packs
    with chromium() as chrome:
        for name, page in packs:
            html = tmp_path / f"{name}.html"
            html.write_text(page, "utf-8")
            chrome.get(html.as_uri())
            assert 3 <= printed(chrome) <= 5, name


def printed(chrome: Any) -> int:
    """The pages of the printed document. A busy browser may refuse to print, or print one page, before the layout."""
    from selenium.common.exceptions import WebDriverException

    size, pages = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}, 0
    for _ in range(5):
        with suppress(WebDriverException):
            pdf = base64.b64decode(chrome.execute_cdp_cmd("Page.printToPDF", size)["data"])
            pages = max(pages, len(re.findall(rb"/Type\s*/Page[^s]", pdf)))
        if pages > 1:
            break
        sleep(0.5)
    return pages


def test_the_guide_of_the_facilitator_has_the_whole_msel() -> None:
    """Every inject with its notes, facilitation injects included."""
    base = loaded()
    msel = sections(paper(base))["MSEL"]
    assert base.injects
    for inject in base.injects:
        assert inject.id in msel
        assert " ".join(inject.notes.split()) in msel


def test_the_pack_of_a_shorter_exercise_has_the_injects_before_its_end() -> None:
    """What is due only after ENDEX has neither row nor card; what waits for a condition or a hand has both."""
    base = loaded()
    short = sections(paper(base, settings=Settings(until="10d")))
    assert {"broker", "coup", "harvest"} <= set(short["MSEL"].split())
    for gone in ("collision", "funeral", "night_drill"):
        assert gone in sections(paper(base))["MSEL"].split()
        assert gone not in short["MSEL"].split()
        assert gone not in short["Inject cards"].split()
    assert "Left out: 3 injects due only after ENDEX." in short["MSEL"]
    assert "Left out" not in sections(paper(base))["MSEL"]


@pytest.mark.parametrize(("wall", "said"), [("2h", ["12 minutes of 2 hours"]), ("108m", [])])
def test_time_in_the_room_that_no_row_uses_is_stated(wall: str, said: list[str], tmp_path: Path) -> None:
    """In the running order, which takes 108 minutes."""
    wargame("init", "here", "--template", "cuba-quarantine", cwd=tmp_path)
    plan = tmp_path / "here" / "exercise.yaml"
    plan.write_text(plan.read_text("utf-8").replace("wall: 2h", f"wall: {wall}", 1), "utf-8")
    wargame("print", "here", "--folder", "paper", cwd=tmp_path)

    page = (tmp_path / "paper" / "white-cell.html").read_text("utf-8")
    assert re.findall(r">([^<>]*) in the room are not planned", page) == said


def test_the_running_order_has_the_opening_and_the_notes_of_each_move(tmp_path: Path) -> None:
    """Under their own headings, as the exercise file has them; a move without one of them has no line for it."""
    wargame("init", "here", "--template", "cuba-quarantine", cwd=tmp_path)
    path = tmp_path / "here" / "exercise.yaml"
    plan = yaml.safe_load(path.read_text("utf-8"))
    del plan["moves"][0]["notes"], plan["moves"][1]["opening"]
    path.write_text(yaml.safe_dump(plan, sort_keys=False), "utf-8")
    wargame("print", "here", "--folder", "paper", cwd=tmp_path)

    page = unescape((tmp_path / "paper" / "white-cell.html").read_text("utf-8"))
    for heading, field in (("Say:", "opening"), ("Watch:", "notes")):
        written = [" ".join(move[field].split()) for move in plan["moves"] if field in move]
        assert [
            " ".join(each.split()) for each in re.findall(rf"<strong>{heading}</strong> ([^<]*)</p>", page)
        ] == written


def test_the_running_order_has_the_injects_of_each_move(tmp_path: Path) -> None:
    """Each inject with a date is in the table of the move in whose days it falls, in the order of time."""
    wargame("init", "here", "--template", "strait-lesson", cwd=tmp_path)
    wargame("print", "here", "--folder", "paper", cwd=tmp_path)
    plan = yaml.safe_load((tmp_path / "here" / "exercise.yaml").read_text("utf-8"))
    script = yaml.safe_load((tmp_path / "here" / "msel.yaml").read_text("utf-8"))["injects"]
    hours = sorted((hour(each["at"]), each["id"]) for each in script if "at" in each)
    ends = list(accumulate(24 * int(move["game"].removesuffix("d")) for move in plan["moves"]))

    page = (tmp_path / "paper" / "white-cell.html").read_text("utf-8").partition("<h1>Running order</h1>")[2]
    tables = [
        part for part in page.partition("</section>")[0].split("<h2>")[1:] if "Move " in part.partition("</h2>")[0]
    ]
    cells = r"<tr><td>\d\d:\d\d</td><td>[^<]*</td><td>(\w+)</td>"
    listed = [re.findall(cells, table.replace("<wbr>", "")) for table in tables]
    assert listed == [[name for at, name in hours if start <= at < end] for start, end in pairwise([0, *ends])]
    assert all(listed)


def hour(written: str) -> int:
    """Hours from STARTEX of a time such as `D+4 H+9`."""
    day, hours = written.removeprefix("D+").split(" H+")
    return 24 * int(day) + int(hours)


@pytest.mark.parametrize("scenario", ["two-rivals", "korea-2017", "cuba-1962"])
def test_facilitation_injects_have_no_cards(scenario: str) -> None:
    """Neither id nor title nor message of one is on the pages for players; every other inject has one card."""
    base = loaded(scenario)
    secret = replace(base.injects[0], id="xyzzy", kind="facilitation", title="Xyzzy title", message="Xyzzy message")
    page = paper(changed(base, injects=(*base.injects, secret)))
    assert "Xyzzy title" in sections(page)["MSEL"]
    assert "xyzzy" not in " ".join(for_players(page).values()).lower()
    cards = [number for card in page.split('<div class="card">')[1:] for number in codes(card.split("</div>")[0])]
    assert sorted(cards) == sorted(inject.id for inject in base.injects if inject.kind != "facilitation")


def codes(card: str) -> list[str]:
    """The ids on a card."""
    return re.findall(r"<code>(.*?)</code>", card)


def test_no_secret_of_korea_is_on_the_pages_of_players() -> None:
    """No notes of the facilitator, no sources, no expected actions, no indicator that players may not know."""
    base = loaded("korea-2017")
    pages = for_players(paper(base))
    assert {title.split(" (")[0] for title in pages if "options" in title} == {
        spec.name for spec in base.scenario.governments.values()
    }
    text = " ".join(pages.values())
    secrets = [" ".join(each.split()) for inject in base.injects for each in (inject.notes, inject.source) if each]
    secrets += [expected.title for inject in base.injects for expected in inject.expected if expected.title]
    assert len(secrets) > 20
    messages = " ".join(" ".join((inject.message or inject.title).split()) for inject in base.injects)
    for secret in secrets:
        assert secret not in text or secret in messages, secret
    assert base.scenario.indicators
    for name in base.scenario.indicators:
        assert f"{name}[" not in text, name
        assert not ("_" in name and re.search(rf"\b{name}\b", text)), name


def test_the_options_of_a_seat_are_its_own() -> None:
    """The sheet of a government lists no option that only others have."""
    base = loaded("korea-2017")
    pages = for_players(paper(base))
    options = base.scenario.options
    for name, spec in base.scenario.governments.items():
        words = pages[f"{spec.name} ({name}): options"].split()
        own = {option for option, each in options.items() if name in each.by and each.dossier in spec.dossiers}
        assert own
        assert own <= set(words)
        assert not {option for option in options if "_" in option and option not in own} & set(words)


def test_typed_in_ids_resume_an_exercise(tmp_path: Path) -> None:
    """What was played on paper is typed in with its dates and ids: the same journal as if it had been live."""
    live, paper = console(tmp_path / "live"), console(tmp_path / "paper")
    output_of(live, "until 2030-01-15", "release harvest", "order ARD talk BRL", "until 2030-02-01")
    output_of(paper, "advance 5d")
    paper.session.close()
    again = Console(session(tmp_path / "again"))
    output_of(again, "advance 5d", "until 2030-01-15", "release harvest", "order ARD talk BRL", "until 2030-02-01")
    assert journal(again) == journal(live)


def test_another_startex_is_that_of_the_sheets(tmp_path: Path) -> None:
    """The leader in office then, and no situation that was written for another day."""
    done = wargame(
        "print",
        "korea-2017",
        "--seats",
        "KOR",
        "--startex",
        "2016-09-10",
        "--until",
        "101d",
        "--out",
        "k.html",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    text = sections((tmp_path / "k.html").read_text("utf-8"))["South Korea (KOR): role sheet"]
    assert "runs from 10 September 2016, 00:00 (STARTEX)" in text
    assert "The situation" not in text
    assert "9 Sep 2016: North Korea tests a nuclear device" in text
