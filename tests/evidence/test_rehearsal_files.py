"""Files of a rehearsal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.backtests import write_rivals
from support.in_process import inside

QUESTIONS = """
targets:
  T1:
    title: Patrols
    source: invented
    until: 2030-06-15
    statistics:
      - {days_a_month: {of: {options: [patrol]}}, observed: "3", band: [1, 5]}
      - {delay: {cause: {options: [strike]}, response: {options: [trade]}}, observed: "3", band: [1, 5]}
claims:
  drills:
    statement: Drills raise tension
    mechanism: a patrol adds to tension
    until: 2030-05-01
    arms:
      off: {}
      on: {force: [2030-03-10 ARD patrol BRL]}
    measures:
      - {formula: mean(tension), contrast: {on: 1, off: -1}, expect: positive}
evidence:
  draws: 2
  runs_each: 2
  uncertainty:
    - {path: leaders.*.interests.*, times: [0.5, 2]}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    path = write_rivals(tmp_path) / "scenario.yaml"
    path.write_text(path.read_text("utf-8") + QUESTIONS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value"), [("title", 3), ("runs", None), ("injects", None), ("ranking", "x"), ("outcomes", [1])]
)
def test_a_wrong_field_of_a_rehearsal_is_reported(place: Path, name: str, value: object) -> None:
    """With the file and the remedy."""
    path = place / "r" / "rehearsal.json"
    words = ["scenario.yaml", "-n", "2", "--until", "2030-04-01", "--jobs", "1", "-q", "--out", "r"]
    assert inside("rehearse", *words, cwd=place).returncode == 0
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}))
    done = inside("report", "r", cwd=place)
    assert done.returncode == 3
    assert "rehearsal.json: this is not a complete rehearsal" in done.stderr
    assert "run wargame rehearse again" in done.stderr
