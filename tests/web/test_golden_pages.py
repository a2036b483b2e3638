"""The words of every screen at four moments of one exercise."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from support.golden_pages import FILE, text

REMEDY = "if the new words are right, write them with: python tests/support/golden_pages.py"


def test_the_screens_have_the_expected_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference is shown as a diff of lines."""
    monkeypatch.setenv("WARGAME_TRACEBACK", "1")
    expected, now = FILE.read_text(encoding="utf-8").splitlines(), text(tmp_path).splitlines()
    assert len(expected) > 100
    changes = list(difflib.unified_diff(expected, now, FILE.name, "now", n=0, lineterm=""))
    if changes:
        pytest.fail("\n".join([*changes, REMEDY]), pytrace=False)
