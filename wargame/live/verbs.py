"""The words that a console knows: each with its usage, its line of help, who may say it and what completes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.live.console import Console
    from wargame.live.words import Words

FACILITATOR, SEAT, SCRIBE, SCREEN = "facilitator", "seat", "scribe", "screen"
EVERYBODY = frozenset({FACILITATOR, SEAT, SCRIBE, SCREEN})
PLAYERS = frozenset({FACILITATOR, SEAT})
WHITE = frozenset({FACILITATOR})
READERS = frozenset({FACILITATOR, SCRIBE})

Handler = Callable[["Console", "Words"], list[str]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One command. `takes` names what its words are, for completion; a seat need not name its government."""

    name: str
    usage: str
    help: str
    handler: Handler
    roles: frozenset[str]
    takes: tuple[str, ...]
    group: str


VERBS: dict[str, Verb] = {}
GROUPS = ("clock", "script", "seats", "talk", "white cell", "time travel", "look", "session")


def verb(
    usage: str, help_line: str, group: str, roles: frozenset[str] = WHITE, takes: tuple[str, ...] = ()
) -> Callable[[Handler], Handler]:
    """Lists a function under the first word of its usage."""

    def listed(handler: Handler) -> Handler:
        name = usage.split(maxsplit=1)[0]
        VERBS[name] = Verb(name, usage, help_line, handler, roles, takes, group)
        return handler

    return listed
