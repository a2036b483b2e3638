"""Chronologies: every problem of the file is reported with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.backtests import HEAD, play_rivals, write_questions, write_rivals
from support.entry_point import wargame
from support.in_process import inside
from wargame.errors import Invalid
from wargame.evidence.backtest.chronology import read_chronology


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    write_questions(tmp_path)
    return tmp_path


def faults(folder: Path, text: str) -> str:
    """What is wrong with a chronology."""
    from wargame.scenario.loading.load import load

    path = folder / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        read_chronology(str(path), load(str(folder / "scenario.yaml")).scenario)
    return str(caught.value)


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_with_other_separators_is_refused(place: Path, mark: str, called: str) -> None:
    """With one error, not one for each column."""
    reported = faults(place, HEAD.replace(",", mark))
    assert f"c.csv:1:1: columns are separated by {called} instead of commas" in reported
    assert "missing" not in reported


def test_a_cell_that_is_too_long_is_refused(place: Path) -> None:
    """The remedy has the maximal length."""
    assert "a cell can have at most" in faults(place, HEAD + 'E1,2030-03-10,,ARD,drill,,"' + "x" * 500_000 + '",,\n')


def test_a_code_with_digits_of_another_script_is_refused(place: Path) -> None:
    """Codes of the model have ASCII digits."""
    assert "is not a CAMEO code" in faults(place, HEAD + "E1,2030-03-10,,ARD,drill,٣,,,\n")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a batch lies."""
    return play_rivals(write_rivals(tmp_path_factory.mktemp("rivals")))


def test_an_event_on_the_first_possible_day_is_read(batch: Path) -> None:
    """No earlier date is computed."""
    (batch / "c.csv").write_text(HEAD + "E1,0001-01-01,,ARD,drill,,,,\nE2,2030-06-19,,ARD,drill,,,,\n")
    assert inside("backtest", "b", "--chronology", "c.csv", cwd=batch).returncode == 0


def test_a_period_that_ends_before_its_start_is_refused(batch: Path) -> None:
    """Before any file is read."""
    done = inside("backtest", "b", "--covered-from", "2030-06-01", "--covered-until", "2030-01-01", cwd=batch)
    assert done.returncode == 2
    assert "is before" in done.stderr


def test_thousands_of_problems_are_listed_in_part(batch: Path) -> None:
    """The count includes all of them."""
    (batch / "c.csv").write_text(HEAD + "".join(f"E{i},x,,ARD,drill,,,,\n" for i in range(3000)))
    done = wargame("backtest", "b", "--chronology", "c.csv", cwd=batch)
    assert done.returncode == 3
    assert done.stderr.endswith("3000 problems, the first 200 of which are listed\n")
    assert len(done.stderr.splitlines()) == 201
