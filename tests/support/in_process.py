"""Commands in this process: as on the command line, without the start of a new interpreter."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typer

from wargame.cli.tree import COMMANDS, load
from wargame.errors import WargameError

WRONG_USE = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What Typer raises for a command line that it cannot read."""


REPORTED = "with its report"
"""A word for `inside` that lets a batch write its report."""


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a command."""

    returncode: int
    stdout: str
    stderr: str


def inside(command: str, *words: str, cwd: Path) -> Done:
    """Runs `wargame COMMAND WORDS` in `cwd`; errors of the project are written to `stderr`, others are raised.

    A batch writes no report, which would take longer than a small batch, except in the tests of that report.
    """
    if command == "batch" and REPORTED not in words:
        words = (*words, "--no-report")
    words = tuple(word for word in words if word != REPORTED)
    out, err, code = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline=""), io.StringIO(), 0)
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = load(command)(list(words), standalone_mode=False) or 0
        except WargameError as error:
            code = error.exit_code
            err.write(str(error))
        except WRONG_USE as error:
            code = 2
            err.write(str(error))
    out.seek(0)
    return Done(code, out.read(), err.getvalue())


def wargame(*words: str, cwd: Path) -> Done:
    """Runs `wargame WORDS` in `cwd`, like the function of this name that starts a process."""
    name = " ".join(words[:2])
    number = 2 if name in COMMANDS else 1
    return inside(" ".join(words[:number]), *words[number:], cwd=cwd)


def wargame_json(*words: str, cwd: Path) -> Any:
    """The JSON document that a command prints; it must succeed and print nothing else."""
    done = wargame(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def inside_json(command: str, *words: str, cwd: Path) -> Any:
    """The JSON document that a command prints; it must succeed and print nothing else."""
    done = inside(command, *words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
