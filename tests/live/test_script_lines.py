"""Lines of a console script."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command_line import environment
from support.entry_point import wargame
from support.waiting import PATIENCE


def test_a_wrong_line_is_reported_without_its_control_characters(
    process: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    """The terminal does not execute them; the following lines are run."""
    done = process("play", "two-rivals", "--out", "x", stdin="ack \x1b[2J\nkick\nadvance 3d\n")
    assert done.returncode == 0
    assert "\x1b" not in done.stderr
    assert "there is no government ' [2J'" in done.stderr
    assert "usage: kick NUMBER" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there pipes are read by a thread")
def test_a_line_that_is_too_long_ends_the_script_with_a_message(tmp_path: Path) -> None:
    """The lines before it are kept."""
    done = subprocess.run(
        [sys.executable, "-m", "wargame", "play", "two-rivals", "--out", "x"],
        cwd=tmp_path, env=environment(), input="advance 3d\n" + "x" * 3_000_000 + "\n",
        capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 2
    assert "longer than" in done.stderr
    assert wargame("verify", "x", cwd=tmp_path).returncode == 0


LINES = "stop at nothing\nadvance 1d\norder ARD blokade BRL\norder ARD talk BRL\nkick\nadvance 1d\n"


def test_a_script_stops_at_a_refused_line_and_says_how_to_go_on(
    tmp_path: Path, process: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """With file and line; the rest of the corrected file goes on where it stopped."""
    (tmp_path / "my orders.txt").write_text(LINES, "utf-8")
    play = ("play", "two-rivals", "--seat", "ARD=human", "--out", "x", "--script", "my orders.txt")
    done = process(*play)
    assert done.returncode == 2
    assert "my orders.txt:3: there is no option of ARD 'blokade' (did you mean 'blockade'?)" in done.stderr
    assert "go on with: tail -n +3 'my orders.txt' | wargame resume x; --keep-going leaves it out)" in done.stderr
    rest = "".join(LINES.splitlines(keepends=True)[3:])
    resumed = process("resume", "x", stdin=rest)
    assert (resumed.returncode, "offers talks (Brel)" in resumed.stdout) == (0, True)


def test_a_script_can_keep_going(tmp_path: Path, process: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """As make and others do: each refused line is named at once, all at the end, and the exit code says so."""
    (tmp_path / "orders.txt").write_text(LINES, "utf-8")
    play = ("play", "two-rivals", "--seat", "ARD=human", "--script", "orders.txt")
    done = process(*play, "--out", "x", "--keep-going")
    first, second, last = done.stderr.splitlines()
    assert first.startswith("orders.txt:3: there is no option of ARD 'blokade'")
    assert second.startswith("orders.txt:5: usage: kick NUMBER")
    assert last == "wargame: orders.txt: lines 3, 5 refused; all others were carried out"
    assert (done.returncode, "offers talks (Brel)" in done.stdout) == (2, True)
    (tmp_path / "orders.txt").write_text(LINES.replace("blokade", "trade").replace("kick\n", ""), "utf-8")
    assert process(*play, "--out", "y", "--keep-going").returncode == 0


def test_going_on_is_about_a_script(process: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Standard input goes on in any case."""
    done = process("play", "two-rivals", "--out", "x", "--keep-going", stdin="")
    assert (done.returncode, "--keep-going is for the lines of --script FILE" in done.stderr) == (2, True)
