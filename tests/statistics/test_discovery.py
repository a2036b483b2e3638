"""Boxes, early warnings, the value of knowing a number and regret, against planted and analytic truths."""

from __future__ import annotations

import numpy as np
import pytest

from wargame.statistics.discovery import area, discover, foretell, inside_of, peel, split_regret, worth
from wargame.statistics.intervals import Floats

BOX = (0.6, 0.45)


def states(seed: int, count: int = 360) -> Floats:
    """States with eight factors from 0 to 1."""
    return np.random.default_rng(seed).random((count, 8))


def planted(of: Floats, seed: int, inside: float = 0.8, outside: float = 0.15) -> Floats:
    """One run a state that fails often where the first factor is above 0.6 and the fourth below 0.45."""
    hit = (of[:, 0] > BOX[0]) & (of[:, 3] < BOX[1])
    return (np.random.default_rng(seed + 1).random(len(of)) < np.where(hit, inside, outside)).astype(float)


@pytest.mark.slow
def test_a_planted_box_is_found_with_its_factors() -> None:
    """Its limits are near the true ones, and failures are dense in it also on states that did not make it."""
    numbers = states(3, 1000)
    box = discover(numbers, planted(numbers, 3), "planted")
    assert box is not None
    limits = {limit.column: limit for limit in box.limits}
    assert {0, 3} <= set(limits)
    assert limits[0].low == pytest.approx(BOX[0], abs=0.1)
    assert limits[3].high == pytest.approx(BOX[1], abs=0.1)
    assert box.density > 0.7
    assert box.held_out > box.shuffled > box.base


@pytest.mark.slow
def test_where_failures_are_chance_nothing_is_found() -> None:
    """In most of five sets without any structure."""
    found = [discover(states(k, 200), planted(states(k, 200), k, 0.3, 0.3), f"none {k}") for k in range(5)]
    assert sum(box is not None for box in found) <= 1


@pytest.mark.exhaustive
def test_power_and_false_alarms_of_boxes() -> None:
    """Of 400 trials with 360 states: at least .65 of the planted boxes, at most .05 false alarms."""
    hits = alarms = 0
    for k in range(400):
        numbers = states(10 * k)
        box = discover(numbers, planted(numbers, 10 * k), f"power {k}")
        hits += box is not None and {0, 3} <= {limit.column for limit in box.limits}
        alarms += discover(numbers, planted(numbers, 10 * k, 0.3, 0.3), f"alarm {k}") is not None
    assert hits / 400 >= 0.65
    assert alarms / 400 <= 0.05


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_policy_that_always_or_never_fails_has_no_box(share: float) -> None:
    """There is nothing to tell apart; nor with a handful of states."""
    assert discover(states(1, 100), np.full(100, share), "all alike") is None
    assert discover(states(1, 10), planted(states(1, 10), 1), "few") is None


def test_a_box_holds_whole_levels() -> None:
    """A factor with two values is restricted to one of them, not to a part of its states."""
    numbers = np.random.default_rng(5).integers(0, 2, (200, 3)).astype(float)
    inside, limits = peel(numbers, numbers[:, 1])
    assert [(limit.column, limit.low, limit.high) for limit in limits] == [(1, 1.0, 1.0)]
    assert (inside == inside_of(numbers, limits)).all()
    assert inside.sum() == numbers[:, 1].sum()


def test_the_area_counts_pairs() -> None:
    """Of the pairs of a run that fails and one that does not; ties count by half."""
    assert area(np.array([3.0, 1.0, 2.0, 2.0]), np.array([True, False, True, False])) == 0.875
    assert np.isnan(area(np.array([1.0, 2.0]), np.array([True, True])))


def test_an_early_sign_is_told_from_noise() -> None:
    """Whether failure goes with more or with less of it."""
    rng = np.random.default_rng(9)
    failed = rng.random(400) < 0.4
    sign = foretell(rng.normal(size=400) - failed, failed, "sign")
    noise = foretell(rng.normal(size=400), failed, "noise")
    assert sign[0] > 0.7 > sign[1]
    assert not sign[2]
    assert noise[0] < noise[1] + 0.05


def test_the_worth_of_a_factor_is_the_analytic_one() -> None:
    """Of two policies, one gains the factor and one nothing: E max(θ, 0) is a quarter for θ uniform on [−1, 1]."""
    rng = np.random.default_rng(2)
    factor = rng.uniform(-1, 1, 2000)
    goals = np.stack([np.zeros(2000), factor]) + rng.normal(0, 0.5, (2, 2000))
    known = worth(goals, factor, "useful")
    assert known.low < 0.25 < known.high + 0.01
    assert known.evppi > 5 * known.null
    useless = worth(goals, rng.random(2000), "useless")
    assert useless.evppi < 2 * useless.null


def test_regret_lies_between_its_two_estimates() -> None:
    """Of 200 simulated decisions with two runs a state: too small from halves, too large from the same runs."""
    rng = np.random.default_rng(4)
    small, large, truth = [], [], []
    for _ in range(200):
        true = rng.normal(0, 0.3, (4, 1, 60))
        goals = true + rng.normal(0, 1.0, (4, 2, 60))
        means = goals.mean(axis=1)
        small.append(split_regret(goals, means, 0) or 0.0)
        large.append(float((means.max(axis=0) - means[0]).mean()))
        truth.append(float((true.max(axis=0) - true[0]).mean()))
    assert np.mean(small) < np.mean(truth) < np.mean(large)
    assert np.mean([a <= c <= b for a, b, c in zip(small, large, truth, strict=True)]) >= 0.9
    assert split_regret(goals[:, :1], means, 0) is None


def test_no_regret_begins_below_the_gap_to_the_best_policy() -> None:
    """One policy for all states is one way to choose, and a choice for each state by noisy halves may be worse."""
    rng = np.random.default_rng(5)
    goals = rng.normal(0, 1.0, (4, 2, 60)) + np.array([0.3, 0.2, 0.1, 0.0])[:, None, None]
    means = goals.mean(axis=1)
    gaps = [max(row.mean() for row in means) - row.mean() for row in means]
    assert all((split_regret(goals, means, i) or 0.0) >= gap - 1e-12 for i, gap in enumerate(gaps))


def test_the_policy_that_is_best_in_the_mean_has_no_negative_regret() -> None:
    """A choice for each state by noisy halves is worse; means that lie in memory by states are rounded differently."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        goals = rng.random((3, 2, 21)) + np.array([0.3, 0.0, 0.0])[:, None, None]
        means = np.asfortranarray(goals.mean(axis=1))
        assert (split_regret(goals, means, int(means.mean(axis=1).argmax())) or 0.0) >= 0.0
