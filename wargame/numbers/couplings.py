"""Slow couplings: baselines of indicators that are formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.curves import Curves
from wargame.numbers.levels import FormulaCode, Levels


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Settler:
    """The baselines that are formulas, in one run. Coupling j moves `slots[j]`; its formula is `programs[j]`.

    `inputs` are the slots that any coupling reads. `held` marks the couplings that have ended.
    """

    curves: Curves
    slots: cython.longs
    programs: list[Any]
    inputs: cython.longs
    held: cython.longs

    def release(self, slot: cython.longlong) -> None:
        """End the coupling that moves this slot, if there is one."""
        for j in range(len(self.slots)):
            if self.slots[j] == slot:
                self.held[j] = 1

    def is_coupled(self, slot: cython.longlong) -> bool:
        """Return whether a coupling moves this slot."""
        return any(self.slots[j] == slot and not self.held[j] for j in range(len(self.slots)))

    def settle(self, levels: Levels, reader: Callable[..., dict[int, float]]) -> None:
        """Set the baselines from the present levels.

        All levels are read before any baseline changes. The present level of a slot stays as it is.
        """
        curves = self.curves
        levels.forget(curves.present.now)
        levels.read(reader)
        if cython.compiled:
            for slot in self.inputs:
                levels.level(slot)
        for j in range(len(self.slots)):
            if self.held[j]:
                continue
            slot = self.slots[j]
            program: FormulaCode = self.programs[j]
            baseline = curves.clip(slot, program.value(levels))
            if baseline != curves.rest[slot]:
                value = curves.level(slot)
                curves.rest[slot] = baseline
                curves.put(slot, value)
