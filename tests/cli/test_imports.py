"""Commands that should feel instant import nothing heavy."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

HEAVY = {"altair", "numpy", "pandas", "pyarrow", "simpy", "vl_convert"}
INSTANT = [
    ("--version",),
    ("--help",),
    ("run", "--help"),
    ("validate", "--help"),
    ("validate", "two-rivals"),
    ("validate", "korea-2017"),
    ("list",),
    ("list", "scenarios"),
    ("list", "injects"),
    ("schema", "injects"),
]
COMPLETIONS = ["wargame va", "wargame run ko", "wargame list "]

Wargame = Callable[..., subprocess.CompletedProcess[str]]


def imported(trace: str) -> set[str]:
    """The top-level packages in what `-X importtime` wrote."""
    rows = [line.rsplit("|", 1)[-1].strip() for line in trace.splitlines() if line.startswith("import time:")]
    return {name.split(".")[0] for name in rows}


@pytest.mark.parametrize("args", INSTANT, ids=" ".join)
def test_instant_command_imports_nothing_heavy(wargame: Wargame, args: tuple[str, ...]) -> None:
    """Looking around and checking files never waits for the engine, tables or charts to load."""
    done = wargame(*args, python=("-X", "importtime"))

    assert (done.returncode, imported(done.stderr) & HEAVY) == (0, set())


@pytest.mark.parametrize("line", COMPLETIONS)
def test_completion_imports_nothing_heavy(wargame: Wargame, line: str) -> None:
    """Pressing Tab answers at once."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_WARGAME_COMPLETE": "complete_bash"}

    done = wargame(env=words, python=("-X", "importtime"))

    assert (bool(done.stdout), imported(done.stderr) & HEAVY) == (True, set())


def test_the_trace_sees_what_a_run_imports(wargame: Wargame) -> None:
    """The check above can fail: a command that simulates does import the engine."""
    done = wargame("run", "two-rivals", "--out", "run", python=("-X", "importtime"))

    assert imported(done.stderr) >= {"numpy", "simpy"}
