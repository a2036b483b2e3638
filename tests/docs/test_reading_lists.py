"""What a reader has to read: the lists on the first page, and the documentation as a whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
READERS = ("facilitator", "author", "analyst", "researcher", "contributor")
GENERATED = {"sample-review.md"}


def words(page: Path) -> int:
    """The words of a page, as `wc -w` counts them."""
    return len(page.read_text("utf-8").split())


def listed(reader: str) -> list[Path]:
    """The pages that the first page lists for a reader."""
    row = re.search(rf"^\| an? \*\*{reader}\*\* \| (.*) \|$", (DOCS / "index.md").read_text("utf-8"), re.MULTILINE)
    assert row is not None
    found = re.findall(r"\]\(([^)]+)\)|`([A-Z]+\.md)` in the source", row[1])
    return [DOCS / link if link else ROOT / source for link, source in found]


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_reads_at_most_6000_words(reader: str) -> None:
    """Each of the pages exists, and together they are short enough to read before the work begins."""
    pages = listed(reader)
    assert len(pages) > 2
    assert sum(words(page) for page in pages) <= 6000


def test_the_documentation_without_reference_and_decisions_has_at_most_50000_words() -> None:
    """Start, tutorial, how-to guides, explanation and the pages above them."""
    folders = ("start", "tutorial", "how-to", "explanation", ".")
    pages = [page for folder in folders for page in (DOCS / folder).glob("*.md") if page.name not in GENERATED]
    assert sum(words(page) for page in pages) <= 50_000
