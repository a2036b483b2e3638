"""The figures of the review in a browser: labels, colours and layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from support.driving import WIDTHS, Page, chromium
from support.records import made
from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource, from_memory
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
LONG = "A conference of all the neighbours on the strait, its islands, its fish and the ships that pass through it"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> RunSource:
    """A run of the small scenario, with a step of a forum that has a long name."""
    loaded = load("two-rivals")
    run = simulate(loaded, 3, place=Destination(out=tmp_path_factory.mktemp("run") / "rivals"))
    source = from_memory(run.folder, run.manifest, run.records, loaded)
    middle, last = source.records[len(source.records) // 2], source.records[-1]
    step = {"from": "proposed", "to": "convened", "event": "convene", "title": LONG}
    forum = made(last.seq + 1, middle.t, middle.at, "forum", "ARD", "conference", (), step)
    return replace(source, records=[*source.records, forum])


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """One browser for all tests of the file."""
    with chromium() as started:
        yield started


def opened(chrome: Any, source: RunSource, seat: str = "") -> Page:
    """The review, for control or for a seat."""
    path = source.folder.path / f"figures{seat}.html"
    path.write_bytes(render(Findings(source), "html", seat))
    page = Page(chrome, path)
    page.open()
    return page


SHARES = (
    "return [...document.querySelectorAll('#attention-figure .share')].map((r) => "
    "[r.querySelector('title').textContent, r.getAttribute('fill')])"
)


def test_every_dossier_has_one_colour_and_a_name(chrome: Any, source: RunSource) -> None:
    """The same for all governments and in the version for a seat; names without room in a bar are in the legend."""
    page = opened(chrome, source)
    shares = page.script(SHARES)
    keys = page.script("return [...document.querySelectorAll('#attention-figure .key')].map((t) => t.textContent)")
    seat = opened(chrome, source, "BRL").script(SHARES)

    assert sorted(keys) == ["economy: Trade and growth", "strait: The strait"]
    assert len(shares) == 4
    colours = {(title.split(": ")[1], colour) for title, colour in shares}
    assert len(colours) == 2
    assert {(title.split(": ")[1], colour) for title, colour in seat} == colours


def test_every_figure_begins_with_its_result(chrome: Any, source: RunSource) -> None:
    """After what it shows; an indicator has its unit or range, and a line of no government has no colour of one."""
    page = opened(chrome, source)
    said = page.script(
        "return [...document.querySelectorAll('figure:not(.small) figcaption')].map((f) => f.textContent)"
    )
    small = page.script("return [...document.querySelectorAll('figure.small figcaption')].map((f) => f.textContent)")
    lines = "[...document.querySelectorAll('figure.small')].filter((f) => f.textContent.startsWith('Tension'))"
    strokes = page.script(f"return {lines}[0].querySelector('path').getAttribute('stroke')")

    last = [record.data["values"] for record in source.records if "values" in record.data][-1]
    trust = sorted((last[f"trust[{a}, {b}]"], name) for a, b, name in PAIRS)
    lowest, highest = (f"{name}, {value:+.2f}".replace("-", "−") for value, name in trust)
    assert len(said) == 5
    assert all(re.search(r": .*\d", text) for text in said)
    assert f": at the end lowest of {lowest}, and highest of {highest}" in said[1]
    assert all(re.search(r", .+: from .+ to |: at the end ", text) for text in small)
    assert strokes == "var(--ink)"


PAIRS = (("ARD", "BRL", "Arda in Brel"), ("BRL", "ARD", "Brel in Arda"))


def test_a_long_name_of_a_forum_takes_two_lines(chrome: Any, source: RunSource) -> None:
    """Pointing at it shows all of it."""
    page = opened(chrome, source)
    text = "document.querySelector('#talks-figure .forum')"
    lines = page.script(f"return [...{text}.querySelectorAll('tspan')].map((t) => t.textContent)")

    assert len(lines) == 2
    assert LONG.startswith(" ".join(lines).rstrip("…"))
    assert page.script(f"return {text}.querySelector('title').textContent") == LONG
    assert page.script(f"return {text}.getBBox().x") >= 0


def test_on_a_phone_only_the_tables_scroll(chrome: Any, source: RunSource) -> None:
    """With all details open, texts have room, and captions wrap and stay visible."""
    page = opened(chrome, source)
    page.open(WIDTHS["phone"])
    page.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.script("document.querySelectorAll('.scroll').forEach((s) => { s.scrollLeft = 1e4; })")

    assert page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    boxes = page.script(
        "return [...document.querySelectorAll('.scroll caption')].map((c) => c.getBoundingClientRect())"
        ".map((r) => [r.left, r.right])"
    )
    assert len(boxes) > 5
    assert all(left >= 0 and right <= WIDTHS["phone"] for left, right in boxes)
    least = page.script(
        "return Math.min(...[...document.querySelectorAll('td.text')].map((d) => d.clientWidth).filter((w) => w > 0))"
    )
    assert least > 110


def test_a_cell_of_a_card_is_one_text_on_a_phone(chrome: Any, source: RunSource) -> None:
    """Records of a cell stand beside each other, apart, as the parts of any other text do."""
    page = opened(chrome, source)
    page.open(WIDTHS["phone"])
    places = page.script(
        "return [...document.querySelectorAll('table.stack .record + .record')].map((second) => {"
        " const [a, b] = [second.previousElementSibling, second].map((each) => each.getBoundingClientRect());"
        " return [a.top, b.top, b.left - a.right]; })"
    )

    assert places
    assert all(first == second and gap > 2 for first, second, gap in places[:3])


def test_numbers_are_aligned_to_the_right_with_a_true_minus(chrome: Any, source: RunSource) -> None:
    """In every table that the page draws; percentages have no space before the sign."""
    page = opened(chrome, source)
    page.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    cells = page.script(
        "return [...document.querySelectorAll('td')].filter((d) => /^[-+−]?[\\d.,]+\\s?%?$/.test(d.innerText.trim()))"
        ".filter((d) => [...d.closest('table').querySelectorAll(`tbody td:nth-child(${d.cellIndex + 1})`)]"
        ".every((c) => /^$|^[-+−]?[\\d.,]+\\s?%?$/.test(c.innerText.trim())))"
        ".map((d) => [d.innerText, getComputedStyle(d).textAlign])"
    )

    assert len(cells) > 50
    assert {align for _, align in cells} == {"right"}
    assert not [text for text, _ in cells if text.startswith("-")]
    assert not re.search(r"\d%", page.text("main"))
