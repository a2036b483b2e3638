"""Decoding the JSON of files that may be damaged: whatever is wrong with the bytes is one error.

The shapes of settings and commands list only keys that are read, and none is required that an earlier version did not
write. Other keys may have any value.
"""

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from wargame.errors import shortened

T = TypeVar("T")


class Undecodable(ValueError):
    """Bytes that are not JSON in UTF-8, or JSON of another shape than expected."""


def decode(content: bytes, shape: type[T]) -> T:
    """Return the JSON document in `content`, checked against a type; raises Undecodable."""
    return decode_with(msgspec.json.Decoder(shape), content)


def decode_with(decoder: msgspec.json.Decoder[T], content: bytes) -> T:
    """Return as `decode`, with a decoder that is used many times."""
    try:
        return decoder.decode(content)
    except RecursionError:
        raise Undecodable("brackets are nested too deeply") from None
    except ValueError as error:  # of msgspec, whose words for wrong UTF-8 differ by version, or of a check of the type
        try:
            content.decode()
        except UnicodeDecodeError as wrong:
            raise Undecodable(f"not UTF-8 text (byte {wrong.start}: {wrong.reason})") from None
        raise Undecodable(str(error)) from None


def check_shape(data: object, shape: type[T]) -> T:
    """Decoded JSON as a type; raises Undecodable if it has another shape."""
    try:
        return msgspec.convert(data, shape)
    except (ValueError, RecursionError) as error:
        raise Undecodable(str(error)) from None


@lru_cache(maxsize=4096)
def check_moment(text: str) -> None:
    """Raise Undecodable if a text is not a date and time with its offset from UTC."""
    try:
        if datetime.fromisoformat(text).tzinfo is not None:
            return
    except ValueError:
        pass
    raise Undecodable(f"'{shortened(text, 40)}' is not an ISO date and time with its offset")


Text = str | UnsetType | None


class Settings(Struct):
    """The settings of a run, as its manifest has them."""

    startex: Text = UNSET
    until: Text = UNSET
    replication: int | UnsetType = UNSET
    set: list[str] | UnsetType = UNSET
    forbid: list[str] | UnsetType = UNSET
    force: list[str] | UnsetType = UNSET
    skip: list[str] | UnsetType = UNSET
    seats: list[tuple[str, str]] | UnsetType = UNSET
    strategies: list[tuple[str, str]] | UnsetType = UNSET
    leaders: list[tuple[str, str]] | UnsetType = UNSET
    turn: list[dict[str, str | None]] | UnsetType = UNSET
    journal: str | UnsetType = UNSET


# --- commands that the console carries out itself --------------------------------------------------------------


class Advance(Struct):
    """A move of the clock: to which second, and for what it stops."""

    to: int
    when: Text = UNSET
    news: bool | UnsetType = UNSET
    due: bool | UnsetType = UNSET
    injects: bool | UnsetType = UNSET
    questions: bool | UnsetType = UNSET
    turns: list[str] | UnsetType = UNSET
    tick: bool | UnsetType = UNSET
    part: bool | UnsetType = UNSET


class Pace(Struct):
    """The pace of the clock as a text, seconds of wall time for the rest of the exercise, or that of each move."""

    pace: str | UnsetType = UNSET
    moves: bool | UnsetType = UNSET
    wall: Annotated[int, Meta(gt=0)] | UnsetType = UNSET


class Stop(Struct):
    """Where the clock stops by itself."""

    at: list[Literal["moves", "injects", "decisions"]]


class Stopped(Struct):
    """A stop at the end of a move, by its number."""

    move: int


class Timer(Struct):
    """A countdown in seconds, 0 for its end."""

    seconds: Annotated[int, Meta(ge=0)]
    label: Text = UNSET


class Turn(Struct):
    """A change of the past or of the branch: from which branch, at which second."""

    from_: str = field(name="from")
    at: int | UnsetType = UNSET


COMMAND_SHAPES: dict[str, type[Struct]] = {
    "advance": Advance,
    "pace": Pace,
    "stop": Stop,
    "stopped": Stopped,
    "timer": Timer,
    **dict.fromkeys(("rewind", "switch", "branch"), Turn),
}
"""The shape of each kind of command that the exercise does not check itself."""


def check_command_data(kind: str, data: dict[str, Any]) -> None:
    """Raise Undecodable if the data of a command of this kind have another shape."""
    shape = COMMAND_SHAPES.get(kind)
    if shape is not None:
        check_shape(data, shape)
