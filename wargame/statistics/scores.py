"""Proper scores of forecasts of whether, how often and when an event occurs, lower is better; and naive forecasts.

Sources: Brier 1950; Good 1952 (log score); Matheson and Winkler 1976 (CRPS); Gneiting and Raftery 2007 (proper scores,
CRPS of a sample as E|X - y| - E|X - X'|/2); Kuensch 1989 and Politis and Romano 1992 (circular block bootstrap).
Tests compare them with scoringrules.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from math import ceil, exp, log

import numpy as np
from numpy.typing import NDArray

from wargame.dataclasses import dataclass
from wargame.statistics.array_draws import uniforms
from wargame.statistics.draws import Draws

Floats = NDArray[np.float64]
SCORES = ("brier", "log", "crps_count", "crps_time")
"""Two scores of occurrence, one of the number of events, one of the time in days."""
RESAMPLES = 2000
SMALLEST_TAIL = 1e-15


@dataclass(frozen=True, slots=True)
class Happened:
    """The events in a window: on how many days, and the days until the first; the window's length if there is none."""

    count: int
    day: float


def floored(p: float, n: int) -> float:
    """Return a share of n runs kept away from 0 and 1: (k + 1/2)/(n + 1) for k of n."""
    return min(max((n * p + 0.5) / (n + 1), 0.5 / (n + 1)), (n + 0.5) / (n + 1))


def within_floor(p: float, n: int) -> float:
    """Return a probability that is not a share of runs, kept within the ends of `floored`: no log score is infinite."""
    return min(max(p, 0.5 / (n + 1)), (n + 0.5) / (n + 1))


def brier(p: float, happened: bool) -> float:
    """Return (p - y)^2, from 0 to 1."""
    return (p - happened) ** 2


def log_score(p: float, happened: bool) -> float:
    """Return -ln of the probability of what occurred, in nats; `p` is in (0, 1)."""
    return -log(p if happened else 1.0 - p)


def crps_sample(values: Floats, y: float) -> float:
    """Return CRPS of the empirical distribution of a sample, in its unit."""
    n = len(values)
    ranks = 2.0 * np.arange(1, n + 1) - n - 1
    spread = float((ranks * np.sort(values)).sum()) / n**2
    return float(np.abs(values - y).mean()) - spread


def crps_poisson(mean: float, y: int) -> float:
    """Return CRPS of a Poisson distribution, in events: the sum over k of (F(k) - [k >= y])^2."""
    term, total, score, k = exp(-mean), 0.0, 0.0, 0
    while k < y or (total < 1.0 - SMALLEST_TAIL and k < y + 10 + 20 * mean):
        total += term
        score += (total - (k >= y)) ** 2
        k += 1
        term *= mean / k
    return score


def crps_waiting(rate: float, y: float, window: float) -> float:
    """Return CRPS of the time of the first event of a Poisson process, cut off at the window's end, in days.

    `rate` is in events per day; `y` is the observed time, or `window` if there was no event. The integral from 0
    to the window's end of (F(t) - [t >= y])^2 with F(t) = 1 - exp(-rate t).
    """
    if rate <= 0.0:
        return window - y
    before = y - 2.0 * (1.0 - exp(-rate * y)) / rate + (1.0 - exp(-2.0 * rate * y)) / (2.0 * rate)
    after = (exp(-2.0 * rate * y) - exp(-2.0 * rate * window)) / (2.0 * rate)
    return before + after


def of_sample(counts: Floats, days: Floats, happened: Happened, n: int = 0) -> dict[str, float]:
    """Return the scores of simulated futures: events in each, days until the first (the window's end if there is none).

    With `n`, the probability is kept as with n runs.
    """
    p = float((counts > 0).mean())
    numbers = crps_sample(counts, float(happened.count)), crps_sample(days, happened.day)
    return _scores(p, within_floor(p, n) if n else floored(p, len(counts)), happened, *numbers)


def of_point(forecast: Happened, happened: Happened, n: int) -> dict[str, float]:
    """Return the scores of a certain forecast (never, or the same again); its probability is kept as with n runs."""
    p = float(forecast.count > 0)
    numbers = float(abs(forecast.count - happened.count)), abs(forecast.day - happened.day)
    return _scores(p, within_floor(p, n), happened, *numbers)


def of_poisson(rate: float, happened: Happened, window: int, n: int) -> dict[str, float]:
    """Return the scores of events at a constant rate per day."""
    p = 1.0 - exp(-rate * window)
    numbers = crps_poisson(rate * window, happened.count), crps_waiting(rate, happened.day, float(window))
    return _scores(p, within_floor(p, n), happened, *numbers)


def of_gamma(events: int, days: int, happened: Happened, window: int, n: int) -> dict[str, float]:
    """Return the scores of a constant rate that is known from `events` in `days` alone (Jeffreys prior, shape 1/2).

    Counts are negative binomial; no event by day t has the probability (days/(days + t))^(events + 1/2).
    """
    shape = events + 0.5
    none = (days / (days + np.arange(window + 1.0))) ** shape
    k = np.arange(max(200, 3 * happened.count))
    ratios = (shape + k[:-1]) / (k[:-1] + 1) * window / (days + window)
    below = np.cumsum(none[-1] * np.concatenate(([1.0], np.cumprod(ratios))))
    count = float(((below - (k >= happened.count)) ** 2).sum())
    time = float(((1.0 - none[1:] - (np.arange(window) >= happened.day)) ** 2).sum())
    p = float(1.0 - none[-1])
    return _scores(p, within_floor(p, n), happened, count, time)


def _scores(p: float, kept: float, happened: Happened, count: float, time: float) -> dict[str, float]:
    """Return all scores; `kept` is the probability `p`, kept away from 0 and 1."""
    occurred = happened.count > 0
    return {"brier": brier(p, occurred), "log": log_score(kept, occurred), "crps_count": count, "crps_time": time}


def skill(score: float, naive: float) -> float | None:
    """Return 1 - score/naive: 1 is perfect, 0 as good as naive; None where the naive forecast alone was perfect."""
    if naive > 0.0:
        return 1.0 - score / naive
    return 0.0 if score == 0.0 else None


def block_length(days: list[int], window: int) -> int:
    """Return the largest number of origins whose windows overlap, which are drawn together. `days` increase."""
    return max((sum(1 for other in days if day <= other < day + window) for day in days), default=1)


def resamples(n: int, block: int, seed: int | None = None) -> NDArray[np.int64] | None:
    """Return indices of n origins, drawn in circular blocks, a row for each resample; None if all are one block."""
    if n < 2 or block >= n:
        return None
    draws, blocks = Draws(n, block), ceil(n / block)
    name = "" if seed is None else str(seed)
    starts = [[int(draws.uniform("backtest", name, i, j) * n) for j in range(blocks)] for i in range(RESAMPLES)]
    indices = (np.array(starts)[:, :, None] + np.arange(block)) % n
    return indices.reshape(RESAMPLES, -1)[:, :n].astype(np.int64)


def interval(picked: NDArray[np.int64] | None, of: Callable[[NDArray[np.int64]], Floats]) -> tuple[float, float] | None:
    """Return the middle 95 % of a statistic over resamples; None without resamples. `of` takes rows of indices."""
    if picked is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        values = of(picked)
    values = values[np.isfinite(values)]
    if len(values) < RESAMPLES // 2:
        return None
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


# A discrete form of Hawkes 1971. On each day the rate is mu + b·s, where s is a mean of the past days with an event,
# weighted by d^k for k days ago, and mu = (1 - b)·(events per day), so that the long-run rate is the observed one. Days
# have an event or none; b and d are the values of `BRANCHING` and `DECAYS` with the highest likelihood, and b is 0
# with fewer than two events.

FUTURES = 400
"""Simulated futures of a forecast."""
BRANCHING = np.arange(0.0, 0.9, 0.1)
"""Events that an event adds in the long run."""
DECAYS = np.exp(-1.0 / np.array([3.0, 7.0, 14.0, 30.0, 60.0]))
"""From an influence of days to one of months."""


def self_exciting(
    events: Collection[date], since: date, issued: date, lead: int, window: int, key: int
) -> tuple[Floats, Floats]:
    """Return the number of days with an event and the days to the first (`window` without any), for each future.

    The process is fitted to the days from `since` until before `issued`; the window begins `lead` days after `issued`.
    """
    known = np.array([since + timedelta(days=day) in events for day in range((issued - since).days)], dtype=np.float64)
    rate = (known.sum() + 0.5) / len(known)
    weighted = np.zeros(len(DECAYS))
    before = np.empty((len(known), len(DECAYS)))
    for day, occurred in enumerate(known):
        before[day] = weighted
        weighted = DECAYS * weighted + (1.0 - DECAYS) * occurred
    rates = rate * (1.0 - BRANCHING)[:, None] + BRANCHING[:, None] * before[:, None, :]  # day × branching × decay
    likelihood = np.where(known[:, None, None] > 0, np.log(-np.expm1(-rates)), -rates).sum(axis=0)
    best, decay = np.unravel_index(int(likelihood.argmax()) if known.sum() > 1 else 0, likelihood.shape)
    drawn = uniforms(np.arange(FUTURES * (lead + window), dtype=np.uint64), key).reshape(lead + window, FUTURES)
    state, days = np.full(FUTURES, weighted[decay]), np.empty((lead + window, FUTURES), dtype=bool)
    for day, row in enumerate(drawn):
        days[day] = row < -np.expm1(-(rate * (1.0 - BRANCHING[best]) + BRANCHING[best] * state))
        state = DECAYS[decay] * state + (1.0 - DECAYS[decay]) * days[day]
    inside = days[lead:]
    first = np.where(inside.any(axis=0), inside.argmax(axis=0), window)
    return inside.sum(axis=0).astype(np.float64), first.astype(np.float64)
