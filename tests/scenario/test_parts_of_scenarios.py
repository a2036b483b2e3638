"""One file of a scenario that is divided into several."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.in_process import inside
from wargame.errors import Invalid
from wargame.scenario.loading.catalogue import scenario_dir
from wargame.scenario.loading.load import load, load_target


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of such a scenario, with faults in two of its files."""
    shutil.copytree(scenario_dir() / "cuba-1962", tmp_path / "cuba")
    for name in ("forums.yaml", "options-sea.yaml"):
        path = tmp_path / "cuba" / name
        path.write_text(path.read_text("utf-8").replace("[", "[XXX, ", 1) + "\nbroken: 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "other"), [("forums.yaml", "options-sea.yaml"), ("options-sea.yaml", "forums.yaml")])
def test_validate_names_the_file_first_and_checks_the_whole_scenario(name: str, other: str, place: Path) -> None:
    """Its problems come before those of the other files, and no section is missing."""
    done = inside("validate", f"cuba/{name}", cwd=place)
    assert done.returncode == 3
    files = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert list(dict.fromkeys(files)) == [f"cuba/{name}", f"cuba/{other}"]
    assert "is missing" not in done.stderr


def test_a_valid_part_is_valid_with_its_scenario() -> None:
    """By the file with the name of the scenario, and by one of the others."""
    folder = scenario_dir() / "cuba-1962"
    for name in ("scenario.yaml", "forums.yaml"):
        assert len(load_target(str(folder / name)).files) > 5


def test_a_part_cannot_be_run() -> None:
    """One problem, with the remedy."""
    path = scenario_dir() / "cuba-1962" / "forums.yaml"
    with pytest.raises(Invalid, match=r"forums.yaml:1:1: this is one file of the scenario in .*cuba-1962") as caught:
        load(str(path))
    assert len(caught.value.problems) == 1
