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
