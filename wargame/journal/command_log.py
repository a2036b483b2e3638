"""The command log of a live exercise: a tree of lines on disk, each safe before it takes effect.

A line follows its `parent`; going back is a line whose parent is an earlier one. Nothing is ever taken out, so
what was abandoned stays on record, and the present is the path that leads to the last line.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.journal.lock import claim
from wargame.journal.old_words import check_command

MAIN = "main"
"""The first branch."""


class CommandEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `t` is the game second at which it was given, `wall` the time of day.

    `n` counts lines from 1; `parent` is the line that it follows, 0 for the start. `branch` names the branch it is on.
    """

    n: int
    parent: int
    t: int
    wall: str
    kind: str
    branch: str = MAIN
    data: dict[str, Any] = {}


class NotKept(WargameError):
    """The command could not be written down, so it was not carried out."""

    exit_code = 4


_decoder = msgspec.json.Decoder(CommandEntry)


def read_commands(path: Path) -> list[CommandEntry]:
    """The lines of a command log; one that a crash has torn off was never acknowledged and is left out.

    Raises Invalid with its place for a line that is damaged; an empty list if there is no file.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[list[CommandEntry], int]:
    """The lines, and how many bytes of the file they take."""
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
        raise Invalid([Problem(str(path), number, 1, f"is not a command: {error}", "the file was damaged")]) from None
    if line.n != number or not 0 <= line.parent < number:
        raise Invalid([Problem(str(path), number, 1, "is out of order", "the file was damaged")])
    check_command(path, number, line.kind, line.data)
    return line


def path_to(lines: Sequence[CommandEntry], n: int) -> list[CommandEntry]:
    """The lines that lead to line `n`, itself included, the first one first."""
    found: list[CommandEntry] = []
    while n:
        line = lines[n - 1]
        found.append(line)
        n = line.parent
    return found[::-1]


def heads(lines: Sequence[CommandEntry]) -> dict[str, CommandEntry]:
    """The last line of each branch, branches in the order in which they began."""
    found: dict[str, CommandEntry] = {}
    for line in lines:
        found[line.branch] = line
    return found


class CommandLog:
    """Appends lines, each forced onto the disk before `append` returns. Only one process holds a log at a time.

    `torn` says that a crash had left the beginning of one more line, which is gone.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        if not claim(self._file.fileno()):
            self._file.close()
            raise UsageFault("this exercise is being run by another console (wargame join attaches to it)")
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, line: CommandEntry) -> None:
        """Keeps a line; raises NotKept, with nothing kept, if the disk takes no more."""
        size = os.fstat(self._file.fileno()).st_size
        view = memoryview(msgspec.json.encode(line) + b"\n")
        try:
            while view:
                view = view[self._file.write(view) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            self._take_back(size)
            raise NotKept(
                f"{self._path} cannot be written on: {error.strerror}; make room (nothing was done)"
            ) from None
        self.lines.append(line)

    def _take_back(self, size: int) -> None:
        try:
            self._file.truncate(size)
        except OSError:
            return  # a torn last line is left out by the reader

    def close(self) -> None:
        """Lets go of the log."""
        self._file.close()
