"""A layer below the calls of the system that an exercise makes: call number `at` from now on fails."""

from __future__ import annotations

import errno
import io
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest

CALLS = ("open", "unlink", "fsync", "replace", "rename", "mkdir", "ftruncate")
"""Functions of `os` that can fail; `pathlib` calls them too."""


class FailingFile:
    """An open file whose writes and truncations fail if `call` raises. A write that fails has written one half."""

    def __init__(self, file: Any, call: Callable[[str], None]) -> None:
        self._file, self._call = file, call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def write(self, content: Any) -> int:
        """May fail."""
        try:
            self._call("write")
        except BaseException:
            self._file.write(content[: len(content) // 2])
            raise
        return int(self._file.write(content))

    def truncate(self, size: int) -> int:
        """May fail."""
        self._call("truncate")
        return int(self._file.truncate(size))


class FailingConsole(io.StringIO):
    """What the console prints to; a print can fail."""

    def __init__(self, calls: FailingCalls) -> None:
        super().__init__()
        self._calls = calls

    def write(self, text: str) -> int:
        """May fail."""
        self._calls.count("print")
        return super().write(text)


class FailingCalls:
    """Counts calls, and makes one fail, or with `all_from` also every one after it."""

    def __init__(self, patch: pytest.MonkeyPatch, *, all_from: bool = False) -> None:
        self.number, self.at, self.all_from = 0, 0, all_from
        self.struck = ""
        """The call that has failed; empty if none has."""
        self.port = 0
        """The port of the server, whose sockets can fail."""
        real_open, real_send = io.open, socket.socket.send

        def open_file(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
            self.count("open")
            opened = real_open(file, mode, *args, **options)
            return opened if mode in ("r", "rb") else FailingFile(opened, self.count)

        def send(there: socket.socket, *args: Any) -> int:
            name = there.getsockname()
            if name and (name[1] == self.port if isinstance(name, tuple) else str(name).endswith("console.sock")):
                self.count("send")
            return real_send(there, *args)

        patch.setattr(io, "open", open_file)
        patch.setattr(socket.socket, "send", send)
        for name in CALLS:
            patch.setattr(os, name, self._failing(name, getattr(os, name)))

    def _failing(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*args: Any, **options: Any) -> Any:
            self.count(name)
            return call(*args, **options)

        return failing

    def start(self, at: int) -> None:
        """Counts from here; call number `at` fails, or none if it is 0."""
        self.number, self.at, self.struck = 0, at, ""

    def stop(self) -> int:
        """Lets all calls succeed again, and returns how many there were."""
        self.at = 0
        return self.number

    def count(self, name: str) -> None:
        """Counts a call, which may fail."""
        self.number += 1
        if self.at and (self.number == self.at or (self.all_from and self.number > self.at)):
            self.struck = self.struck or name
            code = errno.EPIPE if name in ("send", "print") else errno.ENOSPC
            raise OSError(code, os.strerror(code))
