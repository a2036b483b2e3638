"""What a perceived action does to the one who perceives it: expectation, surprise, trust.

Government g perceives weight w′ from a. With f the expected flow and k the meaning of the action for g,

    surprise   x = k·w′ − f[g,a] is added to surprise[g,a], the sum that reciprocity answers;
    flow       f ← f + rate·(k·w′ − f);
    trust      T ← T + α·|k·w′|/10·(clip(sgn(k)·w′/10 + β·T, −1, 1) − T).

k says how much the action means for g and from which side: an action that means little moves trust little,
wherever that trust stands. k is 1 for actions against g, c·T[g,b] for actions against b (triangular), and
the stake that g has in the dossier for actions without target. β·T is attribution: actions of the distrusted
are read worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wargame.scenario.model import Rules
    from wargame.world.state import World


class Impression(NamedTuple):
    """What a signal changed: the surprise x, and trust before and after."""

    surprise: float
    trust: tuple[float, float]


def meaning(world: World, rules: Rules, receiver: str, target: str | None, stake: float) -> float:
    """k: how far an action against `target` is an action against `receiver`; in [−c, 1]."""
    if target is None:
        return stake
    if target == receiver:
        return 1.0
    return rules.triangle * world.value(world.layout.regard_slots[receiver, target][2])


def perceive(world: World, rules: Rules, receiver: str, actor: str, weight: float, k: float) -> Impression:
    """Moves the receiver's expectation of, surprise at and trust in the actor."""
    flow_slot, surprise_slot, trust_slot = world.layout.regard_slots[receiver, actor]
    flow, trust = world[flow_slot], world[trust_slot]
    felt = k * weight
    surprise = felt - flow
    sided = weight if k >= 0 else -weight
    reading = min(max(sided / 10.0 + rules.attribution * trust, -1.0), 1.0)
    moved = trust + min(rules.trust_rate * abs(felt) / 10.0, 1.0) * (reading - trust)
    world.put(flow_slot, flow + rules.flow_rate * surprise)
    world.put(surprise_slot, world[surprise_slot] + surprise)
    world.put(trust_slot, moved)
    return Impression(surprise, (trust, moved))
