"""The world as one government sees it. Decisions and briefs read this, never the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.language.expressions import compile_expression, parse, substitute

if TYPE_CHECKING:
    from wargame.world.events import Events
    from wargame.world.slots import Index
    from wargame.world.state import Compiled, World

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
        reads = (self._world.slot(read.name, read.index) for read in parse(formula).reads)
        return all(self.knows(read) for read in reads)

    def slot(self, name: str, index: Index = ()) -> int:
        """The number of a slot that this government may read; KeyError for any other."""
        slot = self._world.slot(name, index)
        if not self.knows(slot):
            raise KeyError(name, index)
        return slot

    def compile(self, text: str, **placeholders: str) -> Compiled:
        """A formula of this government, its placeholders (`actor`, `target`, `self`) filled in."""
        return compile_expression(substitute(parse(text), placeholders), self.slot)

    def ask(self, formula: Compiled) -> float:
        """The value of a compiled formula in these eyes."""
        return formula(self.value, self.events)

    def value(self, slot: int) -> float:
        """What it takes the slot's value to be now."""
        formula = self._world.derived.get(slot)
        if formula is not None:
            spec = self._world.slots[slot]
            return min(max(formula(self.value, self.events), spec.low), spec.high)
        return self._world.value(self._seen[slot])

    def values(self) -> NDArray[np.float64]:
        """All base slots as seen, by the world's slot numbers; those that it cannot know hold no meaning."""
        gathered: NDArray[np.float64] = self._world.values()[self._gather]
        return gathered
