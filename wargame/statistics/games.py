"""Games in normal form whose payoffs are estimated from runs: best answers and equilibria, with their uncertainty.

`payoffs` is an array players × strategies of the first player × … × runs. A run has the same draws in all profiles, so
that runs are resampled together. Sources: Nash 1951 (equilibria); Brown 1951 (fictitious play); Wellman 2006 (games
whose payoffs are simulated).
"""

import numpy as np
from numpy.typing import NDArray

from wargame.statistics.array_draws import uniforms
from wargame.statistics.draws import name_key
from wargame.statistics.intervals import Floats, holm, paired

RESAMPLES = 400
ROUNDS = 4000
"""Rounds of fictitious play."""


def resampled(payoffs: Floats, key: str) -> list[Floats]:
    """Return the mean payoffs of bootstrap samples of the runs, by keyed draws."""
    runs = payoffs.shape[-1]
    draws = uniforms(np.arange(RESAMPLES * runs, dtype=np.uint64), name_key("resample", key))
    return [payoffs[..., drawn].mean(axis=-1) for drawn in (draws * runs).astype(np.int64).reshape(RESAMPLES, runs)]


def separated(payoffs: Floats, level: float = 0.05) -> bool:
    """Return whether any strategy is surely better than another against anything that the others do (Holm's test)."""
    ps = []
    for i, each in enumerate(payoffs):
        own = np.moveaxis(each, i, 0).reshape(each.shape[i], -1, each.shape[-1])
        ps += [
            paired(a, b, share=False).p
            for k in range(len(own))
            for m in range(k)
            for a, b in zip(own[k], own[m], strict=True)
        ]
    return any(p < level for p in holm(ps))


def gains(means: Floats) -> Floats:
    """Return what each player gains at most by another strategy, by player and profile; 0 for a best answer."""
    return np.stack([each.max(axis=i, keepdims=True) - each for i, each in enumerate(means)])


def equilibria(means: Floats, indifference: float) -> NDArray[np.bool_]:
    """Return which profiles are equilibria: no player gains more than `indifference` by another strategy."""
    return np.asarray((gains(means) <= indifference).all(axis=0))


def best_answers(samples: list[Floats]) -> list[Floats]:
    """Return, by player and profile, in which share of samples the strategy is a best answer; ties are shared."""
    first = samples[0]
    totals = [np.zeros(first.shape[1:]) for _ in first]
    for means in samples:
        for i, lost in enumerate(gains(means)):
            best = (lost == 0.0).astype(float)
            totals[i] += best / best.sum(axis=i, keepdims=True)
    return [total / len(samples) for total in totals]


def mixture(means: Floats) -> tuple[list[Floats], float]:
    """Return the frequencies of strategies in fictitious play, and what a player gains at most by leaving them.

    They are an equilibrium in mixed strategies if nobody gains anything; fictitious play need not find one.
    """
    counts = [np.zeros(size) for size in means.shape[1:]]
    expected = [each.mean(axis=tuple(j for j in range(each.ndim) if j != i)) for i, each in enumerate(means)]
    for _ in range(ROUNDS):
        for count, worth in zip(counts, expected, strict=True):
            count[int(np.argmax(worth))] += 1.0
        mixed = [count / count.sum() for count in counts]
        expected = [_expected(each, i, mixed) for i, each in enumerate(means)]
    kept = [float((worth * mix).sum()) for worth, mix in zip(expected, mixed, strict=True)]
    return mixed, max(float(worth.max()) - own for worth, own in zip(expected, kept, strict=True))


def _expected(payoff: Floats, player: int, mixed: list[Floats]) -> Floats:
    """Return the payoff of each strategy of a player against the mixtures of the others."""
    for j in reversed(range(payoff.ndim)):
        if j != player:
            shape = [-1 if axis == j else 1 for axis in range(payoff.ndim)]
            payoff = (payoff * mixed[j].reshape(shape)).sum(axis=j, keepdims=True)
    return payoff.ravel()
