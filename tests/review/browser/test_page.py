"""The review of a run in a browser, at the widths of common screens."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from support.axe import violations
from support.driving import WIDTHS, Page, chromium
from support.engine import changed
from support.records import made
from wargame.executor.run import Destination as Folder
from wargame.executor.run import simulate
from wargame.journal.records import Record
from wargame.journal.trace import origin, trace
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource, from_memory
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.scenario.model import Map, Place
from wargame.simulation.kernel.settings import Settings

SECOND = 1000.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> RunSource:
    """A run of the small scenario."""
    loaded = load("two-rivals")
    run = simulate(loaded, 3, place=Folder(out=tmp_path_factory.mktemp("run") / "rivals"))
    return from_memory(run.folder, run.manifest, run.records, loaded)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """One browser for all tests of the file."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(chrome: Any, source: RunSource) -> Page:
    """The review as it is written into the run folder."""
    path = source.folder.path / "report.html"
    path.write_bytes(render(Findings(source), "html"))
    return Page(chrome, path)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_page_opens_without_errors_requests_or_sideways_scrolling(page: Page, width: int) -> None:
    """On every screen: no request, no error, nothing wider than the page."""
    page.open(width)

    wide = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.console(), page.requests(), wide) == ([], [], 0)


def test_a_decision_shows_its_causes_and_the_terms_of_its_score(page: Page, source: RunSource) -> None:
    """A selected decision shows its chain, the candidates with their terms, and whether chance decided."""
    decision = next(
        r for r in source.records if r.kind == "decision" and len(r.data.get("candidates", ())) > 1 and r.cause
    )
    page.open()
    page.script("select(arguments[0])", decision.seq)

    text = page.text("#detail")
    first = decision.data["candidates"][0]
    assert f"#{decision.cause[0]}" in text
    assert "CAUSES" in text.upper()
    assert all(term in text.lower() for term in first["terms"])
    assert re.search(r"Chance decided|also the best by score", text)
    assert page.script("return document.querySelectorAll('#links .link.causes').length") >= 1


def test_the_origin_of_a_chain_is_that_of_why(page: Page, source: RunSource) -> None:
    """The page and the command line use the same sentence."""
    page.open()
    index = {record.seq: record for record in source.records}
    for kind in ("inject.released", "hazard", "outcome", "leader"):
        record = next((r for r in source.records if r.kind == kind and not r.cause), None)
        if record is None:
            continue
        page.script("select(arguments[0])", record.seq)
        assert f"{origin(record, source.titles)}.".lower() in page.text("#detail").lower()
    caused = next(
        r for r in source.records if r.cause and trace(r.seq, index).steps[-1].record.kind == "inject.released"
    )
    page.script("select(arguments[0])", caused.seq)
    assert re.search(r"It (goes back to|began with) the inject '[^']+', released [^.]+\.", page.text("#detail"))


def test_the_list_says_how_each_decision_was_made(page: Page) -> None:
    """By chance or by score; governments are shown by name, never as `us`."""
    page.open()
    decided = page.script(
        "return [...document.querySelectorAll('#decision-list td:nth-child(6)')].map((d) => d.innerText)"
    )
    page.choose("#scrub-time", "100000")

    assert set(decided) == {"chance", "best score"}
    assert "(us)" not in page.text("main")
    assert page.script("return model.records.map(say).filter((text) => text.includes('(us)')).length") == 0


def test_arrow_keys_move_along_the_timeline(page: Page) -> None:
    """From mark to mark, and the selected record is announced to screen readers."""
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


def test_the_numbers_and_labels_of_moments_never_overlap(page: Page) -> None:
    """Even if all are within a day: they are in rows, inside the figure; without room there is only the number."""
    page.open()
    boxes = page.script(
        "model.meta.moments = model.records.filter((r) => r.kind === 'action').slice(0, 5).map((r) => r.seq);"
        "look_at(-1e12, 1e12); const all = [...document.querySelectorAll('.moment-badge, .moment-label')];"
        "const figure = document.querySelector('#timeline-figure svg').getBoundingClientRect();"
        "const edges = (r) => [r.left, r.right, r.top, r.bottom];"
        "return [figure.right, all.map((c) => edges(c.getBoundingClientRect()))]"
    )
    right, rectangles = boxes

    assert len(rectangles) > 5
    for one, other in combinations(rectangles, 2):
        beside = one[1] <= other[0] + 1 or other[1] <= one[0] + 1
        assert beside or one[3] <= other[2] + 4 or other[3] <= one[2] + 4, (one, other)
    assert all(box[1] <= right + 1 for box in rectangles)


def test_the_short_legend_and_all_symbols_name_every_shape_and_colour(page: Page) -> None:
    """Five entries at first, one more for people in a live exercise; states, chance events and links on demand."""
    page.open()
    short = page.script("return document.querySelectorAll('#timeline > .legend li').length")
    page.script("document.querySelectorAll('#timeline details').forEach((d) => { d.open = true; })")
    texts = page.script("return [...document.querySelectorAll('#timeline .legend')].map((l) => l.innerText).join(' ')")
    states = ("proposed", "convened", "suspended", "agreed", "collapsed")
    for word in (*states, "chance event", "history before STARTEX", "larger if more severe", "consequence"):
        assert word in texts, word
    assert short == 5


def test_the_inbox_shows_only_what_had_reached_the_seat(page: Page, source: RunSource) -> None:
    """Signals of the seat and messages to it, none later than the chosen time."""
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


def test_the_trust_shown_is_that_of_the_journal(page: Page, source: RunSource) -> None:
    """The last value in signals of the seat or snapshots before the chosen time."""
    page.open()
    page.choose("#scrub-seat", "BRL")
    page.choose("#scrub-time", str(24 * 200))
    values = [
        record.data["trust"][1] if record.kind == "signal" else record.data["values"].get("trust[BRL, ARD]")
        for record in source.records
        if record.t <= source.startex + 200 * 86400
        and (
            (record.kind == "signal" and record.who == "BRL") or (record.kind == "snapshot" and "values" in record.data)
        )
    ]
    expected = f"{values[-1]:+.2f}".replace("-", "−")
    assert expected in page.text("#beliefs table")


def test_the_indicators_shown_are_those_that_the_seat_read(chrome: Any, tmp_path: Path) -> None:
    """The owner of a published indicator the true value, another the last publication, and an estimate as one."""
    loaded = load(str(Path(__file__).parents[2] / "data" / "figures.yaml"))
    settings = Settings(force=("D+31 AAA smuggle",), until="D+60")
    run = simulate(loaded, 1, settings, place=Folder(out=tmp_path / "figures"))
    path = tmp_path / "figures.html"
    path.write_bytes(render(Findings(from_memory(run.folder, run.manifest, run.records, loaded)), "html"))
    page = Page(chrome, path)
    page.open()
    page.choose("#scrub-time", str(24 * 60))
    read = {}
    for seat in ("AAA", "BBB"):
        page.choose("#scrub-seat", seat)
        cells = page.script("return [...document.querySelectorAll('#beliefs details td')].map((c) => c.textContent)")
        read[seat] = dict(zip(cells[::2], cells[1::2], strict=True))
    assert [read[seat]["output[AAA]"] for seat in ("AAA", "BBB")] == ["120.3", "100.0"]
    assert "smuggling[AAA]" not in read["BBB"]


def test_decisions_of_a_seat_begin_with_their_record(page: Page) -> None:
    """The number of the record comes first."""
    page.open()
    page.choose("#scrub-time", "100000")
    items = page.script("return [...document.querySelectorAll('#own-decisions li')].map((li) => li.innerText)")

    assert items
    assert all(re.match(r"#\d+ ", item) for item in items)


def test_parts_of_a_seat_in_which_nothing_happened_are_not_printed(page: Page) -> None:
    """On paper nobody can move the time; on the screen they say that there is nothing yet."""
    page.open()
    parts = "['#beliefs', '#own-decisions'].map((id) => document.querySelector(id))"
    shown = "[each.previousElementSibling, each].map((one) => getComputedStyle(one).display !== 'none')"
    read = f"return {parts}.flatMap((each) => {shown})"
    page.choose("#scrub-time", "0")
    page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        at_startex = page.script(read)
        page.choose("#scrub-time", "100000")
        at_endex = page.script(read)
    finally:
        page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert (at_startex[2:], at_endex) == ([False, False], [True] * 4)


def test_the_journal_can_be_searched(page: Page) -> None:
    """By words in headlines and data, or by the number of a record."""
    page.open()
    page.choose("#search", "collision")
    status = "document.querySelector('#journal-list [role=status]').innerText"
    page.wait(f"{status}.includes('of') && !{status}.includes(model.records.length)")
    assert "collide" in page.text("#journal-list")
    page.choose("#search", "#12")
    page.wait("document.querySelectorAll('#journal-list tbody tr').length === 1")
    assert page.text("#journal-list tbody td") == "#12"


def test_every_figure_has_a_title_a_description_and_a_table(page: Page) -> None:
    """So that the content is available without seeing the figure."""
    page.open()
    lacking = page.script(
        "const unsaid = (s) => !s.querySelector('title')?.textContent || !s.querySelector('desc')?.textContent;"
        "return [...document.querySelectorAll('figure svg[role=img]')].filter(unsaid).length"
    )
    without = page.script(
        "return ['relations', 'indicators'].filter((id) => !document.querySelector(`#${id} table`)).length"
    )
    assert (lacking, without) == (0, 0)


def test_the_map_shows_the_actions_until_the_chosen_time(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """Each action of the list beside the map has a mark with its number; later ones are in neither."""
    places = {"a": Place(title="A", at=(1, 1), seat="ARD"), "b": Place(title="B", at=(5, 5), seat="BRL")}
    assert source.loaded is not None
    mapped = changed(source.loaded, map=Map(area=(0, 0, 9, 9), places=places))
    path = tmp_path / "map.html"
    path.write_bytes(render(Findings(from_memory(source.folder, source.manifest, source.records, mapped)), "html"))
    page = Page(chrome, path)
    page.open()
    acts = [each for each in source.records if each.kind == "action" and each.t >= source.startex]
    middle = acts[len(acts) // 2]
    page.script(
        f"const r = document.getElementById('map-time'); r.step = 1; r.value = {middle.t};"
        "r.dispatchEvent(new Event('input'))"
    )
    listed = page.script(
        "return [...document.querySelectorAll('#map-list .record')].map((a) => Number(a.hash.slice(2)))"
    )
    numbers = page.script(
        "return [...document.querySelectorAll('.map-marks .act text')].map((t) => Number(t.textContent))"
    )

    assert listed == sorted(listed, reverse=True)
    assert set(listed) <= {each.seq for each in acts if each.t <= middle.t}
    assert middle.seq in listed or len(listed) == 6
    assert sorted(numbers) == list(range(1, len(listed) + 1))


def test_printed_pages_have_the_marking(page: Page, tmp_path: Path) -> None:
    """At the head and foot of each sheet."""
    page.open()
    printed = base64.b64decode(page.chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    (tmp_path / "review.pdf").write_bytes(printed)
    reader = shutil.which("pdftotext")
    if reader is None:
        if os.environ.get("CI"):
            pytest.fail("needs pdftotext (Debian: apt-get install poppler-utils)")
        pytest.skip("needs pdftotext (Debian: apt-get install poppler-utils)")
    text = subprocess.run(
        [reader, "-layout", tmp_path / "review.pdf", "-"], capture_output=True, encoding="utf-8", check=True
    )
    sheets = text.stdout.split("\f")[:-1]

    assert len(sheets) > 2
    assert [sheet.count("EXERCISE EXERCISE EXERCISE") >= 2 for sheet in sheets] == [True] * len(sheets)


@pytest.mark.exhaustive
def test_twenty_thousand_records_are_ready_in_about_a_second(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """Test machines are slow and busy: three seconds there are one on a desktop."""
    many: list[Record] = []
    length = source.records[-1].t + 86400
    while len(many) < 20_000:
        lap, first = len(many) // len(source.records), len(many)
        many += [
            made(first + i, r.t + lap * length, r.at, r.kind, r.who, r.about, tuple(first + c for c in r.cause), r.data)
            for i, r in enumerate(source.records)
        ]
    large = RunSource(source.folder, source.manifest, many, source.loaded)
    path = tmp_path / "large.html"
    path.write_bytes(render(Findings(large), "html"))

    assert Page(chrome, path).open() < 3 * SECOND


def test_no_column_of_a_long_list_is_out_of_sight_on_a_telephone(page: Page) -> None:
    """Each row of decisions and of the journal is a card there."""
    page.open(WIDTHS["phone"])
    hidden = "const e = document.querySelector(arguments[0] + ' .scroll'); return e.scrollWidth - e.clientWidth"
    assert [page.chrome.execute_script(hidden, each) for each in ("#decision-list", "#journal-list")] == [0, 0]


@pytest.mark.parametrize("width", ["desktop", pytest.param("phone", marks=pytest.mark.exhaustive)])
def test_axe_finds_nothing_serious(width: str, page: Page, axe: str) -> None:
    """Deque's axe-core, with all details open."""
    page.open(WIDTHS[width])
    page.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert violations(page, axe, with_contrast=True) == []


def test_hostile_text_is_shown_and_never_executed(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """Markup, scripts, control and direction characters and very long words."""
    hostile = "<img src=x onerror=window.owned=1><script>window.owned=1</script>\u202e\x07" + "W" * 3000
    records = [
        made(r.seq, r.t, r.at, r.kind, r.who, r.about, r.cause, _poisoned(r.data, hostile)) for r in source.records
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
    """Data with hostile text in every text that people write."""
    return {key: text if key in ("title", "message", "why", "text", "reason") else value for key, value in data.items()}


def test_the_version_for_a_seat_has_no_other_seat(chrome: Any, source: RunSource, tmp_path: Path) -> None:
    """It works like the full page, with one seat to choose."""
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


def test_the_policy_blocks_other_scripts_and_styles(page: Page) -> None:
    """A script or style that is inserted into the page has no effect."""
    page.open()
    page.script(
        "const s = document.createElement('script'); s.textContent = 'window.owned = 1'; document.body.append(s);"
        "document.body.insertAdjacentHTML('beforeend', '<p id=styled style=\"color: red\">x</p>')"
    )
    assert page.script("return [window.owned, getComputedStyle(styled).color]") == [None, "rgb(22, 32, 43)"]
    assert json.dumps(page.console()).count("Content Security Policy") >= 2
