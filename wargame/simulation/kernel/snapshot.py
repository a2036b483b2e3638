"""The daily digest of the world: two runs whose values differ have different digests from that day."""

from __future__ import annotations

from array import array
from functools import partial

from wargame.decision.view import View
from wargame.journal.viewer_memory import OF_FORUMS, PUBLIC
from wargame.language.expressions import parse
from wargame.numbers.arithmetic import rounded_by
from wargame.scenario.journal_context import REVEALING
from wargame.simulation.kernel.context import RunContext
from wargame.world.layout import Layout
from wargame.world.state import Events, World

OF_GOVERNMENTS = frozenset({"count", "days_since", "follows"})
"""Event functions that the public cannot evaluate: each government learns of events at its own time."""


def digest(world: World) -> str:
    """Return 64 bits over all base values and where they move, rounded to 9 digits so that machines agree."""
    return f"{world.curves.digest() % 2**64:016x}"


def snapshot(world: World) -> dict[str, float]:
    """Return all values other than 0, by path, including derived ones, rounded to four digits."""
    return rounded_by(world.layout.shown, world.levels(), None)


def observations(context: RunContext) -> dict[str, dict[str, float]]:
    """Return values by observer and path: published and derived ones of the public, derived ones of governments.

    Of a government there are only those that differ from the public ones. A derived value is that of the formula over
    what the observer knows.
    """
    world, layout = context.world, context.world.layout
    public = View(world, "", Events(world, context.calendar, context.offices))
    open_to_all = layout.memo("open", lambda: _open(layout, public))
    common = _values(public, open_to_all, {})
    seen = {PUBLIC: common}
    for government, view in context.views.items():
        make = partial(_derived, layout, view, public, open_to_all[0])
        listed = layout.memo(("derived", government), make)
        seen[government] = _values(view, listed, common)
    context.forget_views()
    return seen


def _open(layout: Layout, public: View) -> tuple[array[int], list[str]]:
    """Return the slots that the public sees and a snapshot lists, and their paths."""
    derived = [slot for slot in layout.derived if public.knows(slot) and _is_open(layout, slot)]
    outside = [slot for slot in layout.outside if layout.slots[slot].name in OF_FORUMS]
    slots = array("q", [*layout.published, *outside, *derived])
    return slots, [layout.paths[slot] for slot in slots]


def _derived(layout: Layout, view: View, public: View, common: array[int]) -> tuple[array[int], list[str]]:
    """Return the derived slots that a government knows, and their paths.

    Those of `common` whose numbers it reads where the public does have the same values, and are left out.
    """
    own, others = view.observability.seen, public.observability.seen
    alike = {
        slot
        for slot in layout.derived.keys() & common
        if all(own[read] == others[read] for read in layout.reads_of(str(layout.slots[slot].formula)))
    }
    slots = array("q", [slot for slot in layout.derived if view.knows(slot) and slot not in alike])
    return slots, [layout.paths[slot] for slot in slots]


def _values(view: View, listed: tuple[array[int], list[str]], known: dict[str, float]) -> dict[str, float]:
    slots, paths = listed
    levels = array("d", bytes(8 * len(slots)))
    view.seen.take(slots, levels)
    return rounded_by(paths, levels, known)


def _is_open(layout: Layout, slot: int) -> bool:
    """Return whether a derived indicator reads only numbers and events that the public can know."""
    formula = layout.slots[slot].formula
    if formula is None:
        return layout.slots[slot].name not in REVEALING
    expression = parse(formula)
    return not any(function in OF_GOVERNMENTS for function, _ in expression.events) and all(
        _is_open(layout, layout.slot(read.name, read.index)) for read in expression.reads
    )
