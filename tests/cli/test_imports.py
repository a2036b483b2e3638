"""Fast commands import no heavy libraries."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

HEAVY = {"altair", "numpy", "pandas", "pyarrow", "simpy", "starlette", "uvicorn", "vl_convert"}
INSTANT = [
    ("--version",),
    ("--help",),
    ("run", "--help"),
    ("help",),
    ("help", "batch"),
    ("validate", "--help"),
    ("validate", "two-rivals"),
    ("validate", "korea-2017"),
    ("list",),
    ("list", "scenarios"),
    ("list", "injects"),
    ("schema", "injects"),
]
COMPLETIONS = ["wargame va", "wargame run ko", "wargame list "]

Process = Callable[..., subprocess.CompletedProcess[str]]


def imported(trace: str) -> set[str]:
    """The top-level packages in the output of `-X importtime`."""
    rows = [line.rsplit("|", 1)[-1].strip() for line in trace.splitlines() if line.startswith("import time:")]
    return {name.split(".")[0] for name in rows}


@pytest.mark.parametrize("args", INSTANT, ids=" ".join)
def test_a_fast_command_imports_nothing_heavy(process: Process, args: tuple[str, ...]) -> None:
    """Help, lists and checks of files do not wait for the engine, tables or charts to load."""
    done = process(*args, python=("-X", "importtime"))

    assert (done.returncode, imported(done.stderr) & HEAVY) == (0, set())


@pytest.mark.parametrize("line", COMPLETIONS)
def test_completion_imports_nothing_heavy(process: Process, line: str) -> None:
    """Completion responds without a delay."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_WARGAME_COMPLETE": "complete_bash"}

    done = process(env=words, python=("-X", "importtime"))

    assert (bool(done.stdout), imported(done.stderr) & HEAVY) == (True, set())


def test_a_run_imports_the_engine(process: Process) -> None:
    """The checks above can fail: a command that simulates imports the engine, but no library for arrays and tables."""
    done = process("run", "two-rivals", "--out", "run", python=("-X", "importtime"))

    assert "simpy" in imported(done.stderr)
    assert imported(done.stderr) & {"numpy", "pandas", "altair"} == set()


@pytest.mark.parametrize("command", ["run", "play"])
def test_nothing_of_the_web_is_imported_unless_one_serves(process: Process, command: str) -> None:
    """A run and the console start as fast as without it."""
    done = process(command, "two-rivals", "--out", "run", python=("-X", "importtime"))

    assert done.returncode == 0
    assert imported(done.stderr) & {"starlette", "uvicorn", "segno"} == set()
    assert "wargame.web" not in done.stderr
