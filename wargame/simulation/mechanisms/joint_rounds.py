"""A round of talks: how close the members are, and veto, votes, offers and shared knowledge where a forum has them."""

from collections.abc import Iterable
from itertools import permutations
from math import exp, log

from wargame.decision.menu import placeholders, slot_of
from wargame.numbers.totals import total
from wargame.scenario.model import Forum
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.mechanisms.actions import Effects
from wargame.world.state import estimate, report

SHARPNESS = 12.0
"""Sharpness of the soft minimum: at 12 it is within 0.15 of the worst of five pairs. Judgement."""


def softmin(values: Iterable[float], sharpness: float = SHARPNESS) -> float:
    """−log(mean exp(−s·v))/s: between the minimum and the mean, and nearer the minimum the larger s is."""
    listed = list(values)
    return -log(total(exp(-sharpness * v) for v in listed) / len(listed)) / sharpness


def trusts(context: RunContext, spec: Forum) -> list[float]:
    """Return the trust of each required member in each other one; full trust if there is only one."""
    return [context.world.get("trust", a, b) for a, b in permutations(sorted(spec.needed), 2)] or [1.0]


def closeness(context: RunContext, spec: Forum) -> float:
    """Return the share of the pace that the relations of the required members allow: the worst one limits it.

    With a `veto`, all relations count alike, since whoever objects can block the round.
    """
    relations = [(1.0 + trust) / 2.0 for trust in trusts(context, spec)]
    return softmin(relations) if spec.veto is None else total(relations) / len(relations)


def aggrieved(context: RunContext, spec: Forum) -> tuple[str, str] | None:
    """The first required member that blocks a round by the `veto` of the forum, with the member that it objects to."""
    if spec.veto is None:
        return None
    for actor, target in permutations(sorted(spec.needed), 2):
        view = context.views[actor]
        if view.ask(view.compile(spec.veto, placeholders(actor, target))):
            return actor, target
    return None


def end_of_draft(spec: Forum, committed: set[str], stated: set[str]) -> str:
    """Return the end of a draft whose window is over if members that have not voted abstain; empty for none."""
    if spec.votes is None:
        return ""
    if stated & spec.needed:
        return "issue" if len(committed | stated) >= spec.votes else ""
    return "convene" if len(committed) >= spec.votes else ""


def hold_round(context: RunContext, effects: Effects, name: str, spec: Forum) -> None:
    """Apply what the members offer in a round that nobody blocks, and pool what they know."""
    for member, offered in sorted(spec.gives.items()):
        effects.apply((name, "gives", member), offered, {})
    for path in spec.pools:
        _pool(context, spec, slot_of(context.world.layout, path, {}))


def _pool(context: RunContext, spec: Forum, slot: int) -> None:
    """Each member takes the best estimate among the members as a report, with the variance of that estimate."""
    world, width = context.world, context.world.slots[slot].high - context.world.slots[slot].low
    known = {member: estimate(world, member, slot) for member in spec.members}
    mean, variance = min(known.values(), key=lambda each: each[1])
    for member, (_, own) in known.items():
        if own > variance:
            report(world, member, slot, mean, variance / width**2)
