"""The command line as a user types it, from its entry point on, in this process.

What a command prints, its error messages and its exit code are those of a process of its own. What an interpreter does
before and after is not part of it: `support.command_line` starts one.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from support.command_line import environment
from support.in_process import Done
from wargame.cli.app import run


def wargame(*words: str, cwd: Path, **variables: str) -> Done:
    """Runs `wargame WORDS` in `cwd`, with these environment variables and nothing on standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    code: object = 0
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["wargame", *words]),
        mock.patch.object(sys, "stdin", io.StringIO()),
        mock.patch.dict(os.environ, environment(**variables), clear=True),
    ):
        try:
            run()
        except SystemExit as end:
            code = end.code
    for stream in (out, err):
        stream.seek(0)
    assert isinstance(code, int), code
    return Done(code, out.read(), err.read())


def wargame_json(*words: str, cwd: Path) -> Any:
    """The JSON document that a command prints; it must succeed and print nothing else."""
    done = wargame(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
