"""The state tables: of a government's decision cycle, of a forum and of an agreement.

All changes of state go through these tables; the diagrams in the docs are drawn from them.
(state, event) -> next state; a pair that is not here cannot happen.
"""

from __future__ import annotations

CYCLE: dict[tuple[str, str], str] = {
    ("observing", "take_up"): "assessing",
    ("assessing", "assessed"): "deliberating",
    ("assessing", "push_aside"): "observing",
    ("deliberating", "deliberated"): "deciding",
    ("deliberating", "push_aside"): "observing",
    ("deciding", "wait"): "observing",
    ("deciding", "act"): "implementing",
    ("implementing", "ordered"): "observing",
}
"""A government: it observes until a dossier is due, works on it, decides; orders are carried out behind its back."""

FORUM: dict[tuple[str, str], str] = {
    ("dormant", "propose"): "proposed",
    ("proposed", "commit"): "proposed",
    ("proposed", "dilute"): "proposed",
    ("proposed", "decline"): "proposed",
    ("proposed", "convene"): "convened",
    ("proposed", "veto"): "dormant",
    ("proposed", "lapse"): "dormant",
    ("convened", "round"): "convened",
    ("convened", "agree"): "agreed",
    ("convened", "suspend"): "suspended",
    ("convened", "exhaust"): "collapsed",
    ("suspended", "return"): "convened",
    ("suspended", "lapse"): "collapsed",
    ("agreed", "reopen"): "dormant",
    ("agreed", "leave"): "collapsed",
    ("collapsed", "reopen"): "dormant",
}
"""Talks or a council: a proposal is canvassed, enough commitments convene it, rounds lead to agreement or collapse."""

AGREEMENT: dict[tuple[str, str], str] = {
    ("none", "offer"): "offered",
    ("broken", "offer"): "offered",
    ("offered", "accept"): "offered",
    ("offered", "withdraw"): "none",
    ("offered", "lapse"): "none",
    ("offered", "enter"): "in_force",
    ("in_force", "verify"): "verified",
    ("in_force", "break"): "broken",
    ("verified", "doubt"): "in_force",
    ("verified", "break"): "broken",
}
"""Terms: offered, in force once all who give something up have accepted, verified while it is proven, broken."""


def next_state(table: dict[tuple[str, str], str], state: str, event: str) -> str:
    """The next state; KeyError if the event cannot happen in this state."""
    return table[state, event]


def allows(table: dict[tuple[str, str], str], state: str, event: str) -> bool:
    """Whether the event can happen in this state."""
    return (state, event) in table
