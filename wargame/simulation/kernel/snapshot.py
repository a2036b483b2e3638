"""The daily digest of the world: two runs whose values differ have different digests from that day."""

from hashlib import blake2b

from wargame.decision.view import View
from wargame.journal.viewer_memory import OF_FORUMS, PUBLIC
from wargame.language.expressions import parse
from wargame.scenario.journal_context import REVEALING
from wargame.simulation.kernel.context import RunContext
from wargame.world.layout import Layout
from wargame.world.state import Events, World

OF_GOVERNMENTS = frozenset({"count", "days_since", "follows"})
"""Event functions that the public cannot evaluate: each government learns of events at its own time."""


def digest(world: World) -> str:
    """64 bits over all base values, rounded to 9 digits so that machines agree."""
    return blake2b(world.curves.values(1e9), digest_size=8).hexdigest()


def snapshot(world: World) -> dict[str, float]:
    """Return all values other than 0, by path, including derived ones, rounded to four digits."""
    levels = zip(world.layout.shown, world.levels(), strict=True)
    return {path: round(value, 4) for path, value in levels if path and value}


def observations(context: RunContext) -> dict[str, dict[str, float]]:
    """Values by observer and path: published and derived ones as the public sees them, derived ones of governments.

    Of a government there are only those that differ from the public ones. A derived value is that of the formula over
    what the observer knows.
    """
    world, layout = context.world, context.world.layout
    public = View(world, "", Events(world, context.calendar, context.offices))
    derived = [slot for slot in layout.derived if public.knows(slot) and _is_open(layout, slot)]
    outside = [slot for slot in layout.outside if layout.slots[slot].name in OF_FORUMS]
    common = _values(public, [*layout.published, *outside, *derived])
    seen = {PUBLIC: {path: value for path, value in common.items() if value}}
    for government, view in context.views.items():
        own = _values(view, [slot for slot in layout.derived if view.knows(slot)])
        seen[government] = {path: value for path, value in own.items() if value != common.get(path, 0.0)}
    context.forget_views()
    return seen


def _values(view: View, slots: list[int]) -> dict[str, float]:
    paths = view.observability.layout.slots
    return {paths[slot].path: round(view.value(slot), 4) + 0.0 for slot in slots}


def _is_open(layout: Layout, slot: int) -> bool:
    """Return whether a derived indicator reads only numbers and events that the public can know."""
    formula = layout.slots[slot].formula
    if formula is None:
        return layout.slots[slot].name not in REVEALING
    expression = parse(formula)
    return not any(function in OF_GOVERNMENTS for function, _ in expression.events) and all(
        _is_open(layout, layout.slot(read.name, read.index)) for read in expression.reads
    )
