"""The value to a leader of a change of each indicator, given interests, horizon and couplings.

Leaders have interests in indicators at the end of causal chains (stability, security); actions change indicators at
their beginning. The weights are carried back along the slow couplings to one *price* for each base slot: the mean
value over the horizon H of a unit change now. With A the linearised flow
(dx_i/dt = −k_i·(x_i − baseline_i(x)), k = ln 2/half-life) and w the weights,

    price = (1/H) ∫₀ᴴ exp(Aᵀ t) w dt .

Without couplings this is w·D with D = h/(H ln 2)·(1 − 2^(−H/h)), and w where nothing decays.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from functools import partial
from math import exp, log

from wargame.decision.view import Observability, View
from wargame.language.expressions import parse_path
from wargame.numbers.arrays import doubles, zeros
from wargame.numbers.prices import STEPS, Slope, Weights
from wargame.scenario.model import Leader
from wargame.world.layout import Layout
from wargame.world.state import World


class Interests:
    """The interests of a leader and their horizon; the same in all runs.

    `direct` and `derived` have (slot, weight per unit) of the interests. `weights` has the tables of the engine: the
    interests, with the slopes of derived ones; the couplings of which the government sees everything that the baseline
    reads; and, by slot, what the mean over the horizon of what remains of a unit is (`lasting`), the same mean over a
    step (`share`), and what remains after a step (`kept`).
    """

    def __init__(self, observability: Observability, leader: Leader, changed: Mapping[str, float] = {}) -> None:
        """`changed` has the weights that differ from those of the leader."""
        layout = observability.layout
        self.direct: list[tuple[int, float]] = []
        self.derived: list[tuple[int, float]] = []
        for path, weight in sorted((leader.interests | dict(changed)).items()):
            read = parse_path(path)
            slot = observability.slot(read.name, read.index)
            spec = layout.slots[slot]
            which = self.direct if spec.formula is None else self.derived
            which.append((slot, weight / (spec.high - spec.low)))
        self.weights = self._tables(observability, leader.horizon)

    def _tables(self, observability: Observability, horizon: int) -> Weights:
        layout = observability.layout
        derived = [(per_unit, _slopes(layout, str(layout.slots[slot].formula))) for slot, per_unit in self.derived]
        couplings: dict[int, list[Slope]] = {}
        for slot in sorted(layout.coupled):
            formula = str(layout.slots[slot].baseline)
            if all(map(observability.knows, layout.reads_of(formula))):
                couplings[slot] = _slopes(layout, formula)
        means = layout.memo(("means", horizon), lambda: _means(layout, horizon))
        return Weights(self.direct, derived, couplings, *means)


def _means(layout: Layout, horizon: int) -> tuple[array[float], array[float], array[float]]:
    """Return what lasts of a unit over the horizon, what is kept after a step and the mean over a step, by slot."""
    step = horizon / STEPS
    by_rate = {}
    for per_second in set(layout.rates):
        rate = per_second * log(2.0)
        by_rate[per_second] = _discount(rate * horizon), exp(-rate * step), _discount(rate * step) / STEPS
    lasting, kept, share = (doubles([by_rate[rate][place] for rate in layout.rates]) for place in range(3))
    return lasting, kept, share


def _slopes(layout: Layout, formula: str) -> list[Slope]:
    """Return the slopes of a formula with each base slot that it reads."""

    def make() -> list[Slope]:
        program = layout.program(formula)
        return [Slope(program, read, layout.dependents(read)) for read in layout.reads_of(formula)]

    return layout.memo(("slopes", formula), make)


def _discount(decay: float) -> float:
    """Return (1 − exp(−k·t))/(k·t) as a function of k·t: the mean over t of a unit with decay rate k; 1 for k = 0."""
    return (1.0 - exp(-decay)) / decay if decay else 1.0


class Pricer:
    """Computes prices for one leader from the present view. `latest` has the last prices by slot, in one array."""

    def __init__(self, world: World, view: View, interests: Interests) -> None:
        self._view, self._interests = view, interests
        held = frozenset(slot for slot in world.layout.coupled if not world.is_coupled(slot))
        self._flows = world.layout.memo(("flows", interests, held), partial(interests.weights.flows, held))
        self.latest = zeros("d", len(world.slots))

    def welfare(self) -> float:
        """Return Σ weight · level over the leader's interests, in units of score."""
        weighted = self._view.seen.weighted
        return weighted(self._interests.direct) + weighted(self._interests.derived)

    def prices(self) -> array[float]:
        """Return the price of a unit change of each slot, in units of score; 0 for a slot that does not matter.

        The array is `latest`, which the next call overwrites.
        """
        levels, _ = self._view.reader()
        self._interests.weights.prices(levels, self._flows, self.latest)
        return self.latest
