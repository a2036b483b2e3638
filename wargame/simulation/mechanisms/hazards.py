"""Hazards of the scenario: chance events that nobody decides, such as a collapse or an incident at sea."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wargame.simulation.kernel.thinning import Thinning

if TYPE_CHECKING:
    from wargame.scenario.model import Hazard
    from wargame.simulation.kernel.context import Theatre
    from wargame.simulation.mechanisms.actions import Deeds, Effects


class Hazards:
    """One thinning process for each hazard, from the hand-over on."""

    def __init__(self, theatre: Theatre, deeds: Deeds, effects: Effects) -> None:
        self._theatre, self._deeds, self._effects = theatre, deeds, effects
        self._processes: list[Thinning] = []

    def begin(self) -> None:
        """The hand-over: chance begins."""
        for name, spec in sorted(self._theatre.scenario.hazards.items()):
            happen = partial(self._happen, name, spec)
            self._processes.append(Thinning(self._theatre, name, spec.rate, spec.bound, happen))

    def redraw(self) -> None:
        """A fork: what has not happened yet is drawn anew."""
        for process in self._processes:
            process.redraw()

    def _happen(self, name: str, spec: Hazard) -> bool:
        """The event; False if it cannot happen again."""
        changed = self._effects.apply(("hazard", name), spec.effects, {})
        data = {"title": spec.title, "effects": changed}
        seq = self._theatre.log.write("hazard", "", name, self._theatre.log.just_changed(), data)
        if spec.deed is not None:
            self._deeds.do(spec.deed.by, spec.deed.option, spec.deed.to, source="hazard", cause=(seq,), why=spec.title)
        self._theatre.publish(name)
        return not spec.once
