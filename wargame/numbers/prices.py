"""Prices: what a change of each slot is worth to a leader, by interests, horizon and couplings."""

from __future__ import annotations

from array import array
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arrays import longs, zeros
from wargame.numbers.levels import FormulaCode, Levels

STEPS = 12
"""Steps of the integration over the horizon: exact without couplings, within a few per cent with them."""
_STEPS = cython.declare(cython.longlong, STEPS)
_NUDGE = cython.declare(cython.double, 1e-3)


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Slope:
    """What a formula changes by with one slot that it reads. `dependents` are the derived slots that read the slot."""

    program: FormulaCode
    read: cython.longlong
    dependents: cython.longs

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def at(self, levels: Levels) -> cython.double:
        """∂formula/∂read at these levels, by a central difference within the range of the slot."""
        curves, read = levels.curves, self.read
        lowest, highest = curves.low[read], curves.high[read]
        step = _NUDGE * (highest - lowest)
        x = levels.level(read)
        high = min(x + step, highest)
        low = max(x - step, lowest)
        levels.suppose(read, high, self.dependents)
        above = self.program.value(levels)
        levels.suppose(read, low, self.dependents)
        below = self.program.value(levels)
        levels.suppose(read, x, self.dependents)
        return (above - below) / (high - low)


@cython.final
@cython.cclass
class Flows:
    """What couplings carry back in a step: from the slots `coupled` to those that they read, as the `slopes` say.

    `slots` has all slots with a price: first those between which something flows, of which there are `flowing`. `place`
    is the place of each; `sources` and `reads` are the places of the coupled slots and of those that they read.
    """

    slopes: list[Any]
    slots: cython.longs
    flowing: cython.longlong
    place: dict[Any, Any]
    sources: cython.longs
    reads: cython.longs

    def __init__(self, coupled: list[int], slopes: list[Slope], reads: list[int], priced: set[int]) -> None:
        flowing = {*coupled, *reads}
        slots = sorted(flowing) + sorted(priced - flowing)
        self.slopes, self.slots, self.flowing = slopes, longs(slots), len(flowing)
        self.place = {slot: k for k, slot in enumerate(slots)}
        self.sources = longs([self.place[slot] for slot in coupled])
        self.reads = longs([self.place[slot] for slot in reads])


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Weights:
    """The interests of a leader as tables (`decision.pricing.Interests`), for `prices`.

    `direct` are (slot, weight per unit) pairs, `derived` (weight per unit, slopes); `couplings` has the slopes of
    the baselines by slot, where something flows. `lasting`, `kept` and `share` are by slot.
    """

    direct: list[Any]
    derived: list[Any]
    couplings: dict[Any, Any]
    lasting: cython.doubles
    kept: cython.doubles
    share: cython.doubles

    def flows(self, held: frozenset[int]) -> Flows:
        """Return what flows back from the slots with a price. `held` are slots whose coupling has ended."""
        slope: Slope
        priced: set[int] = {slot for slot, _ in self.direct}
        for _, slopes in self.derived:
            for slope in slopes:
                priced.add(slope.read)
        coupled: list[int] = []
        carried: list[Slope] = []
        reads: list[int] = []
        done: set[int] = set()
        pending: list[int] = sorted([slot for slot in priced if slot in self.couplings and slot not in held])
        while pending:
            slot = pending.pop()
            if slot in done:
                continue
            done.add(slot)
            for slope in self.couplings[slot]:
                coupled.append(slot)
                carried.append(slope)
                reads.append(slope.read)
                if slope.read in self.couplings and slope.read not in held:
                    pending.append(slope.read)
        return Flows(coupled, carried, reads, priced)

    def prices(self, levels: Levels, flows: Flows, result: array[Any]) -> None:
        """Write the price of a unit change of each slot, in units of score; others in `result` stay as they are."""
        slots, place = flows.slots, flows.place
        room: cython.doubles = zeros("d", len(slots) + len(flows.sources) + flows.flowing)
        weights: cython.doubles = room[: len(slots)]
        prices: cython.doubles = result
        slope: Slope
        slot: cython.longlong
        k: cython.longlong
        per_unit: cython.double
        for slot, per_unit in self.direct:
            k = place[slot]
            weights[k] += per_unit
        for per_unit, slopes in self.derived:
            for slope in slopes:
                k = place[slope.read]
                weights[k] += per_unit * slope.at(levels)
        for k in range(len(slots)):  # in closed form where nothing flows
            prices[slots[k]] = weights[k] * self.lasting[slots[k]] if k >= flows.flowing else 0.0
        self.carry(levels, flows, weights, prices, room[len(slots) :])

    @cython.cfunc
    def carry(
        self, levels: Levels, flows: Flows, weights: cython.doubles, prices: cython.doubles, room: cython.doubles
    ) -> None:
        """Add the mean worth over the horizon of the slots between which something flows, step by step."""
        slots, sources, reads = flows.slots, flows.sources, flows.reads
        count: cython.longlong = len(sources)
        carried: cython.doubles = room[:count]
        after: cython.doubles = room[count:]
        slope: Slope
        for k in range(count):
            slope = flows.slopes[k]
            carried[k] = (1.0 - self.kept[slots[sources[k]]]) * slope.at(levels)
        for _ in range(_STEPS):
            for at in range(flows.flowing):
                prices[slots[at]] += weights[at] * self.share[slots[at]]
                after[at] = weights[at] * self.kept[slots[at]]
            for k in range(count):
                if carried[k] != 0.0:
                    part = weights[sources[k]] * carried[k]
                    after[reads[k]] += part
                    prices[slots[reads[k]]] += 0.5 * part / _STEPS
            for at in range(flows.flowing):
                weights[at] = after[at]
