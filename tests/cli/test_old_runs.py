"""`wargame clean`, the columns of `wargame list runs`, and the folder of runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from support.in_process import inside, inside_json
from support.live import console, output_of
from wargame.batches.folders import RESUMABLE, RUNNING, old_folders
from wargame.cli.runs import _size
from wargame.executor.run import Destination, simulate
from wargame.journal.folder import Folder, find
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

DAY = 86400


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def aged(path: Path, days: float) -> None:
    """Makes all files of a folder look as if they were written `days` ago."""
    then = time.time() - days * DAY
    for each in (*path.rglob("*"), path):
        os.utime(each, (then, then))


def played(name: str, days: float) -> Folder:
    """A finished run under `runs/`, written `days` ago."""
    place = Destination(out=Path("runs") / name)
    folder = simulate(load("two-rivals"), 1, Settings(until="9d"), place=place, command="wargame run it").folder
    aged(folder.path, days)
    return folder


def test_only_old_folders_are_removed(tmp_path: Path) -> None:
    """By the time of the last file in them."""
    old, young = played("old", 40), played("young", 20)
    done = inside("clean", "--older-than", "30d", "--yes", cwd=tmp_path)
    assert not old.path.exists()
    assert young.path.is_dir()
    assert "Removed 1 folder" in done.stdout
    assert sorted(path.name for path in Path("runs").iterdir()) == ["young"]


def test_an_old_rehearsal_is_removed(tmp_path: Path) -> None:
    """As runs and batches are."""
    words = ("rehearse", "two-rivals", "-n", "2", "--jobs", "1", "--out", "runs/rehearsed", "--quiet")
    assert inside(*words, cwd=tmp_path).returncode == 0
    aged(tmp_path / "runs" / "rehearsed", 40)
    done = inside("clean", "--older-than", "30d", "--yes", cwd=tmp_path)
    assert "rehearsed  rehearsal" in done.stdout
    assert not (tmp_path / "runs" / "rehearsed").exists()


def test_a_dry_run_removes_nothing(tmp_path: Path) -> None:
    """It lists what would be removed."""
    old = played("old", 40)
    done = inside("clean", "--older-than", "30d", "--yes", "--dry-run", cwd=tmp_path)
    assert old.path.is_dir()
    assert "old  run, " in done.stdout


def test_without_a_terminal_it_needs_yes(tmp_path: Path) -> None:
    """Nothing is removed unasked."""
    old = played("old", 40)
    done = inside("clean", "--older-than", "30d", cwd=tmp_path)
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert old.path.is_dir()


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_440_000, "3.4 MB"), (344_000_000, "344 MB"), (5e12, "5000 GB")],
)
def test_sizes_are_in_the_largest_unit(size: int, words: str) -> None:
    """With a digit after the point below a hundred."""
    assert _size(size) == words


def test_live_exercises_before_endex_are_kept() -> None:
    """One that is running always, one that can be resumed unless it is asked for."""
    there = console(Path("runs") / "live")
    output_of(there, "advance 3d")
    aged(Path("runs") / "live", 40)
    assert [folder.kept for folder in old_folders(30 * DAY, unfinished=True)] == [RUNNING]
    there.session.close()
    aged(Path("runs") / "live", 40)
    assert [folder.kept for folder in old_folders(30 * DAY)] == [RESUMABLE]
    assert [folder.kept for folder in old_folders(30 * DAY, unfinished=True)] == [""]


def test_other_folders_are_not_touched(tmp_path: Path) -> None:
    """Folders under `runs/` that hold no run."""
    played("old", 40)
    notes = Path("runs") / "notes"
    notes.mkdir()
    (notes / "mine.txt").write_text("mine")
    aged(notes, 400)
    document = inside_json("clean", "--older-than", "30d", "--yes", cwd=tmp_path)
    assert (document["removed"], [row["kind"] for row in document["folders"]]) == (1, ["run"])
    assert notes.is_dir()


def test_runs_are_listed_with_their_duration_and_command(tmp_path: Path) -> None:
    """The command without the name of the program."""
    played("first", 1)
    heading, row = inside("list", "runs", cwd=tmp_path).stdout.splitlines()
    assert heading.split()[-2:] == ["ended", "wargame"]
    assert row.endswith("endex  run it")
    assert " s  " in row


def test_the_folder_of_runs_can_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`WARGAME_RUNS` names it, for commands that write and for those that look for a run by its name."""
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("WARGAME_RUNS", str(elsewhere))
    run = simulate(load("two-rivals"), 1, Settings(until="9d"))
    assert run.folder.path.parent == elsewhere
    assert find("last").path == run.folder.path
    assert run.folder.typed == run.folder.name


def test_why_without_a_record_lists_the_turning_points(tmp_path: Path) -> None:
    """Each with the number by which it is explained, and the command as it is typed."""
    simulate(load("two-rivals"), 3, Settings(), place=Destination(out=Path("runs") / "it"))
    lines = inside("why", "last", cwd=tmp_path).stdout.splitlines()
    numbers = [line.split()[0] for line in lines if line.startswith("#")]
    assert numbers
    assert lines[0] == "Turning points of it"
    assert lines[-1] == f"wargame why it {numbers[0].removeprefix('#')} explains the first one."
    listed = inside_json("why", "last", cwd=tmp_path)["turning_points"]
    assert [f"#{row['seq']}" for row in listed] == numbers
