"""Files of a rehearsal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.backtests import write_questions
from support.in_process import inside


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    write_questions(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value"), [("title", 3), ("runs", None), ("injects", None), ("ranking", "x"), ("outcomes", [1])]
)
def test_a_wrong_field_of_a_rehearsal_is_reported(place: Path, name: str, value: object) -> None:
    """With the file and the remedy."""
    path = place / "r" / "rehearsal.json"
    words = ["scenario.yaml", "-n", "2", "--until", "2030-04-01", "--jobs", "1", "-q", "--out", "r"]
    assert inside("rehearse", *words, cwd=place).returncode == 0
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {name: value}))
    done = inside("report", "r", cwd=place)
    assert done.returncode == 3
    assert "rehearsal.json: this is not a complete rehearsal" in done.stderr
    assert "run wargame rehearse again" in done.stderr
