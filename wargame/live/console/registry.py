"""The words that a console knows: each with its usage, its line of help, who may say it and what completes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console

FACILITATOR, SEAT, SCRIBE, SCREEN = "facilitator", "seat", "scribe", "screen"
EVERYBODY = frozenset({FACILITATOR, SEAT, SCRIBE, SCREEN})
PLAYERS = frozenset({FACILITATOR, SEAT})
LOOKS = frozenset({"brief", "inbox", "options", "channel"})
"""Verbs of a seat that only look."""
WHITE = frozenset({FACILITATOR})
READERS = frozenset({FACILITATOR, SCRIBE})

Handler = Callable[["Console", "ParsedLine"], list[str]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One command. `takes` names what its words are, for completion; a seat need not name its government.

    `options` are the names of the values that usage and help list, such as `to` for `--to GOV`: it takes no others.
    """

    name: str
    usage: str
    help: str
    handler: Handler
    roles: frozenset[str]
    takes: tuple[str, ...]
    group: str
    options: frozenset[str]

    @property
    def acts(self) -> bool:
        """Whether it does something for a government: not for those who only watch its seat."""
        return self.takes[:1] == ("government",) and SEAT in self.roles and self.name not in LOOKS


VERBS: dict[str, Verb] = {}
_OPTION = re.compile(r"(?<![\w-])--?([a-z]+)")
GROUPS = ("clock", "script", "seats", "talk", "white cell", "time travel", "look", "session")


def verb(
    usage: str, help_line: str, group: str, roles: frozenset[str] = WHITE, takes: tuple[str, ...] = ()
) -> Callable[[Handler], Handler]:
    """Lists a function under the first word of its usage."""

    def listed(handler: Handler) -> Handler:
        name = usage.split(maxsplit=1)[0]
        options = frozenset(_OPTION.findall(f"{usage} {help_line}"))
        VERBS[name] = Verb(name, usage, help_line, handler, roles, takes, group, options)
        return handler

    return listed
