"""All governments of a run, as one part of the exercise."""

from __future__ import annotations

from wargame.simulation.actors.government import GovernmentProcess


class Governments(dict[str, GovernmentProcess]):
    """The governments of a run by name."""

    def redraw(self) -> None:
        """A fork: draws the open decisions of all governments again."""
        for government in self.values():
            government.redraw()
