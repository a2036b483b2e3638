"""The shapes of what clients send and receive; the OpenAPI description has them as schemas."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from wargame.web.viewer import Entry, LookaheadAnswer, Presence


class Joining(msgspec.Struct, forbid_unknown_fields=True):
    """A person, or with `program` a client that is not a browser, joins with a code."""

    code: Annotated[str, Meta(max_length=100, description="The join code; spaces, dashes and case do not matter.")]
    name: Annotated[str, Meta(max_length=200, description="1 to 60 characters.")]
    program: Annotated[bool, Meta(description="Answer with a token instead of a cookie.")] = False


class Joined(msgspec.Struct, omit_defaults=True):
    """Who has joined. `token` is for programs: `Authorization: Bearer TOKEN`."""

    id: str
    role: str
    seat: str
    admitted: bool
    token: str | msgspec.UnsetType = msgspec.UNSET


class Verb(msgspec.Struct):
    """A command that the role may give."""

    name: str
    usage: str
    help: str


class Me(msgspec.Struct):
    """Who asks: `epoch` and `k` are those of the last entry; `commands` are those that may be given."""

    id: str
    name: str
    role: str
    seat: str
    admitted: bool
    epoch: int
    k: int
    commands: list[Verb]


class Have(msgspec.Struct, forbid_unknown_fields=True):
    """The hashes of the parts that the page has, by key, and the query of its address."""

    have: dict[str, str] = {}
    look: Annotated[str, Meta(max_length=1024)] = ""


class Parts(msgspec.Struct):
    """The keys of all parts in order, and the HTML and hash of those that have changed."""

    epoch: int
    k: int
    order: list[str]
    parts: dict[str, str]
    hashes: dict[str, str]


class Entries(msgspec.Struct):
    """Entries; `k` is the number of the last one that the role has been sent."""

    epoch: int
    k: int
    entries: list[Entry]


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """The rest of a line as it is typed at the console."""

    line: str


class Posted(msgspec.Struct, forbid_unknown_fields=True):
    """A command. `args` are its words, or the rest of its line."""

    key: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[ -~]+$", description="Chosen by the client.")]
    epoch: Annotated[int, Meta(description="The epoch of what the person has seen.")]
    verb: Annotated[str, Meta(max_length=4096, description="The name of a command of the console.")]
    args: list[str] | Line = []


class Lines(msgspec.Struct):
    """What the console would show."""

    lines: list[str]
    epoch: int
    k: int


class Asked(msgspec.Struct):
    """The question that was put."""

    number: int


class Questions(msgspec.Struct):
    """The latest questions to the look-ahead, with their answers so far."""

    questions: list[LookaheadAnswer]


class Access(msgspec.Struct):
    """Codes by seat or role, people, and whether new ones are refused."""

    join_url: str
    codes: dict[str, str]
    people: list[Presence]
    locked: bool


class Message(msgspec.Struct):
    """What is wrong, and what to do."""

    message: str


class Error(msgspec.Struct, omit_defaults=True):
    """A refusal. `epoch` is there if the request was written for another past: the present one."""

    error: Message
    epoch: int | msgspec.UnsetType = msgspec.UNSET


Document = dict[str, Any]
