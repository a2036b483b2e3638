"""The three questions of `wargame init` on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.entry_point import wargame
from support.in_process import inside
from wargame.cli import init
from wargame.scenario.loading.load import load


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a person to ask, whose answers are on standard input."""
    monkeypatch.setattr(init, "_on_a_terminal", lambda: True)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("answers", "names", "title"),
    [
        ("\n\n\n", ["Upland", "Lowland"], "The river"),
        ("South Korea and North Korea\nthe line\n3d\n", ["South Korea", "North Korea"], "The line"),
        ('A, Bosnia and Herzegovina, and Île\nFish: who "owns" it? $5\n1w\n',
         ["A", "Bosnia and Herzegovina", "Île"], 'Fish: who "owns" it? $5'),
        ("Norden, Norland, Nor, Ny, 東, 西\nNo\n2w\n", ["Norden", "Norland", "Nor", "Ny", "東", "西"], "No"),
    ],
    ids=["defaults", "two", "three", "six"],
)  # fmt: skip
def test_the_answers_make_an_exercise_that_runs(answers: str, names: list[str], title: str, tmp_path: Path) -> None:
    """With the names and the subject as typed, which begins with a capital, without a warning."""
    made = wargame("init", "mine", cwd=tmp_path, stdin=answers)
    assert made.returncode == 0, made.stderr
    loaded = load(str(tmp_path / "mine"))
    assert sorted(each.name for each in loaded.scenario.governments.values()) == sorted(names)
    assert (loaded.scenario.title, loaded.warnings) == (title, ())
    run = inside("run", ".", "--no-report", cwd=tmp_path / "mine")
    assert (run.returncode, title in run.stdout) == (0, True), run.stderr


@pytest.mark.usefixtures("terminal")
def test_what_to_do_and_to_change_next_is_said(tmp_path: Path) -> None:
    """The next command, and where to go on."""
    made = wargame("init", "mine", cwd=tmp_path, stdin="\n\n\n")
    assert "next: wargame run mine\nchange next: in scenario.yaml the interests" in made.stderr
    assert len((tmp_path / "mine" / "scenario.yaml").read_text("utf-8").splitlines()) <= 30


@pytest.mark.usefixtures("terminal")
def test_an_answer_that_cannot_be_read_is_asked_for_again(tmp_path: Path) -> None:
    """With what to write."""
    made = wargame("init", "mine", cwd=tmp_path, stdin="Upland\nUpland, Lowland\n\n90 days\n1d\n90d\n")
    assert made.returncode == 0
    assert "write 2 to 6 different names" in made.stderr
    assert "'90 days' is not a duration; write 90d" in made.stderr
    assert "write at least 3d" in made.stderr


@pytest.mark.usefixtures("terminal")
def test_an_end_of_the_answers_writes_nothing(tmp_path: Path) -> None:
    """As Ctrl-C does."""
    made = wargame("init", "mine", cwd=tmp_path, stdin="Upland, Lowland\n")
    assert (made.returncode, (tmp_path / "mine").exists()) == (130, False)
    assert "nothing was written" in made.stderr


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "options", [["--quiet"], ["--json"], ["--from", "two-rivals"], ["--template", "strait-lesson"]]
)
def test_options_that_say_what_to_write_ask_nothing(options: list[str], tmp_path: Path) -> None:
    """The standard input stays unread."""
    made = wargame("init", "mine", *options, cwd=tmp_path)
    assert (made.returncode, "Which" in made.stderr) == (0, False), made.stderr


@pytest.mark.usefixtures("terminal")
def test_a_folder_that_has_a_scenario_is_refused_before_a_question(tmp_path: Path) -> None:
    """Nobody answers in vain."""
    (tmp_path / "scenario.yaml").write_text("")
    made = wargame("init", ".", cwd=tmp_path)
    assert (made.returncode, "Which" in made.stderr) == (2, False)
