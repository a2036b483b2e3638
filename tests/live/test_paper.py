"""The exercise on paper: complete for the facilitator, and without secrets on the sheets and cards of players."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from support.engine import changed, loaded
from support.live import console, journal, output_of, session
from wargame.live.console.console import Console
from wargame.live.paper import paper

Wargame = Callable[..., subprocess.CompletedProcess[str]]


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
    for section in re.findall(r"<section>(.*?)</section>", page, re.DOTALL):
        title = unescape(re.findall(r"<h1>(.*?)</h1>", section)[0])
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", section)).split())
        parts[title] = f"{parts.get(title, '')} {text}".strip()
    return parts


def for_players(page: str) -> dict[str, str]:
    """The sections that seats receive: their options, turn sheets and cards."""
    return {title: text for title, text in sections(page).items() if title not in FACILITATOR and "guide" not in title}


FACILITATOR = ("MSEL", "Commands")


def test_the_page_has_guide_sheets_and_cards(wargame: Wargame, tmp_path: Path) -> None:
    """Every section is marked as an exercise, and nothing is loaded from any host."""
    assert wargame("print", "two-rivals", "--out", "paper.html").returncode == 0
    page = (tmp_path / "paper.html").read_text("utf-8")
    parts = sections(page)
    assert {"Arda (ARD): options", "Arda (ARD), move 1", "Inject cards", "MSEL", "Commands"} <= set(parts)
    (collision,) = (inject for inject in loaded().injects if inject.id == "collision")
    assert "collision" in parts["Inject cards"]
    assert " ".join(collision.message.split()) in parts["Inject cards"]
    assert "sends patrols into the strait" in parts["Arda (ARD): options"]
    assert all("EXERCISE EXERCISE EXERCISE" in text for text in parts.values())
    addresses = Addresses()
    addresses.feed(page)
    assert addresses.found == []


def test_the_guide_of_the_facilitator_has_the_whole_msel() -> None:
    """Every inject with its notes, facilitation injects included."""
    base = loaded()
    msel = sections(paper(base))["MSEL"]
    assert base.injects
    for inject in base.injects:
        assert inject.id in msel
        assert " ".join(inject.notes.split()) in msel


@pytest.mark.parametrize("scenario", ["two-rivals", "korea-2017", "cuba-1962"])
def test_facilitation_injects_have_no_cards(scenario: str) -> None:
    """Neither id nor title nor message of one is on the pages for players; every other inject has one card."""
    base = loaded(scenario)
    secret = replace(base.injects[0], id="xyzzy", kind="facilitation", title="Xyzzy title", message="Xyzzy message")
    page = paper(changed(base, injects=(*base.injects, secret)))
    assert "Xyzzy title" in sections(page)["MSEL"]
    assert "xyzzy" not in " ".join(for_players(page).values()).lower()
    cards = [number for card in re.findall(r'<div class="card">(.*?)</div>', page) for number in codes(card)]
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
        own = {option for option, each in options.items() if name in each.by}
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
