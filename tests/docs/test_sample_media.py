"""The sample media of the documentation are made by a script, and can be attached."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wargame.scenario.building.attachments import content_of

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "sample_media.py"


@pytest.mark.slow
def test_sample_media_can_be_attached(tmp_path: Path) -> None:
    """A picture, a document and a recording."""
    pytest.importorskip("typst")
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True)

    kinds = {path.name: content_of(path.name, path.read_bytes()).kind for path in tmp_path.iterdir()}
    assert kinds == {"map.png": "picture", "annex.pdf": "document", "call.wav": "recording"}
