"""The four state machines of a run: a government, a forum, an agreement and an item of the MSEL.

Two rules:

1. Each machine has a table, (state, event) -> next state. Taking an event in a state that has no entry for it raises
   KeyError. Callers that do not know whether an event is possible ask first: `injector._can`, `Forums.allows` and
   `Agreements.allows`.
2. A state changes only by looking up its table. Everything else that a machine keeps (who has committed, how much work
   is left, when an inject is due) is data, and never decides which states exist.

The machines do not see one another's states. What one does to another goes through the tables of consequences at the
head of `simulation/exercise.py`. The diagrams in docs/reference/states.md are generated from this file.
"""

from enum import StrEnum


class GovernmentState(StrEnum):
    """Where a government is in its decision cycle."""

    OBSERVING = "observing"
    ASSESSING = "assessing"
    DELIBERATING = "deliberating"
    DECIDING = "deciding"
    IMPLEMENTING = "implementing"


class ForumState(StrEnum):
    """Where talks or a council are."""

    DORMANT = "dormant"
    PROPOSED = "proposed"
    CONVENED = "convened"
    SUSPENDED = "suspended"
    AGREED = "agreed"
    COLLAPSED = "collapsed"


class AgreementState(StrEnum):
    """Where the terms of an agreement are."""

    NONE = "none"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    VERIFIED = "verified"
    BROKEN = "broken"


class ItemState(StrEnum):
    """Where an item of the MSEL is. The three held states remember what the item was before it was held."""

    SCHEDULED = "scheduled"
    DISABLED = "disabled"
    RELEASED = "released"
    SKIPPED = "skipped"
    HELD = "held"
    HELD_DISABLED = "held_disabled"
    HELD_RELEASED = "held_released"


_G = GovernmentState
CYCLE: dict[tuple[GovernmentState, str], GovernmentState] = {
    (_G.OBSERVING, "take_up"): _G.ASSESSING,
    (_G.ASSESSING, "assessed"): _G.DELIBERATING,
    (_G.ASSESSING, "push_aside"): _G.OBSERVING,
    (_G.DELIBERATING, "deliberated"): _G.DECIDING,
    (_G.DELIBERATING, "push_aside"): _G.OBSERVING,
    (_G.DECIDING, "wait"): _G.OBSERVING,
    (_G.DECIDING, "act"): _G.IMPLEMENTING,
    (_G.IMPLEMENTING, "ordered"): _G.OBSERVING,
}
"""A government observes until a dossier is due, works on it and decides. Orders are carried out in the background."""

_F = ForumState
FORUM: dict[tuple[ForumState, str], ForumState] = {
    (_F.DORMANT, "propose"): _F.PROPOSED,
    (_F.PROPOSED, "commit"): _F.PROPOSED,
    (_F.PROPOSED, "dilute"): _F.PROPOSED,
    (_F.PROPOSED, "decline"): _F.PROPOSED,
    (_F.PROPOSED, "state"): _F.PROPOSED,
    (_F.PROPOSED, "delay"): _F.PROPOSED,
    (_F.PROPOSED, "issue"): _F.DORMANT,
    (_F.PROPOSED, "convene"): _F.CONVENED,
    (_F.PROPOSED, "veto"): _F.DORMANT,
    (_F.PROPOSED, "lapse"): _F.DORMANT,
    (_F.CONVENED, "round"): _F.CONVENED,
    (_F.CONVENED, "block"): _F.CONVENED,
    (_F.CONVENED, "agree"): _F.AGREED,
    (_F.CONVENED, "suspend"): _F.SUSPENDED,
    (_F.CONVENED, "exhaust"): _F.COLLAPSED,
    (_F.SUSPENDED, "return"): _F.CONVENED,
    (_F.SUSPENDED, "lapse"): _F.COLLAPSED,
    (_F.AGREED, "reopen"): _F.DORMANT,
    (_F.AGREED, "leave"): _F.COLLAPSED,
    (_F.COLLAPSED, "reopen"): _F.DORMANT,
}
"""Members are canvassed on a proposal; enough commitments convene it; rounds lead to agreement or collapse."""

_A = AgreementState
AGREEMENT: dict[tuple[AgreementState, str], AgreementState] = {
    (_A.NONE, "offer"): _A.OFFERED,
    (_A.BROKEN, "offer"): _A.OFFERED,
    (_A.OFFERED, "accept"): _A.OFFERED,
    (_A.OFFERED, "withdraw"): _A.NONE,
    (_A.OFFERED, "lapse"): _A.NONE,
    (_A.OFFERED, "enter"): _A.IN_FORCE,
    (_A.IN_FORCE, "verify"): _A.VERIFIED,
    (_A.IN_FORCE, "break"): _A.BROKEN,
    (_A.VERIFIED, "doubt"): _A.IN_FORCE,
    (_A.VERIFIED, "break"): _A.BROKEN,
}
"""Terms enter into force once all who give something up have accepted; they are verified while they are proven."""

_I = ItemState
MSEL_ITEM: dict[tuple[ItemState, str], ItemState] = {
    (_I.SCHEDULED, "arm"): _I.SCHEDULED,
    (_I.SCHEDULED, "disable"): _I.DISABLED,
    (_I.SCHEDULED, "release"): _I.RELEASED,
    (_I.SCHEDULED, "skip"): _I.SKIPPED,
    (_I.SCHEDULED, "hold"): _I.HELD,
    (_I.SCHEDULED, "reset"): _I.SCHEDULED,
    (_I.DISABLED, "arm"): _I.SCHEDULED,
    (_I.DISABLED, "disable"): _I.DISABLED,
    (_I.DISABLED, "release"): _I.RELEASED,
    (_I.DISABLED, "skip"): _I.SKIPPED,
    (_I.DISABLED, "hold"): _I.HELD_DISABLED,
    (_I.DISABLED, "reset"): _I.SCHEDULED,
    (_I.RELEASED, "release"): _I.RELEASED,
    (_I.RELEASED, "hold"): _I.HELD_RELEASED,
    (_I.SKIPPED, "release"): _I.RELEASED,
    (_I.SKIPPED, "skip"): _I.SKIPPED,
    (_I.SKIPPED, "reset"): _I.SCHEDULED,
    (_I.HELD, "arm"): _I.HELD,
    (_I.HELD, "disable"): _I.HELD_DISABLED,
    (_I.HELD, "release"): _I.RELEASED,
    (_I.HELD, "skip"): _I.SKIPPED,
    (_I.HELD, "unhold"): _I.SCHEDULED,
    (_I.HELD, "reset"): _I.SCHEDULED,
    (_I.HELD_DISABLED, "arm"): _I.HELD,
    (_I.HELD_DISABLED, "disable"): _I.HELD_DISABLED,
    (_I.HELD_DISABLED, "release"): _I.RELEASED,
    (_I.HELD_DISABLED, "skip"): _I.SKIPPED,
    (_I.HELD_DISABLED, "unhold"): _I.DISABLED,
    (_I.HELD_DISABLED, "reset"): _I.SCHEDULED,
    (_I.HELD_RELEASED, "arm"): _I.HELD,
    (_I.HELD_RELEASED, "disable"): _I.HELD_DISABLED,
    (_I.HELD_RELEASED, "release"): _I.RELEASED,
    (_I.HELD_RELEASED, "skip"): _I.SKIPPED,
    (_I.HELD_RELEASED, "unhold"): _I.RELEASED,
    (_I.HELD_RELEASED, "reset"): _I.SCHEDULED,
}
"""An inject is scheduled until its trigger or the white cell releases it; it may be skipped, disabled and held.

`arm` sets its trigger, at STARTEX or when another inject enables it; `disable` applies `enabled: false` of its file;
`reset` goes back to the written list. A released inject with repeats left stays released and may be released again.
"""
HELD_STATES = frozenset({ItemState.HELD, ItemState.HELD_DISABLED, ItemState.HELD_RELEASED})
"""The states of an item that the white cell holds."""
