"""The examples of the docs: every command, file and Python block works and prints what the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
PLAYED = re.compile(r"^```(console|python)$", re.MULTILINE)
PAGES = [
    page.relative_to(DOCS).as_posix()
    for page in sorted(DOCS.rglob("*.md"))
    if PLAYED.search(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_its_examples_print(page: str) -> None:
    """A reader who types what stands there sees what stands there; `python docs/golden.py` writes it anew."""
    done = subprocess.run(
        [sys.executable, DOCS / "golden.py", "--check", DOCS / page],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")
