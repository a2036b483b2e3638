"""Verdicts and their intervals, compared with SciPy and statsmodels; labels of simulated effects."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.later import Later
from wargame.evidence.claims.label_points import ABLATIONS, NOTHING_WRITTEN, RANDOM_POLICY, RANDOM_PREFERENCES, RANGES
from wargame.evidence.claims.labels import (
    BY_CONSTRUCTION,
    PARTLY,
    STABLE,
    TUNED,
    WRITTEN,
    effect_share,
    expected_ranges,
    label_of,
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

stats, proportion = Later("scipy.stats"), Later("statsmodels.stats.proportion")
weightstats = Later("statsmodels.stats.weightstats")

FAMILY = 50
EFFECTS = st.floats(-1.5, 1.5)


def sample(mean: float, n: int = 60, spread: float = 1.0, seed: int = 1) -> np.ndarray:
    """Draw normal numbers with a mean and a standard deviation."""
    return np.random.default_rng(seed).normal(mean, spread, n)


def test_the_interval_is_students_t_for_one_measure() -> None:
    """It has the declared level, whatever the size of the family."""
    values = sample(0.3)
    judgement = judge(ClaimQuestion("positive", family=FAMILY), values)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (judgement.low, judgement.high) == pytest.approx((expected.low, expected.high))


def test_two_runs_have_an_interval_and_one_has_none() -> None:
    """A verdict takes more of both."""
    one, two = (judge(ClaimQuestion("positive", family=FAMILY), np.array(values)) for values in ([1.0], [1.0, 2.0]))
    assert (one.estimate, two.estimate) == (1.0, 1.5)
    assert np.isnan(one.low)
    assert two.low < 1.5 < two.high
    assert {one.verdict, two.verdict} == {UNDECIDED}


@settings(max_examples=60, deadline=None)
@given(EFFECTS, st.integers(0, 1000), st.sampled_from([1, 5, FAMILY]))
def test_a_sign_is_decided_by_the_corrected_test(mean: float, seed: int, family: int) -> None:
    """Supported or contradicted exactly if SciPy's p-value is below the Bonferroni-corrected error."""
    values = sample(mean, seed=seed)
    significant = stats.ttest_1samp(values, 0).pvalue < 0.05 / family
    expected = UNDECIDED if not significant else SUPPORTED if values.mean() > 0 else CONTRADICTED
    assert judge(ClaimQuestion("positive", family=family), values).verdict == expected


@settings(max_examples=60, deadline=None)
@given(EFFECTS, st.integers(0, 1000), st.sampled_from(["positive", "below", "none"]))
def test_verdicts_are_symmetric(mean: float, seed: int, expect: str) -> None:
    """Mirrored values have the same verdict on the mirrored sign, bound or equivalence."""
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
    """Supported exactly if the p-value of statsmodels' TOST is below the corrected error."""
    first = sample(mean * 0.4, seed=seed)
    base = sample(0.0, seed=seed + 5000)
    p = weightstats.ttost_paired(first, base, -0.7, 0.7)[0]
    judgement = judge(ClaimQuestion("none", 0.7, family=family), first - base)
    assert (judgement.verdict == SUPPORTED) == (p < 0.05 / family)


def test_an_effect_beyond_the_bound_contradicts_equivalence() -> None:
    """One side beyond the bound is enough."""
    assert judge(ClaimQuestion("none", 0.2, family=FAMILY), sample(1.5)).verdict == CONTRADICTED


@settings(max_examples=40, deadline=None)
@given(EFFECTS, st.integers(0, 1000))
def test_a_bound_is_one_one_sided_test(mean: float, seed: int) -> None:
    """Significant on the claimed side it supports, on the other side it contradicts."""
    values = sample(mean, seed=seed)
    below = stats.ttest_1samp(values, 0.3, alternative="less").pvalue < 0.05 / FAMILY
    above = stats.ttest_1samp(values, 0.3, alternative="greater").pvalue < 0.05 / FAMILY
    expected = SUPPORTED if below else CONTRADICTED if above else UNDECIDED
    assert judge(ClaimQuestion("below", 0.3, family=FAMILY), values).verdict == expected


@settings(max_examples=40, deadline=None)
@given(EFFECTS, st.integers(0, 1000))
def test_a_bound_relative_to_a_constant_is_an_absolute_bound(mean: float, seed: int) -> None:
    """A tenth of an arm with the value 7 in every run is 0.7."""
    values = sample(mean * 0.4, seed=seed)
    relative = judge(ClaimQuestion("none", 0.1, relative=True), values, np.full(len(values), 7.0))
    plain = judge(ClaimQuestion("none", 0.7), values)
    assert (relative.verdict, relative.runs_needed) == (plain.verdict, plain.runs_needed)


def test_the_error_of_a_relative_bound_is_included() -> None:
    """The same effect is decided with a constant reference, and undecided with a varying one."""
    values = sample(0.0, n=100, spread=2.0, seed=3)
    varying = np.where(np.arange(100) % 10 == 0, 100.0, 0.0)
    question = ClaimQuestion("none", 0.1, relative=True, family=FAMILY)
    verdicts = [judge(question, values, reference).verdict for reference in (np.full(100, 10.0), varying)]
    assert verdicts == [SUPPORTED, UNDECIDED]


def test_the_share_in_one_arm_has_wilsons_interval() -> None:
    """It equals that of statsmodels."""
    values = np.array([1.0] * 3 + [0.0] * 57)
    judgement = judge(ClaimQuestion("below", 0.15, form=ONE), values)
    assert (judgement.low, judgement.high) == pytest.approx(proportion.proportion_confint(3, 60, method="wilson"))


def test_the_difference_of_two_shares_has_bonett_and_prices_interval() -> None:
    """It equals the formula with pseudo-counts of one, at the corrected level."""
    values = np.array([1.0] * 14 + [-1.0] * 2 + [0.0] * 84)
    judgement = judge(ClaimQuestion("positive", form=PAIR, family=FAMILY), values)
    p12, p21, n = 15 / 102, 3 / 102, 102
    half = stats.norm.ppf(1 - 0.05 / FAMILY / 2) * ((p12 + p21 - (p12 - p21) ** 2) / n) ** 0.5
    assert (judgement.adjusted_low, judgement.adjusted_high) == pytest.approx((p12 - p21 - half, p12 - p21 + half))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 3.0), st.floats(0.1, 3.0), st.sampled_from([0.95, 0.999]))
def test_runs_needed_is_the_least_number_that_decides(mean: float, spread: float, confidence: float) -> None:
    """With one run fewer the interval of this mean and spread includes 0, for a power of one half."""
    count = int(runs_needed(mean, spread, confidence, power=0.5))

    def decides(n: int) -> bool:
        return n > 1 and mean > stats.t.ppf(0.5 + confidence / 2, n - 1) * spread / n**0.5

    assert (decides(count), decides(count - 1)) == (True, False)


def test_an_undecided_verdict_has_the_number_of_runs_needed() -> None:
    """It is more than were run, and enough if estimate and spread do not change."""
    values = sample(0.1)
    judgement = judge(ClaimQuestion("positive"), values)
    n = judgement.runs_needed
    assert n is not None
    half = stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / n**0.5
    assert n > len(values)
    assert abs(values.mean()) > half


def test_a_negligible_effect_has_a_note() -> None:
    """No number of runs would decide it."""
    values = np.array([1.0, -1.0] * 50)
    judgement = judge(ClaimQuestion("positive"), values)
    assert (judgement.verdict, judgement.runs_needed, judgement.note) == (UNDECIDED, None, NIL)


def test_arms_that_never_differ_have_a_note() -> None:
    """For example if the difference between the arms has no effect."""
    judgement = judge(ClaimQuestion("negative"), np.zeros(100))
    assert (judgement.verdict, judgement.runs_needed, judgement.note) == (UNDECIDED, None, NO_RUN_DIFFERS)


@pytest.mark.parametrize("n", [0, 1, 2, FEWEST - 1])
def test_too_few_runs_are_undecided(n: int) -> None:
    """However clear the difference is."""
    judgement = judge(ClaimQuestion("positive"), np.full(n, 5.0))
    assert (judgement.verdict, judgement.note) == (UNDECIDED, TOO_FEW)


def test_failed_runs_are_left_out() -> None:
    """So are pairs with one failed run."""
    values = sample(1.0)
    holed = np.concatenate([values, [np.nan, np.nan]])
    assert judge(ClaimQuestion("positive"), holed) == judge(ClaimQuestion("positive"), values)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([SUPPORTED, UNDECIDED], UNDECIDED),
        ([SUPPORTED, UNDECIDED, CONTRADICTED], CONTRADICTED),
    ],
)
def test_the_verdict_of_a_claim_follows_from_its_measures(verdicts: list[str], expected: str) -> None:
    """Supported if all are, contradicted if one is."""
    assert verdict_of(verdicts) == expected


# --- labels ----------------------------------------------------------------------------------------


def drawn(effects: np.ndarray, runs: int = 4, noise: float = 1.0) -> np.ndarray:
    """Draw runs at points with these effects."""
    rng = np.random.default_rng(7)
    return effects[:, None] + rng.normal(0, noise, (len(effects), runs))


def positive(count: int) -> np.ndarray:
    """The range of an effect above 0 at each point."""
    return expected_ranges(ClaimQuestion("positive"), None, count)


def test_noise_alone_has_a_share_of_one_half() -> None:
    """Effects of 0 with noise count neither for nor against the claim."""
    values = np.concatenate([drawn(np.zeros(50)), -drawn(np.zeros(50))])
    assert effect_share(values, positive(100)) == pytest.approx(0.5, abs=0.05)


def test_a_constant_effect_has_a_high_share_despite_noise() -> None:
    """The raw signs of the points would show it at less than three quarters."""
    values = drawn(np.full(1000, 0.25))
    assert (values.mean(axis=1) > 0).mean() < 0.75
    assert effect_share(values, positive(1000)) > 0.95


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_known_share_is_recovered(share: float) -> None:
    """Effects are spread evenly so that this share of them is above 0."""
    effects = np.linspace(share - 1, share, 200) * 4
    assert effect_share(drawn(effects), positive(200)) == pytest.approx(share, abs=0.06)


def test_arms_that_never_differ_have_no_share_of_a_sign() -> None:
    """The share of an effect above or below 0 is undefined; that of an equivalence is 1."""
    values = np.zeros((10, 2))
    shares = [
        effect_share(values, expected_ranges(ClaimQuestion(e, 0.1), None, 10)) for e in ("positive", "negative", "none")
    ]
    assert np.isnan(shares[:2]).all()
    assert shares[2] == 1.0


def test_a_relative_bound_is_computed_at_each_point() -> None:
    """Here it is a tenth of the reference at the point."""
    expected = expected_ranges(ClaimQuestion("none", 0.1, relative=True), np.array([10.0, 30.0]), 2)
    assert expected.tolist() == [[-1.0, 1.0], [-3.0, 3.0]]
    assert expected_ranges(ClaimQuestion("above", 2.0), None, 1).tolist() == [[2.0, inf]]


@pytest.mark.parametrize(
    ("ranges", "policy", "preferences", "written", "expected"),
    [
        (1.0, 0.95, 0.92, 0.9, BY_CONSTRUCTION),
        (0.9, 0.2, 0.9, 0.8, STABLE),
        (0.9, 0.95, 0.9, 0.8, PARTLY),
        (0.9, 0.2, 0.6, 0.5, PARTLY),
        (0.8, 0.2, 0.9, 0.8, PARTLY),
        (0.9, 0.2, nan, 0.8, PARTLY),
        (0.9, 0.2, 0.9, 0.5, WRITTEN),
        (1.0, 0.95, 1.0, 0.5, WRITTEN),
        (0.6, 0.5, 0.9, 0.5, TUNED),
        (0.0, 0.0, 0.0, 0.0, TUNED),
    ],
)
def test_labels_follow_the_shares(
    ranges: float, policy: float, preferences: float, written: float, expected: str
) -> None:
    """An effect with arbitrary interests that is gone without the written worth of options is as written."""
    shares = {RANGES: ranges, RANDOM_POLICY: policy, RANDOM_PREFERENCES: preferences, NOTHING_WRITTEN: written}
    assert label_of(shares | {ABLATIONS: 0.9}, 0.8) == expected


@pytest.mark.parametrize(("ablations", "low"), [(0.8, 0.8), (nan, 0.8), (0.9, 0.7)])
def test_robust_takes_the_ablations_and_enough_points(ablations: float, low: float) -> None:
    """Without ablations nothing is robust, nor is a share of too few points."""
    shares = {RANGES: 0.95, RANDOM_POLICY: 0.2, RANDOM_PREFERENCES: 0.9, NOTHING_WRITTEN: 0.9}
    assert label_of(shares | {ABLATIONS: 0.95}, 0.8) == STABLE
    assert label_of(shares | {ABLATIONS: ablations}, low) == PARTLY


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([BY_CONSTRUCTION, BY_CONSTRUCTION], BY_CONSTRUCTION),
        ([BY_CONSTRUCTION, STABLE], STABLE),
        ([BY_CONSTRUCTION, WRITTEN], WRITTEN),
        ([WRITTEN, STABLE], STABLE),
        ([STABLE, TUNED], TUNED),
        ([STABLE, PARTLY], PARTLY),
        ([PARTLY, TUNED], TUNED),
        ([STABLE, None], None),
    ],
)
def test_the_label_of_a_claim_is_that_of_its_weakest_measure(labels: list[str | None], expected: str | None) -> None:
    """In the order of the list of labels; None if a measure has no label."""
    assert weakest(labels) == expected
