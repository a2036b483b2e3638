"""The value to a leader of a change of each indicator, given interests, horizon and couplings.

Leaders have interests in indicators at the end of causal chains (stability, security); actions change indicators at
their beginning. The weights are carried back along the slow couplings to one *price* for each base slot: the mean
value over the horizon H of a unit change now. With A the linearised flow
(dx_i/dt = −k_i·(x_i − baseline_i(x)), k = ln 2/half-life) and w the weights,

    price = (1/H) ∫₀ᴴ exp(Aᵀ t) w dt .

Without couplings this is w·D with D = h/(H ln 2)·(1 − 2^(−H/h)), and w where nothing decays.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from wargame.language.expressions import parse_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.decision.view import Observability, View
    from wargame.scenario.model import Leader
    from wargame.world.layout import Compiled
    from wargame.world.state import World

STEPS = 12
"""Steps of the integration over the horizon: exact without couplings, within a few per cent with them."""
_NUDGE = 1e-3


class Interests:
    """The interests of a leader and their horizon; the same in all runs.

    `direct` and `derived` have (slot, weight per unit) of the interests, derived ones with the base slots that they
    read. `couplings` has the base slots that the baseline of each coupled slot reads, if the government can see all of
    them. By slot: `lasting` is the mean over the horizon of what remains of a unit, `share` the same mean over a step,
    `kept` what remains after a step.
    """

    def __init__(
        self, observability: Observability, leader: Leader, changed: Mapping[str, float] | None = None
    ) -> None:
        """`changed` has the weights that differ from those of the leader."""
        layout = observability.layout
        self.direct: list[tuple[int, float]] = []
        self.derived: list[tuple[int, float, tuple[int, ...]]] = []
        for path, weight in sorted((leader.interests | dict(changed or {})).items()):
            read = parse_path(path)
            slot = observability.slot(read.name, read.index)
            spec = layout.slots[slot]
            per_unit = weight / (spec.high - spec.low)
            if spec.formula is None:
                self.direct.append((slot, per_unit))
            else:
                self.derived.append((slot, per_unit, layout.reads_of(spec.formula)))
        reads = {slot: layout.reads_of(str(layout.slots[slot].baseline)) for slot in sorted(layout.coupled)}
        self.couplings = {slot: read for slot, read in reads.items() if all(map(observability.knows, read))}
        rates, step = [rate * log(2.0) for rate in layout.rates], leader.horizon / STEPS
        self.lasting = [_discount(rate * leader.horizon) for rate in rates]
        self.kept = [exp(-rate * step) for rate in rates]
        self.share = [_discount(rate * step) / STEPS for rate in rates]


def _discount(decay: float) -> float:
    """(1 − exp(−k·t))/(k·t) as a function of k·t: the mean over time t of a unit that decays at rate k; 1 for k = 0."""
    return (1.0 - exp(-decay)) / decay if decay else 1.0


class Pricer:
    """Computes prices for one leader from the present view."""

    def __init__(self, world: World, view: View, interests: Interests) -> None:
        self._world, self._view, self._interests = world, view, interests
        self._couplings = {slot: reads for slot, reads in interests.couplings.items() if world.is_coupled(slot)}

    def welfare(self) -> float:
        """Σ weight · level over the leader's interests, in units of score."""
        level = self._view.value
        stock = sum(per_unit * level(slot) for slot, per_unit in self._interests.direct)
        return stock + sum(per_unit * level(slot) for slot, per_unit, _ in self._interests.derived)

    def prices(self) -> dict[int, float]:
        """Price of a unit change of each base slot that matters, in units of score."""
        weights: dict[int, float] = {}
        for slot, per_unit in self._interests.direct:
            weights[slot] = weights.get(slot, 0.0) + per_unit
        for slot, per_unit, reads in self._interests.derived:
            formula = self._world.derived[slot]
            for read in reads:
                weights[read] = weights.get(read, 0.0) + per_unit * self._slope(formula, read)
        return self._carried(weights)

    def _slope(self, formula: Compiled, read: int) -> float:
        """∂formula/∂read in these eyes, by a central difference within the range."""
        lowest, highest = self._world.layout.ranges[read]
        step = _NUDGE * (highest - lowest)
        x = self._view.value(read)
        high, low = min(x + step, highest), max(x - step, lowest)
        supposing = self._view.supposing
        return (supposing(read, high, formula) - supposing(read, low, formula)) / (high - low)

    def _carried(self, weights: dict[int, float]) -> dict[int, float]:
        """The mean worth over the horizon: in closed form where nothing flows, step by step along couplings."""
        inflow, interests = self._inflows(weights), self._interests
        flowing = set(inflow) | {read for reads in inflow.values() for read, _ in reads}
        prices = {slot: w * interests.lasting[slot] for slot, w in weights.items() if slot not in flowing}
        slots = sorted(flowing)
        place = {slot: i for i, slot in enumerate(slots)}
        carries = [
            (place[slot], place[read], slope) for slot, reads in inflow.items() for read, slope in reads if slope
        ]
        kept, share = [interests.kept[slot] for slot in slots], [interests.share[slot] for slot in slots]
        q, total = [weights.get(slot, 0.0) for slot in slots], [0.0] * len(slots)
        for _ in range(STEPS):
            total = [so_far + worth * part for so_far, worth, part in zip(total, q, share, strict=True)]
            after = [worth * part for worth, part in zip(q, kept, strict=True)]
            for i, read, slope in carries:
                carried = q[i] * slope
                after[read] += carried
                total[read] += 0.5 * carried / STEPS
            q = after
        prices |= zip(slots, total, strict=True)
        return {slot: price for slot, price in sorted(prices.items()) if price}

    def _inflows(self, weights: dict[int, float]) -> dict[int, tuple[tuple[int, float], ...]]:
        """For each coupled slot with a price: the share that one step carries back to each slot its baseline reads."""
        inflow: dict[int, tuple[tuple[int, float], ...]] = {}
        pending = sorted(slot for slot in weights if slot in self._couplings)
        while pending:
            slot = pending.pop()
            if slot in inflow:
                continue
            formula, reads = self._world.layout.coupled[slot], self._couplings[slot]
            moved = 1.0 - self._interests.kept[slot]
            inflow[slot] = tuple((read, moved * self._slope(formula, read)) for read in reads)
            pending += [read for read in reads if read in self._couplings]
        return inflow
