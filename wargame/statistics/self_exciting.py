"""A daily process in which events make events more likely for a while: fitted to past days, and simulated.

A discrete form of Hawkes 1971. On each day the rate is mu + b·s, where s is a mean of the past days with an event,
weighted by d^k for k days ago, and mu = (1 - b)·(events per day), so that the long-run rate is the observed one. Days
have an event or none; b and d are the values of `BRANCHING` and `DECAYS` with the highest likelihood, and b is 0
with fewer than two events.
"""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np

from wargame.statistics.array_draws import uniforms
from wargame.statistics.scores import Floats

FUTURES = 400
"""Simulated futures of a forecast."""
BRANCHING = np.arange(0.0, 0.9, 0.1)
"""Events that an event adds in the long run."""
DECAYS = np.exp(-1.0 / np.array([3.0, 7.0, 14.0, 30.0, 60.0]))
"""From an influence of days to one of months."""


def simulated(
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
