"""Scores of forecasts agree with another implementation and have the required properties."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.later import Later
from wargame.statistics import scores
from wargame.statistics.scores import Happened

scoringrules = Later("scoringrules")


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40), st.integers(0, 40))
def test_crps_of_a_sample_is_that_of_scoringrules(values: list[int], y: int) -> None:
    """The estimator is that of the empirical distribution of the sample."""
    crps = scores.crps_sample(np.array(values, dtype=float), float(y))
    assert crps == pytest.approx(float(scoringrules.crps_ensemble(y, np.array(values), estimator="nrg")), abs=1e-9)


@given(st.floats(0.001, 30), st.integers(0, 40))
def test_crps_of_poisson_is_that_of_scoringrules(mean: float, y: int) -> None:
    """For rare and for frequent events."""
    assert scores.crps_poisson(mean, y) == pytest.approx(float(scoringrules.crps_poisson(y, mean)), abs=1e-6)


@given(st.floats(0.01, 0.99), st.booleans())
def test_scores_of_occurrence_are_those_of_scoringrules(p: float, occurred: bool) -> None:
    """Brier score and log score equal those of scoringrules."""
    assert scores.brier(p, occurred) == pytest.approx(float(scoringrules.brier_score(float(occurred), p)))
    assert scores.log_score(p, occurred) == pytest.approx(float(scoringrules.log_score(float(occurred), p)))


@given(st.floats(0.01, 2.0), st.floats(0.0, 50.0))
def test_crps_of_waiting_is_that_of_an_exponential_in_a_long_window(rate: float, y: float) -> None:
    """If the end of the window is far away, the scores are equal."""
    crps = scores.crps_waiting(rate, y, 5000.0)
    assert crps == pytest.approx(float(scoringrules.crps_exponential(y, rate)), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("rate", "y"), [(0.1, 3.0), (0.02, 30.0), (1.0, 0.0), (0.0, 12.0)])
def test_crps_of_waiting_is_the_integral_up_to_the_end_of_the_window(rate: float, y: float) -> None:
    """It is the integral of the squared difference of the distributions, compared on a fine grid."""
    t = (np.arange(300_000) + 0.5) / 10_000
    integral = float((((1 - np.exp(-rate * t)) - (t >= y)) ** 2).mean() * 30)
    assert scores.crps_waiting(rate, y, 30.0) == pytest.approx(integral, abs=1e-3)


@given(st.integers(0, 9), st.integers(1, 200))
def test_a_perfect_forecast_scores_zero(count: int, n: int) -> None:
    """All scores are 0 except the log score, whose floor is what n runs cannot rule out."""
    day = 3.0 if count else 30.0
    values = scores.of_sample(np.full(n, float(count)), np.full(n, day), Happened(count, day))
    log = values.pop("log")
    assert values == {"brier": 0.0, "crps_count": 0.0, "crps_time": 0.0}
    assert log == pytest.approx(-np.log(1 - 0.5 / (n + 1)))


@given(st.integers(0, 5), st.integers(4, 100))
def test_a_forecast_of_never_has_no_skill_relative_to_never(count: int, n: int) -> None:
    """Its skill is 0 by every score, whatever happened."""
    observed = Happened(count, 2.0 if count else 14.0)
    model = scores.of_sample(np.zeros(n), np.full(n, 14.0), observed)
    never = scores.of_point(Happened(0, 14.0), observed, n)
    for name in scores.SCORES:
        assert scores.skill(model[name], never[name]) == pytest.approx(0.0)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_floor_keeps_probabilities_inside(k: int, n: int) -> None:
    """Half a run is added on either side, and naive forecasts have the same limits as the runs."""
    p = scores.floored(min(k, n) / n, n)
    assert p == pytest.approx((min(k, n) + 0.5) / (n + 1))
    assert scores.within_floor(1.0, n) == pytest.approx(scores.floored(1.0, n))
    assert 0.0 < scores.within_floor(0.0, n) <= p


def test_resamples_are_reproducible_circular_blocks() -> None:
    """Overlapping origins stay together; with a single block there are no resamples."""
    samples = scores.resamples(9, 3)
    assert samples is not None
    assert samples.shape == (scores.RESAMPLES, 9)
    steps = np.diff(samples.reshape(-1, 3), axis=1) % 9
    assert (steps == 1).all()
    again = scores.resamples(9, 3)
    assert again is not None
    assert (samples == again).all()
    assert scores.resamples(1, 1) is None
    assert scores.resamples(3, 3) is None


def test_the_block_is_as_long_as_windows_overlap() -> None:
    """Monthly origins: blocks of one with windows of 14 days, of three with 90 days."""
    days = [date(2016, month, 1).toordinal() for month in range(7, 13)]
    assert [scores.block_length(days, window) for window in (14, 30, 90)] == [1, 1, 3]


def test_an_interval_covers_the_mean_at_nearly_its_nominal_rate() -> None:
    """Eighteen of twenty samples of independent origins: percentiles of small samples are slightly too narrow."""
    draws = np.random.default_rng(1)
    picked = scores.resamples(30, 1)
    inside_it = 0
    for _ in range(200):
        values = draws.exponential(size=30)
        interval = scores.interval(picked, lambda rows, values=values: values[rows].mean(axis=1))  # type: ignore[misc]
        assert interval is not None
        inside_it += interval[0] <= 1.0 <= interval[1]
    assert 170 <= inside_it <= 198
