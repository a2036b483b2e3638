"""Replies as pages show them: with titles in place of ids, and commands as buttons. Programs read what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.live.console.dispatch import commands_of
from wargame.web.viewer import DEPUTY, FACILITATOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wargame.live.console.console import Console
    from wargame.live.console.reply import Reply
    from wargame.sentence import Hint
    from wargame.web.access.people import Person

OF_TERMINALS = frozenset({"quit", "sit", "stand", "wait"})
"""Commands that concern the terminal at which they are typed."""
NOT_OF_DEPUTIES = frozenset({"undo", "rewind", "switch", "branch", "code", "kick", "lock", "grant", "reveal"})
"""What the facilitator alone does: going back in time, and deciding who sees what."""


def is_refused(person: Person, verb: str) -> bool:
    """Return whether the person may not give a command here that a console of the same role may."""
    return verb in OF_TERMINALS or (person.role == DEPUTY and verb in NOT_OF_DEPUTIES)


def body(person: Person, console: Console, reply: Reply, *, typed: bool = False) -> dict[str, Any]:
    """The lines, and the commands that a page offers; programs and those who have typed a line get what one types."""
    if typed or person.program:
        return {"lines": reply.typed(), "hints": []}
    return {"lines": reply.shown(), "hints": offered(person, console, reply.hints)}


def offered(person: Person, console: Console, hints: Sequence[Hint]) -> list[dict[str, Any]]:
    """Return the buttons for the commands that the person may give; others would be refused."""
    available = commands_of(console)
    return [
        {"label": each.label, "verb": each.words[0], "args": each.words[1:], "view": each.view}
        for each in dict.fromkeys(hints)
        if each.label and each.words[0] in available and not is_refused(person, each.words[0])
        if not each.view or console.role == FACILITATOR
    ]
