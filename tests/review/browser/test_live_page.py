"""The review of a live exercise in a browser: dark mode, a phone, the sections, the timeline and the journal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.axe import violations
from support.driving import WIDTHS, Page, chromium
from support.played_reviews import played_findings
from wargame.review.reports.writing import render

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The review of an exercise with two human seats."""
    findings = played_findings(tmp_path_factory.mktemp("played") / "exercise")
    path = findings.source.folder.path / "report.html"
    path.write_bytes(render(findings, "html"))
    with chromium() as chrome:
        yield Page(chrome, path)


def _dark(page: Page, *, on: bool) -> None:
    scheme = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
    page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    """Decision log and MSEL included; no error, no request."""
    page.open(width)
    wide = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.console(), page.requests(), wide) == ([], [], 0)


def test_in_dark_mode_the_page_is_dark_and_readable(page: Page, axe: str) -> None:
    """The contrast of its texts is checked, too; a page for a system with a light theme is light."""
    background = "return getComputedStyle(document.body).backgroundColor"
    page.open()
    assert page.script(background) == "rgb(243, 245, 247)"
    _dark(page, on=True)
    try:
        assert page.script(background) == "rgb(14, 19, 24)"
        page.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert violations(page, axe) == []
    finally:
        _dark(page, on=False)


def test_the_section_that_is_read_is_highlighted(page: Page) -> None:
    """At first the executive summary, after scrolling the section on the screen, and only that."""
    current = "return [...document.querySelectorAll('nav a[aria-current]')].map((a) => a.hash)"
    page.open()
    assert page.script(current) == ["#summary"]
    page.script("document.getElementById('log').scrollIntoView()")
    page.wait("document.querySelector('nav a[aria-current]').hash === '#log'")
    assert page.script(current) == ["#log"]


def test_decisions_of_the_model_are_hidden_at_first_and_orders_of_people_are_shown(page: Page) -> None:
    """Each in the lane of its government."""
    page.open()
    kinds = page.script("return [...new Set(view.marks.map((m) => m.record.kind))]")
    lanes = page.script("return view.marks.filter((m) => m.record.about === 'order').map((m) => m.lane)")
    assert "decision" not in kinds
    assert {"command", "message", "vote"} <= set(kinds)
    assert lanes == ["ARD"]


def test_turning_points_are_labelled_on_the_timeline(page: Page) -> None:
    """With their number, and a text where there is room; a label selects its record."""
    page.open()
    numbers = page.script("return [...document.querySelectorAll('.moment-text')].map((t) => t.textContent)")
    listed = page.script("return document.querySelectorAll('ol.moments > li').length")
    assert sorted(map(int, numbers)) == list(range(1, listed + 1))
    seq = page.script("return Number(document.querySelector('.moment-label').dataset.seq)")
    page.click(".moment-label")
    assert page.script("return view.selected.seq") == seq


def test_the_status_is_visible_on_a_phone(page: Page) -> None:
    """Tables of injects and of expected actions are lists there: each status is inside the screen."""
    page.open(WIDTHS["phone"])
    boxes = page.script(
        "return [...document.querySelectorAll('#msel .status, #objectives .status')]"
        ".filter((s) => s.offsetParent).map((s) => s.getBoundingClientRect()).map((r) => [r.left, r.right])"
    )
    assert boxes
    assert all(0 <= left < right <= WIDTHS["phone"] for left, right in boxes)


def test_the_journal_begins_at_startex_and_lists_the_rest_on_demand(page: Page) -> None:
    """Without snapshots and signals; one can still search for a record by its number."""
    page.open()
    kinds = "return [...document.querySelectorAll('#journal-list tbody tr')].map((r) => r.cells[3].textContent)"
    assert page.script(kinds)
    assert not {"snapshot", "signal"} & set(page.script(kinds))
    page.click("#journal-all")
    page.choose("#journal-kind", "")
    assert "snapshot" in page.script(kinds)


def test_trust_is_shown_as_a_change(page: Page) -> None:
    """From thirty days ago to now."""
    page.open()
    page.choose("#scrub-time", str(24 * 40))
    assert "30 days ago → now" in page.text("#beliefs")


def test_no_typeface_has_to_be_installed(page: Page) -> None:
    """The page uses that of the system."""
    page.open()
    assert page.script("return getComputedStyle(document.body).fontFamily").startswith("system-ui")
