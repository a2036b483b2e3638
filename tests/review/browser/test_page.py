"""The review in a browser: what people do with it, at the widths of their screens."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from support.axe import axe_source, serious
from support.driving import WIDTHS, Page, chromium
from wargame.executor.run import Place, simulate
from wargame.journal.records import Record
from wargame.journal.trace import origin, trace
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource, from_memory
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

SECOND = 1000.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> RunSource:
    """A run of the small scenario."""
    loaded = load("two-rivals")
    run = simulate(loaded, 3, place=Place(out=tmp_path_factory.mktemp("run") / "rivals"))
    return from_memory(run.folder, run.manifest, run.records, loaded)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """One browser for all tests of the file."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(chrome: Any, source: RunSource) -> Page:
    """The review, as written beside the run."""
    path = source.folder.path / "report.html"
    path.write_bytes(render(Findings(source), "html"))
    return Page(chrome, path)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_page_opens_without_an_error_a_request_or_a_scroll_sideways(page: Page, width: int) -> None:
    """On every screen: nothing is asked of any host, nothing breaks, nothing sticks out."""
    page.open(width)

    wide = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.console(), page.requests(), wide) == ([], [], 0)


def test_a_decision_shows_its_causes_and_the_terms_of_its_score(page: Page, source: RunSource) -> None:
    """Select a decision: the chain back, the candidates with their terms, and whether a coin fell."""
    decision = next(
        r for r in source.records if r.kind == "decision" and len(r.data.get("candidates", ())) > 1 and r.cause
    )
    page.open()
    page.script("select(arguments[0])", decision.seq)

    told = page.text("#detail")
    first = decision.data["candidates"][0]
    assert f"#{decision.cause[0]}" in told
    assert "WHAT LED TO IT" in told.upper()
    assert all(term in told.lower() for term in first["terms"])
    assert re.search(r"Chance decided|also the best by score", told)
    assert page.script("return document.querySelectorAll('#links .link.causes').length") >= 1


def test_what_began_a_chain_is_told_as_by_why(page: Page, source: RunSource) -> None:
    """The same sentence about the same record, in the page and on the command line."""
    page.open()
    index = {record.seq: record for record in source.records}
    for kind in ("inject.released", "hazard", "outcome", "leader"):
        found = next((r for r in source.records if r.kind == kind and not r.cause), None)
        if found is None:
            continue
        page.script("select(arguments[0])", found.seq)
        assert f"{origin(found, source.titles)}.".lower() in page.text("#detail").lower()
    caused = next(
        r for r in source.records if r.cause and trace(r.seq, index).steps[-1].record.kind == "inject.released"
    )
    page.script("select(arguments[0])", caused.seq)
    assert re.search(r"It (goes back to|began with) the inject '[^']+'\.", page.text("#detail"))


def test_how_decisions_came_out_is_told_in_two_words(page: Page) -> None:
    """By chance or by score; and a government is never called `us`."""
    page.open()
    told = page.script(
        "return [...document.querySelectorAll('#decision-list td:nth-child(6)')].map((d) => d.innerText)"
    )
    page.choose("#scrub-time", "100000")

    assert set(told) == {"chance decided", "best by score"}
    assert "(us)" not in page.text("main")
    assert page.script("return model.records.map(say).filter((text) => text.includes('(us)')).length") == 0


def test_the_timeline_is_walked_with_the_keyboard(page: Page) -> None:
    """Arrow keys move from mark to mark, and what is selected is said aloud."""
    page.open()
    press = (
        "const figure = document.getElementById('timeline-figure');"
        "figure.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0]}))"
    )
    before = page.script("return view.selected.seq")
    page.script(press, "ArrowRight")
    after = page.script("return view.selected.seq")
    page.script(press, "ArrowLeft")

    assert after > before == page.script("return view.selected.seq")
    assert page.script("return document.getElementById('said').textContent")


def test_the_numbers_of_the_moments_never_hide_each_other(page: Page) -> None:
    """Not even where all are within a day: their badges stand beside each other, and inside the figure."""
    page.open()
    places = page.script(
        "model.meta.moments = model.records.filter((r) => r.kind === 'action').slice(0, 5).map((r) => r.seq);"
        "look_at(-1e12, 1e12); const all = [...document.querySelectorAll('.moment-badge')];"
        "return [view.width, ...all.map((c) => Number(c.getAttribute('cx')))]"
    )
    width, *centres = places

    assert len(centres) == 5
    assert min(b - a for a, b in pairwise(sorted(centres))) >= 20
    assert max(centres) + 10 <= width


def test_the_legend_names_every_shape_and_colour_of_the_timeline(page: Page) -> None:
    """Steps of talks by their state, chance events, commands, and what a darker shade means."""
    page.open()
    told = page.text("#timeline .legend")
    states = ("proposed", "convened", "suspended", "agreed", "collapsed")
    for word in (*states, "chance event", "on record", "command, note", "darker if more hostile"):
        assert word in told, word


def test_the_scrubber_shows_only_what_had_reached_that_seat(page: Page, source: RunSource) -> None:
    """Each record listed is the seat's own signal or a message to it, and none is later than the moment."""
    page.open()
    page.choose("#scrub-seat", "BRL")
    page.choose("#scrub-time", str(24 * 90))
    moment = source.startex + 90 * 86400
    shown = [int(seq) for seq in page.script(
        "return [...document.querySelectorAll('#inbox .record')].map((a) => a.hash.slice(2))")]  # fmt: skip

    reached = [
        record.seq
        for record in source.records
        if record.t <= moment
        and (
            (record.kind == "signal" and record.who == "BRL")
            or (record.kind == "inject.released" and (not record.data["audience"] or "BRL" in record.data["audience"]))
        )
    ]
    assert shown == reached[::-1][:40]


def test_the_trust_shown_is_the_one_of_the_journal(page: Page, source: RunSource) -> None:
    """The last value that the seat's signals or a snapshot tell before the moment."""
    page.open()
    page.choose("#scrub-seat", "BRL")
    page.choose("#scrub-time", str(24 * 200))
    told = [
        record.data["trust"][1] if record.kind == "signal" else record.data["values"].get("trust[BRL, ARD]")
        for record in source.records
        if record.t <= source.startex + 200 * 86400
        and (
            (record.kind == "signal" and record.who == "BRL") or (record.kind == "snapshot" and "values" in record.data)
        )
    ]
    expected = f"{told[-1]:+.2f}".replace("-", "−")
    assert expected in page.text("#beliefs table")


def test_what_a_seat_had_decided_begins_with_its_record(page: Page) -> None:
    """The number of the record, and nothing before it."""
    page.open()
    page.choose("#scrub-time", "100000")
    items = page.script("return [...document.querySelectorAll('#own-decisions li')].map((li) => li.innerText)")

    assert items
    assert all(re.match(r"#\d+ ", item) for item in items)


def test_the_journal_is_searched(page: Page) -> None:
    """Words find headlines and data, a number finds its record."""
    page.open()
    page.choose("#search", "collision")
    told = "document.querySelector('#journal-list [role=status]').innerText"
    page.wait(f"{told}.includes('of') && !{told}.includes(model.records.length)")
    assert "collide" in page.text("#journal-list")
    page.choose("#search", "#12")
    page.wait("document.querySelectorAll('#journal-list tbody tr').length === 1")
    assert page.text("#journal-list tbody td") == "#12"


def test_every_figure_has_a_title_a_description_and_a_table(page: Page) -> None:
    """Nobody needs to see a figure to know what it says."""
    page.open()
    lacking = page.script(
        "const unsaid = (s) => !s.querySelector('title')?.textContent || !s.querySelector('desc')?.textContent;"
        "return [...document.querySelectorAll('figure svg[role=img]')].filter(unsaid).length"
    )
    without = page.script(
        "return ['relations', 'indicators'].filter((id) => !document.querySelector(`#${id} table`)).length"
    )
    assert (lacking, without) == (0, 0)


def test_it_prints_with_the_marking_on_every_page(page: Page, tmp_path: Path) -> None:
    """Paper keeps what a screen shows, and says EXERCISE on each sheet."""
    page.open()
    printed = base64.b64decode(page.chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    (tmp_path / "review.pdf").write_bytes(printed)
    reader = shutil.which("pdftotext")
    if reader is None:
        if os.environ.get("CI"):
            pytest.fail("needs pdftotext (Debian: apt-get install poppler-utils)")
        pytest.skip("needs pdftotext (Debian: apt-get install poppler-utils)")
    text = subprocess.run([reader, "-layout", tmp_path / "review.pdf", "-"], capture_output=True, text=True, check=True)
    sheets = text.stdout.split("\f")[:-1]

    assert len(sheets) > 2
    assert [sheet.count("EXERCISE EXERCISE EXERCISE") >= 2 for sheet in sheets] == [True] * len(sheets)


def test_twenty_thousand_records_are_ready_in_about_a_second(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """The machines of tests are slow and busy: three seconds there is one on a desk."""
    many: list[Record] = []
    length = source.records[-1].t + 86400
    while len(many) < 20_000:
        lap, first = len(many) // len(source.records), len(many)
        many += [
            Record(
                first + i, r.t + lap * length, r.at, r.kind, r.who, r.about, tuple(first + c for c in r.cause), r.data
            )
            for i, r in enumerate(source.records)
        ]
    large = RunSource(source.folder, source.manifest, many, source.loaded)
    path = tmp_path / "large.html"
    path.write_bytes(render(Findings(large), "html"))

    assert Page(chrome, path).open() < 3 * SECOND


def test_axe_finds_nothing_serious(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Deque's axe-core, on the page as it opens and with a record selected, at two widths."""
    axe = axe_source(tmp_path_factory)
    for width in (WIDTHS["desktop"], WIDTHS["phone"]):
        page.open(width)
        page.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert serious(page, axe) == []


def test_hostile_text_is_shown_and_never_executed(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """Markup, scripts, control and direction characters and very long words in any text of the journal."""
    hostile = "<img src=x onerror=window.owned=1><script>window.owned=1</script>\u202e\x07" + "W" * 3000
    records = [
        Record(r.seq, r.t, r.at, r.kind, r.who, r.about, r.cause, _poisoned(r.data, hostile)) for r in source.records
    ]
    path = tmp_path / "hostile.html"
    path.write_bytes(
        render(Findings(RunSource(source.folder, source.manifest, records, source.loaded, (hostile,))), "html")
    )
    page = Page(chrome, path)
    for width in WIDTHS.values():
        page.open(width)
        page.script("for (const r of model.records) drawDetail(r)")
        page.choose("#search", "onerror")
        assert page.script("return [window.owned, document.querySelectorAll('img').length]") == [None, 0]
        assert page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.console() == []


def _poisoned(data: Any, text: str) -> Any:
    """Every text that people write, replaced."""
    return {key: text if key in ("title", "message", "why", "text", "reason") else value for key, value in data.items()}


def test_the_version_for_a_seat_opens_and_holds_no_other_seat(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """What may be handed to a seat works like the whole, with one seat to choose."""
    path = tmp_path / "seat.html"
    path.write_bytes(render(Findings(source), "html", "BRL"))
    page = Page(chrome, path)
    page.open()

    assert page.script("return [...document.querySelector('#scrub-seat').options].map((o) => o.value)") == ["BRL"]
    assert (page.console(), page.requests()) == ([], [])
    others = page.script(
        "const own = ['signal', 'decision', 'action'];"
        "return model.records.filter((r) => own.includes(r.kind) && r.who !== 'BRL').length"
    )
    assert others == 0


def test_the_policy_lets_nothing_else_run(page: Page) -> None:
    """A script or style put into the page by whatever means stays dead."""
    page.open()
    page.script(
        "const s = document.createElement('script'); s.textContent = 'window.owned = 1'; document.body.append(s);"
        "document.body.insertAdjacentHTML('beforeend', '<p id=styled style=\"color: red\">x</p>')"
    )
    assert page.script("return [window.owned, getComputedStyle(styled).color]") == [None, "rgb(22, 32, 43)"]
    assert json.dumps(page.console()).count("Content Security Policy") >= 2
