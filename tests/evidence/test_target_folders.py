"""Folders in which the runs of targets are kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.backtests import write_questions
from support.command_line import ended, environment
from support.in_process import Done, inside
from wargame.errors import Invalid, UsageFault, WargameError
from wargame.evidence.targets.runs import RUNS, RunStore, write_result

PLAN = {"identity": "x"}
"""Of an evaluation."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    write_questions(tmp_path)
    return tmp_path


def targets(place: Path, *words: str) -> Done:
    """`wargame targets` with a few runs kept in `t`."""
    return inside("targets", "scenario.yaml", "-n", "2", "--jobs", "1", "--out", "t", *words, cwd=place)


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
def test_a_line_that_is_not_a_run_is_reported_with_its_place(tmp_path: Path, line: str) -> None:
    """File, line and remedy; the other lines stay."""
    RunStore(tmp_path / "t", PLAN).close()
    (tmp_path / "t" / RUNS).write_text(line + "\n")
    with pytest.raises(Invalid, match=r"runs\.jsonl:1:1: this line is not a run"):
        RunStore(tmp_path / "t", PLAN, resume=True)
    assert (tmp_path / "t" / RUNS).read_text("utf-8") == line + "\n"


def test_a_run_of_another_evaluation_is_refused(place: Path) -> None:
    """Though it has the same format."""
    assert targets(place).returncode == 0
    with (place / "t" / RUNS).open("a") as file:
        file.write('{"condition": 99, "replication": 0, "tallies": {}, "error": ""}\n')
    done = targets(place, "--resume")
    assert done.returncode == 3
    assert "condition 99 does not belong to this evaluation" in done.stderr


def test_a_run_that_is_stored_twice_counts_once(tmp_path: Path) -> None:
    """An incomplete last line is removed."""
    store = RunStore(tmp_path / "t", PLAN)
    store.add(((0, 1),), [{"T1.0": [1.0, float("nan")]}])
    store.close()
    path = tmp_path / "t" / RUNS
    whole = path.read_bytes()
    path.write_bytes(whole * 2 + whole[:20])
    again = RunStore(tmp_path / "t", PLAN, resume=True)
    again.close()
    assert [run.cell for run in again.runs] == [(0, 1)]
    assert path.read_bytes() == whole * 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks that go with their process")
def test_two_processes_cannot_write_into_one_folder(place: Path) -> None:
    """The second one gets an error; it can resume once the first has ended."""
    assert targets(place).returncode == 0
    code = "import fcntl, sys; f = open('t/runs.jsonl', 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True)"
    words = [sys.executable, "-c", f"{code}; sys.stdin.read()"]
    pipe = subprocess.PIPE
    with ended(subprocess.Popen(words, cwd=place, stdin=pipe, stdout=pipe, env=environment())) as other:
        assert other.stdout is not None
        other.stdout.readline()
        done = targets(place, "--resume")
        other.communicate(b"")
    assert done.returncode == 2
    assert "another process is using t" in done.stderr
    assert targets(place, "--resume").returncode == 0


def test_an_evaluation_killed_before_its_plan_is_complete_can_be_resumed(place: Path) -> None:
    """Unfinished files do not prevent it."""
    (place / "t").mkdir()
    (place / "t" / ".plan.json.77").write_text("{")
    assert targets(place, "--resume").returncode == 0


def test_a_folder_of_another_kind_cannot_be_resumed(tmp_path: Path) -> None:
    """The remedy is not the option that was given."""
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(UsageFault, match=r"no plan\.json to resume from: choose another --out"):
        RunStore(tmp_path, PLAN, resume=True)


@pytest.mark.parametrize("name", ["plan.json", RUNS])
def test_a_folder_that_cannot_be_used_is_an_error(tmp_path: Path, name: str) -> None:
    """Here it has folders in place of files; the remedy is another folder."""
    RunStore(tmp_path / "t", PLAN).close()
    (tmp_path / "t" / name).unlink()
    (tmp_path / "t" / name).mkdir()
    with pytest.raises(WargameError, match=r"choose another (folder|--out)"):
        RunStore(tmp_path / "t", PLAN, resume=True)


def test_a_result_that_cannot_be_written_keeps_its_runs(tmp_path: Path) -> None:
    """The message says so."""
    (tmp_path / "targets.json").mkdir()
    with pytest.raises(UsageFault, match="the runs are stored"):
        write_result(tmp_path, "targets", {})
