"""`python tests/support/as_on_windows.py WORDS...` runs `wargame WORDS` without what Windows does not have.

Missing are modules, functions and signals of POSIX, Unix sockets, and handlers of signals in event loops; directories
cannot be opened, and a file cannot be renamed to one that exists. What the libraries below load is loaded before.
"""

from __future__ import annotations

import asyncio
import multiprocessing.forkserver
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

LOADED = (asyncio, multiprocessing.forkserver, shutil, subprocess, tempfile)
MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")
FUNCTIONS = (
    "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_SYNC", "fchmod", "fork", "getuid", "killpg", "mkfifo",
    "sched_getaffinity", "setsid",
)  # fmt: skip
SIGNALS = ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGWINCH", "pthread_sigmask")


def take_away() -> None:
    """Removes what Windows does not have."""
    pair, family = socket.socketpair, socket.AF_UNIX
    socket.socketpair = lambda *_, **__: pair(family)  # Windows has pairs too, which event loops need
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it then fails
    for owner, names in ((os, FUNCTIONS), (signal, SIGNALS), (socket, ("AF_UNIX",)), (asyncio, ("start_unix_server",))):
        for name in names:
            if hasattr(owner, name):
                delattr(owner, name)
    asyncio.SelectorEventLoop.add_signal_handler = _not_implemented  # type: ignore[method-assign,assignment]
    opened, renamed = os.open, os.rename

    def open_file(path: Any, *args: Any, **options: Any) -> int:
        if Path(os.fspath(path)).is_dir():
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **options)

    def rename(source: Any, target: Any, **options: Any) -> None:
        if Path(target).exists():
            raise FileExistsError(17, "File exists", str(target))
        renamed(source, target, **options)

    os.open, os.rename = open_file, rename  # type: ignore[assignment]


def _not_implemented(*_: object) -> NoReturn:
    raise NotImplementedError


if __name__ == "__main__":
    take_away()
    from wargame.cli import main

    main()
