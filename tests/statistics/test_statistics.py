"""Estimates and intervals, against SciPy, statsmodels and lifelines on the same data."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.later import Later
from wargame.statistics import distributions as special
from wargame.statistics import incidence
from wargame.statistics import intervals as statistics
from wargame.statistics.draws import Draws, latin_hypercube
from wargame.statistics.intervals import split

stats, contingency = Later("scipy.stats"), Later("statsmodels.stats.contingency_tables")
multitest, proportion = Later("statsmodels.stats.multitest"), Later("statsmodels.stats.proportion")
weightstats = Later("statsmodels.stats.weightstats")

Floats = statistics.Floats


def ones(successes: int, n: int) -> Floats:
    """A sample of zeros and ones."""
    return np.array([1.0] * successes + [0.0] * (n - successes))


def sample(n: int, seed: int = 1) -> Floats:
    """A skewed sample."""
    return np.random.default_rng(seed).lognormal(size=n)


# Distributions


@given(p=st.floats(0.001, 0.999), df=st.floats(1.0, 1e5))
def test_the_quantile_of_student_equals_scipy(p: float, df: float) -> None:
    """Also far in the tails and for few degrees of freedom."""
    assert special.t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-8)


@given(k=st.integers(0, 500), n=st.integers(1, 500), p=st.floats(0.01, 0.99))
def test_the_binomial_equals_scipy(k: int, n: int, p: float) -> None:
    """For every count."""
    assert special.binomial_cdf(min(k, n), n, p) == pytest.approx(stats.binom.cdf(min(k, n), n, p), abs=1e-10)


# One sample


@given(n=st.integers(1, 2000), share=st.floats(0, 1))
def test_the_wilson_interval_equals_statsmodels(n: int, share: float) -> None:
    """Also for shares of 0 and 1."""
    estimate = statistics.proportion(ones(round(share * n), n))
    low, high = proportion.proportion_confint(round(share * n), n, method="wilson")
    assert [estimate.low, estimate.high] == pytest.approx([low, high], abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 30, 1000])
def test_the_t_interval_equals_statsmodels(n: int) -> None:
    """Estimate, standard error and both ends are equal."""
    values = sample(n)
    estimate, reference = statistics.mean(values), weightstats.DescrStatsW(values)
    assert estimate.se == pytest.approx(reference.std_mean)
    assert (estimate.low, estimate.high) == pytest.approx(reference.tconfint_mean())


def test_the_bootstrap_agrees_with_the_bca_of_scipy() -> None:
    """The ends agree within the noise of resampling; equal keys give equal ends."""
    values = sample(200)
    estimate = statistics.bootstrap_mean(values, "key")
    generator = np.random.default_rng(2)
    reference = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=20_000, random_state=generator)
    width = reference.confidence_interval.high - reference.confidence_interval.low
    assert estimate.low == pytest.approx(reference.confidence_interval.low, abs=0.06 * width)
    assert estimate.high == pytest.approx(reference.confidence_interval.high, abs=0.06 * width)
    assert statistics.bootstrap_mean(values, "key") == estimate


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [20, 101, 1000])
def test_quantile_intervals_equal_scipy(n: int, share: float) -> None:
    """Order statistics by the binomial, without an assumption about the distribution."""
    values = sample(n)
    estimate = statistics.quantile(values, share)
    reference = stats.quantile_test(values, p=share).confidence_interval(0.95)
    for ours, theirs in ((estimate.low, reference.low), (estimate.high, reference.high)):
        if not math.isnan(theirs):
            assert ours == theirs


def test_too_few_numbers_give_no_interval() -> None:
    """The ends are NaN: neither an error nor false certainty."""
    assert math.isnan(statistics.mean(np.array([1.0])).low)
    assert math.isnan(statistics.proportion(np.array([])).estimate)
    assert statistics.quantile(np.array([]), 0.5).n == 0


def test_missing_numbers_do_not_count() -> None:
    """A failed run does not count as 0."""
    assert statistics.mean(np.array([1.0, np.nan, 3.0])).n == 2


# Two samples


def test_a_paired_difference_equals_scipy() -> None:
    """Interval and p are those of the paired t-test."""
    x, y = sample(80), sample(80, 2)
    estimate, reference = statistics.paired(x, y, share=False), stats.ttest_rel(x, y)
    assert estimate.p == pytest.approx(reference.pvalue)
    assert (estimate.low, estimate.high) == pytest.approx(tuple(reference.confidence_interval()))


def test_an_unpaired_difference_equals_welch() -> None:
    """Interval and p equal those of statsmodels."""
    x, y = sample(80), 2 * sample(50, 2)
    estimate, reference = (
        statistics.unpaired(x, y, share=False),
        weightstats.CompareMeans(weightstats.DescrStatsW(x), weightstats.DescrStatsW(y)),
    )
    assert estimate.p == pytest.approx(reference.ttest_ind(usevar="unequal")[1])
    assert (estimate.low, estimate.high) == pytest.approx(reference.tconfint_diff(usevar="unequal"))


def test_an_unpaired_difference_of_shares_equals_newcombe() -> None:
    """The interval equals that of statsmodels."""
    estimate = statistics.unpaired(ones(30, 80), ones(12, 70), share=True)
    low, high = proportion.confint_proportions_2indep(30, 80, 12, 70, method="newcomb", correction=False)
    assert [estimate.low, estimate.high] == pytest.approx([low, high], abs=1e-9)


@given(x=st.integers(0, 80), y=st.integers(0, 70))
def test_unpaired_shares_are_tested_by_the_pooled_z_test(x: int, y: int) -> None:
    """p equals that of statsmodels; if all or no runs have the event, there is no evidence of a difference."""
    p = statistics.unpaired(ones(x, 80), ones(y, 70), share=True).p
    if x + y in (0, 150):
        assert p == 1.0
    else:
        assert p == pytest.approx(proportion.proportions_ztest([x, y], [80, 70])[1], abs=1e-12)


@given(more=st.integers(0, 40), fewer=st.integers(0, 40))
def test_paired_shares_are_tested_by_mcnemar(more: int, fewer: int) -> None:
    """p is that of the exact test in statsmodels."""
    first = np.concatenate([np.ones(more), np.zeros(fewer), np.ones(10)])
    base = np.concatenate([np.zeros(more), np.ones(fewer), np.ones(10)])
    reference = contingency.mcnemar([[10, more], [fewer, 0]], exact=True).pvalue
    assert statistics.paired(first, base, share=True).p == pytest.approx(min(1.0, float(reference)))


def test_intervals_of_paired_shares_cover() -> None:
    """Bonett and Price's 95 % interval contains the true difference in at least 93 % of 2,000 small samples."""
    rng, hits = np.random.default_rng(3), 0
    for _ in range(2000):
        u = rng.random(40)
        first, base = (u < 0.25).astype(float), ((u < 0.05) | (rng.random(40) < 0.05)).astype(float)
        estimate = statistics.paired(first, base, share=True)
        hits += estimate.low <= 0.25 - (0.05 + 0.95 * 0.05) <= estimate.high
    assert hits >= 0.93 * 2000


@given(ps=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_holm_correction_equals_statsmodels(ps: list[float]) -> None:
    """A comparison without a p-value does not count."""
    expected = multitest.multipletests(ps, method="holm")[1]
    assert statistics.holm(ps) == pytest.approx(list(expected))
    assert statistics.holm([*ps, math.nan])[:-1] == pytest.approx(list(expected))


def test_the_gain_is_the_ratio_of_runs_without_and_with_pairs() -> None:
    """A correlation of 0.9 needs ten times fewer runs."""
    rng = np.random.default_rng(4)
    common = rng.normal(size=20_000)
    x, y = (math.sqrt(0.9) * common + math.sqrt(0.1) * rng.normal(size=20_000) for _ in range(2))
    assert statistics.paired(x, y, share=False).gain == pytest.approx(10, rel=0.05)


@given(p1=st.integers(1, 99), p0=st.integers(1, 99))
def test_no_pairing_of_shares_gains_more_than_its_ceiling(p1: int, p0: int) -> None:
    """The best coupling, one event inside the other, reaches the ceiling."""
    first, base = ones(p1, 100), ones(p0, 100)
    estimate = statistics.paired(first, base, share=True)
    if p1 != p0:
        assert estimate.gain == pytest.approx(estimate.ceiling)
    shuffled = np.random.default_rng(p1).permutation(base)
    assert statistics.paired(first, shuffled, share=True).gain <= estimate.ceiling * (1 + 1e-9)


def test_the_interval_of_agresti_and_min_adds_half_a_pair_to_each_cell() -> None:
    """It is the Wald interval of the table with half a pair added to each of its four cells."""
    low, high = statistics.agresti_min(12, 5, 60)
    more, fewer, n = 12.5, 5.5, 62
    se = math.sqrt(more + fewer - (more - fewer) ** 2 / n) / n
    z = stats.norm.ppf(0.975)
    assert (low, high) == pytest.approx(((more - fewer) / n - z * se, (more - fewer) / n + z * se))


# Designs


@given(count=st.integers(1, 40), seed=st.integers(0, 2**32))
def test_a_latin_hypercube_has_one_point_in_each_stratum(count: int, seed: int) -> None:
    """In every dimension; another dimension does not change the others."""
    two = latin_hypercube(["a", "b"], count, Draws(seed), "test")
    assert list(two) == ["a", "b"]
    for values in two.values():
        assert sorted(int(value * count) for value in values) == list(range(count))
    assert latin_hypercube(["a"], count, Draws(seed), "test")["a"] == two["a"]


# Planning


@pytest.mark.parametrize("successes", [0, 3, 50])
def test_runs_to_halve_halves_the_wilson_interval(successes: int) -> None:
    """With that many runs and the same share the interval is half as wide; with one run fewer it is not."""
    estimate = statistics.proportion(ones(successes, 100))
    n = statistics.runs_to_halve(estimate, share=True)
    assert n is not None
    widths = [high - low for low, high in (statistics.wilson(estimate.estimate, m) for m in (n, n - 1))]
    assert widths[0] <= estimate.width / 2 < widths[1]


# First passages


def passages(n: int, seed: int = 5) -> tuple[Floats, Any]:
    """Times of a competing outcome, an outcome and censoring, without ties."""
    rng = np.random.default_rng(seed)
    return rng.exponential(100.0, n), rng.choice([0, 1, 2], n, p=[0.3, 0.4, 0.3])


@pytest.mark.parametrize("n", [10, 300])
def test_cumulative_incidence_equals_lifelines(n: int) -> None:
    """Aalen and Johansen's estimate, its variance and its intervals, with censoring and a competing outcome."""
    from lifelines import AalenJohansenFitter

    days, kind = passages(n)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = AalenJohansenFitter(calculate_variance=True).fit(days, kind, event_of_interest=1)
    curve = incidence.incidence(days, kind)
    share = reference.cumulative_density_.iloc[:, 0].reindex(curve.days).to_numpy()
    assert curve.share == pytest.approx(share)
    variance = reference.variance_.squeeze().reindex(curve.days).to_numpy()
    there = ~np.isnan(variance)
    assert curve.se[there] ** 2 == pytest.approx(variance[there], abs=1e-12)


def test_shares_of_0_and_1_have_intervals() -> None:
    """Wilson's interval as long as no run is censored; afterwards one from the known runs."""
    curve = incidence.incidence(np.arange(1.0, 41.0), np.ones(40, dtype=np.int64))
    none, every = statistics.wilson(0.0, 40), statistics.wilson(1.0, 40)
    assert (curve.days[0], curve.share[0], curve.share[-1]) == (0.0, 0.0, pytest.approx(1.0))
    assert (curve.low[0], curve.high[0]) == pytest.approx(none)
    assert (curve.low[-1], curve.high[-1]) == pytest.approx(every)
    inside = (curve.share > 0.01) & (curve.share < 0.99)
    assert (curve.low < curve.share)[inside].all()
    assert (curve.share < curve.high)[inside].all()
    cut = incidence.incidence(np.array([1.0] * 30 + [2.0] * 10), np.array([0] * 30 + [2] * 10))
    assert cut.share.tolist() == [0.0, 0.0]
    assert cut.high == pytest.approx([none[1], statistics.wilson(0.0, 10)[1]])


def test_no_runs_give_no_share_and_no_bound() -> None:
    """Without runs the share and its bounds are unknown."""
    empty = incidence.incidence(np.zeros(0), np.zeros(0, dtype=np.int64))
    assert (empty.share.tolist(), empty.low.tolist(), empty.high.tolist()) == ([0.0], [0.0], [1.0])


def test_incidence_at_the_end_is_a_proportion() -> None:
    """If only ENDEX censors, share and standard error are those of a proportion."""
    rng = np.random.default_rng(6)
    days = np.minimum(rng.exponential(300.0, 500), 200.0)
    kind = np.where(days < 200.0, rng.choice([1, 2], 500), 0)
    curve, share = incidence.incidence(days, kind), float((kind == 1).mean())
    assert curve.share[-1] == pytest.approx(share)
    assert curve.se[-1] == pytest.approx(math.sqrt(share * (1 - share) / 500))


def test_incidence_starts_at_zero() -> None:
    """The step function starts at 0, and an outcome that never occurs stays there."""
    curve = incidence.incidence(np.array([5.0, 9.0]), np.array([1, 0]))
    assert list(curve.at(np.array([0.0, 5.0, 20.0])).share) == [0.0, 0.5, 0.5]
    never = incidence.incidence(np.array([9.0, 9.0]), np.array([0, 0]))
    assert list(never.at(np.array([0.0, 20.0])).share) == [0.0, 0.0]


# Where variance comes from


@pytest.mark.parametrize("shared", [False, True])
def test_variance_is_split_by_its_known_sources(shared: bool) -> None:
    """Arms with the variance 0.25, parameters with 4 and draws with 9."""
    rng = np.random.default_rng(7)
    points, runs = 400, 60
    noise = rng.normal(0, 3, (1, 1, runs)) if shared else rng.normal(0, 3, (2, points, runs))
    cells = (
        np.array([0.0, 1.0])[:, None, None]
        + rng.normal(0, 2, (1, points, 1))
        + np.broadcast_to(noise, (2, points, runs))
    )
    sources = split(cells, shared=shared)
    assert sources is not None
    assert sources.arm == pytest.approx(0.25, abs=0.05)
    assert sources.parameters == pytest.approx(4.0, rel=0.15)
    assert sources.draws == pytest.approx(float(noise.var(axis=2, ddof=1).mean()), rel=0.05)


def test_arms_without_effect_explain_no_variance() -> None:
    """On average over many tables: means differ by chance, which is subtracted."""
    rng = np.random.default_rng(8)
    splits = [split(rng.normal(0, 1, (4, 1, 10)), shared=False) for _ in range(400)]
    arms = [sources.arm for sources in splits if sources is not None]
    raw = (1 - 1 / 4) / 10
    assert np.mean(arms) < 0.5 * raw
    assert np.mean(np.array(arms) == 0.0) > 0.4


def test_one_run_per_point_cannot_separate_draws_from_parameters() -> None:
    """The split is then not reported."""
    assert split(np.zeros((2, 10, 1)), shared=False) is None


def test_the_beta_distribution_is_0_below_its_range_and_1_above() -> None:
    """As SciPy has it; between the ends it increases."""
    for x in (-0.5, 0.0, 0.2, 0.9, 1.0, 1.5):
        assert special.beta_cdf(x, 2.0, 3.0) == pytest.approx(float(stats.beta.cdf(x, 2.0, 3.0)), abs=1e-12)
