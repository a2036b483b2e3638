"""The documentation is correct and complete: outputs of examples, parameters, kinds of records, equations."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import golden
import pytest

from wargame.scenario.model import Leader, Rules

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HAS_EXAMPLES = re.compile(r"^```(console|python)$", re.MULTILINE)
PAGES = [
    page.relative_to(ROOT).as_posix()
    for page in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
    if HAS_EXAMPLES.search(page.read_text(encoding="utf-8"))
]
NOT_IN_EQUATIONS = {"government", "title", "source"}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_its_examples_print(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Readers who type the commands get the outputs on the page; `python tools/golden.py` updates them."""
    changed = golden.update(ROOT / page, check=True)
    assert (changed, capsys.readouterr().out) == ("", "")


@pytest.mark.parametrize("part", [Rules, Leader])
def test_the_model_page_names_every_parameter(part: type) -> None:
    """Each constant of the model is on the page with its equation."""
    named = words("explanation/model.md")

    assert sorted({item.name for item in fields(part)} - NOT_IN_EQUATIONS - named) == []


def test_the_page_of_records_names_every_kind() -> None:
    """Every kind of record in the code is on the page."""
    written = re.compile(r'log\.write\(\s*"([a-z_.]+)"')
    kinds = {kind for path in (ROOT / "wargame").rglob("*.py") for kind in written.findall(path.read_text("utf-8"))}

    assert kinds
    assert sorted(kinds - words("reference/records.md")) == []


def test_every_equation_has_its_code_and_its_test() -> None:
    """The table of equations names existing files and tests."""
    text = (DOCS / "reference/equations.md").read_text("utf-8")
    rows = [row.split("|")[3:5] for row in text.splitlines() if row.startswith("| ") and "`wargame/" in row]
    written = "".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))

    assert len(rows) > 25
    for code, test in rows:
        assert (ROOT / code.strip().strip("`")).is_file(), code
        assert f"def {test.strip().strip('`')}(" in written, test


def words(page: str) -> set[str]:
    """The names in backticks on a page, also without the class before a dot (`Leader.tempo`)."""
    text = re.sub(r"^```.*?^```$", "", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    marked = re.findall(r"`([^`\n]+)`", text)
    return {*marked, *(mark.rpartition(".")[2] for mark in marked)}


def test_the_readme_can_be_read_in_three_minutes() -> None:
    """It has fewer than 700 words, outputs included; the rest is behind links."""
    assert len((ROOT / "README.md").read_text("utf-8").split()) < 700
