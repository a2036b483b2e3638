"""The world as one government sees it. Decisions and briefs read this, never the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.language.expressions import parse, substitute

if TYPE_CHECKING:
    from collections.abc import Callable

    from wargame.world.events import Events
    from wargame.world.layout import Compiled
    from wargame.world.slots import Index
    from wargame.world.state import World

UNKNOWABLE = -1


class View:
    """Public and own indicators as they are, estimates of hidden ones, nothing else.

    Slots keep the world's numbers, so that an effect on slot i is valued by what is seen of slot i.
    `events` answers event functions from this government's memory.
    """

    def __init__(self, world: World, government: str, events: Events) -> None:
        self.government = government
        self.events = events
        self._world = world
        self._seen = [self._sight(slot) for slot in range(len(world.slots))]
        self._gather = np.array([max(slot, 0) for slot in self._seen])
        self._derived = [slot for slot in world.layout.derived if self.knows(slot)]
        self._array: NDArray[np.float64] = np.zeros(0)
        self._list: list[float] = []
        self._looked = (-1, -1)

    def _sight(self, slot: int) -> int:
        spec = self._world.slots[slot]
        if spec.formula is not None or spec.known == "public" or self.government in spec.index[:1]:
            return slot
        if spec.known == "estimated":
            return self._world.beliefs[self.government, slot][0]
        return UNKNOWABLE

    def knows(self, slot: int) -> bool:
        """Whether it can have an opinion of this slot, and of all that a derived one reads."""
        formula = self._world.slots[slot].formula
        if formula is None:
            return self._seen[slot] != UNKNOWABLE
        return all(self._seen[read] != UNKNOWABLE for read in self._world.layout.reads_of(formula))

    def slot(self, name: str, index: Index = ()) -> int:
        """The number of a slot that this government may read; KeyError for any other."""
        slot = self._world.slot(name, index)
        if not self.knows(slot):
            raise KeyError(name, index)
        return slot

    def compile(self, text: str, **placeholders: str) -> Compiled:
        """A formula of this government, its placeholders (`actor`, `target`, `self`) filled in."""
        expression = substitute(parse(text), placeholders)
        for read in expression.reads:
            self.slot(read.name, read.index)
        return self._world.compile(expression)

    def _look(self) -> None:
        """Takes in the present moment once; all questions at one instant are answered from it."""
        moment = (self._world.now, self._world.version)
        if self._looked == moment:
            return
        self._looked = moment
        self._array = self._world.values()[self._gather]
        self._list = seen = self._array.tolist()
        read, derived, slots = seen.__getitem__, self._world.derived, self._world.slots
        for slot in self._derived:
            spec = slots[slot]
            seen[slot] = min(max(derived[slot](read, self.events), spec.low), spec.high)

    def forget(self) -> None:
        """Has it look anew: whoever looks between two events must leave no trace in what is decided after."""
        self._looked = (-1, -1)

    def ask(self, formula: Compiled) -> float:
        """The value of a compiled formula in these eyes."""
        self._look()
        return formula(self._list.__getitem__, self.events)

    def reader(self) -> tuple[Callable[[int], float], Events]:
        """What compiled formulas are called with, for asking many of them at this instant."""
        self._look()
        return self._list.__getitem__, self.events

    def value(self, slot: int) -> float:
        """What it takes the slot's value to be now."""
        self._look()
        return self._list[slot]

    def levels(self) -> list[float]:
        """All slots as seen, by the world's numbers; not to be written to. Unknowable ones hold no meaning."""
        self._look()
        return self._list

    def values(self) -> NDArray[np.float64]:
        """The base slots as seen, as an array; not to be written to. Unknowable ones hold no meaning."""
        self._look()
        return self._array
