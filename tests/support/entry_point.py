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
from typing import Any, TextIO
from unittest import mock

from support.command_line import environment
from support.in_process import Done
from wargame.cli.app import run


def wargame(*words: str | Path, cwd: Path, stdin: str = "", **variables: str) -> Done:
    """Runs `wargame WORDS` in `cwd`, with this standard input and these environment variables."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    code: object = 0
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["wargame", *map(str, words)]),
        _pipe_with(stdin) as typed,
        mock.patch.object(sys, "stdin", typed),
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


def _pipe_with(text: str) -> TextIO:
    """A pipe from which this text is read; it must fit into the buffer of a pipe."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write(text)
    return os.fdopen(reading, encoding="utf-8")


def wargame_json(*words: str, cwd: Path) -> Any:
    """The JSON document that a command prints; it must succeed and print nothing else."""
    done = wargame(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
