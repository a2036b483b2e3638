"""The observation model of a backtest: which simulated events a chronology would name."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from wargame.evidence.backtest.events import all_series, named, named_share
from wargame.scenario.loading.load import load


def named_events(runs: int, days: int) -> pd.DataFrame:
    """An event of every run on each of so many days."""
    return pd.DataFrame([{"place": run, "at": day} for run in range(runs) for day in range(days)])


def test_events_are_named_as_often_as_before_the_origin() -> None:
    """Three observed and seven simulated events, and one of each kind added: half are named."""
    past = [(date(2030, 1, 1), 60, 10, named_events(10, 7))]
    observed = [date(2030, 1, 2), date(2030, 1, 5), date(2030, 1, 20)]
    assert named_share(past, observed, date(2030, 2, 1), date(2030, 6, 1)) == pytest.approx(0.5)


def test_naming_knows_nothing_of_the_time_after_the_origin() -> None:
    """Later observations and simulated events change nothing; without a past every event is named."""
    past = [(date(2030, 1, 1), 60, 10, named_events(10, 7))]
    early = [date(2030, 1, 2)]
    later = [*early, date(2030, 1, 5), date(2030, 1, 6)]
    shares = [named_share(past, days, date(2030, 1, 5), date(2030, 6, 1)) for days in (early, later)]
    assert shares == pytest.approx([2 / 5, 2 / 5])
    assert named_share([], later, date(2030, 1, 5), date(2030, 6, 1)) == 1.0


def test_named_events_are_a_fixed_random_part() -> None:
    """The same each time, about as many as the share, all at 1."""
    series, events = all_series(load("korea-2017").scenario)[0], named_events(200, 10)
    half = named(events, series, date(2030, 3, 1), 0.5)
    assert half.equals(named(events, series, date(2030, 3, 1), 0.5))
    assert len(half) / len(events) == pytest.approx(0.5, abs=0.05)
    assert len(named(events, series, date(2030, 3, 1), 1.0)) == len(events)
