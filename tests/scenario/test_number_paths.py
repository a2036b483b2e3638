"""Patterns with stars for the paths of numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.backtests import play_rivals, write_questions, write_rivals
from support.in_process import inside
from wargame.scenario.building.numbers import matching


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    write_questions(tmp_path)
    return tmp_path


def test_patterns_with_many_stars_are_matched_quickly() -> None:
    """Matching does not backtrack, and its results are the same."""
    assert not matching("*a" * 300 + "b", {"a" * 3000: 0})
    assert matching("*a" * 300, {"a" * 3000: 0})
    assert matching("leaders.*.interests.control[*]", {"leaders.x.interests.control[ARD]": 0})
    assert not matching("leaders.*", {"leaders.x.horizon": 0})
    assert matching("a*b*b", {"abb": 0})
    assert not matching("a*b*b", {"ab": 0})


def test_a_parameter_without_a_value_is_reported(place: Path) -> None:
    """The remedy shows more than the text itself."""
    done = inside("batch", "scenario.yaml", "-n", "2", "--arm", "x=parameter", cwd=place)
    assert done.returncode == 2
    assert "write a value after parameter" in done.stderr


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a batch."""
    return play_rivals(write_rivals(tmp_path_factory.mktemp("rivals")))
