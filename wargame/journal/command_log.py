"""The command log of a live exercise: a tree of commands in a file, each on the disk before it takes effect.

Each line follows its `parent`; a rewind is a line whose parent is an earlier one. Acknowledged lines are never removed,
so that abandoned branches are kept. The present state is the path that leads to the last line.

The log alone says whether a command was carried out. A line is written without its end, the command is applied, and
the end of the line acknowledges it (`line_file`). What comes later, such as the journal, the screens and the answer,
follows from the log, and no failure there takes the command back. A client that asks again, also after a crash, is
answered from the log: its lines bear the `key` of the client, and those with one key form one command.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import Invalid, UsageFault, WargameError
from wargame.journal.atomic import LineFile, Lock
from wargame.journal.decoding import Undecodable, check_command_data, decode_with
from wargame.journal.inputs import LARGE, open_input, read_input

MAIN = "main"
"""The first branch."""
ADVANCE = "advance"
ELSEWHERE = frozenset({"pause", "resume", "pace", "stop", "stopped", "timer", "rewind", "undo", "branch", "switch"})
"""Kinds of lines that concern the console and the wall clock only, not the exercise."""
AFTERWARDS = frozenset({"note", "rating", "outcome"})
"""Kinds of commands that are allowed after ENDEX."""


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
        """Raise ValueError if its time is before the start."""
        if self.t < 0:
            raise ValueError("its time is before the start")


class NotKept(WargameError):
    """The command could not be written to the log and was not carried out."""

    exit_code = 4


def not_written(path: Path, error: OSError) -> NotKept:
    """Return the refusal of a command after an error of a file."""
    return NotKept(f"cannot write to {path}: {error.strerror}; free some space (the command was not carried out)")


def check_place(path: Path, handle: int) -> None:
    """Raise NotKept if the open file is no longer the one at `path`."""
    try:
        if os.path.samestat(path.stat(), os.fstat(handle)):
            return
    except OSError:
        pass
    raise NotKept(f"{path} was moved or deleted during play; put it back (until then, no command is carried out)")


_decoder = msgspec.json.Decoder(CommandEntry)


def read_commands(path: Path) -> list[CommandEntry]:
    """Return the lines of a command log; an empty list if there is no file.

    A command that a crash cut off was never acknowledged and is left out, also if it has several lines. Raises Invalid
    with the place of a damaged line.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[list[CommandEntry], int]:
    try:
        content = read_input(path, LARGE)
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise Invalid.in_file(path, f"cannot be read: {error.strerror}") from None
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
        raise Invalid.in_file(path, f"is not a command: {error}", "the file is damaged", line=number) from None
    if line.n != number or not 0 <= line.parent < number:
        raise Invalid.in_file(path, "is out of order", "the file is damaged", line=number)
    return line


def has_torn_end(path: Path) -> bool:
    """Return whether a crash has left the beginning of one more command after the last one."""
    return _read(path)[1] != path.stat().st_size


def path_to(lines: Sequence[CommandEntry], n: int) -> list[CommandEntry]:
    """Return the lines that lead to line `n`, including it, oldest first."""
    path: list[CommandEntry] = []
    while n:
        line = lines[n - 1]
        path.append(line)
        n = line.parent
    return path[::-1]


def heads(lines: Sequence[CommandEntry]) -> dict[str, CommandEntry]:
    """Return the last line of each branch, in the order in which the branches began."""
    return {line.branch: line for line in lines}


class CommandLog:
    """Appends lines, flushed to the disk before `end` returns. One process at a time can open a log.

    `torn` is True if a crash had left the beginning of one more command, which is removed before the next one is
    written. Raises UsageFault if another process has the log open, Invalid if it is damaged.
    """

    def __init__(self, path: Path) -> None:
        try:
            open_input(path).close()
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise Invalid.in_file(path, f"cannot be opened: {error.strerror}") from None
        self._lock = Lock(path)
        if not self._lock.mine:
            self._file.close()
            raise UsageFault("another console is running this exercise (attach to it with wargame join)")
        try:
            self.lines, size = _read(path)
        except Invalid:
            self.close()
            raise
        self.torn = self._file.tell() != size
        self._path, self._text = path, LineFile(path, self._file, size)
        self._begun: list[CommandEntry] = []

    @property
    def fault(self) -> str:
        """Why the last line may not survive a power failure; empty if it does."""
        return self._text.fault

    def check_place(self) -> None:
        """Raise NotKept if the log was moved or deleted."""
        check_place(self._path, self._file.fileno())

    def begin(self, *lines: CommandEntry) -> None:
        """Write the lines of one command but for their end; NotKept if that fails. `end` or `take_back` follows."""
        group = [*(msgspec.structs.replace(line, more=True) for line in lines[:-1]), lines[-1]]
        self.check_place()
        try:
            self._text.begin(b"".join(msgspec.json.encode(line) + b"\n" for line in group))
        except OSError as error:
            raise not_written(self._path, error) from None
        self._begun = group

    def end(self) -> None:
        """Acknowledge the lines that have begun; NotKept, with the log as it was, if they cannot be kept."""
        try:
            self.check_place()
            self._text.end()
        except BaseException as error:
            self.take_back()
            if isinstance(error, OSError):
                raise not_written(self._path, error) from None
            raise
        self.lines += self._begun

    def take_back(self) -> None:
        """Remove lines that have begun. They do not count, also if they cannot be removed."""
        self._text.take_back()

    def close(self) -> None:
        """Close the file and release the lock."""
        self._file.close()
        self._lock.release()
