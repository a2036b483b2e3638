"""The command line in a process of its own, as a user types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, AnyStr

from warm_commands import WARM

from support.waiting import PATIENCE, SOON

PROJECT = Path(__file__).resolve().parents[2]
HEARD = """
import faulthandler
import signal
faulthandler.enable()
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""
"""Code for a process that is to hear these signals, also where `nohup` or a background job has begun the tests."""


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command: no colours, no terminal, and the project importable from any directory."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
    }
    return {**inherited, "PYTHONPATH": str(PROJECT), **changes}


def wargame(*words: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `wargame WORDS` in `cwd`, in a fork of an interpreter that has imported the libraries."""
    return WARM.run(words, cwd=cwd, env=environment(**variables), timeout=PATIENCE)


def wargame_after(code: str, *words: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The same in a fork that executes Python code first: it replaces a function of a module, say, or sets a limit.

    All modules are imported already. What a module has imported from another is replaced in the module that uses it.
    """
    return WARM.run(words, cwd=cwd, env=environment(**variables), timeout=PATIENCE, first=code)


def python(*words: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in `cwd`."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def ended(process: subprocess.Popen[AnyStr]) -> Iterator[subprocess.Popen[AnyStr]]:
    """The process inside the block. It is killed if a test fails there, which would wait for its end otherwise."""
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def end_of(process: subprocess.Popen[AnyStr]) -> int:
    """The exit code of a process that was told to end; one that does not end writes where it is, and the test fails."""
    try:
        return process.wait(SOON)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # with `HEARD`, a traceback of each thread
        process.wait()
        raise


def wargame_json(*words: str, cwd: Path) -> Any:
    """The JSON document that a command prints; it must succeed and print nothing else."""
    done = wargame(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
