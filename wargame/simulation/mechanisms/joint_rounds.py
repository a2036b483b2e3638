"""What members do together in a round of talks, where a forum declares it: veto, offers, shared knowledge."""

from itertools import permutations

from wargame.decision.menu import placeholders, slot_of
from wargame.scenario.model import Forum
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.mechanisms.actions import Effects
from wargame.world.state import estimate, report


def aggrieved(context: RunContext, spec: Forum) -> tuple[str, str] | None:
    """The first required member that blocks a round by the `veto` of the forum, with the member that it objects to."""
    if spec.veto is None:
        return None
    for actor, target in permutations(sorted(spec.required or spec.members), 2):
        view = context.views[actor]
        if view.ask(view.compile(spec.veto, placeholders(actor, target))):
            return actor, target
    return None


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
