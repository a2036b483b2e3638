"""What Windows does not have is not needed, except to join from another terminal, which says so in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import environment
from support.waiting import PATIENCE

pytestmark = pytest.mark.slow
COMMANDS = Path(__file__).resolve().parents[1] / "support" / "as_on_windows.py"


def wargame(*words: str, cwd: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a command without the modules, functions and signals of POSIX."""
    return subprocess.run(
        [sys.executable, COMMANDS, *words],
        cwd=cwd,
        env=environment(),
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )


def test_runs_reviews_and_batches_work(tmp_path: Path) -> None:
    """Files are written and read as elsewhere."""
    for line in (
        "--help",
        "list",
        "init mine",
        "validate mine two-rivals",
        "run two-rivals --seed 1 --out a -q",
        "why a",
        "report a",
        "verify a",
        "batch two-rivals -n 2 --jobs 1 --until 30d --out b -q",
        "msel export two-rivals --out m.csv",
        "print two-rivals --folder papers",
        "clean --older-than 1d --dry-run",
    ):
        done = wargame(*line.split(), cwd=tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert (tmp_path / "a" / "report.html").is_file()


def test_an_exercise_is_served_to_browsers(tmp_path: Path) -> None:
    """The console says that terminals cannot join, the server gives an address, and nothing is lost."""
    played = wargame(
        *("play", "two-rivals", "--seat", "ARD=human", "--serve", "127.0.0.1:0", "--out", "p"),
        cwd=tmp_path,
        typed="next\nquit\n",
    )
    assert played.returncode == 0, played.stderr
    assert "served at http://127.0.0.1:" in played.stdout
    assert played.stdout.count("other terminals can join on Linux and macOS only") == 1
    assert wargame("resume", "p", cwd=tmp_path, typed="next\nendex\nquit\n").returncode == 0
    assert wargame("verify", "p", cwd=tmp_path).returncode == 0


def test_join_says_what_to_do_instead(tmp_path: Path) -> None:
    """In one line, before anything is lost."""
    wargame("play", "two-rivals", "--seat", "ARD=human", "--out", "p", cwd=tmp_path, typed="next\nquit\n")
    done = wargame("join", "p", "--seat", "ARD", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("wargame: other terminals can join on Linux and macOS only")
    assert done.stderr.count("\n") == 1
