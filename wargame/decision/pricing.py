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

from wargame.language.expressions import parse_path

if TYPE_CHECKING:
    from wargame.decision.view import View
    from wargame.scenario.model import Leader
    from wargame.world.layout import Compiled
    from wargame.world.state import World

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
        reads_of = world.layout.reads_of
        read_by = {slot: reads_of(str(world.slots[slot].rest)) for slot in sorted(world.coupled)}
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
            self._derived.append((slot, per_unit, self._world.layout.reads_of(spec.formula)))

    def welfare(self) -> float:
        """How well the leader's interests stand now, Σ weight · level, in units of score."""
        levels = self._view.levels()
        stock = sum(per_unit * levels[slot] for slot, per_unit in self._direct)
        return stock + sum(per_unit * levels[slot] for slot, per_unit, _ in self._derived)

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
        return (self._at(formula, read, high) - self._at(formula, read, low)) / (high - low)

    def _at(self, formula: Compiled, read: int, value: float) -> float:
        """The formula if `read` stood at `value`, with the derived indicators that follow from it."""
        world, events = self._world, self._view.events
        levels = list(self._view.levels())
        levels[read] = value
        for slot in world.layout.dependents(read):
            levels[slot] = world.derived[slot](levels.__getitem__, events)
        return formula(levels.__getitem__, events)

    def _carried(self, weights: dict[int, float]) -> dict[int, float]:
        """The mean worth over the horizon: in closed form where nothing flows, step by step along couplings."""
        inflow = self._inflows(weights)
        flowing = set(inflow) | {read for reads in inflow.values() for read, _ in reads}
        prices = {slot: w * self._discount(slot, self._horizon) for slot, w in weights.items() if slot not in flowing}
        q = {slot: weights.get(slot, 0.0) for slot in sorted(flowing)}
        step = self._horizon / STEPS
        kept = {slot: exp(-self._rate(slot) * step) for slot in q}
        share = {slot: self._discount(slot, step) / STEPS for slot in q}
        total = dict.fromkeys(q, 0.0)
        for _ in range(STEPS):
            after = {slot: worth * kept[slot] for slot, worth in q.items()}
            for slot, worth in q.items():
                total[slot] += worth * share[slot]
            for slot, reads in inflow.items():
                worth = q[slot]
                for read, slope in reads:
                    after[read] += worth * slope
                    total[read] += 0.5 * worth * slope / STEPS
            q = after
        prices |= total
        return {slot: price for slot, price in sorted(prices.items()) if price}

    def _rate(self, slot: int) -> float:
        return self._world.curve(slot)[3] * log(2.0)

    def _discount(self, slot: int, time: float) -> float:
        """(1 − exp(−k·t))/(k·t): the mean over `time` of what decays at the slot's rate k; 1 if it stays."""
        k = self._rate(slot) * time
        return (1.0 - exp(-k)) / k if k else 1.0

    def _inflows(self, weights: dict[int, float]) -> dict[int, tuple[tuple[int, float], ...]]:
        """For each coupled slot that matters: what a step carries back from it to the slots its rest reads."""
        step = self._horizon / STEPS
        inflow: dict[int, tuple[tuple[int, float], ...]] = {}
        pending = sorted(slot for slot in weights if slot in self._couplings)
        while pending:
            slot = pending.pop()
            if slot in inflow:
                continue
            formula, reads = self._couplings[slot]
            moved = 1.0 - exp(-self._rate(slot) * step)
            inflow[slot] = tuple((read, moved * self._slope(formula, read)) for read in reads)
            pending += [read for read in reads if read in self._couplings]
        return inflow
