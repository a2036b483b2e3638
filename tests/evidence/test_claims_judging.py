"""Verdicts, their intervals and what would decide them, against SciPy and statsmodels; labels of toy effects."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_paired

from wargame.evidence.claims.labels import (
    BY_CONSTRUCTION,
    CHANCE,
    RANGES,
    STABLE,
    TUNED,
    WHIMS,
    goals,
    label_of,
    share_as,
    weakest,
)
from wargame.evidence.claims.verdicts import (
    CONTRADICTED,
    FEWEST,
    NIL,
    NO_RUN_DIFFERS,
    ONE,
    PAIR,
    SUPPORTED,
    TOO_FEW,
    UNDECIDED,
    ClaimQuestion,
    judge,
    runs_needed,
    verdict_of,
)

FAMILY = 50
EFFECTS = st.floats(-1.5, 1.5)


def sample(mean: float, n: int = 60, spread: float = 1.0, seed: int = 1) -> np.ndarray:
    """Normal numbers with a mean and a spread."""
    return np.random.default_rng(seed).normal(mean, spread, n)


def test_the_interval_told_is_students_for_one_measure_alone() -> None:
    """At the level that is declared, whatever the family."""
    values = sample(0.3)
    found = judge(ClaimQuestion("positive", family=FAMILY), values)
    wanted = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


@settings(max_examples=60, deadline=None)
@given(EFFECTS, st.integers(0, 1000), st.sampled_from([1, 5, FAMILY]))
def test_a_sign_is_decided_by_the_corrected_test(mean: float, seed: int, family: int) -> None:
    """Supported or contradicted exactly where SciPy's p is below the error that Bonferroni leaves."""
    values = sample(mean, seed=seed)
    sure = stats.ttest_1samp(values, 0).pvalue < 0.05 / family
    wanted = UNDECIDED if not sure else SUPPORTED if values.mean() > 0 else CONTRADICTED
    assert judge(ClaimQuestion("positive", family=family), values).verdict == wanted


@settings(max_examples=60, deadline=None)
@given(EFFECTS, st.integers(0, 1000), st.sampled_from(["positive", "below", "none"]))
def test_what_is_mirrored_is_judged_alike(mean: float, seed: int, expect: str) -> None:
    """A sign, a bound and an equivalence know no side."""
    mirrored = {"positive": "negative", "below": "above", "none": "none"}[expect]
    bound = 0.5 if expect != "positive" else None
    turned = -0.5 if expect == "below" else bound
    values = sample(mean, seed=seed)
    first = judge(ClaimQuestion(expect, bound), values)
    second = judge(ClaimQuestion(mirrored, turned), -values)
    assert (first.verdict, first.runs_needed) == (second.verdict, second.runs_needed)


@settings(max_examples=60, deadline=None)
@given(EFFECTS, st.integers(0, 1000), st.sampled_from([1, FAMILY]))
def test_an_equivalence_is_two_one_sided_tests(mean: float, seed: int, family: int) -> None:
    """Supported exactly where statsmodels' TOST is below the error that is left."""
    first = sample(mean * 0.4, seed=seed)
    base = sample(0.0, seed=seed + 5000)
    p = ttost_paired(first, base, -0.7, 0.7)[0]
    found = judge(ClaimQuestion("none", 0.7, family=family), first - base)
    assert (found.verdict == SUPPORTED) == (p < 0.05 / family)


def test_no_equivalence_where_the_effect_is_surely_beyond_the_bound() -> None:
    """One side that fails contradicts it."""
    assert judge(ClaimQuestion("none", 0.2, family=FAMILY), sample(1.5)).verdict == CONTRADICTED


@settings(max_examples=40, deadline=None)
@given(EFFECTS, st.integers(0, 1000))
def test_a_bound_is_one_one_sided_test(mean: float, seed: int) -> None:
    """On the side that is claimed; on the other it contradicts."""
    values = sample(mean, seed=seed)
    below = stats.ttest_1samp(values, 0.3, alternative="less").pvalue < 0.05 / FAMILY
    above = stats.ttest_1samp(values, 0.3, alternative="greater").pvalue < 0.05 / FAMILY
    wanted = SUPPORTED if below else CONTRADICTED if above else UNDECIDED
    assert judge(ClaimQuestion("below", 0.3, family=FAMILY), values).verdict == wanted


@settings(max_examples=40, deadline=None)
@given(EFFECTS, st.integers(0, 1000))
def test_a_relative_bound_of_a_sure_mean_is_a_plain_bound(mean: float, seed: int) -> None:
    """A tenth of an arm that is 7 in every run is 0.7."""
    values = sample(mean * 0.4, seed=seed)
    relative = judge(ClaimQuestion("none", 0.1, relative=True), values, np.full(len(values), 7.0))
    plain = judge(ClaimQuestion("none", 0.7), values)
    assert (relative.verdict, relative.runs_needed) == (plain.verdict, plain.runs_needed)


def test_the_chance_in_a_relative_bound_counts() -> None:
    """The same effect is decided against a sure mean, not against one that a tenth of the runs make."""
    values = sample(0.0, n=100, spread=2.0, seed=3)
    unsure = np.where(np.arange(100) % 10 == 0, 100.0, 0.0)
    question = ClaimQuestion("none", 0.1, relative=True, family=FAMILY)
    verdicts = [judge(question, values, reference).verdict for reference in (np.full(100, 10.0), unsure)]
    assert verdicts == [SUPPORTED, UNDECIDED]


def test_the_share_in_one_arm_has_wilsons_interval() -> None:
    """As statsmodels has it."""
    values = np.array([1.0] * 3 + [0.0] * 57)
    found = judge(ClaimQuestion("below", 0.15, form=ONE), values)
    assert (found.low, found.high) == pytest.approx(proportion_confint(3, 60, method="wilson"))


def test_the_difference_of_two_shares_has_bonett_and_prices_interval() -> None:
    """By hand: pseudo-counts of one on either side, at the corrected level."""
    values = np.array([1.0] * 14 + [-1.0] * 2 + [0.0] * 84)
    found = judge(ClaimQuestion("positive", form=PAIR, family=FAMILY), values)
    p12, p21, n = 15 / 102, 3 / 102, 102
    half = stats.norm.ppf(1 - 0.05 / FAMILY / 2) * ((p12 + p21 - (p12 - p21) ** 2) / n) ** 0.5
    assert (found.adjusted_low, found.adjusted_high) == pytest.approx((p12 - p21 - half, p12 - p21 + half))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 3.0), st.floats(0.1, 3.0), st.sampled_from([0.95, 0.999]))
def test_the_runs_that_decide_are_the_fewest_that_do(mean: float, spread: float, confidence: float) -> None:
    """One fewer leaves 0 in the interval."""
    count = int(runs_needed(mean, spread, confidence))

    def decides(n: int) -> bool:
        return n > 1 and mean > stats.t.ppf(0.5 + confidence / 2, n - 1) * spread / n**0.5

    assert (decides(count), decides(count - 1)) == (True, False)


def test_an_undecided_one_tells_how_many_runs_would_decide_it() -> None:
    """More than were played, and enough if estimate and spread stay."""
    values = sample(0.1)
    found = judge(ClaimQuestion("positive"), values)
    n = found.runs_needed
    assert n is not None
    half = stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / n**0.5
    assert n > len(values)
    assert abs(values.mean()) > half


def test_an_effect_that_is_nil_is_told_to_be() -> None:
    """No number of runs would decide it."""
    values = np.array([1.0, -1.0] * 50)
    found = judge(ClaimQuestion("positive"), values)
    assert (found.verdict, found.runs_needed, found.note) == (UNDECIDED, None, NIL)


def test_arms_that_never_differ_are_told_to() -> None:
    """As an arm that has no effect at all."""
    found = judge(ClaimQuestion("negative"), np.zeros(100))
    assert (found.verdict, found.runs_needed, found.note) == (UNDECIDED, None, NO_RUN_DIFFERS)


@pytest.mark.parametrize("n", [0, 1, 2, FEWEST - 1])
def test_an_experiment_that_is_too_small_says_so(n: int) -> None:
    """However clear its few runs look."""
    found = judge(ClaimQuestion("positive"), np.full(n, 5.0))
    assert (found.verdict, found.note) == (UNDECIDED, TOO_FEW)


def test_runs_that_failed_do_not_count() -> None:
    """Nor do pairs of which one failed."""
    values = sample(1.0)
    holed = np.concatenate([values, [np.nan, np.nan]])
    assert judge(ClaimQuestion("positive"), holed) == judge(ClaimQuestion("positive"), values)


@pytest.mark.parametrize(
    ("verdicts", "wanted"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([SUPPORTED, UNDECIDED], UNDECIDED),
        ([SUPPORTED, UNDECIDED, CONTRADICTED], CONTRADICTED),
    ],
)
def test_a_claim_is_as_good_as_its_measures(verdicts: list[str], wanted: str) -> None:
    """All support it, or one contradicts it."""
    assert verdict_of(verdicts) == wanted


# --- labels ----------------------------------------------------------------------------------------


def drawn(effects: np.ndarray, runs: int = 4, noise: float = 1.0) -> np.ndarray:
    """Runs at points with these effects."""
    rng = np.random.default_rng(7)
    return effects[:, None] + rng.normal(0, noise, (len(effects), runs))


def positive(count: int) -> np.ndarray:
    """The goal of an effect above 0 at each point."""
    return goals(ClaimQuestion("positive"), None, count)


def test_noise_alone_is_no_sign() -> None:
    """Effects of 0 with noise count neither for nor against."""
    values = np.concatenate([drawn(np.zeros(50)), -drawn(np.zeros(50))])
    assert share_as(values, positive(100)) == pytest.approx(0.5, abs=0.05)


def test_a_steady_effect_is_everywhere_though_points_are_noisy() -> None:
    """The raw signs of its points would show it in two thirds."""
    values = drawn(np.full(1000, 0.25))
    assert (values.mean(axis=1) > 0).mean() < 0.75
    assert share_as(values, positive(1000)) > 0.95


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_the_share_of_a_range_is_found(share: float) -> None:
    """Effects spread evenly about 0, so that this share of them is above it."""
    effects = np.linspace(share - 1, share, 200) * 4
    assert share_as(drawn(effects), positive(200)) == pytest.approx(share, abs=0.06)


def test_what_never_differs_has_no_sign() -> None:
    """Nothing was seen of what should be above or below 0; within a bound it is."""
    values = np.zeros((10, 2))
    shares = [share_as(values, goals(ClaimQuestion(e, 0.1), None, 10)) for e in ("positive", "negative", "none")]
    assert np.isnan(shares[:2]).all()
    assert shares[2] == 1.0


def test_a_relative_bound_is_taken_at_each_point() -> None:
    """A tenth of the arm there."""
    found = goals(ClaimQuestion("none", 0.1, relative=True), np.array([10.0, 30.0]), 2)
    assert found.tolist() == [[-1.0, 1.0], [-3.0, 3.0]]
    assert goals(ClaimQuestion("above", 2.0), None, 1).tolist() == [[2.0, inf]]


@pytest.mark.parametrize(
    ("ranges", "chance", "whims", "wanted"),
    [
        (1.0, 0.95, 0.92, BY_CONSTRUCTION),
        (0.9, 0.95, 0.6, STABLE),
        (0.6, 0.5, 0.5, TUNED),
        (0.0, 0.0, 0.0, TUNED),
    ],
)
def test_labels_follow_the_shares(ranges: float, chance: float, whims: float, wanted: str) -> None:
    """By construction takes both kinds of random policies."""
    assert label_of({RANGES: ranges, CHANCE: chance, WHIMS: whims}) == wanted


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ([BY_CONSTRUCTION, BY_CONSTRUCTION], BY_CONSTRUCTION),
        ([BY_CONSTRUCTION, STABLE], STABLE),
        ([STABLE, TUNED], TUNED),
        ([STABLE, None], None),
    ],
)
def test_a_claim_is_labelled_by_its_weakest_measure(labels: list[str | None], wanted: str | None) -> None:
    """One that holds by definition does not spoil one that need not hold."""
    assert weakest(labels) == wanted
