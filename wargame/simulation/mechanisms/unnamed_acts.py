"""Everyday acts before STARTEX that the history does not name (docs/explanation/model.md, warm start)."""

from __future__ import annotations

from collections.abc import Mapping

from wargame.simulation.kernel.actor import Actor
from wargame.simulation.kernel.consequences import Decision
from wargame.simulation.kernel.context import RunContext


class UnnamedActs:
    """Others notice what a government would have done before STARTEX, if its weight is at most `largest`.

    A chronology names only some everyday acts. Those without a name change nothing; they only add salience.
    """

    def __init__(self, context: RunContext, governments: Mapping[str, Actor], largest: float) -> None:
        self._context, self._governments, self._largest = context, governments, largest

    def begin(self) -> None:
        """STARTEX: from now on the journal has every act."""

    def dropped(self, dropped: Decision) -> None:
        """An order fell due without an action of the history."""
        context, option = self._context, self._context.scenario.options[dropped.option]
        weight = option.goldstein * (1.0 + option.shock)
        if abs(weight) > self._largest:
            return
        hidden = option.visibility != "public"
        for name, government in self._governments.items():
            if name == dropped.actor or (hidden and name != dropped.target):
                continue
            dossier = context.scenario.governments[name].dossiers.get(option.dossier)
            if dossier is not None:
                share = 1.0 if name == dropped.target else dossier.stake
                surprise = weight - context.world.get("flow", name, dropped.actor)
                government.add_salience(option.dossier, abs(surprise) * share, None)
