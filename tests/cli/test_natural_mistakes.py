"""Mistakes that people make naturally: one round, and the message has the place and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.entry_point import wargame

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of a new exercise."""
    place = tmp_path_factory.mktemp("made")
    assert wargame("init", "ex", cwd=place).returncode == 0
    return place / "ex"


@pytest.mark.parametrize(
    ("written", "mistake", "message"),
    [
        ("at: D+14 H+9", "at: D+3 08:00", "13:9: `at`: 'D+3 08:00' is not a time; write D+3 H+8"),
        ("at: D+14 H+9", "at: D+3 8:45", "is not a time; write D+3 H+8 M+45"),
        (
            "after: {inject: photographs, delay: 5d}",
            "after: photographs",
            "25:12: `after` must be a mapping of keys to values (write {inject: photographs})",
        ),
        ("chance: 0.6", "chance: 0,6", "26:13: `chance` must be a number, not '0,6' (write a decimal point: 0.6)"),
    ],
)
def test_a_mistake_in_a_script_gets_the_remedy(
    written: str, mistake: str, message: str, original: Path, tmp_path: Path
) -> None:
    """As it has to be written, in a single problem."""
    for name in ("scenario.yaml", "injects.yaml"):
        (tmp_path / name).write_text((original / name).read_text("utf-8").replace(written, mistake), "utf-8")
    done = wargame("validate", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert message in done.stderr
    assert "1 problem\n" in done.stderr


def test_the_name_of_the_current_folder_is_answered_with_a_dot(original: Path) -> None:
    """Users type the name of the exercise inside its folder."""
    done = wargame("run", "ex", cwd=original)
    assert done.returncode == 2
    assert "this is the current folder: write '.'" in done.stderr


def test_an_event_that_did_not_happen_is_answered_with_those_that_did(tmp_path: Path) -> None:
    """Nobody has to open the journal to learn what can be asked for."""
    assert wargame("run", "two-rivals", "--out", "run", "--no-report", cwd=tmp_path).returncode == 0
    done = wargame("why", "run", "nuclear_test", cwd=tmp_path)
    assert done.returncode == 2
    assert "no record is about 'nuclear_test' (this run has records of " in done.stderr
    assert "collision" in done.stderr


def test_a_copy_of_the_script_is_one_problem(tmp_path: Path) -> None:
    """Instead of one problem for each inject."""
    copy = tmp_path / "msel.yaml"
    copy.write_bytes((ROOT / "injects/korea-2017/msel.yaml").read_bytes())
    done = wargame("run", "korea-2017", "--injects", "msel.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert "ids of this file are also in" in done.stderr
    assert "wargame init DIR --from NAME" in done.stderr
    assert "1 problem\n" in done.stderr
