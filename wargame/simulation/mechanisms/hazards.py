"""Hazards of the scenario: chance events that nobody decides on, such as a collapse or an incident at sea."""

from __future__ import annotations

from functools import partial

from wargame.scenario.model import Hazard
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.thinning import Thinning
from wargame.simulation.mechanisms.actions import Actions, Effects


class Hazards:
    """One thinning process for each hazard, from STARTEX on."""

    def __init__(self, context: RunContext, actions: Actions, effects: Effects) -> None:
        self._context, self._actions, self._effects = context, actions, effects
        self._processes: list[Thinning] = []

    def begin(self) -> None:
        """STARTEX: starts the processes."""
        for name, spec in sorted(self._context.scenario.hazards.items()):
            occur = partial(self._occur, name, spec)
            self._processes.append(Thinning(self._context, name, spec.rate, spec.bound, occur))

    def redraw(self) -> None:
        """A fork: draws the hazards that are still to come again."""
        for process in self._processes:
            process.redraw()

    def _occur(self, name: str, spec: Hazard) -> bool:
        """Let the hazard occur; returns False if it cannot occur again."""
        changed = self._effects.apply(("hazard", name), spec.effects, {})
        data = {"title": spec.title, "effects": changed}
        seq = self._context.log.write("hazard", "", name, self._context.log.just_changed(), data)
        if spec.action is not None:
            self._actions.do_unless_person(spec.action, "hazard", seq, spec.title)
        self._context.publish(name)
        return not spec.once
