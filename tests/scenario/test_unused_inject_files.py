"""Inject files in the folder of a scenario that it does not name."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.entry_point import wargame
from wargame.errors import Invalid
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import load

RIVALS = (catalogue.scenario_dir() / "two-rivals.yaml").read_text("utf-8")
NAMED = "injects: [two-rivals/msel]\n"
EXERCISE = "format: wargame-exercise/1\nname: e\ntitle: E\nscenario: two-rivals\ninjects: [b.yaml]\nwall: 1h\n"


def folder_with(place: Path, injects: str) -> Path:
    """Two rivals that name these inject files, and the files `a` and `b`, of which `b` has a mistake."""
    (place / "s.yaml").write_text(RIVALS.replace(NAMED, injects))
    for name, at in (("a", "D+1"), ("b", "D+99999")):
        item = f"{{id: {name}, title: {name}, at: {at}}}"
        (place / f"{name}.yaml").write_text(f"format: wargame-injects/1\nscenario: two-rivals\ninjects: [{item}]\n")
    return place


def test_a_file_that_is_not_named_is_not_used_and_said_so(tmp_path: Path) -> None:
    """Neither is it checked; and it is no input of a run."""
    loaded = load(str(folder_with(tmp_path, "injects: [a.yaml]\n")))
    assert [inject.id for inject in loaded.injects] == ["a"]
    assert not any("b.yaml" in name for name in loaded.files)
    (warning,) = loaded.warnings
    assert warning.file.endswith("b.yaml")
    assert "this inject file is not used" in str(warning)


@pytest.mark.parametrize("command", ["validate", "run"])
def test_validate_and_run_read_the_same_files(command: str, tmp_path: Path) -> None:
    """Both name the file that is not used."""
    options = ["--until", "D+3", "--no-report"] if command == "run" else []
    done = wargame(command, ".", *options, cwd=folder_with(tmp_path, "injects: [a.yaml]\n"))
    assert done.returncode == 0
    assert "b.yaml:1:1: this inject file is not used" in done.stderr


@pytest.mark.parametrize("injects", ["", "injects: [a.yaml, b.yaml]\n", "injects: [a.yaml, c.yaml]\n"])
def test_all_files_are_checked_if_they_are_named_or_none_is_or_a_name_is_wrong(injects: str, tmp_path: Path) -> None:
    """So that one round shows all mistakes."""
    done = wargame("validate", ".", cwd=folder_with(tmp_path, injects))
    assert done.returncode == 3
    assert "b.yaml:3:" in done.stderr


def test_a_file_can_be_given_with_a_run(tmp_path: Path) -> None:
    """Once, under its name; without a warning."""
    place = folder_with(tmp_path, "injects: [a.yaml]\n")
    (place / "b.yaml").write_text((place / "b.yaml").read_text().replace("D+99999", "D+2"))
    loaded = load(str(place), [str(place / "b.yaml")])
    assert ([inject.id for inject in loaded.injects], loaded.warnings) == (["a", "b"], ())
    assert list(loaded.files) == ["scenario/a.yaml", "scenario/b.yaml", "scenario/s.yaml"]


def test_a_file_that_an_exercise_beside_it_names_has_no_warning(tmp_path: Path) -> None:
    """It is the script of that exercise."""
    place = folder_with(tmp_path, "injects: [a.yaml]\n")
    (place / "exercise.yaml").write_text(EXERCISE)
    assert load(str(place)).warnings == ()


def test_a_file_of_the_scenario_is_no_inject_file(tmp_path: Path) -> None:
    """It is not read twice in silence, whoever names it."""
    place = folder_with(tmp_path, "injects: [a.yaml]\n")
    with pytest.raises(Invalid, match=r"s\.yaml:1:1: this is a file of the scenario, not an inject file"):
        load(str(place), [str(place / "s.yaml")])
    with pytest.raises(Invalid, match=r"this is a file of the scenario, not an inject file"):
        load(str(folder_with(tmp_path, "injects: [s.yaml]\n")))
