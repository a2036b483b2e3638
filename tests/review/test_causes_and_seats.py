"""A review names the kind of each seat and the cause of each outcome."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from support.engine import changed, loaded, run
from support.entry_point import wargame
from support.in_process import inside
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import seats
from wargame.review.findings.source import open_run
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

ASHORE = ("two-rivals", "--no-report", "--until", "200d")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small scenario in `runs/one`, with one script seat."""
    place = tmp_path_factory.mktemp("made")
    assert inside("run", *ASHORE, "--seat", "ARD=script", "--out", "runs/one", cwd=place).returncode == 0
    return place


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(original, tmp_path / "made"))


def test_a_review_names_the_kind_of_each_seat(place: Path) -> None:
    """From STARTEX on, according to the settings."""
    assert seats(open_run(place / "runs" / "one")) == {"ARD": "script", "BRL": "model"}


def test_outcomes_of_history_have_no_cause_in_the_exercise() -> None:
    """An outcome that is true at STARTEX is not caused by a setting of the same instant; later ones are."""
    outcomes = {
        "old": model.Outcome(title="Tension is there", when="tension > 0"),
        "new": model.Outcome(title="Tension is high", when="tension > 0.8"),
    }
    base = changed(loaded(), outcomes=outcomes)
    exercise = run(base, days=1, set=("tension=0.9",))
    entries = {record[4]: record for record in exercise.records() if record[2] == "outcome"}
    (command,) = [record for record in exercise.records() if record[2] == "command"]
    assert entries["old"][5] == ()
    assert entries["new"][5] == (command[0],)


def test_what_the_white_cell_makes_true_before_the_clock_starts_is_not_of_history() -> None:
    """Its command is the cause; what history had made true has none."""
    outcomes = {
        "old": model.Outcome(title="Tension is there", when="tension > 0"),
        "new": model.Outcome(title="Tension is high", when="tension > 0.8"),
    }
    exercise = Exercise(changed(loaded(), outcomes=outcomes), 1, Settings())
    exercise.advance(exercise.calendar.startex)
    command = exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.9}))
    exercise.advance(exercise.now + DAY)
    causes = {record[4]: record[5] for record in exercise.records() if record[2] == "outcome"}
    assert causes == {"old": (), "new": (command,)}


def test_a_command_that_changes_nothing_is_not_a_cause() -> None:
    """A change of seat at the same instant is not a cause; a value that is set is."""
    base = changed(loaded(), outcomes={"high": model.Outcome(title="High", when="day >= 10")})
    exercise = Exercise(base, 1, Settings())
    exercise.advance(10 * DAY)
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": "human"}))
    exercise.advance(11 * DAY)
    (outcome,) = [record for record in exercise.records() if record[2] == "outcome"]
    assert outcome[5] == ()


def test_outcomes_that_are_true_at_startex_are_marked(tmp_path: Path) -> None:
    """In the summary; they are not turning points."""
    done = inside("run", "korea-2017", "--until", "2017-07-01", "--no-report", cwd=tmp_path)
    assert "already true at STARTEX: Decision to deploy THAAD" in done.stdout
    assert done.stdout.count("Decision to deploy THAAD") == 1


def test_a_shortened_journal_is_reported(place: Path) -> None:
    """By `show` and at the top of the review: missing whole lines leave no other trace."""
    journal = place / "runs" / "one" / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    journal.write_text("".join(lines[:50]))
    message = f"the journal is damaged: it has 50 of the {len(lines)} records that were written"
    assert message in " ".join(inside("show", "one", cwd=place).stdout.split())
    assert open_run(place / "runs" / "one").notes[0] == message


@pytest.mark.slow
def test_a_hot_wash_starts_at_startex(tmp_path: Path) -> None:
    """Turning points are those since STARTEX, with the same names as in other reports."""
    script = tmp_path / "script.txt"
    script.write_text("until 2017-08-01\nendex\nhotwash\n")
    done = wargame("play", "korea-2017", "--script", str(script), "--out", "live", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    section = done.stdout.partition("Turning points:")[2].partition("Expected actions:")[0]
    dates = re.findall(r"^\s+(\d{4}-\d\d-\d\d)", section, re.MULTILINE)
    assert dates
    assert min(dates) >= "2017-06-01"
