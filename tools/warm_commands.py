"""Run `wargame` commands in forks of one interpreter that has imported the libraries: they start within 10 ms.

A command has a process, a folder, an environment and channels of its own, as if it were typed; only the imports are
shared. Tests and `golden.py` use this for commands whose subject is not the start of the interpreter. Without `os.fork`
(Windows), and for an environment that changes what is imported, a new interpreter is started.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "import sys; sys.argv[0] = 'wargame'; from wargame.cli import main; main()"
IMPORTED = ("pandas", "wargame.batches", "wargame.cli", "wargame.executor", "wargame.live", "wargame.review")
"""What most commands import."""
AT_START = ("PYTHON", "WARGAME_NUMBERS")
"""Beginnings of the names of variables that an interpreter reads when it starts or imports."""
READ_LATER = {"PYTHONIOENCODING", "PYTHONUNBUFFERED"}
"""Those of them that a fork reads."""


class WarmInterpreter:
    """An interpreter that waits for commands; it is started by the first one and ends with this process.

    `imported` names what it imports: packages of this project with all their modules.
    """

    def __init__(self, *imported: str) -> None:
        self._imported = imported
        self._process: subprocess.Popen[str] | None = None
        self._environment: dict[str, str] = {}

    def run(
        self,
        words: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        timeout: float,
        stdin: str = "",
        together: bool = False,
        first: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Runs `wargame WORDS` and returns what it printed; TimeoutExpired after `timeout` seconds.

        With `together`, `stdout` has the text of both channels. `first` is Python code that the process executes before
        the command.
        """
        with tempfile.TemporaryDirectory() as name:
            given, out, err = (Path(name, channel) for channel in ("stdin", "stdout", "stderr"))
            given.write_text(stdin, "utf-8", newline="")
            out.touch()
            err.touch()
            channels = (given, out, out if together else err)
            code = self._code(words, channels, cwd, dict(env), timeout, first)
            printed = [path.read_text("utf-8") for path in (out, err)]
        return subprocess.CompletedProcess(["wargame", *words], code, *printed)

    def _code(
        self,
        words: Sequence[str],
        channels: tuple[Path, Path, Path],
        cwd: Path,
        env: dict[str, str],
        timeout: float,
        first: str,
    ) -> int:
        """The exit code of a command; negative if a signal ended it."""
        if not hasattr(os, "fork") or (self._process and _at_start(env) != self._environment):
            given, out, err = channels
            with given.open() as stdin, out.open("a") as stdout, err.open("a") as stderr:
                command = [sys.executable, "-c", f"{first}\n{COMMAND}", *words]
                return subprocess.run(  # noqa: S603 - the commands are those of tests and of the project's own pages
                    command, cwd=cwd, env=env, stdin=stdin, stdout=stdout, stderr=stderr, check=False, timeout=timeout
                ).returncode
        process = self._started(env)
        assert process.stdin is not None
        assert process.stdout is not None
        order = {"words": list(words), "channels": [str(path) for path in channels], "cwd": str(cwd), "env": env}
        process.stdin.write(json.dumps({**order, "first": first}) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], timeout)[0]:
            self.close()
            raise subprocess.TimeoutExpired(["wargame", *words], timeout)
        return int(process.stdout.readline())

    def _started(self, env: dict[str, str]) -> subprocess.Popen[str]:
        """The process, started if there is none."""
        if self._process is None:
            self._environment = _at_start(env)
            self._process = subprocess.Popen(  # noqa: S603 - this file
                [sys.executable, __file__, *self._imported],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
            atexit.register(self.close)
        return self._process

    def close(self) -> None:
        """Ends the process, also in the middle of a command."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    """The variables that an interpreter reads when it starts."""
    return {name: value for name, value in env.items() if name.startswith(AT_START) and name not in READ_LATER}


WARM = WarmInterpreter(*IMPORTED)
"""The one of this process."""


# --- in the interpreter that waits -----------------------------------------------------------------


def main() -> None:
    """Forks for each order on the standard input and answers with the exit code; the fork carries the order out."""
    for name in sys.argv[1:]:
        paths = getattr(importlib.import_module(name), "__path__", ()) if name.startswith("wargame") else ()
        for module in pkgutil.walk_packages(paths, f"{name}."):
            importlib.import_module(module.name)
    gc.freeze()  # a collection in a fork would copy the memory of all modules
    orders = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115 - it reads no more than a line
    while line := orders.readline():
        child = os.fork()
        if not child:
            carry_out(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def carry_out(order: dict[str, Any]) -> None:
    """Becomes the process of a command and ends with its exit code."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    flags = (os.O_RDONLY, *[os.O_WRONLY | os.O_APPEND] * 2)
    for number, (path, flag) in enumerate(zip(order["channels"], flags, strict=True)):
        opened = os.open(path, flag)
        os.dup2(opened, number)
        os.close(opened)
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.stdin = TextIOWrapper(open(0, "rb", closefd=False), "utf-8")  # noqa: SIM115 - they stay open
    sys.stdout = TextIOWrapper(open(1, "wb", closefd=False), "utf-8", write_through=unbuffered)  # noqa: SIM115
    sys.stderr = TextIOWrapper(  # with each line, as in a new interpreter
        open(2, "wb", closefd=False), "utf-8", "backslashreplace", line_buffering=True  # noqa: SIM115
    )  # fmt: skip
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    sys.argv, sys.path[0] = ["wargame", *order["words"]], order["cwd"]
    from wargame.cli import main as command

    code = 0
    try:
        exec(order["first"], {})  # noqa: S102 - the code of a test
        command()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    atexit._run_exitfuncs()  # noqa: SLF001 - what the end of an interpreter does
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking the modules apart would copy their memory


if __name__ == "__main__":
    main()
