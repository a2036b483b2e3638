"""The file `access.jsonl` of a run folder, readable by its owner alone: codes, people and their names.

It is appended to, and each line is on the disk before it takes effect. The exercise does not depend on it: to delete it
while nobody serves the run removes all names, codes and sessions.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from wargame.errors import Invalid, Problem
from wargame.journal.command_log import NotKept, not_written
from wargame.journal.decoding import Undecodable, decode_with

FILE = "access.jsonl"


class Line(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True):
    """One line of the file."""


class CodeLine(Line, frozen=True, tag="code"):
    """A new code for a role, or for a seat."""

    role: str
    seat: str
    code: str


class PersonLine(Line, frozen=True, tag="person"):
    """A person who has joined. `token` is the SHA-256 of the session's token."""

    number: int
    name: str
    role: str
    token: str
    seat: str = ""
    admitted: bool = False
    program: bool = False


class AdmitLine(Line, frozen=True, tag="admit"):
    """A person is admitted from the lobby."""

    number: int


class RemoveLine(Line, frozen=True, tag="remove"):
    """A person is removed; the token is no longer valid."""

    number: int


class LockLine(Line, frozen=True, tag="lock"):
    """Whether new people are refused."""

    on: bool


class RevealLine(Line, frozen=True, tag="reveal"):
    """Whether the views of all seats are open to everyone after ENDEX.

    `turn` is the line of the command log with the last change of the past: a later change ends the reveal.
    """

    on: bool
    turn: int = 0


class EpochLine(Line, frozen=True, tag="epoch"):
    """Which viewers did not notice the change of the past in line `n` of the command log."""

    n: int
    unaware: list[str]


class AnswerLine(Line, frozen=True, tag="answer"):
    """The answer to a person's command with this key, for a client that did not receive it."""

    number: int
    key: str
    lines: list[str]


AnyLine = CodeLine | PersonLine | AdmitLine | RemoveLine | LockLine | RevealLine | EpochLine | AnswerLine
_decoder = msgspec.json.Decoder(AnyLine)


class AccessFile:
    """The open file. Raises Invalid if it is damaged; the beginning of a line that a crash has cut off is removed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        try:
            binary = getattr(os, "O_BINARY", 0)  # Windows would change the ends of lines
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary, 0o600)
            if hasattr(
                os, "fchmod"
            ):  # Windows before Python 3.13 has none; files there inherit the rights of the folder
                os.fchmod(self._handle, 0o600)
        except OSError as error:
            raise Invalid([Problem(str(self._path), 0, 0, f"cannot be opened: {error.strerror}")]) from None
        try:
            self.lines = self._read()
        except BaseException:
            self.close()
            raise

    def _read(self) -> list[AnyLine]:
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) != len(content):
            os.ftruncate(self._handle, len(whole))
        lines: list[AnyLine] = []
        for number, text in enumerate(whole.splitlines(), start=1):
            try:
                lines.append(decode_with(_decoder, text))
            except Undecodable as error:
                remedy = "delete the file: everyone joins again with new codes, and the exercise loses nothing"
                problem = Problem(str(self._path), number, 1, f"is not a line of this file: {error}", remedy)
                raise Invalid([problem]) from None
        return lines

    def append(self, line: AnyLine, *, sync: bool = True) -> None:
        """Writes a line; NotKept, with the file as it was, if it cannot be written."""
        content, size = msgspec.json.encode(line) + b"\n", os.fstat(self._handle).st_size
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(self._handle, view) :]
            if sync:
                os.fsync(self._handle)
        except OSError as error:
            os.ftruncate(self._handle, size)
            raise not_written(self._path, error) from None
        self.lines.append(line)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._handle)


__all__ = ["AccessFile", "NotKept"]
