"""The command log of a live exercise: a tree of commands in a file, each on the disk before it takes effect.

Each line follows its `parent`; a rewind is a line whose parent is an earlier one. Acknowledged lines are never removed,
so that abandoned branches are kept. The present state is the path that leads to the last line.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.journal.decoding import Undecodable, decode_with
from wargame.journal.inputs import LARGE, open_input, read_input
from wargame.journal.lock import Lock
from wargame.journal.shapes import check_command_data

MAIN = "main"
"""The first branch."""


class CommandEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `t` is the game second at which it was given, `wall` the UTC wall time.

    `n` counts lines from 1; `parent` is the number of the line that it follows, 0 for the start; `branch` is the name
    of its branch. `more` is True if the next line belongs to the same command of the console. `by` is the person or the
    program that gave it, `key` the name that a client has chosen for it, so that a repetition is recognised; neither
    has an effect on the exercise.
    """

    n: int
    parent: int
    t: int
    wall: str
    kind: str
    branch: str = MAIN
    data: dict[str, Any] = {}
    more: bool | msgspec.UnsetType = msgspec.UNSET
    by: str | msgspec.UnsetType = msgspec.UNSET
    key: str | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Raises ValueError if its time is before the start."""
        if self.t < 0:
            raise ValueError("its time is before the start")


class NotKept(WargameError):
    """The command could not be written to the log and was not carried out."""

    exit_code = 4


def not_written(path: Path, error: OSError) -> NotKept:
    """The refusal of a command after an error of a file."""
    return NotKept(f"cannot write to {path}: {error.strerror}; free some space (the command was not carried out)")


def check_place(path: Path, handle: int) -> None:
    """Raises NotKept if the open file is no longer the one at `path`."""
    try:
        if os.path.samestat(path.stat(), os.fstat(handle)):
            return
    except OSError:
        pass
    raise NotKept(f"{path} was moved or deleted during play; put it back (until then, no command is carried out)")


_decoder = msgspec.json.Decoder(CommandEntry)


def read_commands(path: Path) -> list[CommandEntry]:
    """The lines of a command log; an empty list if there is no file.

    A command that a crash cut off was never acknowledged and is left out, also if it has several lines. Raises Invalid
    with the place of a damaged line.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[list[CommandEntry], int]:
    """The lines, and their size in bytes."""
    try:
        content = read_input(path, LARGE)
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise Invalid([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from None
    texts = content.splitlines(keepends=True)
    if texts and not texts[-1].endswith(b"\n"):
        del texts[-1]
    lines = [_decode(path, number, text) for number, text in enumerate(texts, start=1)]
    while lines and lines[-1].more is True:
        del lines[-1]
    return lines, sum(map(len, texts[: len(lines)]))


def _decode(path: Path, number: int, text: bytes) -> CommandEntry:
    try:
        line = decode_with(_decoder, text)
        check_command_data(line.kind, line.data)
    except Undecodable as error:
        raise Invalid([Problem(str(path), number, 1, f"is not a command: {error}", "the file is damaged")]) from None
    if line.n != number or not 0 <= line.parent < number:
        raise Invalid([Problem(str(path), number, 1, "is out of order", "the file is damaged")])
    return line


def has_torn_end(path: Path) -> bool:
    """Whether a crash has left the beginning of one more command after the last one."""
    return _read(path)[1] != path.stat().st_size


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
    """Appends lines, flushed to the disk before `append` returns. One process at a time can open a log.

    `torn` is True if a crash had left the beginning of one more command, which is removed before the next one is
    written. Raises UsageFault if another process has the log open, Invalid if it is damaged.
    """

    def __init__(self, path: Path) -> None:
        try:
            open_input(path).close()
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise Invalid([Problem(str(path), 0, 0, f"cannot be opened: {error.strerror}")]) from None
        self._lock = Lock(path)
        if not self._lock.mine:
            self._file.close()
            raise UsageFault("another console is running this exercise (attach to it with wargame join)")
        try:
            self.lines, self._size = _read(path)
        except Invalid:
            self.close()
            raise
        self.torn = self._file.tell() != self._size
        self._path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def check_place(self) -> None:
        """Raises NotKept if the log was moved or deleted."""
        check_place(self._path, self._file.fileno())

    def append(self, *lines: CommandEntry) -> None:
        """Writes the lines of one command; raises NotKept, leaving the log as it was, if they cannot be kept."""
        last = lines[-1]
        group = [*(msgspec.structs.replace(line, more=True) for line in lines[:-1]), last]
        content = b"".join(msgspec.json.encode(line) + b"\n" for line in group)
        self.check_place()
        try:
            self._cut()
            view = memoryview(content)
            while view:
                view = view[self._file.write(view) :]
            os.fsync(self._file.fileno())
            self.check_place()
        except BaseException as error:
            with contextlib.suppress(OSError):  # tried again before the next line
                self._cut()
            if isinstance(error, OSError):
                raise not_written(self._path, error) from None
            raise
        self._size += len(content)
        self.lines += group

    def remove_last(self) -> None:
        """Removes the last line, of a command that failed while it was applied and was not acknowledged."""
        self._size -= len(msgspec.json.encode(self.lines.pop())) + 1
        with contextlib.suppress(OSError):  # tried again before the next line
            self._cut()

    def _cut(self) -> None:
        """Removes what a refused command or a crash has left after the last line."""
        if os.fstat(self._file.fileno()).st_size != self._size:
            self._file.truncate(self._size)

    def close(self) -> None:
        """Closes the file and releases the lock."""
        self._file.close()
        self._lock.release()
