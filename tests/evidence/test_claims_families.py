"""Verdicts on all claims together: Holm's steps, and error rate and power where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.later import Later
from wargame.evidence.claims.verdicts import (
    CONTRADICTED,
    POWER,
    SUPPORTED,
    UNDECIDED,
    ClaimQuestion,
    Sampled,
    holm,
    judge,
    power_of,
    prior_variance,
    runs_needed,
    verdict,
    verdict_of,
)

stats, multitest = Later("scipy.stats"), Later("statsmodels.stats.multitest")

FAMILY = 25
EFFECT = 0.25
DECLARED = int(runs_needed(EFFECT, 1.0, ClaimQuestion("positive", family=FAMILY).confidence))
"""Runs for an effect of a quarter of a standard deviation, as declared for korea-2017."""


def claim(effects: Sequence[float], rng: np.random.Generator, n: int) -> list[Sampled]:
    """A claim whose measures are expected to be above 0, with these true effects in standard deviations."""
    shared = rng.normal(0, 0.6, n)  # measures of one claim are of the same runs
    question = ClaimQuestion("positive", family=FAMILY, within=len(effects))
    return [Sampled(question, effect + shared + rng.normal(0, 0.8, n)) for effect in effects]


def verdicts_of(claims: Sequence[Sequence[Sampled]]) -> list[str]:
    """The verdicts on the claims of a scenario."""
    sharing = holm(claims, FAMILY)
    return [verdict_of([verdict(each.at(sharing)) for each in measures]) for measures in claims]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=FAMILY, max_size=FAMILY), st.integers(0, 1000))
def test_claims_with_one_measure_are_decided_as_by_holm(effects: list[float], seed: int) -> None:
    """The claims that statsmodels rejects are decided, in the direction of their estimates."""
    rng = np.random.default_rng(seed)
    claims = [claim([effect], rng, 40) for effect in effects]
    values = [measures[0].values for measures in claims]
    rejected = multitest.multipletests([stats.ttest_1samp(each, 0).pvalue for each in values], 0.05, "holm")[0]
    expected = [
        UNDECIDED if not significant else SUPPORTED if each.mean() > 0 else CONTRADICTED
        for significant, each in zip(rejected, values, strict=True)
    ]
    assert verdicts_of(claims) == expected


@pytest.mark.parametrize(("runs", "verdict"), [(19, UNDECIDED), (20, SUPPORTED)])
def test_twenty_runs_are_enough_for_a_verdict(runs: int, verdict: str) -> None:
    """And nineteen are not, however large the effects are; each claim then leaves its share of the error to others."""
    claims = [claim([4.0], np.random.default_rng(place), runs) for place in range(FAMILY)]
    assert set(verdicts_of(claims)) == {verdict}
    assert holm(claims, FAMILY) == (1 if verdict == SUPPORTED else FAMILY)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=FAMILY, max_size=FAMILY), st.integers(1, FAMILY), st.integers(0, 1000))
def test_a_selection_decides_nothing_that_all_claims_together_do_not(
    effects: list[float], count: int, seed: int
) -> None:
    """Claims that were not run count as undecided."""
    rng = np.random.default_rng(seed)
    claims = [claim([effect], rng, 40) for effect in effects]
    for part, whole in zip(verdicts_of(claims[:count]), verdicts_of(claims), strict=False):
        assert part in (whole, UNDECIDED)


@pytest.mark.slow
@pytest.mark.parametrize("true_claims", [0, *(pytest.param(n, marks=pytest.mark.exhaustive) for n in (8, 20))])
def test_the_error_of_all_claims_together_is_at_most_the_declared_one(true_claims: int) -> None:
    """False claims have one true and one null measure, the hardest case; so does no scenario in more than 1 of 20."""
    rng, scenarios, wrong = np.random.default_rng(true_claims), 300, 0
    for _ in range(scenarios):
        claims = [claim([0.5, 0.5], rng, 60) for _ in range(true_claims)]
        claims += [claim([0.5, 0.0], rng, 60) for _ in range(FAMILY - true_claims)]
        found = verdicts_of(claims)
        wrong += CONTRADICTED in found or SUPPORTED in found[true_claims:]
    assert wrong / scenarios <= 0.05 + 2 * (0.05 * 0.95 / scenarios) ** 0.5


@pytest.mark.slow
def test_the_declared_runs_decide_the_effect_of_interest_with_the_declared_power() -> None:
    """Nine of ten measures with the effect are supported at the first step, the strictest one."""
    rng, samples = np.random.default_rng(1), 2000
    supported = sum(verdict(claim([EFFECT], rng, DECLARED)[0]) == SUPPORTED for _ in range(samples))
    assert supported / samples == pytest.approx(POWER, abs=0.025)
    confidence = ClaimQuestion("positive", family=FAMILY).confidence
    assert power_of(EFFECT, DECLARED, confidence) == pytest.approx(POWER, abs=0.005)


def test_an_intersection_is_not_corrected_for_the_number_of_its_measures() -> None:
    """A measure is supported at the same error however many others the claim has; it contradicts at a share of it."""
    values = np.random.default_rng(3).normal(0.55, 1.0, 50)
    p = float(stats.ttest_1samp(values, 0).pvalue)
    alone, third = (ClaimQuestion("positive", level=1 - p * 1.5, within=within) for within in (1, 3))
    assert [verdict(Sampled(question, values)) for question in (alone, third)] == [SUPPORTED, SUPPORTED]
    assert [verdict(Sampled(question, -values)) for question in (alone, third)] == [CONTRADICTED, UNDECIDED]


@pytest.mark.exhaustive
def test_shrunken_runs_needed_are_enough_more_often_than_raw_ones() -> None:
    """Of small effects that a first sample leaves undecided, fresh samples of the stated size decide most."""
    rng, effects = np.random.default_rng(5), np.random.default_rng(6).normal(0, 0.15, 300)
    first = [claim([abs(effect)], rng, 100)[0] for effect in effects]
    open_ones = [(abs(e), each) for e, each in zip(effects, first, strict=True) if verdict(each) == UNDECIDED]
    prior = prior_variance([each for _, each in open_ones])
    shares = []
    for variance in (prior, np.inf):
        reached = []
        for effect, each in open_ones:
            needed = judge(each.question, each.values, prior=variance).runs_needed
            if needed is not None and each.values.mean() > 0:
                reached.append(power_of(effect, needed, each.question.confidence))
        shares.append(float(np.mean(reached)))
    shrunken, raw = shares
    assert shrunken > raw + 0.1
    assert shrunken > 0.6


def test_the_prior_of_pure_noise_is_near_nothing() -> None:
    """Then no number of runs is promised; effects of known size are recovered."""
    rng = np.random.default_rng(2)
    noise = [claim([0.0], rng, 100)[0] for _ in range(200)]
    assert prior_variance(noise) < 0.002
    assert prior_variance([claim([e], rng, 100)[0] for e in rng.normal(0, 0.3, 400)]) == pytest.approx(0.09, rel=0.2)
