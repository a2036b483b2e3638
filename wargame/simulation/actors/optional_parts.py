"""The parts of an exercise that exist only if the scenario declares their mechanism."""

from __future__ import annotations

from collections.abc import Iterator

from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import Governments
from wargame.simulation.actors.plans import Plans
from wargame.simulation.actors.visits import Visits
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.mechanisms.actions import Actions
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.routine_acts import RoutineActs, UnnamedActs

OPTIONAL = frozenset({RoutineActs.__name__, Plans.__name__, UnnamedActs.__name__, Visits.__name__})
"""Their names: entries of the tables of consequences that are left out without them."""


def optional_parts(
    context: RunContext, governments: Governments, actions: Actions, feasibility: Feasibility, demands: Demands
) -> Iterator[RoutineActs | Plans | UnnamedActs | Visits]:
    """Yield the optional parts of a run."""
    if context.rules.routine is not None:
        yield RoutineActs(context, governments, context.rules.routine)
    if context.scenario.plans:
        yield Plans(context, governments, actions, feasibility)
    if context.rules.unnamed is not None:
        yield UnnamedActs(context, governments, context.rules.unnamed)
    if context.rules.visits is not None:
        yield Visits(context, governments, demands, feasibility, context.rules.visits)
