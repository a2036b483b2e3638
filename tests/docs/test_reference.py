"""Generated pages match the code, and links between pages work."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_generated_pages_are_up_to_date(root: Path) -> None:
    """`make docs` changes nothing: commands, schemas and state diagrams are those of the code."""
    done = subprocess.run(
        [sys.executable, root / "tools" / "build.py", "--check"], capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_links_between_pages_lead_to_files(root: Path) -> None:
    """Every link within the project leads to a file."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    links = [
        (page.relative_to(root).as_posix(), link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]

    assert [(page, link) for page, link in links if not ((root / page).parent / link).exists()] == []
