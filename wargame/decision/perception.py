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

from wargame.scenario.model import Option, Rules
from wargame.statistics.draws import name_key
from wargame.world.layout import Layout

QUIET = 3
"""Factor on the delay of private and covert actions. Judgement."""


def meaning(layout: Layout, receiver: str, target: str | None, stake: float) -> tuple[float, int]:
    """k of an action against `target` for `receiver`, in [−c, 1]: a factor, and the slot that it multiplies or -1."""
    if target is None:
        return stake, -1
    if target == receiver:
        return 1.0, -1
    return layout.scenario.rules.triangle, layout.regard_slots[receiver, target][2]


ChannelTraits = tuple[
    tuple[int, float], tuple[int, int], int, tuple[int, int, int], tuple[float, int], tuple[float, float, float]
]
"""The arguments of `numbers.perceiving.Channel`."""


def channel_traits(
    layout: Layout, receiver: str, actor: str, what: str, option: Option, target: str | None
) -> ChannelTraits:
    """Return how `receiver` perceives an option of `actor` towards `target`; `what` is the id that it counts as."""
    government = layout.scenario.governments[receiver]
    perception, dossier = government.perception, government.dossiers.get(option.dossier)
    who = f"{actor} {what} {receiver}"
    return (
        (perception.delay * (1 if option.visibility == "public" else QUIET), perception.noise),
        (name_key("delay", who), name_key("noise", who)),
        layout.event_number(what),
        layout.regard_slots[receiver, actor],
        meaning(layout, receiver, target, dossier.stake if dossier else 0.0),
        rates_of(layout.scenario.rules),
    )


def rates_of(rules: Rules) -> tuple[float, float, float]:
    """Return the rates of the expected flow and of trust, and the share of trust in the reading of an action (β)."""
    return rules.flow_rate, rules.trust_rate, rules.attribution
