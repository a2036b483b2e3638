"""`wargame batch --dry-run` estimates time and memory, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.bots import PASSES, bot
from support.in_process import inside, inside_json

WORDS = ("two-rivals", "--until", "20d", "--dry-run")


def test_a_dry_run_estimates_time_and_memory_of_all_runs(tmp_path: Path) -> None:
    """The time of the batch is that of one run, times the runs, on so many processes."""
    expected = inside_json("batch", *WORDS, "-n", "300", "--arm", "calm=set tension=0", "--jobs", "2", cwd=tmp_path)

    assert (expected["runs"], expected["jobs"], expected["timed"]) == (600, 2, 4)
    assert expected["seconds"] == pytest.approx(expected["seconds_per_run"] * 300)
    assert expected["seconds_per_run"] > 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """No folder, no summary, no charts."""
    done = inside("batch", *WORDS, "-n", "1000", "--jobs", "1", cwd=tmp_path)

    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])
    assert "1,000 runs in 1 arm" in done.stdout
    assert "on 1 process (" in done.stdout


def test_a_dry_run_of_one_run_uses_one_process(tmp_path: Path) -> None:
    """More processes than runs do not help."""
    expected = inside_json("batch", *WORDS, "-n", "1", "--jobs", "8", cwd=tmp_path)

    assert (expected["jobs"], expected["timed"]) == (1, 1)


def test_a_dry_run_starts_no_program(tmp_path: Path) -> None:
    """A program may cost money; its arms are named."""
    program = bot(tmp_path, "open('started', 'w')\n" + PASSES)
    arm = f"bot=seat ARD=program:{program}"
    done = inside("batch", *WORDS, "-n", "10", "--arm", arm, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "started").exists()
    assert "not timed, since programs play in them: bot" in done.stdout


def test_a_dry_run_refuses_a_folder_that_the_batch_would_refuse(tmp_path: Path) -> None:
    """Before an hour of runs one knows that they have a place."""
    assert inside("batch", *WORDS[:3], "-n", "2", "--jobs", "1", "--out", "b", cwd=tmp_path).returncode == 0
    done = inside("batch", *WORDS, "-n", "2", "--out", "b", cwd=tmp_path)
    assert (done.returncode, "exists already; resume it with --resume" in done.stderr) == (2, True)
    assert inside("batch", *WORDS, "-n", "2", "--jobs", "1", "--out", "new", cwd=tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"b"}


def test_a_dry_run_does_not_resume(tmp_path: Path) -> None:
    """It is about a whole batch."""
    done = inside("batch", *WORDS, "--resume", cwd=tmp_path)

    assert (done.returncode, "leave out --resume" in done.stderr) == (2, True)
