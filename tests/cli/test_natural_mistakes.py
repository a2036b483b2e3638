"""Mistakes that people make naturally: one round, and each message has the place and the remedy."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from support.entry_point import wargame
from wargame.cli.list import ListKind
from wargame.cli.tree import COMMANDS, load
from wargame.tables import tables

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = re.compile(r"^[\w./-]+:\d+:\d+: .+", re.MULTILINE)
AN_EXERCISE = """\
format: wargame-exercise/1
name: dam-day
title: A day at the dam
scenario: ex
injects: [injects.yaml]
wall: 1h
begins: "10:00"
briefing: 8m
hot_wash: 14m
moves:
  - {title: Photographs, game: 10d, wall: 18m}
  - {title: Farmers, game: 20d, wall: 20m}
seats:
  LOW:
    persons: [{role: Premier, tasks: Decides.}]
"""
A_STUDY = """\
format: wargame-study/1
name: dams
scenario: .
replications: 10
until: D+60
arms:
  base: {}
  dry: {set: ["harvest[LOW]=0.3"]}
measures:
  - p(border_crisis)
  - highest(tension)
"""
SCENARIO, SCRIPT, EXERCISE, STUDY = "scenario.yaml", "injects.yaml", "exercise.yaml", "study.yaml"
KNOWN = yaml.safe_load((ROOT / "tests/data/natural_mistakes.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new exercise, with an exercise file and a study."""
    place = tmp_path_factory.mktemp("made")
    assert wargame("init", "ex", cwd=place).returncode == 0
    (place / "ex" / EXERCISE).write_text(AN_EXERCISE, "utf-8")
    (place / "ex" / STUDY).write_text(A_STUDY, "utf-8")
    return place / "ex"


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of the new exercise, to make mistakes in."""
    return shutil.copytree(original, tmp_path / "ex")


def write(path: Path, written: str, mistake: str) -> None:
    """Replace a text that is in the file."""
    text = path.read_text("utf-8")
    assert written in text
    path.write_text(text.replace(written, mistake, 1), "utf-8")


@pytest.mark.parametrize("mistake", KNOWN["files"], ids=lambda each: each["mistake"])
def test_a_mistake_in_a_file_is_one_message_with_place_and_remedy(mistake: dict[str, Any], folder: Path) -> None:
    """Nothing else is reported that only follows from it."""
    file, messages = mistake["file"], mistake["reported"]
    for other in {EXERCISE, STUDY} - {file}:
        (folder / other).unlink()
    write(folder / file, mistake["has"], mistake["mistake"])
    done = wargame("validate", file if file in (EXERCISE, STUDY) else ".", cwd=folder)
    reported = PROBLEM.findall(done.stderr)
    expected = [message.partition(": ")[::2] for message in messages]
    assert (done.returncode, len(reported)) == (3, len(messages)), done.stderr
    for problem, (line, message) in zip(reported, expected, strict=True):
        assert problem.startswith(f"{file}:{line}:")
        assert message in problem


@pytest.mark.parametrize("mistake", KNOWN["commands"], ids=lambda each: each["line"])
def test_a_wrong_command_line_gets_the_remedy(mistake: dict[str, str], folder: Path) -> None:
    """In a usage error, without a run."""
    done = wargame(*shlex.split(mistake["line"]), cwd=folder)
    assert done.returncode == 2
    assert mistake["reported"] in done.stderr
    assert not (folder / "runs").exists()


def test_all_mistakes_are_reported_in_one_round(folder: Path) -> None:
    """A wrong scenario, a wrong key or a file that is not YAML hides nothing in the other lines and files."""
    write(folder / SCENARIO, "title: The dam\n", "title: The dam: a crisis\n")
    write(folder / SCRIPT, "scenario: ex", "scenario: exx")
    write(folder / SCRIPT, "chance: 0.6", "chance: 60")
    write(folder / EXERCISE, "hot_wash", "hotwash")
    write(folder / EXERCISE, "wall: 1h", "wall: 60")
    write(folder / STUDY, "replications: 10", "replications: many")
    reported = PROBLEM.findall(wargame("validate", ".", cwd=folder).stderr)
    places = sorted(each.split(":")[0:2] for each in reported)
    assert places == [[EXERCISE, "6"], [EXERCISE, "9"], [SCRIPT, "26"], [SCENARIO, "8"], [STUDY, "4"]]


@pytest.mark.parametrize("file", [SCRIPT, EXERCISE])
def test_a_wrong_scenario_does_not_hide_the_rest_of_the_file(file: str, folder: Path) -> None:
    """Neither its values nor the ids in it."""
    write(folder / file, "scenario: ex", "scenario: my-exercise")
    write(folder / file, *(("chance: 0.6", "chance: 60") if file == SCRIPT else ("wall: 1h", "wall: 60")))
    if file == SCRIPT:
        write(folder / SCRIPT, "audience: [LOW]", "audience: [LWO]")
    reported = PROBLEM.findall(wargame("validate", file, cwd=folder).stderr)
    assert len(reported) == {SCRIPT: 3, EXERCISE: 2}[file], reported


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


def test_each_word_that_is_no_command_leads_to_one() -> None:
    """The table names commands and options that exist, and no command is hidden by it."""
    meant: dict[str, str] = tables("cli/typed.yaml")
    assert meant.keys().isdisjoint(COMMANDS)
    kinds, options = (
        get_args(ListKind),
        {name for each in map(load, COMMANDS) for one in each.params for name in one.opts},
    )
    for word, each in meant.items():
        command, _, argument = each.partition(" ")
        if word.startswith("-"):
            assert options.issuperset(each.split()), each
        else:
            assert each in COMMANDS or (command in COMMANDS and (argument.isupper() or argument in kinds)), each
