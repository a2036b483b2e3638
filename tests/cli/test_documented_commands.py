"""Commands in help texts and on pages: each is understood as it is typed; those that serve are started and stopped."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import ended, environment
from support.documented import documented
from support.entry_point import wargame
from support.waiting import PATIENCE
from wargame.cli.tree import COMMANDS, load


def problem(typed: str) -> str:
    """Why a command is not understood; empty if it is. Nothing is run."""
    words = shlex.split(typed)
    name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
    if name is None:
        return "" if words[0] == "msel" and len(words) == 1 else f"{typed}: there is no such command"
    try:
        load(name).make_context(name, words[len(name.split()) :])
    except SystemExit:  # help and versions
        return ""
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader would meet it
        return f"{typed}: {error}"
    return ""


EXAMPLES = {place: set(typed) for place, typed in documented("sh", "console").items()}


@pytest.mark.parametrize("place", EXAMPLES)
def test_commands_are_understood(place: str) -> None:
    """Every command, option and value exists, also where it would serve, need a cluster or take minutes."""
    assert [each for each in map(problem, sorted(EXAMPLES[place])) if each] == []


@pytest.mark.parametrize(
    "typed", ["runn two-rivals", "run two-rivals --sed 3", "batch two-rivals -n many", "verify a b"]
)
def test_a_command_that_does_not_exist_is_found(typed: str) -> None:
    """An unknown command, option or value, and an argument too many."""
    assert problem(typed)


@pytest.fixture
def paused(tmp_path: Path) -> Path:
    """The folder with an exercise that was left."""
    words = ("play", "two-rivals", "--seat", "ARD=human", "--serve", "127.0.0.1:0")
    done = wargame(*words, cwd=tmp_path, stdin="quit\n")
    assert "served at http://127.0.0.1:" in done.stdout, done.stderr
    return tmp_path


@pytest.mark.slow
def test_an_exercise_is_resumed_and_served(paused: Path) -> None:
    """`wargame resume last --serve`, at a free port."""
    done = wargame("resume", "last", "--serve", "127.0.0.1:0", cwd=paused, stdin="next\nquit\n")
    assert (done.returncode, "served at http://127.0.0.1:" in done.stdout) == (0, True), done.stderr


@pytest.mark.slow
def test_an_exercise_is_served_without_a_console(paused: Path) -> None:
    """`wargame serve last` prints its address, and Ctrl-C stops it; the exercise can be resumed."""
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # not where nohup began it all
    start = f"{heard}from wargame.cli import main; main()"
    words = [sys.executable, "-c", start, "serve", "last", "--address", "127.0.0.1:0"]
    with ended(
        subprocess.Popen(words, cwd=paused, env=environment(), stdout=subprocess.PIPE, encoding="utf-8")
    ) as server:
        try:
            assert server.stdout is not None
            assert any("served at http://127.0.0.1:" in line for line in server.stdout)
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=PATIENCE)
        finally:
            server.kill()
    assert wargame("resume", "last", cwd=paused, stdin="next\nendex\nquit\n").returncode == 0
