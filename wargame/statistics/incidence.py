"""Cumulative incidence of first passages with competing outcomes and censoring: Aalen and Johansen 1978.

If all runs end at the same ENDEX it is the share of runs in which the outcome has occurred by then. Runs that another
outcome has ended cannot have it any more; runs cut short before the end are censored. The variance is that of the delta
method (Marubini and Valsecchi 1995, 10.4). As long as no run was cut short, the share is a proportion with Wilson's
interval, as elsewhere in a batch; after that, intervals are on the log(-log) scale, and where no run or every run had
the outcome they are Wilson's from the runs that were not cut short.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wargame.dataclasses import dataclass
from wargame.statistics.distributions import z_of
from wargame.statistics.intervals import Floats, wilson

CENSORED, EVENT, COMPETING = 0, 1, 2
ROUNDING = 1e-9
"""Shares closer to 0 or 1 than this are 0 or 1: they are sums of fractions."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """A step function: from `days[i]` on, first 0, a share `share[i]` has the outcome, in `low[i]` to `high[i]`."""

    days: Floats
    share: Floats
    se: Floats
    low: Floats
    high: Floats

    def without_bands(self) -> Incidence:
        """Return the shares without intervals, for runs that are not independent."""
        unknown = np.full(len(self.days), np.nan)
        return Incidence(self.days, self.share, unknown, unknown, unknown)

    def at(self, days: Floats) -> Incidence:
        """Return the function at other days, from 0 on."""
        where = np.searchsorted(self.days, days, side="right") - 1
        return Incidence(days, *(column[where] for column in (self.share, self.se, self.low, self.high)))


def incidence(days: Floats, kind: NDArray[np.int64]) -> Incidence:
    """Return the incidence from the day each run left observation and why: `CENSORED`, `EVENT` or `COMPETING`."""
    moments = np.unique(np.append(0.0, days[kind != CENSORED]))
    events, others = _at(moments, days[kind == EVENT]), _at(moments, days[kind == COMPETING])
    at_risk = np.maximum(len(days) - _before(moments, days), 1.0)
    survival = np.cumprod(1.0 - (events + others) / at_risk)
    before = np.concatenate(([1.0], survival[:-1]))
    share = np.cumsum(before * events / at_risk)
    se = np.sqrt(np.maximum(_variance(share, before, events, events + others, at_risk), 0.0))
    known = len(days) - _before(moments, days[kind == CENSORED])
    none, every = share < ROUNDING, share > 1.0 - ROUNDING
    plain = np.select([none, every], [0.0, 1.0], share)
    proportions = np.array([wilson(p, n) if n else (0.0, 1.0) for p, n in zip(plain, known, strict=True)])
    safe = np.where(none | every, 0.5, share)
    shift = np.minimum(z_of() * se / (safe * np.abs(np.log(safe))), 50.0)
    proportion = none | every | (known == len(days))
    low = np.where(proportion, proportions[:, 0], safe ** np.exp(shift))
    return Incidence(moments, share, se, low, np.where(proportion, proportions[:, 1], safe ** np.exp(-shift)))


def _before(moments: Floats, days: Floats) -> Floats:
    return np.searchsorted(np.sort(days), moments).astype(float)


def _at(moments: Floats, days: Floats) -> Floats:
    return np.searchsorted(np.sort(days), moments, side="right") - _before(moments, days)


def _variance(share: Floats, before: Floats, events: Floats, all_events: Floats, at_risk: Floats) -> Floats:
    """Return the variance by the delta method at each moment, as cumulative sums."""
    left = at_risk - all_events
    safe = np.where(left > 0, at_risk * left, np.inf)
    a = all_events / safe
    b = before**2 * events * (at_risk - events) / at_risk**3
    c = before * events / at_risk**2
    # Σ (I(t) − I(tj))² a_j + Σ b_j − 2 Σ (I(t) − I(tj)) c_j, expanded to separate t and tj. At the last moment, when
    # no run is left at risk, I(t) − I(tj) is 0.
    s0, s1, s2 = np.cumsum(a), np.cumsum(share * a), np.cumsum(share**2 * a)
    c0, c1 = np.cumsum(c), np.cumsum(share * c)
    variance: Floats = share**2 * s0 - 2 * share * s1 + s2 + np.cumsum(b) - 2 * (share * c0 - c1)
    return variance
