"""What a backtest is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WINDOWS = (14, 30, 90)
"""Default lengths of forecast windows, in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """The options of a backtest."""

    chronology: str
    """Path of the CSV file with the observed events."""
    past: str | None = None
    """Path of another chronology, with the events before the first one of `chronology`."""
    windows: tuple[int, ...] = WINDOWS
    """Lengths of the forecast windows, in days."""
    arms: tuple[str, ...] = ()
    leads: tuple[int, ...] = (0,)
    """Days from the STARTEX of a run to its forecast origins, which are scored together."""
    scored_from: date | None = None
    """The first day of a scored origin; earlier ones serve the observation model alone. None: all are scored."""
    not_scored: tuple[str, ...] = ()
    """Kinds of events to accept although the scenario does not define them."""
    covered: tuple[date | None, date | None] = (None, None)
    """First and last day for which the chronology is complete; None: derived from its events."""
    seed: int | None = None
    """Seed of the resamples behind the intervals."""
