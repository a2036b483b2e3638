"""How a perceived action changes the perceiving government: expectation, surprise, trust.

Government g perceives weight w′ from a. With f the expected flow and k the meaning of the action for g,

    surprise   x = k·w′ − f[g,a] is added to surprise[g,a], the sum that drives reciprocity;
    flow       f ← f + rate·(k·w′ − f);
    trust      T ← T + α·|k·w′|/10·(clip(sgn(k)·w′/10 + β·T, −1, 1) − T).

k is the relevance of the action to g, with a sign: an action of little relevance moves trust little, at any level of
trust. k is 1 for actions against g, c·T[g,b] for actions against b (triangular), and the stake of g in the dossier for
actions without a target. β·T is attribution: actions of distrusted governments appear more hostile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wargame.scenario.model import Rules
    from wargame.world.state import World


class Impression(NamedTuple):
    """The effect of a signal: the surprise x, and trust before and after."""

    surprise: float
    trust: tuple[float, float]


def meaning(world: World, rules: Rules, receiver: str, target: str | None, stake: float) -> float:
    """k: the relevance to `receiver` of an action against `target`; in [−c, 1]."""
    if target is None:
        return stake
    if target == receiver:
        return 1.0
    return rules.triangle * world.value(world.layout.regard_slots[receiver, target][2])


def perceive(world: World, rules: Rules, receiver: str, actor: str, weight: float, k: float) -> Impression:
    """Updates the receiver's expectation of, surprise at and trust in the actor."""
    slots = world.layout.regard_slots[receiver, actor]
    rates = rules.flow_rate, rules.trust_rate, rules.attribution
    surprise, before, after = world.curves.perceive(slots, weight, k, rates)
    return Impression(surprise, (before, after))
