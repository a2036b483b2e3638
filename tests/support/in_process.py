"""Commands in this process: as on the command line, without the start of a new interpreter."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wargame.cli.tree import load
from wargame.errors import WargameError


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a command."""

    returncode: int
    stdout: str
    stderr: str


def inside(command: str, *words: str, cwd: Path) -> Done:
    """Runs `wargame COMMAND WORDS` in `cwd`; errors of the project are written to `stderr`, others are raised."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            load(command)(list(words), standalone_mode=False)
        except WargameError as error:
            code = error.exit_code
            err.write(str(error))
    return Done(code, out.getvalue(), err.getvalue())


def inside_json(command: str, *words: str, cwd: Path) -> Any:
    """The JSON document that a command prints; it must succeed and print nothing else."""
    done = inside(command, *words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
