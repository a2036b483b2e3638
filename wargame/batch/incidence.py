"""Cumulative incidence of first passages with competing outcomes and censoring: Aalen and Johansen 1978.

With runs that all end at the same ENDEX it is the share of runs in which the outcome has come by then; runs that
another outcome has ended can have it no more, and runs cut short before the end are censored there. Variance by the
delta method (Marubini and Valsecchi 1995, 10.4), intervals on the scale of log(-log).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wargame.batch.special import z_of

Floats = NDArray[np.float64]

CENSORED, EVENT, COMPETING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Incidence:
    """A step function: at `days[i]` the share in which it has come is `share[i]`, within `low[i]` to `high[i]`."""

    days: Floats
    share: Floats
    se: Floats
    low: Floats
    high: Floats

    def at(self, days: Floats) -> Incidence:
        """The same, looked at on other days."""
        where = np.searchsorted(self.days, days, side="right") - 1
        picked = [
            np.where(where >= 0, column[np.maximum(where, 0)], 0.0) if len(column) else np.zeros(len(days))
            for column in (self.share, self.se, self.low, self.high)
        ]
        return Incidence(days, *picked)


def incidence(days: Floats, kind: NDArray[np.int64]) -> Incidence:
    """From when each run left observation and why: `CENSORED`, `EVENT` or `COMPETING`; `days` from 0 on."""
    order = np.argsort(days, kind="stable")
    days, kind = days[order], kind[order]
    n = len(days)
    moments, starts = np.unique(days, return_index=True)
    events = np.add.reduceat((kind == EVENT).astype(float), starts) if n else np.zeros(0)
    others = np.add.reduceat((kind == COMPETING).astype(float), starts) if n else np.zeros(0)
    at_risk = (n - starts).astype(float)
    happened = (events > 0) | (others > 0)
    moments, events, others, at_risk = (each[happened] for each in (moments, events, others, at_risk))
    survival = np.cumprod(1.0 - (events + others) / at_risk) if len(moments) else np.zeros(0)
    before = np.concatenate(([1.0], survival[:-1])) if len(moments) else np.zeros(0)
    share = np.cumsum(before * events / at_risk)
    se = np.sqrt(np.maximum(_variance(share, before, events, events + others, at_risk), 0.0))
    low, high = _log_log(share, se)
    return Incidence(moments, share, se, low, high)


def _variance(share: Floats, before: Floats, events: Floats, all_events: Floats, at_risk: Floats) -> Floats:
    """The delta method's sums, for each moment over those up to it, in one pass of cumulative sums."""
    left = at_risk - all_events
    safe = np.where(left > 0, at_risk * left, np.inf)
    a = all_events / safe
    b = before**2 * events * (at_risk - events) / at_risk**3
    c = before * events / at_risk**2
    # Σ (I(t) − I(tj))² a_j + Σ b_j − 2 Σ (I(t) − I(tj)) c_j, expanded so that t and tj part. At the last moment,
    # where nobody is left at risk, I(t) − I(tj) is 0.
    s0, s1, s2 = np.cumsum(a), np.cumsum(share * a), np.cumsum(share**2 * a)
    c0, c1 = np.cumsum(c), np.cumsum(share * c)
    made: Floats = share**2 * s0 - 2 * share * s1 + s2 + np.cumsum(b) - 2 * (share * c0 - c1)
    return made


def _log_log(share: Floats, se: Floats) -> tuple[Floats, Floats]:
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    shift = z_of() * se / (safe * np.abs(np.log(safe)))
    shift = np.minimum(shift, 50.0)
    low, high = safe ** np.exp(shift), safe ** np.exp(-shift)
    return np.where(inside, low, share), np.where(inside, high, share)
