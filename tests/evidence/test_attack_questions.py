"""Hostile and unlucky users of claims, targets, calibration and backtests: a clear message, nothing lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from support.backtests import HEAD, play_rivals, write_rivals
from support.command_line import environment, wargame
from support.in_process import Done, inside
from wargame.batch.running.store import store
from wargame.errors import Invalid, UsageFault
from wargame.evidence.backtest.chronology import read_chronology
from wargame.evidence.targets.stored_runs import RUNS, RunStore, write_result
from wargame.scenario.building.numbers import stands_for
from wargame.statistics import intervals as statistics

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
PLAN = {"identity": "x"}
"""Of an evaluation."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    path = write_rivals(tmp_path) / "scenario.yaml"
    path.write_text(path.read_text("utf-8") + QUESTIONS, encoding="utf-8")
    return tmp_path


def targets(place: Path, *words: str) -> Done:
    """`wargame targets` with a few runs kept in `t`."""
    return inside("targets", "scenario.yaml", "-n", "2", "--jobs", "1", "--out", "t", *words, cwd=place)


# --- kept runs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "null",
        "[]",
        "{",
        "[" * 100_000,
        '{"condition": "x", "replication": 0, "tallies": {}, "error": ""}',
        '{"condition": 0, "replication": -1, "tallies": {}, "error": ""}',
        '{"condition": 0, "replication": 0, "tallies": 3, "error": ""}',
        '{"condition": 0, "replication": 0, "tallies": {"T1.0": 1}, "error": ""}',
        '{"condition": 0, "replication": 0, "tallies": {"T1.0": ["x"]}, "error": ""}',
    ],
)
def test_a_line_that_is_no_run_is_told_with_its_place(tmp_path: Path, line: str) -> None:
    """Its file and line, and what to do; the lines about it stay."""
    RunStore(tmp_path / "t", PLAN).close()
    (tmp_path / "t" / RUNS).write_text(line + "\n")
    with pytest.raises(Invalid, match=r"runs\.jsonl:1:1: this line is not a run"):
        RunStore(tmp_path / "t", PLAN, resume=True)
    assert (tmp_path / "t" / RUNS).read_text() == line + "\n"


def test_a_run_of_another_evaluation_is_refused(place: Path) -> None:
    """Though it looks like one."""
    assert targets(place).returncode == 0
    with (place / "t" / RUNS).open("a") as file:
        file.write('{"condition": 99, "replication": 0, "tallies": {}, "error": ""}\n')
    done = targets(place, "--resume")
    assert done.returncode == 3
    assert "condition 99 does not belong to this evaluation" in done.stderr


def test_a_run_that_is_kept_twice_counts_once(tmp_path: Path) -> None:
    """And a line that was cut off is cut away."""
    kept = RunStore(tmp_path / "t", PLAN)
    kept.add(((0, 1),), [{"T1.0": [1.0, float("nan")]}])
    kept.close()
    path = tmp_path / "t" / RUNS
    whole = path.read_bytes()
    path.write_bytes(whole * 2 + whole[:20])
    again = RunStore(tmp_path / "t", PLAN, resume=True)
    again.close()
    assert [run.cell for run in again.runs] == [(0, 1)]
    assert path.read_bytes() == whole * 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks that go with their process")
def test_two_processes_do_not_play_in_one_folder(place: Path) -> None:
    """The second is told; when the first is gone it may go on."""
    assert targets(place).returncode == 0
    code = "import fcntl, sys; f = open('t/runs.jsonl', 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True)"
    words = [sys.executable, "-c", f"{code}; sys.stdin.read()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=place, stdin=pipe, stdout=pipe, env=environment()) as other:
        assert other.stdout is not None
        other.stdout.readline()
        done = targets(place, "--resume")
        other.communicate(b"")
    assert done.returncode == 2
    assert "another process is using t" in done.stderr
    assert targets(place, "--resume").returncode == 0


def test_a_kill_before_the_plan_was_whole_is_gone_on_from(place: Path) -> None:
    """What the kill left behind is not in the way."""
    (place / "t").mkdir()
    (place / "t" / ".plan.json.77").write_text("{")
    assert targets(place, "--resume").returncode == 0


def test_a_folder_of_something_else_cannot_be_gone_on_with(tmp_path: Path) -> None:
    """The remedy is not the option that was given."""
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(UsageFault, match=r"no plan\.json to resume from: choose another --out"):
        RunStore(tmp_path, PLAN, resume=True)


@pytest.mark.parametrize("name", ["plan.json", RUNS])
def test_a_folder_that_cannot_be_used_is_a_fault_of_usage(tmp_path: Path, name: str) -> None:
    """Here there are folders where files should be."""
    RunStore(tmp_path / "t", PLAN).close()
    (tmp_path / "t" / name).unlink()
    (tmp_path / "t" / name).mkdir()
    with pytest.raises(UsageFault, match="choose another folder"):
        RunStore(tmp_path / "t", PLAN, resume=True)


def test_a_result_that_cannot_be_written_keeps_its_runs(tmp_path: Path) -> None:
    """It says so."""
    (tmp_path / "targets.json").mkdir()
    with pytest.raises(UsageFault, match="the runs are stored"):
        write_result(tmp_path, "targets", {})


def test_times_that_never_come_warn_nobody(place: Path) -> None:
    """An infinite mean has no interval, and no warning of a library on the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(statistics.mean(np.array([1.0, np.inf])).se)
        assert targets(place).returncode == 0


# --- labels ------------------------------------------------------------------------------------------


def test_damaged_labels_are_told_with_their_place(place: Path) -> None:
    """Head and lines; without the file they are played anew, the same."""
    words = ["scenario.yaml", "-n", "2", "--jobs", "1", "--labels", "-q", "--out", "c"]
    assert inside("claims", *words, cwd=place).returncode == 0
    path = place / "c" / "labels.jsonl"
    whole = path.read_bytes()
    head, *cells = whole.splitlines(keepends=True)
    for number, damaged in {
        1: b"",
        2: head + b"[]\n",
        3: head + cells[0] + cells[1][:9],
        len(cells) + 2: whole + b'[0,[[1]],""]\n',
    }.items():
        path.write_bytes(damaged)
        done = inside("claims", *words, "--resume", cwd=place)
        assert done.returncode == 3, damaged
        assert f"labels.jsonl:{number}:1: " in done.stderr
    path.unlink()
    assert inside("claims", *words, "--resume", cwd=place).returncode == 0
    assert path.read_bytes() == whole


def test_a_batch_that_cannot_be_written_is_a_fault_of_usage(tmp_path: Path) -> None:
    """As on a disk that is read only."""
    (tmp_path / ".lock").mkdir()
    with pytest.raises(UsageFault, match="cannot be written"), store(str(tmp_path)).locked():
        pass


# --- parameters --------------------------------------------------------------------------------------


def test_many_stars_take_no_time() -> None:
    """A pattern never goes back on a star, and still means what it did."""
    assert not stands_for("*a" * 300 + "b", "a" * 3000)
    assert stands_for("*a" * 300, "a" * 3000)
    assert stands_for("leaders.*.interests.control[*]", "leaders.x.interests.control[ARD]")
    assert not stands_for("leaders.*", "leaders.x.horizon")
    assert stands_for("a*b*b", "abb")
    assert not stands_for("a*b*b", "ab")


def test_a_parameter_without_a_value_is_told(place: Path) -> None:
    """The remedy is not the word itself."""
    done = inside("batch", "scenario.yaml", "-n", "2", "--arm", "x=parameter", cwd=place)
    assert done.returncode == 2
    assert "write a value after parameter" in done.stderr


# --- chronologies ------------------------------------------------------------------------------------


def faults(folder: Path, text: str) -> str:
    """What is wrong with a chronology."""
    from wargame.scenario.loading.load import load

    path = folder / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        read_chronology(str(path), load(str(folder / "scenario.yaml")).scenario)
    return str(caught.value)


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_with_other_marks_between_its_cells(place: Path, mark: str, called: str) -> None:
    """One fault, not one for each column."""
    told = faults(place, HEAD.replace(",", mark))
    assert f"c.csv:1:1: columns are separated by {called} instead of commas" in told
    assert "missing" not in told


def test_a_cell_beyond_measure(place: Path) -> None:
    """The remedy tells how long one may be."""
    assert "a cell can have at most" in faults(place, HEAD + 'E1,2030-03-10,,ARD,drill,,"' + "x" * 500_000 + '",,\n')


def test_a_code_in_other_digits(place: Path) -> None:
    """No code of the model has them."""
    assert "is not a CAMEO code" in faults(place, HEAD + "E1,2030-03-10,,ARD,drill,٣,,,\n")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a batch lies."""
    return play_rivals(write_rivals(tmp_path_factory.mktemp("rivals")))


def test_an_event_of_the_first_day_there_is(batch: Path) -> None:
    """Nothing before it is asked for."""
    (batch / "c.csv").write_text(HEAD + "E1,0001-01-01,,ARD,drill,,,,\nE2,2030-06-19,,ARD,drill,,,,\n")
    assert inside("backtest", "b", "--chronology", "c.csv", cwd=batch).returncode == 0


def test_a_cover_that_ends_before_it_begins(batch: Path) -> None:
    """Told before anything is read."""
    done = inside("backtest", "b", "--covered-from", "2030-06-01", "--covered-until", "2030-01-01", cwd=batch)
    assert done.returncode == 2
    assert "is before" in done.stderr


def test_thousands_of_problems_are_told_in_part(batch: Path) -> None:
    """The count is of all of them."""
    (batch / "c.csv").write_text(HEAD + "".join(f"E{i},x,,ARD,drill,,,,\n" for i in range(3000)))
    done = wargame("backtest", "b", "--chronology", "c.csv", cwd=batch)
    assert done.returncode == 3
    assert done.stderr.endswith("3000 problems, the first 200 of which are listed\n")
    assert len(done.stderr.splitlines()) == 201


# --- live --------------------------------------------------------------------------------------------


def test_a_faulty_line_is_told_without_its_control_characters(tmp_path: Path) -> None:
    """A terminal would act upon them; what follows is played."""
    text = "ack \x1b[2J\nkick\nadvance 3d\n"
    done = subprocess.run(
        [sys.executable, "-m", "wargame", "play", "two-rivals", "--out", "x"],
        cwd=tmp_path, env=environment(), input=text, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert "\x1b" not in done.stderr
    assert "there is no government ' [2J'" in done.stderr
    assert "usage: kick NUMBER" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there pipes are read by a thread")
def test_a_line_beyond_measure_ends_in_a_message(tmp_path: Path) -> None:
    """What came before is kept."""
    done = subprocess.run(
        [sys.executable, "-m", "wargame", "play", "two-rivals", "--out", "x"],
        cwd=tmp_path, env=environment(), input="advance 3d\n" + "x" * 3_000_000 + "\n",
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "longer than" in done.stderr
    assert wargame("verify", "x", cwd=tmp_path).returncode == 0


# --- rehearsals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("title", 3), ("runs", None), ("injects", None), ("ranking", "x"), ("outcomes", [1])]
)
def test_a_rehearsal_with_something_else_in_a_field(place: Path, name: str, value: object) -> None:
    """The file is told, and what to do."""
    path = place / "r" / "rehearsal.json"
    words = ["scenario.yaml", "-n", "2", "--until", "2030-04-01", "--jobs", "1", "-q", "--out", "r"]
    assert inside("rehearse", *words, cwd=place).returncode == 0
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}))
    done = inside("report", "r", cwd=place)
    assert done.returncode == 3
    assert "rehearsal.json: this is not a complete rehearsal" in done.stderr
    assert "run wargame rehearse again" in done.stderr
