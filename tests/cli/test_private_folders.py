"""The run folder of a live exercise is for its owner alone, whichever command writes into it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from support.command_line import wargame_after

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
LINES = "advance 5d\norder ARD talk BRL\nadvance 5d\nrewind 2d\n"


def _run(folder: Path, *words: str) -> None:
    """Runs a command with the usual rights for new files."""
    done = wargame_after("import os; os.umask(0o022)", *words, cwd=folder)
    assert done.returncode == 0, done.stderr


def _open_to_others(folder: Path) -> list[str]:
    """What others may read or write in a folder, and the folder itself."""
    found = (folder, *folder.rglob("*"))
    return [str(each) for each in found if not each.is_symlink() and stat.S_IMODE(os.lstat(each).st_mode) & 0o077]


def test_only_the_owner_reads_what_an_exercise_and_its_review_write(tmp_path: Path) -> None:
    """Also the log of an abandoned past, the review at ENDEX, and a report that another command writes later."""
    (tmp_path / "lines.txt").write_text(LINES)
    (tmp_path / "end.txt").write_text("endex\n")
    run = tmp_path / "r"
    _run(tmp_path, "play", "two-rivals", "--seat", "ARD=human", "--script", "lines.txt", "--out", "r")
    assert _open_to_others(run) == []
    assert any((run / "branches").iterdir())
    _run(tmp_path, "resume", "r", "--script", "end.txt")
    _run(tmp_path, "report", "r", "--format", "md")
    assert {"report.html", "report.md", "summary.json"} <= {each.name for each in run.iterdir()}
    assert _open_to_others(run) == []


def test_resuming_a_folder_that_others_may_read_closes_it(tmp_path: Path) -> None:
    """Such as one that was copied; other runs have the usual rights."""
    (tmp_path / "lines.txt").write_text(LINES)
    (tmp_path / "more.txt").write_text("advance 1d\n")
    _run(tmp_path, "play", "two-rivals", "--seat", "ARD=human", "--script", "lines.txt", "--out", "r")
    run = tmp_path / "r"
    for each in (run, *run.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    _run(tmp_path, "resume", "r", "--script", "more.txt")
    assert _open_to_others(run) == []
    _run(tmp_path, "run", "two-rivals", "--out", "model")
    assert str(tmp_path / "model" / "journal.jsonl") in _open_to_others(tmp_path / "model")
