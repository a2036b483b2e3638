"""The docs keep up with the code and with each other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_generated_pages_are_up_to_date(root: Path) -> None:
    """Commands, schemas and state diagrams in the docs are those of the code: `make docs` changes nothing."""
    done = subprocess.run(
        [sys.executable, root / "docs" / "build.py", "--check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    """A reader who follows a link within the project finds a page."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    links = [
        (page.relative_to(root).as_posix(), link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]

    assert [(page, link) for page, link in links if not ((root / page).parent / link).exists()] == []
