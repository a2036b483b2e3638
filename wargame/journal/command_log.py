"""The command log of a live exercise: a tree of commands in a file, each on the disk before it takes effect.

Each line follows its `parent`; a rewind is a line whose parent is an earlier one. Lines are never removed, so that
abandoned branches are kept. The present state is the path that leads to the last line.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.journal.lock import claim
from wargame.journal.old_words import check_command

MAIN = "main"
"""The first branch."""


class CommandEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `t` is the game second at which it was given, `wall` the UTC wall time.

    `n` counts lines from 1; `parent` is the number of the line that it follows, 0 for the start; `branch` is the name
    of its branch.
    """

    n: int
    parent: int
    t: int
    wall: str
    kind: str
    branch: str = MAIN
    data: dict[str, Any] = {}


class NotKept(WargameError):
    """The command could not be written to the log and was not carried out."""

    exit_code = 4


_decoder = msgspec.json.Decoder(CommandEntry)


def read_commands(path: Path) -> list[CommandEntry]:
    """The lines of a command log; an empty list if there is no file.

    A line that a crash cut off was never acknowledged and is left out. Raises Invalid with the place of a damaged line,
    OldWords for one that an earlier version wrote.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[list[CommandEntry], int]:
    """The lines, and their size in bytes."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise Invalid([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from None
    whole = content[: content.rfind(b"\n") + 1]
    lines: list[CommandEntry] = []
    for number, text in enumerate(whole.splitlines(), start=1):
        lines.append(_decode(path, number, text))
    return lines, len(whole)


def _decode(path: Path, number: int, text: bytes) -> CommandEntry:
    try:
        line = _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise Invalid([Problem(str(path), number, 1, f"is not a command: {error}", "the file is damaged")]) from None
    if line.n != number or not 0 <= line.parent < number:
        raise Invalid([Problem(str(path), number, 1, "is out of order", "the file is damaged")])
    check_command(path, number, line.kind, line.data)
    return line


def path_to(lines: Sequence[CommandEntry], n: int) -> list[CommandEntry]:
    """The lines that lead to line `n`, including it, oldest first."""
    path: list[CommandEntry] = []
    while n:
        line = lines[n - 1]
        path.append(line)
        n = line.parent
    return path[::-1]


def heads(lines: Sequence[CommandEntry]) -> dict[str, CommandEntry]:
    """The last line of each branch, in the order in which the branches began."""
    return {line.branch: line for line in lines}


class CommandLog:
    """Appends lines, each flushed to the disk before `append` returns. One process at a time can open a log.

    `torn` is True if a crash had left the beginning of one more line, which has been removed. Raises UsageFault if
    another process has the log open, Invalid if it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        if not claim(self._file.fileno()):
            self._file.close()
            raise UsageFault("another console is running this exercise (attach to it with wargame join)")
        try:
            self.lines, size = _read(path)
        except Invalid:
            self._file.close()
            raise
        self.torn = self._file.tell() != size
        if self.torn:
            self._file.truncate(size)
        self._path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def append(self, line: CommandEntry) -> None:
        """Writes a line; raises NotKept, leaving the log as it was, if the disk is full."""
        size = os.fstat(self._file.fileno()).st_size
        view = memoryview(msgspec.json.encode(line) + b"\n")
        try:
            while view:
                view = view[self._file.write(view) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            self._take_back(size)
            raise NotKept(
                f"cannot write to {self._path}: {error.strerror}; free some space (the command was not carried out)"
            ) from None
        self.lines.append(line)

    def _take_back(self, size: int) -> None:
        try:
            self._file.truncate(size)
        except OSError:
            return  # the reader leaves out a torn last line

    def close(self) -> None:
        """Closes the file and releases the lock."""
        self._file.close()
