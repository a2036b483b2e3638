"""The YAML examples of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^( *)```yaml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(match[2], id=f"{page.relative_to(ROOT).as_posix()}:{text.count(chr(10), 0, match.start()) + 1}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    for text in (page.read_text("utf-8"),)
    for match in FENCE.finditer(text)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_parsed(example: str) -> None:
    """A reader can copy an example into a scenario, inject or study file."""
    yaml.safe_load(example)
