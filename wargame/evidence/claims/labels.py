"""Labels of verdicts: the dependence of a verdict on the chosen numbers and on the decisions of governments.

Each claim is run again at other points (`label_points`): with other plausible numbers, with a random policy, and with
random preferences. The share of points with the effect found (`effect_shares`) decides the label of a measure:

- *by construction*: the share is at least `CONSTRUCTED` with every kind of random governments;
- *tuned*: otherwise, if the share over the plausible ranges is below `HELD`; it holds near the chosen numbers only;
- *as written*: otherwise, if the share is at least `HELD` with arbitrary interests, but not if also the worth that the
  author wrote for single options is arbitrary: the verdict repeats what was written into strategies and options;
- *robust*: otherwise, if the share is at least `ROBUST` over the ranges, with a lower bound of at least `HELD`, and
  over the ablations, at least `HELD` with arbitrary interests, and below `CONSTRUCTED` with a random policy;
- *partly robust*: otherwise.

Without points, or if no run differs, nothing is shown: the share counts as 0. Other STARTEX dates and equal stances are
measures of the claims that have them. An undecided measure has no label, nor has one without any effect over the
ranges; arms of such measures alone are not run. The label of a claim is the first of tuned, partly robust, robust, as
written and by construction that one of its measures has.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isnan, nan
from typing import Any

import numpy as np

from wargame.batches.api import Batch
from wargame.evidence.claims import label_points
from wargame.evidence.claims.experiment import ClaimPlan, ClaimResult, arms_of, contrast, formula, horizon
from wargame.evidence.claims.label_points import KINDS, RANDOM, RANGES, LabelPoints, LabelRuns
from wargame.evidence.claims.verdicts import CONTRADICTED, UNDECIDED, ClaimQuestion
from wargame.executor.campaign import Progress
from wargame.executor.executors import Executor
from wargame.scenario.building.numbers import numbers, plausible
from wargame.scenario.model.questions import Expectation
from wargame.statistics import intervals as statistics
from wargame.statistics.distributions import normal_cdf
from wargame.statistics.intervals import Floats

CONSTRUCTED = ROBUST = 0.9
HELD = 0.75
BY_CONSTRUCTION, STABLE, TUNED, WRITTEN = "by construction", "robust", "tuned", "as written"
PARTLY = "partly robust"
OPPOSITE = {"positive": "negative", "negative": "positive", "below": "above", "above": "below"}


def label_of(shares: dict[str, float], low: float) -> str:
    """Return the label of a measure from its shares by kind of points, and the lower bound of that over the ranges."""
    known = {kind: 0.0 if isnan(share) else share for kind, share in shares.items()}
    if min(known[kind] for kind in RANDOM) >= CONSTRUCTED:
        return BY_CONSTRUCTION
    if known[RANGES] < HELD:
        return TUNED
    holds_for_any = known[label_points.RANDOM_PREFERENCES] >= HELD
    if holds_for_any and known[label_points.NOTHING_WRITTEN] < HELD:
        return WRITTEN
    over_all = min(known[RANGES], known[label_points.ABLATIONS]) >= ROBUST and low >= HELD
    decided = known[label_points.RANDOM_POLICY] < CONSTRUCTED
    return STABLE if over_all and holds_for_any and decided else PARTLY


def weakest(labels: Sequence[str | None]) -> str | None:
    """Return the label of a claim from the labels of its measures; None if a measure has none."""
    if not labels or None in labels:
        return None
    return next(label for label in (TUNED, PARTLY, STABLE, WRITTEN, BY_CONSTRUCTION) if label in labels)


def label(
    plan: ClaimPlan, batch: Batch, tested: list[ClaimResult], executor: Executor, progress: Progress | None = None
) -> dict[str, Any]:
    """Run the label experiment and label all decided measures."""
    evidence = plan.loaded.scenario.evidence
    ablations = tuple(name for name, each in evidence.variants.items() if each.overlay is None and not each.wrong)
    points = LabelPoints(evidence.draws, evidence.runs_each, plan.prepared.study.seed, ablations)
    measures = ((each.id, pair) for each in tested for pair in zip(each.claim.measures, each.measures, strict=True))
    decided = [(claim, each) for claim, (each, found) in measures if found.judged.verdict != UNDECIDED]
    runs = LabelRuns(plan, batch, points, {plan.arms[claim, arm] for claim, each in decided for arm in arms_of(each)})
    runs.run(executor, progress)
    claims = {each.id: _claim(plan, runs, each) for each in tested}
    varied = len(plausible(evidence.uncertainty, numbers(plan.loaded.scenario, plan.loaded.injects)))
    how = {"draws": points.draws, "runs_each": points.each, "numbers": varied, "constructed": CONSTRUCTED}
    how |= {"robust": ROBUST, "held": HELD, "ablations": len(ablations)}
    return {"how": how | {"cells": len(runs.cells), "failures": runs.failure_rows}, "claims": claims}


def _claim(plan: ClaimPlan, runs: LabelRuns, tested: ClaimResult) -> dict[str, Any]:
    labels: list[str | None] = []
    measures = []
    for each, measured in zip(tested.claim.measures, tested.measures, strict=True):
        question = plan.question(each)
        expected = {kind: _share(plan, runs, tested.id, each, kind, question) for kind in KINDS}
        as_found = expected
        verdict = measured.judged.verdict
        if verdict == CONTRADICTED and question.expect == "none":
            as_found = {kind: 1.0 - share for kind, share in expected.items()}
        elif verdict == CONTRADICTED:
            opposite = replace(question, expect=OPPOSITE[question.expect])
            as_found = {kind: _share(plan, runs, tested.id, each, kind, opposite) for kind in KINDS}
        values = _values(plan, runs, tested.id, each, RANGES)[0].mean(axis=1)
        low = _lowest(as_found[RANGES], len(values))
        labels.append(None if verdict == UNDECIDED or isnan(low) else label_of(as_found, low))
        shares = {kind: None if isnan(value) else value for kind, value in expected.items()}
        mean = statistics.mean(values)
        over = [None if isnan(x) else x for x in (mean.estimate, mean.low, mean.high)]
        bound = statistics.finite(_lowest(expected[RANGES], len(values)))
        measures.append({"label": labels[-1], "shares": shares, "share_low": bound, "over_ranges": over})
    return {"label": weakest(labels), "measures": measures}


def _lowest(share: float, points: int) -> float:
    """Return the lower bound of a share of points, one-sided at 95 % (Wilson); NaN without one."""
    return nan if isnan(share) else statistics.wilson(share, points, 0.9)[0]


def _share(
    plan: ClaimPlan, runs: LabelRuns, claim: str, each: Expectation, kind: str, question: ClaimQuestion
) -> float:
    values, references = _values(plan, runs, claim, each, kind)
    return effect_share(values, expected_ranges(question, references, len(values)))


def _values(plan: ClaimPlan, runs: LabelRuns, claim: str, each: Expectation, kind: str) -> tuple[Floats, Floats]:
    """Return contrasts at points without failed runs, as points × runs, and means of the reference arm at each."""
    place = list(plan.prepared.measured).index(formula(each))
    limit = horizon(plan, claim, each)
    values, references = [], []
    for point in runs.points.of(kind):
        columns = {arm: runs.measured(plan.arms[claim, arm], point, place) for arm in arms_of(each)}
        if any(len(column) == 0 for column in columns.values()):
            continue
        if limit is not None:
            columns = {arm: np.minimum(np.nan_to_num(column, nan=limit), limit) for arm, column in columns.items()}
        differences = contrast(each, columns)
        if not np.isnan(differences).any():
            values.append(differences)
            references.append(columns[each.share_of].mean() if each.share_of is not None else 0.0)
    table = np.array(values, dtype=np.float64).reshape(len(values), runs.points.each)
    return table, np.array(references, dtype=np.float64)


def effect_share(values: Floats, ranges: Floats) -> float:
    """Return the share of points whose effect is in its range, from 0 to 1; empirical Bayes (Efron and Morris 1973).

    A point has few runs, so the mean of its contrast is mostly noise. The true effects of points are assumed to be
    normal, with the variance between points minus the variance within points. The share is the mean probability, over
    points, that the true effect is in the expected range. Noise thus counts neither for nor against the claim: an
    effect of 0 has a share of one half. If noise explains all variance, it is the probability of the common mean.

    `values` has the shape points × runs, `ranges` points × 2 (lower and upper end). NaN without points, and if no run
    shows any effect although the range is on one side of 0.
    """
    count = len(values)
    if count == 0 or (not values.any() and bool((ranges == 0.0).any(axis=1).all())):
        return nan
    means = values.mean(axis=1)
    runs = values.shape[1]
    noise = float(values.var(axis=1, ddof=1).mean()) / runs if runs > 1 else 0.0
    total = float(means.var(ddof=1)) if count > 1 else 0.0
    between = max(0.0, total - noise)
    if between == 0.0:
        centres, variance = np.full(count, means.mean()), noise / count
    else:
        shrinkage = between / (between + noise)
        centres, variance = means.mean() + shrinkage * (means - means.mean()), shrinkage * noise
    chances = [_probability(m, variance, low, high) for m, (low, high) in zip(centres, ranges, strict=True)]
    return float(np.mean(chances))


def _probability(mean: float, variance: float, low: float, high: float) -> float:
    if variance <= 1e-18 * (1.0 + mean * mean):
        return float(low < mean < high)
    spread = variance**0.5
    return normal_cdf((high - mean) / spread) - normal_cdf((low - mean) / spread)


def expected_ranges(question: ClaimQuestion, references: Floats | None, count: int) -> Floats:
    """Return the range of the effect at each point if the claim holds there, as points × 2.

    `references` are the means, by point, of the arm that a relative bound refers to.
    """
    bound = np.full(count, question.bound or 0.0)
    if question.relative and references is not None:
        bound = bound * references
    edge = np.full(count, inf)
    ends = {
        "positive": (np.zeros(count), edge),
        "negative": (-edge, np.zeros(count)),
        "below": (-edge, bound),
        "above": (bound, edge),
        "none": (-np.abs(bound), np.abs(bound)),
    }
    return np.stack(ends[question.expect], axis=1)
