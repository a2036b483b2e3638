"""The site of the documentation: its links, its looks on phones and laptops, what its pages load, and its checker."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from support import documentation_site
from support.axe import violations
from support.documentation_site import ROOT, built_site, served
from support.driving import Page, chromium

sys.path.insert(0, str(ROOT / "tools"))
import build_site
import diagrams
import notebooks

PAGES = (
    "",
    "gallery/",
    "notebooks/analyst/",
    "reference/exit-codes-and-json/",
    "start/installation/",
    "start/player/",
    "reference/states/",
)
"""Pages of each kind: the first one, pictures, figures, tables, code, diagrams."""
LONGEST = 3000
"""Words of a page. Longer ones have a reason."""
LONG_PAGES = {
    "reference/scenario-evidence.md": "generated: each key with an example",
    "reference/scenario-governments.md": "generated: each key with an example",
    "reference/seat-protocol.md": "generated: each message with its keys",
    "sample-review.md": "generated: a whole review, which is one document",
}
WIDTHS = {"phone": 390, "laptop": 1440}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    return built_site(tmp_path_factory)


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[tuple[Page, str]]:
    """A browser, and the address of the site."""
    with served(site) as address, chromium() as chrome:
        yield Page(chrome, site, scripted=False), address


def show(page: Page, address: str, width: int, scheme: str) -> None:
    """Open a page at this width in light or dark."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    page.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page.chrome.get(address)
    page.wait("document.readyState === 'complete'")


@pytest.mark.exhaustive  # step `site` of `.ci/run` fails for any of them
def test_every_link_anchor_picture_and_script_exists(site: Path) -> None:
    """A reader never meets a page that is missing, and no page loads a file from another host."""
    assert build_site.problems(site) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "scheme", "pages"),
    [("phone", "light", PAGES), ("laptop", "dark", PAGES[:3]), ("laptop", "light", PAGES[-1:])],
)
def test_pages_fit_axe_finds_nothing_serious_and_no_other_host_is_asked(
    browser: tuple[Page, str], axe: str, width: str, scheme: str, pages: tuple[str, ...]
) -> None:
    """No page is wider than the screen, and each can be read with a keyboard, a screen reader and in the dark.

    What a browser requests while it shows them, including what scripts request, is on the host of the site.
    """
    page, address = browser
    found: dict[str, Any] = {}
    page.requests()
    for name in pages:
        show(page, address + name, WIDTHS[width], scheme)
        too_wide = page.script("return document.documentElement.scrollWidth > innerWidth")
        problems = violations(page, axe)
        if too_wide or problems:
            found[name] = (too_wide, problems)
    hosts = {urlsplit(request).netloc for request in page.requests() if request.startswith("http")}
    assert (found, hosts) == ({}, {urlsplit(address).netloc})


def test_workers_share_one_build(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one of them builds, the others wait; none reads a folder in which another one writes."""
    builds = []

    def build() -> None:
        builds.append(1)
        (documentation_site.BUILD / "site").mkdir()
        (documentation_site.BUILD / "site" / "index.html").write_text("x", "utf-8")

    top = tmp_path_factory.mktemp("run")
    monkeypatch.delenv("WARGAME_SITE", raising=False)
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    monkeypatch.setattr(documentation_site, "BUILD", top / "build")
    monkeypatch.setattr(documentation_site, "_build", build)
    with ThreadPoolExecutor(4) as workers:
        factories = [SimpleNamespace(getbasetemp=lambda name=name: top / name) for name in ("gw0", "gw1", "gw2", "gw3")]
        sites = set(workers.map(built_site, factories))
    assert (sites, builds) == ({top / "site"}, [1])
    assert (top / "site" / "index.html").read_text("utf-8") == "x"


def checked(tmp_path: Path, body: str) -> list[str]:
    """The problems of a site with one page of this body, a second page and a picture."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text('<h1 id="there">Other</h1>', "utf-8")
    (tmp_path / "picture.png").write_bytes(b"")
    (tmp_path / "index.html").write_text(body, "utf-8")
    return build_site.problems(tmp_path)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="other/">x</a> <a href="other/#there">x</a> <img src="picture.png" alt="x">', ""),
        ('<a href="https://example.org/nothing">x</a>', ""),
        ('<a href="none/">x</a>', "links none/, which does not exist"),
        ('<a href="other/#elsewhere">x</a>', "links other/#elsewhere, which has no such heading"),
        ('<a href="#here">x</a>', "links #here, which has no such heading"),
        ('<img src="none.png" alt="x">', "loads none.png, which does not exist"),
        ('<img src="picture.png">', "the picture picture.png has no text"),
        ('<script src="https://example.org/x.js"></script>', "loads https://example.org/x.js from another host"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "loads //example.org/x.css from another host"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' is used 2 times"),
    ],
)
def test_the_checker_names_what_is_wrong(tmp_path: Path, body: str, problem: str) -> None:
    """Each kind of problem has one line with the page."""
    assert checked(tmp_path, body) == ([f"index.html: {problem}"] if problem else [])


def test_the_checker_finds_what_style_sheets_load(tmp_path: Path) -> None:
    """A typeface from another host is found in a style sheet."""
    (tmp_path / "a.css").write_text("@font-face { src: url('https://example.org/a.woff2'); }", "utf-8")
    assert checked(tmp_path, "<p>x</p>") == ["a.css: loads https://example.org/a.woff2"]


def test_every_page_is_in_the_navigation() -> None:
    """A reader finds each page without the search; decisions are listed on their own page."""
    import tomllib

    nav = str(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"])
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    decisions = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    missing = [
        page for page in pages if f"'{page}'" not in nav and f"({page.removeprefix('decisions/')})" not in decisions
    ]
    assert missing == []
    assert [page for page in pages if nav.count(f"'{page}'") > 1] == []


def test_long_pages_have_a_reason() -> None:
    """A reader scans a page; what has grown longer is split."""
    words = {
        path.relative_to(ROOT / "docs").as_posix(): len(path.read_text("utf-8").split())
        for path in (ROOT / "docs").rglob("*.md")
    }
    assert {page for page, count in words.items() if count > LONGEST} - set(LONG_PAGES) == set()
    assert [page for page in LONG_PAGES if words[page] < LONGEST * 0.8] == []


def test_every_diagram_of_a_page_is_drawn() -> None:
    """The site shows diagrams as pictures; `python tools/diagrams.py` draws those that have changed."""
    sources = diagrams.diagrams()
    assert sources
    assert [diagrams.name(source) for source in sources if not diagrams.picture(source).is_file()] == []
    assert {path.stem for path in diagrams.FOLDER.glob("*.svg")} == {diagrams.name(source) for source in sources}


def test_every_picture_is_used() -> None:
    """No picture is kept that no page shows."""
    pages = "".join(path.read_text("utf-8") for path in (*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"))
    theme = (ROOT / "zensical.toml").read_text("utf-8")
    pictures = {path.name for path in (ROOT / "docs" / "images").glob("*.*") if path.suffix != ".json"}
    assert [name for name in sorted(pictures) if name not in pages + theme] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(notebooks.NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_has_the_outputs_that_its_cells_give(path: Path) -> None:
    """Who runs a notebook gets what is in it, and its page shows the same; `python tools/notebooks.py` updates both."""
    stored = json.loads(path.read_text("utf-8"))
    assert notebooks.comparable(notebooks.executed(json.loads(path.read_text("utf-8")))) == notebooks.comparable(stored)
    assert notebooks.page(path.stem, stored)[0] == (notebooks.PAGES / f"{path.stem}.md").read_text("utf-8")


def test_no_address_of_the_project_is_given_before_there_is_one() -> None:
    """Neither of a repository, nor of a site or an index: a reader would meet an error, or somebody else's page."""
    address = re.compile(
        r"(?:github\.com|gitlab\.com|pypi\.org|readthedocs\.io)/[\w./-]*wargame|wargame[\w-]*\.(?:github|gitlab|readthedocs)\.io"
    )
    folders = ("docs", "examples", "injects", "tools", "wargame", ".github")
    files = [*ROOT.glob("*.*"), *(file for folder in folders for file in (ROOT / folder).rglob("*"))]
    kinds = {".cff", ".html", ".ipynb", ".j2", ".json", ".md", ".py", ".toml", ".txt", ".yaml", ".yml"}
    read = [file for file in files if file.suffix in kinds and file.is_file()]
    assert len(read) > 1000
    assert [file for file in read if address.search(file.read_text("utf-8"))] == []
