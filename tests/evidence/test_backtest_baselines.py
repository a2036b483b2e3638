"""The baselines of a backtest: what they know, what they say, and the batch beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.backtests import PAST, play_rivals, row, score, write_rivals
from support.in_process import inside
from support.later import Later
from wargame.evidence.backtest.scoring import BASELINES, Backtest
from wargame.statistics import scores
from wargame.statistics.scores import Happened, of_gamma

scoringrules = Later("scoringrules")

BASE = date(2030, 1, 1)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of six runs from 1 March 2030."""
    return play_rivals(write_rivals(tmp_path_factory.mktemp("rivals"))) / "b"


@pytest.fixture
def backtest_of(played: Path, tmp_path: Path) -> Callable[..., Backtest]:
    """A function that scores the batch against events given as CSV lines."""
    return lambda lines, **options: score(played, tmp_path / "events.csv", lines, **options)


def drilled(*days: str) -> str:
    """Lines of drills of ARD on these days."""
    return "".join(f"E{day},{day},,ARD,drill,150,,,\n" for day in days)


@pytest.mark.parametrize(("count", "day"), [(0, 30.0), (1, 4.0), (3, 0.0)])
def test_a_rate_with_its_uncertainty_is_scored_as_its_sample(count: int, day: float) -> None:
    """The closed form equals scores of many rates from the gamma distribution, with a Poisson count for each."""
    rng = np.random.default_rng(7)
    rates = rng.gamma(2.5, 1 / 60, 200_000)
    counts, first = rng.poisson(30 * rates), np.minimum(np.floor(rng.exponential(1 / rates)), 30.0)
    ours = of_gamma(2, 60, Happened(count, day), 30, 10**9)
    p = (counts > 0).mean()
    assert ours["brier"] == pytest.approx((p - (count > 0)) ** 2, abs=0.005)
    for name, sample, seen in (("crps_count", counts, count), ("crps_time", first, day)):
        assert ours[name] == pytest.approx(float(scoringrules.crps_ensemble(seen, sample * 1.0)), rel=0.02)


@pytest.mark.parametrize(("last", "more"), [(119, True), (60, False)])
def test_a_burst_raises_the_forecast_of_a_self_exciting_process_for_a_while(last: int, more: bool) -> None:
    """After days in a row with an event another is more likely than by the rate alone; after a long pause it is not."""
    bursts = (range(5, 10), range(40, 44), range(last - 4, last + 1))
    days = {BASE + timedelta(days=day) for burst in bursts for day in burst}
    counts, _ = scores.self_exciting(days, BASE, BASE + timedelta(days=120), 0, 5, 1)
    by_rate = 1 - np.exp(-5 * len(days) / 120)
    assert ((counts > 0).mean() > by_rate + 0.1) == more


def test_a_process_without_events_forecasts_few() -> None:
    """A kind that was never observed in half a year is not certain never to occur."""
    counts, first = scores.self_exciting(set(), BASE, BASE + timedelta(days=180), 0, 90, 1)
    assert 0.1 < (counts > 0).mean() < 0.35
    assert ((first < 90) == (counts > 0)).all()


def test_no_baseline_knows_more_than_the_runs(backtest_of: Callable[..., Backtest]) -> None:
    """With a lead, an event between STARTEX and the origin changes no baseline."""
    quiet, eventful = (
        row(backtest_of(PAST + lines, leads=(10,), windows=(14,)).forecasts, kind="drill", actor="ARD")["scores"]
        for lines in (drilled("2030-03-14"), drilled("2030-03-04", "2030-03-05", "2030-03-14"))
    )
    assert {name: quiet[name] for name in BASELINES if name in quiet} == {
        name: eventful[name] for name in BASELINES if name in eventful
    }
    assert {"persistence", "poisson", "updated", "roots", "hawkes"} <= set(quiet)


def test_kinds_with_the_same_roots_share_a_rate(backtest_of: Callable[..., Backtest]) -> None:
    """`drill` and `deal` have no codes, so each is alone: ARD and BRL of a kind together have one rate."""
    result = backtest_of(PAST + drilled("2030-01-20", "2030-02-01", "2030-03-14"), windows=(14,))
    rates = [
        1 - np.sqrt(row(result.forecasts, kind="drill", actor=who)["scores"]["roots"]["brier"]) for who in ("ARD",)
    ]
    assert rates[0] == pytest.approx(1 - (118 / (118 + 14)) ** 4.5)  # four drills in twice 59 days


def test_a_batch_beside_is_a_baseline(played: Path, tmp_path: Path) -> None:
    """Beside itself a batch has no skill; the table names the baseline, and so does the JSON document."""
    (tmp_path / "events.csv").write_text(
        "id,date,end_date,actors,kind,cameo,description,source,confidence\n" + PAST + drilled("2030-03-14")
    )
    words = ["backtest", str(played), "--chronology", "events.csv", "--covered-until", "2030-06-30"]
    done = inside(*words, "--beside", str(played), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if "batch beside" in line]
    assert lines
    assert {line[4] for line in lines} == {"+0.00"}


def test_without_a_batch_beside_there_is_no_such_baseline(backtest_of: Callable[..., Any]) -> None:
    """Rows against it are missing, not empty."""
    assert all(each["naive"]["beside"] is None for each in backtest_of(PAST).scores)


@pytest.mark.slow
def test_a_batch_beside_begins_on_the_same_days(played: Path, tmp_path: Path) -> None:
    """Otherwise nothing would be compared, and nobody would notice."""
    done = inside("batch", "two-rivals", "-n", "4", "--until", "60d", "--events", "--out", "other", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    scenario = str(played.parent / "scenario.yaml")
    words = ["-n", "4", "--startex", "2030-04-01", "--until", "60d", "--events", "--jobs", "1", "--out", "later"]
    done = inside("batch", scenario, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "events.csv").write_text(
        "id,date,end_date,actors,kind,cameo,description,source,confidence\n" + PAST + drilled("2030-03-14")
    )
    for beside, message in (("other", "another scenario"), ("later", "origin on 2030-03-01")):
        done = inside("backtest", str(played), "--chronology", "events.csv", "--beside", beside, cwd=tmp_path)
        assert (done.returncode, message in done.stderr) == (2, True), done.stderr
