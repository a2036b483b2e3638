"""The report of a batch in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wargame
from support.axe import violations
from support.driving import WIDTHS, Page, chromium
from wargame.review.reports.batch_report import batch_report
from wargame.review.reports.writing import as_document

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The report of a small batch of three arms."""
    place = tmp_path_factory.mktemp("batch")
    arms = {"calmer": "set tension=0.1", "tenser": "set tension=0.7"}
    wargame.batch("two-rivals", 8, arms=arms, out=place / "batch", jobs=1)
    path = place / "report.html"
    path.write_bytes(as_document(batch_report(place / "batch"), "html"))
    with chromium() as chrome:
        yield Page(chrome, path, scripted=False)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_report_opens_without_errors_requests_or_sideways_scrolling(page: Page, width: int) -> None:
    """On every screen, with all figures drawn."""
    page.open(width)
    wide = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    images = page.script("return [...document.images].map((i) => i.complete && i.naturalWidth > 0)")

    assert (page.console(), page.requests(), wide) == ([], [], 0)
    assert images
    assert all(images)


def test_figures_are_side_by_side_if_there_is_room(page: Page) -> None:
    """Two on a desktop; one below the other on a phone."""
    tops = (
        "return [...document.querySelectorAll('.pairs figure')].slice(0, 2).map((f) => f.getBoundingClientRect().top)"
    )
    page.open(WIDTHS["desktop"])
    desktop = page.script(tops)
    page.open(WIDTHS["phone"])
    phone = page.script(tops)

    assert desktop[0] == desktop[1]
    assert phone[0] < phone[1]


def test_axe_finds_nothing_serious(page: Page, axe: str) -> None:
    """Deque's axe-core on the whole report."""
    page.open(WIDTHS["desktop"])

    assert violations(page, axe) == []


def test_the_report_has_no_script(page: Page) -> None:
    """It is a static document."""
    assert b"<script" not in Path(page.path).read_bytes()


def test_each_figure_has_a_description(page: Page) -> None:
    """Title and description for screen readers."""
    page.open()
    alts: list[Any] = page.script("return [...document.images].map((i) => i.alt)")

    assert alts
    assert all(len(alt) > 30 for alt in alts)
