"""The shapes of the settings of a run and of the commands that the console carries out itself.

A shape lists only keys that are read, and none is required that an earlier version did not write. Other keys may have
any value.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from wargame.journal.decoding import check_shape

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
