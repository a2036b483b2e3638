"""Names of runs, scenarios and dates on the command line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from support.engine import loaded
from support.in_process import inside
from wargame.errors import Invalid, UsageFault, listed
from wargame.journal.folder import find
from wargame.language.times import DAY
from wargame.scenario.loading.catalogue import scenario_dir
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


def test_an_exact_name_of_a_run_is_not_a_prefix(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged run is reported as damaged, though another name begins with its name; a batch as a batch."""
    shutil.copytree(place / "runs" / "one", place / "runs" / "one-more")
    (place / "runs" / "one" / "manifest.json").write_text("{}")
    monkeypatch.chdir(place)
    with pytest.raises(Invalid, match=r"runs/one/manifest\.json"):
        find("one")
    assert inside("list", "runs", cwd=place).stderr == "note: runs/one is damaged (wargame show one says how)\n"
    assert (
        inside("batch", *ASHORE[:1], "-n", "2", "--until", "5d", "--jobs", "1", "--out", "runs/b", cwd=place).returncode
        == 0
    )
    with pytest.raises(Invalid, match="is the manifest of a batch, not of a run"):
        find("b")


def test_the_folder_of_a_scenario_names_its_last_run(tmp_path: Path) -> None:
    """Where a run is asked for; without a run, how to start one; other folders are as damaged as before."""
    folder = tmp_path / "mine"
    folder.mkdir()
    text = (scenario_dir() / "two-rivals.yaml").read_text("utf-8")
    text = text.replace("injects: [two-rivals/msel]\n", "").replace("name: two-rivals", "name: own", 1)
    (folder / "a.yaml").write_text(text, "utf-8")
    done = inside("why", "mine", cwd=tmp_path)
    assert (done.returncode, "mine has a scenario and no run (start a run with: wargame run mine)" in done.stderr) == (
        2,
        True,
    )
    for until in ("5d", "6d"):
        assert (
            inside("run", "mine", "--until", until, "--no-report", "--out", f"runs/x{until}", cwd=tmp_path).returncode
            == 0
        )
    assert inside("run", *ASHORE[:1], "--until", "5d", "--no-report", cwd=tmp_path).returncode == 0
    for command in ("why", "show", "verify"):
        done = inside(command, "mine", cwd=tmp_path)
        assert "mine has a scenario and no run (its last run is x6d)" in done.stderr
    (tmp_path / "empty").mkdir()
    assert "is this a run folder?" in inside("why", "empty", cwd=tmp_path).stderr


def test_injects_of_another_scenario_are_one_problem(tmp_path: Path) -> None:
    """The unknown names in them are not reported."""
    done = inside("run", "two-rivals", "--injects", "korea-2017/msel", cwd=tmp_path)
    assert done.returncode == 3
    assert re.fullmatch(r".+msel.yaml:\d+:\d+: these injects are for the scenario 'korea-2017'.*", done.stderr)


def test_lists_count_what_they_leave_out() -> None:
    """The number of omitted entries is printed."""
    assert listed("cab") == "a, b, c"
    assert listed((str(i) for i in range(9, 0, -1)), most=3) == "1, 2, 3 and 6 more"


def test_a_wrong_date_is_reported_as_a_date() -> None:
    """Without messages of the Python library."""
    exercise = Exercise(loaded(), 1, Settings(seats=(("ARD", "human"),)))
    exercise.advance(DAY)
    data = {"government": "ARD", "option": "protest", "target": "BRL", "when": "2030-07-40"}
    with pytest.raises(UsageFault, match="'2030-07-40' is neither a valid date nor a condition"):
        exercise.apply(Command(kind="standing_order", data=data))
