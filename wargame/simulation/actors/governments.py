"""All governments of a run, as one part of the exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.simulation.actors.government import GovernmentProcess

if TYPE_CHECKING:
    from wargame.simulation.kernel.consequences import Action, Signal


class Governments(dict[str, GovernmentProcess]):
    """The governments of a run by name. The methods are consequences, passed on to the government concerned."""

    def acted(self, action: Action) -> None:
        """The actor takes note of its action."""
        self[action.actor].acted(action)

    def perceive(self, signal: Signal) -> None:
        """The receiver perceives a signal."""
        self[signal.receiver].perceive(signal)

    def redraw(self) -> None:
        """A fork: draws the open decisions of all governments again."""
        for government in self.values():
            government.redraw()
