"""The observation model: with what probability a chronology names a simulated event.

A chronology names only some events, while a model performs everyday acts, too. For each series and origin, the
probability is the number of observed events over that of simulated ones, both from earlier origins and before the
present one, so that a forecast uses nothing that was observed after its origin. Each simulated event is then named or
not by a draw. The first origin has no past, and all its events are named; origins that are not scored give it one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wargame.evidence.backtest.series import Series, happened
from wargame.statistics.array_draws import uniforms
from wargame.statistics.draws import Draws

if TYPE_CHECKING:
    import pandas as pd

PRIOR = 1.0
"""Events that are added to both numbers: without a past every event is named (judgement)."""
LONGEST = 90
"""At most this many days after each earlier origin are compared (judgement: the longest default window)."""
DRAWS = Draws(0)
"""The draws of naming; they depend on series, origin, run and day alone."""


def named_share(
    past: Sequence[tuple[date, int, int, pd.DataFrame]], observed: Sequence[date], origin: date, until: date
) -> float:
    """Return the probability that an event of a series is named, for an origin.

    `past` has, for each earlier origin, its day, the days and the number of its runs, and their event days in this
    series; `observed` are the days with an observed event; the chronology is complete until `until`.
    """
    seen, simulated = 0.0, 0.0
    for day, length, runs, events in past:
        window = min(length, LONGEST, (origin - day).days, (until - day).days + 1)
        if window > 0:
            seen += happened(observed, day, window).count
            simulated += float((events["at"] < window).sum()) / runs
    return min(1.0, (seen + PRIOR) / (simulated + PRIOR))


def named(events: pd.DataFrame, series: Series, origin: date, share: float) -> pd.DataFrame:
    """Return the event days that are named with this probability."""
    keys = (events["place"].to_numpy(dtype=np.uint64) << np.uint64(32)) + events["at"].to_numpy(dtype=np.uint64)
    drawn = uniforms(keys, DRAWS.key("named", f"{series.kind} {series.actor}", origin.toordinal()))
    return events[drawn < share]
