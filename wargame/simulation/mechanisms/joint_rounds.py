"""A round of talks: how close the members are, and veto, votes, offers and shared knowledge where a forum has them."""

from collections.abc import Iterable
from itertools import permutations
from math import exp, log

from wargame.decision.menu import placeholders, slot_of
from wargame.numbers.totals import total
from wargame.scenario.model import Forum
from wargame.scenario.model.governments import ForumMove
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.mechanisms.actions import Effects
from wargame.world.state import estimate, report

SHARPNESS = 12.0
"""Sharpness of the soft minimum: at 12 it is within 0.15 of the worst of five pairs. Judgement."""


def softmin(values: Iterable[float], sharpness: float = SHARPNESS) -> float:
    """Return −log(mean exp(−s·v))/s: between the minimum and the mean, and nearer the minimum the larger s is."""
    listed = list(values)
    return -log(total(exp(-sharpness * v) for v in listed) / len(listed)) / sharpness


def trusts(context: RunContext, spec: Forum) -> list[float]:
    """Return the trust of each required member in each other one; full trust if there is only one."""
    needed, slot = spec.needed, context.world.slot
    slots = context.world.layout.memo(
        ("trusts", needed), lambda: [slot("trust", pair) for pair in permutations(sorted(needed), 2)]
    )
    return list(map(context.world.value, slots)) or [1.0]


def closeness(context: RunContext, spec: Forum) -> float:
    """Return the share of the pace that the relations of the required members allow: the worst one limits it.

    With a `veto`, all relations count alike, since whoever objects can block the round.
    """
    relations = [(1.0 + trust) / 2.0 for trust in trusts(context, spec)]
    return softmin(relations) if spec.veto is None else total(relations) / len(relations)


def aggrieved(context: RunContext, spec: Forum) -> tuple[str, str] | None:
    """Return the first required member that blocks a round by the `veto` of the forum, and the other member."""
    if spec.veto is None:
        return None
    for actor, target in permutations(sorted(spec.needed), 2):
        view = context.views[actor]
        if view.ask(view.compile(spec.veto, placeholders(actor, target))):
            return actor, target
    return None


def end_of_draft(spec: Forum, committed: set[str], stated: set[str]) -> str:
    """Return how a draft ends whose window is over: members that have not voted abstain if the forum counts votes."""
    if spec.votes is None:
        return "lapse"
    if stated & spec.needed:
        return "issue" if len(committed | stated) >= spec.votes else "lapse"
    return "convene" if len(committed) >= spec.votes else "lapse"


def value_of(context: RunContext, formula: str | None) -> float:
    """Return the present value of a formula of a forum; 1 without one."""
    return 1.0 if formula is None else context.world.compile(formula)(context.world, context.world.events)


def is_final(context: RunContext, name: str, committed: set[str], refuser: str) -> bool:
    """Return whether a refusal ends the talks: that of a needed member from which no committed one demands more."""
    accept, spec = ForumMove(name=name, move="accept"), context.scenario.forums[name]
    if not spec.refusal_ends or refuser not in spec.needed:
        return False
    stages = filter(None, (context.governments[member].current_stage() for member in sorted(committed)))
    wants = (option for stage in stages for each in stage.demands if each.of == refuser for option in each.wants)
    return not any(context.scenario.options[option].forum == accept for option in wants)


def sitting(context: RunContext, spec: Forum, t: int) -> int:
    """Return `t`, or for a council that sits the same hour of the next day on which its required members work."""
    if not spec.sitting:
        return t
    members = [context.scenario.governments[member] for member in sorted(spec.needed)]
    weekend = {day for member in members for day in member.weekend}
    return context.calendar.working_time(t, weekend, {day for each in members for day in each.holidays})


def hold_round(context: RunContext, effects: Effects, name: str, spec: Forum) -> None:
    """Apply what the members offer in a round that nobody blocks, and pool what they know."""
    for member, offered in sorted(spec.gives.items()):
        effects.apply((name, "gives", member), offered, {})
    for path in spec.pools:
        _pool(context, spec, slot_of(context.world.layout, path, {}))


def _pool(context: RunContext, spec: Forum, slot: int) -> None:
    """Give each member the best estimate among the members as a report, with the variance of that estimate."""
    world, width = context.world, context.world.slots[slot].high - context.world.slots[slot].low
    known = {member: estimate(world, member, slot) for member in spec.members}
    mean, variance = min(known.values(), key=lambda each: each[1])
    for member, (_, own) in known.items():
        if own > variance:
            report(world, member, slot, mean, variance / width**2)
