"""The state of the world: indicators that decay by themselves and are computed when read.

`x(t) = rest + (x0 - rest) * 2**(-(t - t0)/half_life)`. Reading changes nothing; `put` and `nudge`
anchor a new x0. Slow couplings (a rest that is a formula) are settled after each deed and each week.
"""

from __future__ import annotations

from math import exp2
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wargame.language.expressions import Expression
    from wargame.world.layout import Compiled, Event, Layout


class Clock(Protocol):
    """Whatever knows the present second."""

    @property
    def now(self) -> int:
        """Seconds since the scenario's start."""
        ...


def no_events(*_: str) -> float:
    """Stands for the event functions where a formula may not use them."""
    return 0.0


class World:
    """All numbers of one run, by the slots of its layout.

    `version` counts changes; `dirty` holds the slots changed since it was last emptied.
    `events` answers the event functions of formulas (`count`, `days_since`, …).
    """

    def __init__(self, layout: Layout, clock: Clock) -> None:
        self._clock = clock
        self.layout = layout
        self.governments = layout.governments
        self.slots = layout.slots
        self.beliefs = layout.beliefs
        self.slot = layout.slot
        self.events: Event = no_events
        self.version = 0
        self.dirty: set[int] = set()
        self._moved: set[int] = set()
        self._anchor()
        self.derived = {i: layout.compile(str(self.slots[i].formula)) for i in layout.derived}
        self.coupled = {i: layout.compile(str(self.slots[i].rest)) for i in layout.coupled}
        self._rest_reads = {i: frozenset(layout.reads_of(str(self.slots[i].rest))) for i in layout.coupled}
        self.settle()

    def _anchor(self) -> None:
        self._x0 = [slot.start for slot in self.slots]
        self._t0 = [0] * len(self.slots)
        self._rest = [slot.rest if isinstance(slot.rest, float | int) else slot.start for slot in self.slots]
        self._per = [1.0 / slot.half_life if slot.half_life else 0.0 for slot in self.slots]
        self._ax0 = np.array(self._x0, dtype=np.float64)
        self._at0 = np.zeros(len(self.slots))
        self._arest = np.array(self._rest, dtype=np.float64)
        self._aper = np.array(self._per)
        self._cache: tuple[int, int, NDArray[np.float64]] = (-1, -1, self._ax0)

    def compile(self, formula: str | Expression) -> Compiled:
        """A formula ready to be evaluated; it may read every slot."""
        return self.layout.compile(formula)

    @property
    def now(self) -> int:
        """The present second."""
        return self._clock.now

    # --- reading -----------------------------------------------------------------------------

    def value(self, slot: int) -> float:
        """The value now."""
        if slot in self.derived:
            return self._clip(slot, self.derived[slot](self.value, self.events))
        per = self._per[slot]
        if per == 0.0:
            return self._x0[slot]
        rest = self._rest[slot]
        return rest + (self._x0[slot] - rest) * exp2((self._t0[slot] - self._clock.now) * per)

    def get(self, name: str, *index: str) -> float:
        """The value now of a slot by its name."""
        return self.value(self.slot(name, index))

    def values(self) -> NDArray[np.float64]:
        """All base values now, one for each slot (derived ones hold no meaning here); not to be written to."""
        now = self._clock.now
        if self._cache[0] != now or self._cache[1] != self.version:
            decay = np.exp2((self._at0 - now) * self._aper)
            self._cache = (now, self.version, self._arest + (self._ax0 - self._arest) * decay)
        return self._cache[2]

    def levels(self) -> list[float]:
        """All values now, derived ones too, by slot."""
        levels: list[float] = self.values().tolist()
        for slot, formula in self.derived.items():
            levels[slot] = self._clip(slot, formula(levels.__getitem__, self.events))
        return levels

    def curve(self, slot: int) -> tuple[float, int, float, float]:
        """(x0, t0, rest, 1/half_life) of a base slot, for crossings in closed form."""
        return self._x0[slot], self._t0[slot], self._rest[slot], self._per[slot]

    # --- writing -----------------------------------------------------------------------------

    def put(self, slot: int, value: float) -> None:
        """Sets a base slot now, within its range."""
        value = self._clip(slot, value)
        self._x0[slot] = value
        self._t0[slot] = self._clock.now
        self._ax0[slot] = value
        self._at0[slot] = self._clock.now
        self._touch(slot)

    def nudge(self, slot: int, share: float) -> None:
        """Moves a base slot that share of the way to the end of its range: up if positive."""
        x, spec = self.value(slot), self.slots[slot]
        self.put(slot, x + share * ((spec.high - x) if share > 0 else (x - spec.low)))

    def hold(self, slot: int, value: float) -> None:
        """Sets a base slot and its rest: it stays there by itself."""
        self.coupled.pop(slot, None)
        self._set_rest(slot, self._clip(slot, value))
        self.put(slot, value)

    def settle(self, *, moved_only: bool = False) -> None:
        """Lets the slow couplings take their rest from the present state; all, or those whose inputs were changed."""
        for slot, formula in self.coupled.items():
            if moved_only and self._moved.isdisjoint(self._rest_reads[slot]):
                continue
            rest = self._clip(slot, formula(self.value, self.events))
            if rest != self._rest[slot]:
                value = self.value(slot)
                self._set_rest(slot, rest)
                self.put(slot, value)
        self._moved.clear()

    def _set_rest(self, slot: int, rest: float) -> None:
        self._rest[slot] = rest
        self._arest[slot] = rest

    def _touch(self, slot: int) -> None:
        self.version += 1
        self.dirty.add(slot)
        self._moved.add(slot)

    def _clip(self, slot: int, value: float) -> float:
        spec = self.slots[slot]
        return min(max(value, spec.low), spec.high)
