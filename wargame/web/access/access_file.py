"""The file `access.jsonl` of a run folder, readable by its owner alone: codes, people and their names.

It is appended to, and each line is on the disk before it takes effect. Lines that a command has written bear its key,
as lines of the command log do, and the lines of one command are written whole or not at all. The exercise does not
depend on the file: to delete it while nobody serves the run removes all names, codes and sessions.
"""

import os
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from wargame.errors import Invalid
from wargame.journal.atomic import LineFile
from wargame.journal.command_log import not_written
from wargame.journal.decoding import Undecodable, decode_with
from wargame.journal.manifest import now
from wargame.live.session.session import Session
from wargame.web.access import ROLES

FILE = "access.jsonl"
RoleName = Annotated[str, Meta(pattern=f"^({'|'.join(ROLES)})$")]


class AccessLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """One line of the file: its UTC wall time, and the last line of the command log at that moment.

    The branch of that line is the branch of this one.
    """

    wall: str = ""
    n: int = 0


class CommandLine(AccessLine, frozen=True, kw_only=True):
    """A line of a command: who gave it and its key, empty for the console. `more`: the next line is of it as well."""

    by: str = ""
    key: str = ""
    more: bool = False


class CodeLine(CommandLine, frozen=True, tag="code"):
    """A new code for a role, or for a seat."""

    role: RoleName
    seat: str
    code: str


class PersonLine(AccessLine, frozen=True, tag="person"):
    """A person who has joined. `token` is the SHA-256 of the session's token."""

    number: int
    name: str
    role: RoleName
    token: str
    seat: str = ""
    admitted: bool = False
    program: bool = False


class AdmitLine(CommandLine, frozen=True, tag="admit"):
    """A person is admitted from the lobby."""

    number: int


class RemoveLine(CommandLine, frozen=True, tag="remove"):
    """A person is removed; the token is no longer valid."""

    number: int


class EndLine(AccessLine, frozen=True, tag="end"):
    """The exercise has ended, and the sessions of all people with it."""


class LockLine(CommandLine, frozen=True, tag="lock"):
    """Whether new people are refused."""

    on: bool


class RevealLine(CommandLine, frozen=True, tag="reveal"):
    """Whether the views of all seats are open to everyone after ENDEX.

    `turn` is the line of the command log with the last change of the past: a later change ends the reveal.
    """

    on: bool
    turn: int = 0


class FindingLine(CommandLine, frozen=True, kw_only=True, tag="finding"):
    """Texts of the review by their places, and the hashes of `review.yaml` before and after."""

    texts: dict[str, str]
    before: str
    after: str


class GrantLine(CommandLine, frozen=True, tag="grant"):
    """Whether an evaluator sees what the white cell sees."""

    number: int
    everything: bool


class HeadLine(CommandLine, frozen=True, kw_only=True, tag="head"):
    """The head of a seat, 0 for none."""

    seat: str
    number: int


class ProposalLine(CommandLine, frozen=True, kw_only=True, tag="proposal"):
    """A command that a member proposes to the head of a seat: one line as typed, or its words; and what people read."""

    number: int
    seat: str
    words: list[str]
    text: str
    body: str = ""


class ProposalEndLine(CommandLine, frozen=True, kw_only=True, tag="proposal end"):
    """A proposal has been sent or dropped."""

    number: int


class TeamLine(CommandLine, frozen=True, kw_only=True, tag="team"):
    """A note that the people of a seat write for one another."""

    seat: str
    text: str


class NoticeLine(AccessLine, frozen=True, tag="notice"):
    """A notice for a person without an open page; empty once all notices have been shown."""

    number: int
    lines: list[str] = []


class FloorsLine(AccessLine, frozen=True, tag="floors"):
    """Seconds in the room of what waits for people, and its floor, by what it is."""

    waiting: dict[str, tuple[float, float]]


class EpochLine(AccessLine, frozen=True, tag="epoch"):
    """Which viewers did not notice the change of the past in line `n` of the command log."""

    n: int
    unaware: list[str]


class AnswerLine(AccessLine, frozen=True, tag="answer"):
    """The answer to a person's command with this key, for a client that did not receive it."""

    number: int
    key: str
    lines: list[str]


class MarkLine(AccessLine, frozen=True, tag="mark"):
    """A page has received a message released at second `t` (`how`: `delivered`), or its person opened it (`opened`)."""

    number: int
    inject: str
    release: int
    t: int
    how: str


PeopleLine = CodeLine | PersonLine | AdmitLine | RemoveLine | EndLine | LockLine | RevealLine | GrantLine
"""Lines that change who may take part."""
TeamsLine = HeadLine | ProposalLine | ProposalEndLine | TeamLine
AnyLine = PeopleLine | TeamsLine | FindingLine | NoticeLine | FloorsLine | EpochLine | AnswerLine | MarkLine
_decoder = msgspec.json.Decoder(AnyLine)


def stored_codes(folder: Path) -> list[str]:
    """Return the present codes of a run that another process serves; empty if there are none."""
    try:
        texts = (folder / FILE).read_bytes().splitlines()
        lines = [decode_with(_decoder, text) for text in texts if text.startswith(b'{"kind":"code"')]
    except (OSError, Undecodable):
        return []
    return list({(line.role, line.seat): line.code for line in lines if isinstance(line, CodeLine)}.values())


class AccessFile:
    """The open file. Raises Invalid if it is damaged; the beginning of a line that a crash has cut off is removed."""

    def __init__(self, session: Session) -> None:
        self._session, self._path = session, session.folder.path / FILE
        try:
            binary = getattr(os, "O_BINARY", 0)  # Windows would change the ends of lines
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary, 0o600)
            if hasattr(os, "fchmod"):  # not on Windows before Python 3.13: files inherit the rights of the folder
                os.fchmod(handle, 0o600)
        except OSError as error:
            raise Invalid.in_file(self._path, f"cannot be opened: {error.strerror}") from None
        self._file = os.fdopen(handle, "ab", buffering=0)
        try:
            self.lines = self._read()
        except BaseException:
            self.close()
            raise

    def _read(self) -> list[AnyLine]:
        content = self._path.read_bytes()
        texts = content[: content.rfind(b"\n") + 1].splitlines(keepends=True)
        lines: list[AnyLine] = []
        for number, text in enumerate(texts, start=1):
            try:
                lines.append(decode_with(_decoder, text))
            except Undecodable as error:
                raise self.damaged(number, f"is not a line of this file: {error}") from None
        while lines and getattr(lines[-1], "more", False):
            lines.pop()
        self._text = LineFile(self._path, self._file, sum(map(len, texts[: len(lines)])))
        self._text.take_back()
        return lines

    def damaged(self, line: int, why: str) -> Invalid:
        """Return the error for a line, from 1, that this file cannot have."""
        remedy = "delete the file: everyone joins again with new codes, and the exercise loses nothing"
        return Invalid.in_file(self._path, why, remedy, line=line)

    def append(self, *lines: AnyLine, sync: bool = True) -> None:
        """Write the lines of one command; NotKept, with the file as it was, if they cannot be written."""
        stamped = [replace(line, wall=now(), n=line.n or len(self._session.log.lines)) for line in lines]
        group = [
            replace(line, **self._session.origin, more=number < len(lines)) if isinstance(line, CommandLine) else line
            for number, line in enumerate(stamped, start=1)
        ]
        try:
            self._text.begin(b"".join(msgspec.json.encode(line) + b"\n" for line in group))
            self._text.end(sync=sync)
        except OSError as error:
            self._text.take_back()
            raise not_written(self._path, error) from None
        self.lines += group

    def close(self) -> None:
        """Close the file."""
        self._file.close()
