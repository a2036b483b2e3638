"""Failures of a policy: where they are, what foretells them, and the worth of a number, beside what chance shows.

Sources: Friedman and Fisher 1999 and Bryant and Lempert 2010 (boxes by peeling); Hanley and McNeil 1982 (the area under
the curve); Strong, Oakley and Brennan 2014 (the value of knowing a number, by regression). Chance is what the same
method finds after the results were shuffled against the states, by keyed draws.
"""

from math import nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wargame.statistics.array_draws import uniforms
from wargame.statistics.draws import name_key
from wargame.statistics.intervals import Floats

SHUFFLES = 99
"""Shuffled data sets beside which a result is shown: one in twenty of them is at least as strong by chance."""
RESAMPLES = 200
STEP = 0.05
"""Share of the states that one step of peeling removes."""
LEAST = 20
"""States that a box keeps at least; fewer say little."""
MOST_LIMITS = 3
"""Factors that a box restricts at most: people do not remember more."""
FOLDS = 5
LEVEL = 0.05
Flags = NDArray[np.bool_]


class Limit(NamedTuple):
    """A restriction of one factor, by its column; both ends are included."""

    column: int
    low: float
    high: float


class Box(NamedTuple):
    """States in which failures are dense.

    `coverage` is the share of all failures inside, `density` the share of failures among the states inside, `base` that
    among all. `p` is the share of shuffled data sets in which a box stands out as much. `held_out` is the density of
    boxes in the half of the states on which they were not found, `shuffled` the 95th percentile of that by chance.
    """

    limits: tuple[Limit, ...]
    states: int
    coverage: float
    density: float
    base: float
    held_out: float
    shuffled: float
    p: float


def discover(states: Floats, failures: Floats, key: str) -> Box | None:
    """Return the box in which a policy fails, or None if chance alone makes boxes that stand out as much.

    `states` has a row for each state and a column for each factor, `failures` the share of runs that failed, 0 to 1.
    """
    if len(states) < 2 * LEAST or failures.min() == failures.max():
        return None
    base, count = float(failures.mean()), len(states)
    inside, limits = peel(states, failures)
    strength = _strength(failures, inside, base)
    orders = [_shuffled(count, key, i) for i in range(SHUFFLES)]
    null = [_strength(failures[order], peel(states, failures[order])[0], base) for order in orders]
    p = (1 + sum(each >= strength for each in null)) / (1 + SHUFFLES)
    if p > LEVEL or not limits:
        return None
    share, density = float(failures[inside].sum() / failures.sum()), float(failures[inside].mean())
    half = np.isin(np.arange(count), _shuffled(count, key, SHUFFLES)[: count // 2])
    found = base + _held_out(states, failures, half)
    most = base + float(np.quantile([_held_out(states, failures[order], half) for order in orders], 1 - LEVEL))
    return Box(limits, int(inside.sum()), share, density, base, found, most, p)


def _held_out(states: Floats, failures: Floats, half: Flags) -> float:
    """Return by how much failures are denser than usual in boxes that were found on the other half of the states."""
    gains = []
    for fitted in (half, ~half):
        _, limits = peel(states[fitted], failures[fitted])
        rest, results = states[~fitted], failures[~fitted]
        inside = inside_of(rest, limits)
        gains.append(float(results[inside].mean() - results.mean()) if inside.any() and limits else 0.0)
    return sum(gains) / len(gains)


def inside_of(states: Floats, limits: tuple[Limit, ...]) -> Flags:
    """Return which states are inside the limits."""
    inside = np.ones(len(states), dtype=np.bool_)
    for limit in limits:
        inside &= (states[:, limit.column] >= limit.low) & (states[:, limit.column] <= limit.high)
    return inside


def peel(states: Floats, failures: Floats) -> tuple[Flags, tuple[Limit, ...]]:
    """Return the box that stands out most on the path of peeling, and its limits without those that add nothing."""
    base, inside = float(failures.mean()), np.ones(len(states), dtype=np.bool_)
    best, strongest = inside, 0.0
    while (smaller := _step(states, failures, inside)) is not None:
        inside = smaller
        strength = _strength(failures, inside, base)
        if strength > strongest:
            best, strongest = inside, strength
    limits = _limits(states, best)
    while limits:
        fewer = [tuple(each for each in limits if each != left) for left in limits]
        strengths = [_strength(failures, inside_of(states, each), base) for each in fewer]
        i = int(np.argmax(strengths))
        if strengths[i] < strongest * 0.97 and len(limits) <= MOST_LIMITS:
            break
        limits, strongest = fewer[i], max(strengths[i], 0.0)
    return inside_of(states, limits), limits


def _step(states: Floats, failures: Floats, inside: Flags) -> Flags | None:
    """Return the states without the slice whose removal leaves failures densest; None if too few would be left."""
    kept, results = states[inside], failures[inside]
    count, total = len(kept), float(results.sum())
    ranked = np.sort(kept, axis=0)
    cut = max(1, int(STEP * count))
    slices = np.stack([kept <= ranked[cut - 1], kept >= ranked[-cut]])
    left = count - slices.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        density = np.where(left >= LEAST, (total - (slices * results[:, None]).sum(axis=1)) / left, -1.0)
    end, column = np.unravel_index(int(np.argmax(density)), density.shape)
    if density[end, column] < 0.0:
        return None
    smaller = inside.copy()
    smaller[inside] = ~slices[end, :, column]
    return smaller


def _strength(failures: Floats, inside: Flags, base: float) -> float:
    """Return the gain in density in units of its standard error by chance."""
    count = int(inside.sum())
    return (float(failures[inside].mean()) - base) * sqrt(count) if count >= LEAST else 0.0


def _limits(states: Floats, inside: Flags) -> tuple[Limit, ...]:
    kept = states[inside]
    ends = ((i, float(kept[:, i].min()), float(kept[:, i].max())) for i in range(states.shape[1]))
    every = ((float(states[:, i].min()), float(states[:, i].max())) for i in range(states.shape[1]))
    return tuple(Limit(*end) for end, whole in zip(ends, every, strict=True) if end[1:] != whole)


def _shuffled(count: int, key: str, number: int) -> NDArray[np.int64]:
    names = np.arange(count, dtype=np.uint64) + np.uint64((number + 1) * count)
    return np.argsort(uniforms(names, name_key("shuffle", key)))


def area(values: Floats, failed: Flags) -> float:
    """Return how often a run that fails has the larger value of two, ties counted by half; NaN without both kinds."""
    hits, others = values[failed], values[~failed]
    if not len(hits) or not len(others):
        return nan
    ranked = np.sort(others)
    below, upto = np.searchsorted(ranked, hits, "left"), np.searchsorted(ranked, hits, "right")
    return float((below + upto).mean() / 2 / len(others))


def foretell(values: Floats, failed: Flags, key: str) -> tuple[float, float, bool]:
    """Return how well a number that is known early tells runs that fail from others, and what chance shows.

    The first is the area under the curve in folds on which its sign was not chosen: 0.5 is a guess, NaN that the
    runs do not tell. The second is its 95th percentile in shuffled data, the third whether failure goes with more.
    """
    known = ~np.isnan(values)
    values, failed = values[known], failed[known]
    null = [_folded(values, failed[_shuffled(len(failed), key, i)]) for i in range(SHUFFLES)]
    chance = float(np.nanquantile(null, 1 - LEVEL)) if not np.isnan(null).all() else nan
    return _folded(values, failed), chance, area(values, failed) >= 0.5


def _folded(values: Floats, failed: Flags) -> float:
    numbers, areas = np.arange(len(values)), []
    for fold in range(FOLDS):
        out = numbers % FOLDS == fold
        sign, tested = area(values[~out], failed[~out]), area(values[out], failed[out])
        areas.append(tested if sign >= 0.5 else 1.0 - tested)
    return float(np.nanmean(areas)) if not np.isnan(areas).all() else nan


class Worth(NamedTuple):
    """The worth of knowing a number before choosing, in units of the goal, with a 95 % bootstrap interval.

    `null` is the 95th percentile for a number that has nothing to do with the goal: a smaller worth is none.
    """

    evppi: float
    low: float
    high: float
    null: float


def worth(goals: Floats, factor: Floats, key: str) -> Worth:
    """Return the expected value of knowing one factor; `goals` has a row for each policy and a column for each state.

    E[max E[goal | factor]] − max E[goal], where the conditional means are cubic in the factor.
    """
    spread, count = float(factor.std()), len(factor)
    if spread == 0.0 or len(goals) < 2:
        return Worth(0.0, 0.0, 0.0, 0.0)
    scaled = (factor - factor.mean()) / spread
    null = [_expected(goals, scaled[_shuffled(count, key, i)]) for i in range(SHUFFLES)]
    draws = uniforms(np.arange(RESAMPLES * count, dtype=np.uint64), name_key("resample", key))
    drawn = (draws * count).astype(np.int64).reshape(RESAMPLES, count)
    low, high = np.quantile([_expected(goals[:, i], scaled[i]) for i in drawn], (0.025, 0.975))
    return Worth(_expected(goals, scaled), float(low), float(high), float(np.quantile(null, 1 - LEVEL)))


def _expected(goals: Floats, factor: Floats) -> float:
    """Return the gain from choosing by means that are fitted on orthonormal polynomials of the factor."""
    columns: list[Floats] = []
    for power in range(4):
        column = factor**power
        for each in columns:
            column = column - (column * each).sum() * each
        columns.append(column / max(sqrt((column**2).sum()), 1e-12))
    fitted = sum((goals * each).sum(axis=1)[:, None] * each for each in columns)
    return max(0.0, round(float(fitted.max(axis=0).mean() - goals.mean(axis=1).max()), 12))


def split_regret(goals: Floats, means: Floats, policy: int) -> float | None:
    """Return the regret of a policy against the best one on one half of the runs of each state, tried on the other.

    `goals` is by policy, run of a state, and state; `means` by policy and state. The result is too small by chance, as
    the mean loss against the best policy of the same runs is too large. It is no smaller than what the policy is behind
    the best one in the mean over states. None with one run a state.
    """
    runs = goals.shape[1]
    if runs < 2:
        return None
    halves = goals[:, : runs // 2].mean(axis=1), goals[:, runs // 2 :].mean(axis=1)
    known = ~np.isnan(halves[0] + halves[1]).any(axis=0)
    losses = []
    for chosen, tried in (halves, halves[::-1]):
        best = np.take_along_axis(tried[:, known], chosen[:, known].argmax(axis=0)[None], axis=0)[0]
        losses.append(float((best - tried[policy, known]).mean()))
    levels = means.mean(axis=1)
    return max(sum(losses) / 2, float(levels.max() - levels[policy]))
