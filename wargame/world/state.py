"""The state of the world: indicators that decay by themselves and are computed when read.

`x(t) = rest + (x0 - rest) * 2**(-(t - t0)/half_life)`. Reading changes nothing; `put` and `nudge`
anchor a new x0. Slow couplings (a rest that is a formula) are settled after each deed and each week.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from wargame.language.expressions import compile_expression, parse
from wargame.world.slots import SYMMETRIC, Index, Slot, all_slots

if TYPE_CHECKING:
    from wargame.scenario import model

Read = Callable[[int], float]
Event = Callable[..., float]
Compiled = Callable[[Read, Event], float]


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
    """All numbers of one run. Slots 0..n-1 are the world's; beliefs follow behind them.

    `version` counts changes; `dirty` holds the slots changed since it was last emptied.
    `events` answers the event functions of formulas (`count`, `days_since`, …).
    """

    def __init__(self, scenario: model.Scenario, clock: Clock) -> None:
        self._clock = clock
        self.governments = tuple(sorted(scenario.governments))
        self.slots: list[Slot] = list(all_slots(scenario))
        self._where = {(slot.name, slot.index): i for i, slot in enumerate(self.slots)}
        self.events: Event = no_events
        self.version = 0
        self.dirty: set[int] = set()
        self.beliefs: dict[tuple[str, int], tuple[int, int]] = {}
        self._add_beliefs()
        self._anchor()
        self.derived = {i: self.compile(s.formula) for i, s in enumerate(self.slots) if s.formula is not None}
        self.coupled = {i: self.compile(s.rest) for i, s in enumerate(self.slots) if isinstance(s.rest, str)}
        self.settle()

    def _add_beliefs(self) -> None:
        """For each estimated slot and each government that it is not its own: a mean and a variance."""
        hidden = [i for i, s in enumerate(self.slots) if s.known == "estimated" and s.formula is None]
        for government in self.governments:
            for i in hidden:
                slot = self.slots[i]
                if government in slot.index[:1]:
                    continue
                bias, variance = slot.prior
                mean = min(max(slot.start + bias, slot.low), slot.high)
                self.beliefs[government, i] = (len(self.slots), len(self.slots) + 1)
                name = f"belief of {government} in {slot.path}"
                self.slots.append(Slot(name, (), slot.low, slot.high, mean, known="own"))
                self.slots.append(
                    Slot(f"variance of {name}", (), 0.0, 1e12, variance, variance, VARIANCE_HALF_LIFE, known="own")
                )

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

    # --- names -------------------------------------------------------------------------------

    def slot(self, name: str, index: Index = ()) -> int:
        """The number of a slot; KeyError if there is none."""
        if name in SYMMETRIC and index:
            index = tuple(sorted(index))
        return self._where[name, index]

    def compile(self, text: str) -> Compiled:
        """A formula ready to be evaluated; it may read every slot."""
        return compile_expression(parse(text), self.slot)

    # --- reading -----------------------------------------------------------------------------

    def value(self, slot: int) -> float:
        """The value now."""
        if slot in self.derived:
            return self._clip(slot, self.derived[slot](self.value, self.events))
        per = self._per[slot]
        if per == 0.0:
            return self._x0[slot]
        rest = self._rest[slot]
        return rest + (self._x0[slot] - rest) * 2.0 ** ((self._t0[slot] - self._clock.now) * per)

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

    def settle(self) -> None:
        """Lets the slow couplings take their rest from the present state."""
        for slot, formula in self.coupled.items():
            rest = self._clip(slot, formula(self.value, self.events))
            if rest != self._rest[slot]:
                value = self.value(slot)
                self._set_rest(slot, rest)
                self.put(slot, value)

    def _set_rest(self, slot: int, rest: float) -> None:
        self._rest[slot] = rest
        self._arest[slot] = rest

    def _touch(self, slot: int) -> None:
        self.version += 1
        self.dirty.add(slot)

    def _clip(self, slot: int, value: float) -> float:
        spec = self.slots[slot]
        return min(max(value, spec.low), spec.high)


VARIANCE_HALF_LIFE = 365 * 86400
"""An estimate that no report refreshes goes stale in about a year. Judgement."""
