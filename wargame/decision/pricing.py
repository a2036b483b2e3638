"""What a change of each indicator is worth to a leader: interests, seen through horizon and couplings.

A leader weighs indicators at the end of chains (stability, security). A deed moves indicators at their
beginning. The weights are carried back along the slow couplings to one *price* per base slot:
the mean over the horizon H of what a unit change now will be worth. With A the linearised flow
(dx_i/dt = −k_i·(x_i − rest_i(x)), k = ln 2/half-life) and w the weights,

    price = (1/H) ∫₀ᴴ exp(Aᵀ t) w dt .

Without couplings this is w·D with D = h/(H ln 2)·(1 − 2^(−H/h)), and w where nothing decays.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from wargame.language.expressions import parse, parse_path

if TYPE_CHECKING:
    from wargame.decision.view import View
    from wargame.scenario.model import Leader
    from wargame.world.state import Compiled, World

STEPS = 12
"""Steps of the integration over the horizon; exact without couplings, within a few per cent with them."""
_NUDGE = 1e-3


class Pricer:
    """Prices for one leader, taken anew from a view whenever asked."""

    def __init__(self, world: World, view: View, leader: Leader) -> None:
        self._world = world
        self._view = view
        self._horizon = leader.horizon
        self._direct: list[tuple[int, float]] = []
        self._derived: list[tuple[int, float, tuple[int, ...]]] = []
        for path in sorted(leader.interests):
            self._add_interest(path, leader.interests[path])
        read_by = {slot: self._base_reads(str(world.slots[slot].rest)) for slot in sorted(world.coupled)}
        self._couplings = {
            slot: (world.coupled[slot], reads) for slot, reads in read_by.items() if all(map(view.knows, reads))
        }

    def _add_interest(self, path: str, weight: float) -> None:
        read = parse_path(path)
        slot = self._view.slot(read.name, read.index)
        spec = self._world.slots[slot]
        per_unit = weight / (spec.high - spec.low)
        if spec.formula is None:
            self._direct.append((slot, per_unit))
        else:
            self._derived.append((slot, per_unit, self._base_reads(spec.formula)))

    def _base_reads(self, formula: str) -> tuple[int, ...]:
        found: set[int] = set()
        for read in parse(formula).reads:
            slot = self._world.slot(read.name, read.index)
            inner = self._world.slots[slot].formula
            found.update(self._base_reads(inner) if inner is not None else (slot,))
        return tuple(sorted(found))

    def welfare(self) -> float:
        """How well the leader's interests stand now, Σ weight · level, in units of score."""
        levels = [per_unit * self._view.value(slot) for slot, per_unit in self._direct]
        levels += [per_unit * self._view.value(slot) for slot, per_unit, _ in self._derived]
        return sum(levels)

    def prices(self) -> dict[int, float]:
        """Price of a unit change of each base slot that matters, in units of score."""
        weights: dict[int, float] = {}
        for slot, per_unit in self._direct:
            weights[slot] = weights.get(slot, 0.0) + per_unit
        for slot, per_unit, reads in self._derived:
            formula = self._world.derived[slot]
            for read in reads:
                weights[read] = weights.get(read, 0.0) + per_unit * self._slope(formula, read)
        return self._carried(weights)

    def _slope(self, formula: Compiled, read: int) -> float:
        """∂formula/∂read in these eyes, by a central difference within the range."""
        spec = self._world.slots[read]
        step = _NUDGE * (spec.high - spec.low)
        x = self._view.value(read)
        high, low = min(x + step, spec.high), max(x - step, spec.low)
        return (self._shifted(formula, read, high) - self._shifted(formula, read, low)) / (high - low)

    def _shifted(self, formula: Compiled, read: int, at: float) -> float:
        derived, view = self._world.derived, self._view

        def value(slot: int) -> float:
            if slot == read:
                return at
            inner = derived.get(slot)
            return view.value(slot) if inner is None else inner(value, view.events)

        return formula(value, view.events)

    def _carried(self, weights: dict[int, float]) -> dict[int, float]:
        step = self._horizon / STEPS
        inflow = self._inflows(weights, step)
        q, total = dict(weights), {slot: 0.0 for slot in weights}
        for _ in range(STEPS):
            after: dict[int, float] = {}
            for slot, worth in q.items():
                per = self._world.curve(slot)[3] * log(2.0)
                kept = exp(-per * step)
                share = (1.0 - kept) / (per * step) if per else 1.0
                total[slot] = total.get(slot, 0.0) + worth * share / STEPS
                after[slot] = after.get(slot, 0.0) + worth * kept
                for read, slope in inflow.get(slot, ()):
                    passed = worth * slope
                    after[read] = after.get(read, 0.0) + passed
                    total[read] = total.get(read, 0.0) + 0.5 * passed / STEPS
            q = after
        return {slot: price for slot, price in sorted(total.items()) if price}

    def _inflows(self, weights: dict[int, float], step: float) -> dict[int, tuple[tuple[int, float], ...]]:
        """For each coupled slot that matters: what a step carries back from it to the slots its rest reads."""
        inflow: dict[int, tuple[tuple[int, float], ...]] = {}
        pending = [slot for slot in weights if slot in self._couplings]
        while pending:
            slot = pending.pop()
            if slot in inflow:
                continue
            formula, reads = self._couplings[slot]
            moved = 1.0 - exp(-self._world.curve(slot)[3] * log(2.0) * step)
            inflow[slot] = tuple((read, moved * self._slope(formula, read)) for read in reads)
            pending += [read for read, _ in inflow[slot] if read in self._couplings]
        return inflow
