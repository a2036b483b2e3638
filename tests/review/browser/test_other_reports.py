"""Reports and printed packs in a browser, apart from reviews and batches, and the review on paper."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.axe import violations
from support.backtests import HEAD, PAST, play_rolling, write_rivals
from support.driving import WIDTHS, Page, chromium
from support.entry_point import wargame
from support.played_reviews import played_findings
from wargame.review.reports.writing import render

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
COVERED = ("--covered-from", "2030-01-01", "--covered-until", "2030-06-30")
REPORTS = {
    "lessons": ("lessons", ".", "--out", "lessons.html"),
    "comparison": ("report", "first", "second", "--out", "comparison.html"),
    "claims": ("report", "tested", "--out", "claims.html"),
    "backtest": ("backtest", "rolling", "--chronology", "past.csv", *COVERED, "--out", "backtest.html"),
    "decided/decision": ("decide", "duel.yaml", "--out", "decided", "--jobs", "1"),
    "rehearsed/report": ("rehearse", "two-rivals", "-n", "4", "--jobs", "1", "--out", "rehearsed"),
    "paper/BRL": ("print", "strait-lesson", "--folder", "paper"),
    "paper/white-cell": ("print", "two-rivals", "--folder", "paper"),
    "evaluation": ("print", "strait-lesson", "--evaluation", "--out", "evaluation.html"),
}
"""Pages without scripts by their file, with the commands that write them."""
PRINTED = ("paper", "evaluation")
"""Beginnings of the names of those that are printed."""
BEFORE = ("claims", "cuba-1962", "-n", "2", "--jobs", "1", "--out", "tested")
"""A command that makes what one of these reports on."""
DUEL = """
format: wargame-study/1
name: duel
scenario: two-rivals
replications: 24
until: 60d
arms: {calm: {forbid: [ARD patrol]}, usual: {title: As usual}}
baseline: usual
factors: {strain: {set: tension, range: [0.05, 0.9]}, regard: {set: "trust[ARD, BRL]", range: [-0.9, 0.5]}}
design: {kind: latin_hypercube, points: 12}
measures: [p(war)]
decision: {goal: -mean(tension), fails: "count(patrol, ARD) > 3", watch: {until: 30d, paths: [tension]}}
"""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exercises with what is to be improved, and the reports on both."""
    top = tmp_path_factory.mktemp("series")
    for name in ("first", "second"):
        lines = ("stop at nothing", "order ARD talk BRL", "advance 30d", 'note "Nobody asked" --tag improve', "endex")
        findings = played_findings(top / name, *lines)
        (top / name / "report.html").write_bytes(render(findings, "html"))
        (top / name / "review.yaml").write_text("format: wargame-review/1\n", encoding="utf-8")
    (top / "duel.yaml").write_text(DUEL, encoding="utf-8")
    play_rolling(write_rivals(top))
    happened = "".join(f"A{month},2030-0{month}-05,,ARD,drill,150,,,\n" for month in (2, 3, 4, 5))
    (top / "past.csv").write_text(HEAD + PAST + happened, encoding="utf-8")
    for words in (BEFORE, *REPORTS.values()):
        done = wargame(*words, cwd=top)
        assert done.returncode == 0, done.stderr
    return top


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """One browser for all pages."""
    with chromium() as running:
        yield running


@pytest.mark.parametrize(
    ("name", "width"),
    [(name, "desktop" if name.startswith(PRINTED) else "phone") for name in REPORTS]
    + [pytest.param(name, "desktop", marks=pytest.mark.exhaustive) for name in REPORTS if not name.startswith(PRINTED)],
)
def test_axe_finds_nothing(chrome: Any, series: Path, name: str, width: str, axe: str) -> None:
    """On a desktop what is printed, all else on a phone, where tables and figures scroll."""
    page = Page(chrome, series / f"{name}.html", scripted=False)
    page.open(WIDTHS[width])

    assert violations(page, axe) == []


def test_closed_parts_are_printed_open(chrome: Any, series: Path, tmp_path: Path) -> None:
    """The MSEL as executed and the messages are closed on the screen; no table on paper is without rows."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("needs pdftotext (Debian: apt-get install poppler-utils)")
    page = Page(chrome, series / "first" / "report.html")
    page.open()
    assert page.script("return [...document.querySelectorAll('#msel details')].some((d) => !d.open)")
    assert page.script("return document.querySelectorAll('table tbody:empty').length") == 0
    printed = page.chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    (tmp_path / "review.pdf").write_bytes(base64.b64decode(printed))
    text = subprocess.run([reader, tmp_path / "review.pdf", "-"], capture_output=True, encoding="utf-8", check=True)
    assert "Injects released as planned" in text.stdout
