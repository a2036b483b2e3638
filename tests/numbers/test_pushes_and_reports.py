"""Effects and reports: the compiled module and its source change the same numbers to the bit."""

from __future__ import annotations

from array import array
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import loaded
from support.twins import compiled, interpreted
from wargame.simulation.kernel.clock import Clock
from wargame.world.layout import layout_of
from wargame.world.state import World

SOURCE = interpreted("effects")
FORMULAS = ("0.2", "trust[ARD, BRL] - 0.1", "0.1 * trust[BRL, ARD] ** 2", "-0.3 * (1 + trust[ARD, BRL])")
PUSH = st.tuples(
    st.sampled_from([("ARD", "BRL"), ("BRL", "ARD")]), st.floats(-1, 1) | st.sampled_from(FORMULAS), st.booleans()
)
"""The pair whose trust is changed, the amount as a number or a formula, and whether it is set."""


def pushed(name: str, pushes: list[tuple[tuple[str, str], float | str, bool]], *, described: bool) -> list[float]:
    """The levels of a new world after these effects, applied by one form of the module."""
    world = World(layout_of(loaded().scenario), Clock())
    before = world.levels()
    slots = [world.slot("trust", pair) for pair, _, _ in pushes]
    amounts = [world.layout.program(amount) if isinstance(amount, str) else amount for _, amount, _ in pushes]
    module = SOURCE if name == "interpreted" else compiled("effects")
    changed = world.push(
        module.Pushes(array("q", slots), amounts, array("q", [sets for _, _, sets in pushes])), described=described
    )
    after = world.levels()
    for slot in set(slots) if described else ():
        if slots.count(slot) == 1:
            values = [round(before[slot], 6), round(after[slot], 6)]
            assert changed.get(world.slots[slot].path, values) == values
            assert after[slot] == before[slot] or world.slots[slot].path in changed
    return after.tolist()


@given(st.lists(PUSH, min_size=1, max_size=8))
def test_effects_are_applied_alike(pushes: list[tuple[tuple[str, str], float | str, bool]]) -> None:
    """With their description or without, compiled or interpreted: a formula reads what those before it have changed."""
    expected = pushed("interpreted", pushes, described=True)
    assert pushed("interpreted", pushes, described=False) == expected
    assert pushed("compiled", pushes, described=True) == expected
    assert pushed("compiled", pushes, described=False) == expected


def estimate_after(name: str, world: World, reported: float, noise: float, root: int) -> tuple[float, float]:
    """A mean and a variance after one report, taken by one form of the module."""
    slots = [
        world.slot("trust", ("ARD", "BRL")),
        world.slot("flow", ("ARD", "BRL")),
        world.slot("flow", ("BRL", "ARD")),
    ]
    world.put(slots[1], 0.4)
    world.put(slots[2], 2.0)
    module = SOURCE if name == "interpreted" else compiled("effects")
    report = module.Report(*slots, noise**0.5, noise, root ^ 5)
    report.take(world.curves, reported + report.error(root, 3))
    return world.value(slots[1]), world.value(slots[2])


@given(st.floats(-1, 1), st.floats(0.001, 4), st.integers(0, 2**64 - 1))
def test_reports_are_taken_alike(reported: float, noise: float, root: int) -> None:
    """Both forms draw the same error; a report narrows the variance."""
    world = World(layout_of(loaded().scenario), Clock())
    first = estimate_after("interpreted", world, reported, noise, root)
    assert estimate_after("compiled", world, reported, noise, root) == first
    assert first[1] < 2.0


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_quantiles_of_the_normal_distribution_are_those_of_python(p: float) -> None:
    """Both forms give the same bits, and Python's number but for rounding."""
    quantile = SOURCE.normal_quantile(p)
    assert compiled("draws").normal_quantile(p) == quantile == pytest.approx(NormalDist().inv_cdf(p), rel=1e-13)
