"""Complete documents and the terminal summary of a run, word by word."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from support.golden_reviews import FILES, texts

REMEDY = "if the new text is right, write it with: python tests/support/golden_reviews.py"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The texts as they are written now."""
    return texts(tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("name", FILES)
def test_a_document_is_as_expected(written: dict[str, str], name: str) -> None:
    """A difference is shown as a diff."""
    path: Path = FILES[name]
    expected = path.read_text(encoding="utf-8")
    diff = difflib.unified_diff(expected.splitlines(), written[name].splitlines(), path.name, "written", lineterm="")
    changes = "\n".join(diff)
    if changes:
        pytest.fail(f"{changes}\n{REMEDY}", pytrace=False)
