"""The three state machines of a run: a forum, an agreement and an item of the MSEL.

Two rules:

1. Each machine has a table, (state, event) -> next state, in `state_tables.yaml`. Taking an event in a state that has
   no entry for it raises KeyError. Callers that do not know whether an event is possible ask first: `injector._can`,
   `Forums.allows` and `Agreements.allows`.
2. A state changes only by looking up its table. Everything else that a machine keeps (who has committed, how much work
   is left, when an inject is due) is data, and never decides which states exist.

The machines do not see one another's states. What one does to another goes through the tables of consequences at the
head of `simulation/exercise.py`. The diagrams in docs/reference/states.md are generated from the tables.
"""

from enum import StrEnum
from typing import TypeVar

from wargame.tables import tables


class ForumState(StrEnum):
    """The state of talks or of a council."""

    DORMANT = "dormant"
    PROPOSED = "proposed"
    CONVENED = "convened"
    SUSPENDED = "suspended"
    AGREED = "agreed"
    COLLAPSED = "collapsed"


class AgreementState(StrEnum):
    """The state of the terms of an agreement."""

    NONE = "none"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    VERIFIED = "verified"
    BROKEN = "broken"


class ItemState(StrEnum):
    """The state of an item of the MSEL. The three held states remember what the item was before it was held."""

    SCHEDULED = "scheduled"
    DISABLED = "disabled"
    RELEASED = "released"
    SKIPPED = "skipped"
    HELD = "held"
    HELD_DISABLED = "held_disabled"
    HELD_RELEASED = "held_released"


_State = TypeVar("_State", bound=StrEnum)


def _table(name: str, states: type[_State]) -> dict[tuple[_State, str], _State]:
    """Return the table of a machine; ValueError for a state that there is not."""
    rows: dict[str, dict[str, str]] = tables("simulation/kernel/state_tables.yaml")[name]
    return {(states(state), event): states(then) for state, row in rows.items() for event, then in row.items()}


FORUM = _table("forum", ForumState)
AGREEMENT = _table("agreement", AgreementState)
MSEL_ITEM = _table("msel_item", ItemState)
HELD_STATES = frozenset({ItemState.HELD, ItemState.HELD_DISABLED, ItemState.HELD_RELEASED})
"""The states of an item that the white cell holds."""
