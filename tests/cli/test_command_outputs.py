"""What commands print on small inputs: every line, every key of a JSON document, every report in Markdown."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from support import golden_commands


@pytest.mark.slow
def test_the_outputs_of_commands_change_on_purpose_only(tmp_path: Path) -> None:
    """Scripts read keys, and people compare reports: `python -m support.golden_commands` in tests/ renews the file."""
    kept, now = golden_commands.FILE.read_text("utf-8").splitlines(), golden_commands.text(tmp_path).splitlines()
    assert "\n".join(unified_diff(kept, now, "kept", "now", lineterm="", n=1)) == ""
