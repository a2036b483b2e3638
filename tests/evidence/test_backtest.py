"""Backtests: which events are scored, from one origin and from several, also for korea-2017."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from support.backtests import HEAD, PAST, ROOT, play_rivals, play_rolling, row, score, write_rivals
from support.in_process import inside
from support.later import Later
from wargame.batches.api import Batch, open_batch
from wargame.errors import Invalid
from wargame.evidence.backtest import scoring
from wargame.evidence.backtest.chronology import read_chronology
from wargame.evidence.backtest.events import BacktestRequest, all_series, shipped
from wargame.evidence.backtest.scoring import Backtest, backtest
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.statistics.scores import resamples

scoringrules = Later("scoringrules")


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scenario with a history, scripted injects and an event mapping."""
    return write_rivals(tmp_path_factory.mktemp("rivals"))


@pytest.fixture(scope="module")
def played(rivals: Path) -> Path:
    """The folder of the scenario, with a batch of six runs with events."""
    return play_rivals(rivals)


@pytest.fixture
def backtest_of(played: Path, tmp_path: Path) -> Callable[..., Backtest]:
    """A function that scores the six runs against events given as CSV lines."""

    def make(lines: str, batch: str = "b", **options: Any) -> Backtest:
        return score(played / batch, tmp_path / "events.csv", lines, **options)

    return make


# --- what is scored --------------------------------------------------------------------------------


def test_forecasts_match_a_count_by_hand(backtest_of: Callable[..., Backtest], played: Path) -> None:
    """Share of runs, mean count and scores equal those computed from the events of the batch."""
    events = open_batch(str(played / "b")).events()
    mine = events[events["option"].isin(["protest", "talk"]) & (events["day"] < 30)]
    days = {(r, int(d)) for r, d in zip(mine["replication"], mine["day"], strict=True)}
    counts = [sum(1 for r, _ in days if r == run) for run in range(6)]
    firsts = [min((d for r, d in days if r == run), default=30) for run in range(6)]
    result = row(backtest_of("A,2030-03-05,,ARD,word,111,,,\n").forecasts, kind="word", window=30)

    assert result["actor"] == "ARD+BRL"
    assert (result["runs"], result["hits"]) == (6, sum(count > 0 for count in counts))
    assert result["mean_count"] == pytest.approx(np.mean(counts))
    assert (result["count"], result["day"]) == (1, 4.0)
    model = result["scores"]["model"]
    assert model["brier"] == pytest.approx((result["hits"] / 6 - 1) ** 2)
    assert model["log"] == pytest.approx(-np.log((result["hits"] + 0.5) / 7))
    assert model["crps_count"] == pytest.approx(float(scoringrules.crps_ensemble(1, np.array(counts), estimator="nrg")))
    assert model["crps_time"] == pytest.approx(float(scoringrules.crps_ensemble(4, np.array(firsts), estimator="nrg")))


def test_naive_forecasts_use_only_the_past(backtest_of: Callable[..., Backtest]) -> None:
    """Persistence repeats the last window; the rate is that of the known part of the past year."""
    result = backtest_of(PAST + "A,2030-03-05,,ARD,drill,150,,,\n")
    ard = row(result.forecasts, kind="drill", actor="ARD", window=14)["scores"]
    brl = row(result.forecasts, kind="drill", actor="BRL", window=14)["scores"]

    assert ard["never"] == pytest.approx({"brier": 1, "log": -np.log(0.5 / 7), "crps_count": 1, "crps_time": 10})
    assert ard["persistence"] == ard["never"]
    assert brl["persistence"] == pytest.approx({"brier": 1, "log": -np.log(0.5 / 7), "crps_count": 1, "crps_time": 9})
    rate = 1 / 59  # one patrol of each from 1 January to 1 March
    assert ard["poisson"]["brier"] == pytest.approx(np.exp(-14 * rate) ** 2)
    assert ard["poisson"]["crps_count"] == pytest.approx(float(scoringrules.crps_poisson(1, 14 * rate)))


def test_events_of_one_day_and_joined_actors_count_once(backtest_of: Callable[..., Backtest]) -> None:
    """Two protests on a day count once; a trade counts for both sides, a patrol only for its actor."""
    lines = "A,2030-03-05,,ARD,word,111,,,\nB,2030-03-05,,BRL,word,036,,,\nC,2030-03-07,,ARD>BRL,deal,085,,,\n"
    result = backtest_of(lines + "D,2030-03-08,,ARD>BRL,manoeuvre,150,,,\nE,2030-03-09,,ARD,word,190,,,\n").forecasts
    assert row(result, kind="word", window=14)["count"] == 1
    assert [row(result, kind="deal", actor=who, window=14)["count"] for who in ("ARD", "BRL")] == [1, 1]
    assert [row(result, kind="drill", actor=who, window=14)["count"] for who in ("ARD", "BRL")] == [1, 0]


def test_scripted_events_are_not_scored(backtest_of: Callable[..., Backtest], played: Path) -> None:
    """Exogenous rows and injects with a fixed time are left out of the runs and of the chronology."""
    lines = "R3,2030-03-15,,BRL>ARD,drill,150,,,\nA,2030-03-21,,ARD,drill,150,,,\nB,2030-03-28,,ARD,drill,150,,,\n"
    result = backtest_of(lines)
    events = open_batch(str(played / "b")).events()
    sources = {**events.query("option == 'patrol'").groupby("source").size()}

    assert (sources["history"], sources["inject at"]) == (6, 6)
    assert row(result.events, id="R3")["not_scored"] == "scripted: R3"
    assert row(result.events, id="R3")["mark"] == "exogenous"
    assert row(result.events, id="A")["not_scored"] == "scripted: parade"
    assert row(result.events, id="B")["scored_as"] == ["drill ARD"]
    assert row(result.forecasts, kind="drill", actor="BRL", window=30)["count"] == 0
    assert row(result.forecasts, kind="drill", actor="ARD", window=30)["count"] == 1
    for who in ("ARD", "BRL"):
        own = events.query("option == 'patrol' and who == @who and day < 30 and source not in ('history', 'inject at')")
        hits = row(result.forecasts, kind="drill", actor=who, window=30)["hits"]
        assert hits == own["replication"].nunique()


def test_rows_of_a_scripted_seat_are_not_scored(rivals: Path, backtest_of: Callable[..., Backtest]) -> None:
    """A decided row is forecast, unless its government is played by the script."""
    words = [
        "-n",
        "4",
        "--until",
        "50d",
        "--arm",
        "script=seat BRL=script",
        "--events",
        "--jobs",
        "1",
        "--out",
        "seats",
    ]
    assert inside("batch", "scenario.yaml", *words, cwd=rivals).returncode == 0
    line = "R4,2030-04-02,,BRL>ARD,drill,150,,,\n"
    decided, script = (backtest_of(line, batch="seats", arms=(arm,), windows=(40,)) for arm in ("baseline", "script"))
    assert row(decided.forecasts, kind="drill", actor="BRL")["count"] == 1
    assert row(script.forecasts, kind="drill", actor="BRL")["count"] == 0
    assert row(script.forecasts, kind="drill", actor="BRL")["hits"] == 0
    assert row(script.events, id="R4")["not_scored"] == "scripted: R4"


def test_few_runs_are_noted(backtest_of: Callable[..., Backtest], monkeypatch: pytest.MonkeyPatch) -> None:
    """With the least probability that they can give, and the number that is enough."""
    noted = {}
    for enough in (6, 7):
        monkeypatch.setattr(scoring, "FEW", enough)
        notes = backtest_of("A,2030-03-05,,ARD,word,111,,,\n").notes
        noted[enough] = [(note.message, note.remedy) for note in notes if "few runs" in note.message]
    message = "1 of 1 origins have few runs, at least 6: no forecast is below 0.071"
    assert noted == {6: [], 7: [(message, "run 7 or more")]}


def test_the_past_can_come_from_another_file(backtest_of: Callable[..., Backtest], tmp_path: Path) -> None:
    """Only events before the first event of the chronology are used, so that none is counted twice."""
    past = tmp_path / "past.csv"
    past.write_text(HEAD + PAST + "A,2030-03-05,,ARD,drill,150,,,\n")
    apart = backtest_of("A,2030-03-05,,ARD,drill,150,,,\n", past=str(past))
    assert apart.past == str(past)
    assert apart.forecasts == backtest_of(PAST + "A,2030-03-05,,ARD,drill,150,,,\n").forecasts
    past.write_text(HEAD + "P1,January,,ARD>BRL,drill,150,,,\n")
    with pytest.raises(Invalid, match=r"past\.csv:2:1: date: 'January' is not a date"):
        backtest_of("A,2030-03-05,,ARD,drill,150,,,\n", past=str(past))


def test_releases_of_injects_are_scorable(backtest_of: Callable[..., Backtest]) -> None:
    """The collision occurs in every run on the first day, so its forecast is certain."""
    result = row(backtest_of("A,2030-03-02,,sea,incident,,,,\n").forecasts, kind="incident", window=14)
    assert (result["p"], result["happened"]) == (1.0, True)
    assert result["scores"]["model"]["brier"] == 0.0


def test_an_observed_forced_action_is_a_perfect_forecast(rivals: Path, backtest_of: Callable[..., Backtest]) -> None:
    """The arm forces the action on a day, and the event is observed on that day."""
    arm = "sure=force 2030-03-05 ARD strike BRL"
    words = ["-n", "4", "--until", "60d", "--arm", arm, "--events", "--jobs", "1", "--out", "sure"]
    assert inside("batch", "scenario.yaml", *words, cwd=rivals).returncode == 0
    events = open_batch(str(rivals / "sure")).events().query("arm == 'sure' and option == 'strike' and who == 'ARD'")
    first = events.groupby("replication")["day"].min().astype(int)
    assert first.nunique() == 1
    day = date(2030, 3, 1) + timedelta(days=int(first.iloc[0]))
    result = row(
        backtest_of(f"A,{day},,ARD,war,194,,,\n", batch="sure", arms=("sure",)).forecasts, kind="war", window=14
    )
    assert result["p"] == 1.0
    assert result["scores"]["model"]["brier"] == 0.0
    assert result["scores"]["model"]["crps_time"] == 0.0


def test_scores_of_a_kind_are_means_over_its_actors(backtest_of: Callable[..., Backtest]) -> None:
    """Scores of all kinds together are means over all series."""
    result = backtest_of("A,2030-03-05,,ARD,drill,150,,,\n")
    mine = [each for each in result.forecasts if each["kind"] == "drill" and each["window"] == 30]
    pooled = row(result.scores, kind="drill", actor="all", window=30, score="brier")
    assert pooled["value"] == pytest.approx(np.mean([each["scores"]["model"]["brier"] for each in mine]))
    everything = [each["scores"]["model"]["log"] for each in result.forecasts if each["window"] == 30]
    assert row(result.scores, kind="all", window=30, score="log")["value"] == pytest.approx(np.mean(everything))
    assert pooled["low"] is None  # one origin


def test_reliability_counts_every_window_once(backtest_of: Callable[..., Backtest]) -> None:
    """The bins contain every forecast, and their observed frequencies sum to the observed events."""
    result = backtest_of("A,2030-03-05,,ARD,drill,150,,,\n")
    rows = [each for each in result.reliability if each["window"] is None]
    assert sum(each["n"] for each in rows) == len(result.forecasts)
    assert sum(each["n"] * each["observed"] for each in rows) == pytest.approx(
        sum(each["happened"] for each in result.forecasts)
    )
    assert rows
    assert all(each["from"] <= each["forecast"] <= each["to"] for each in rows)


def test_windows_beyond_the_chronology_are_not_scored(backtest_of: Callable[..., Backtest]) -> None:
    """Unless the user states that the chronology is complete for them."""
    result = backtest_of("A,2030-03-20,,ARD,drill,150,,,\n", covered=(None, None))
    assert result.origins[0]["windows"] == [14]
    assert any("--covered-until 2030-03-30" in str(note) for note in result.notes)
    assert backtest_of("A,2030-03-20,,ARD,drill,150,,,\n").origins[0]["windows"] == [14, 30, 90]


# --- several origins -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rolling(rivals: Path) -> Path:
    """A batch of four arms, each with its own STARTEX."""
    return play_rolling(rivals)


@pytest.mark.slow
@pytest.mark.usefixtures("rolling")
def test_arms_with_their_own_startex_are_origins(backtest_of: Callable[..., Backtest]) -> None:
    """Windows start at each origin; skill has a reproducible interval over origins."""
    lines = "".join(f"A{month},2030-0{month}-05,,ARD,drill,150,,,\n" for month in (2, 3, 4, 5))
    result = backtest_of(PAST + lines, batch="rolling", windows=(14, 30))
    assert [str(each["date"]) for each in result.origins] == ["2030-02-01", "2030-03-01", "2030-04-01", "2030-05-01"]
    pooled = row(result.scores, kind="drill", actor="ARD", window=14, score="brier")
    assert (pooled["origins"], pooled["block"], pooled["occurred"]) == (4, 1, 4)
    never = pooled["naive"]["never"]
    assert never["skill"] == pytest.approx(1 - pooled["value"] / never["value"])
    assert never["low"] <= never["skill"] <= never["high"]
    assert backtest_of(PAST + lines, batch="rolling", windows=(14, 30)).scores == result.scores


@pytest.mark.slow
@pytest.mark.usefixtures("rolling")
def test_the_interval_of_a_skill_draws_neighbouring_origins_together(backtest_of: Callable[..., Backtest]) -> None:
    """Two in a row, since windows of a fortnight from origins ten days apart overlap."""
    lines = "".join(f"A{month},2030-0{month}-05,,ARD,drill,150,,,\n" for month in (2, 4))
    result = backtest_of(PAST + lines, batch="rolling", windows=(14,), leads=(0, 10, 20))
    pooled = row(result.scores, kind="drill", actor="ARD", window=14, score="log")
    mine = [each for each in result.forecasts if (each["kind"], each["actor"]) == ("drill", "ARD")]
    in_time = sorted(mine, key=lambda each: each["origin"])
    model, never = (np.array([each["scores"][who]["log"] for each in in_time]) for who in ("model", "never"))
    picked = resamples(len(in_time), 2)
    assert picked is not None
    less = (model - never)[picked].mean(axis=1)
    found = pooled["naive"]["never"]
    assert (pooled["block"], len(in_time)) == (2, 12)
    assert [found["difference_low"], found["difference_high"]] == pytest.approx(np.quantile(less, (0.025, 0.975)))


@pytest.mark.slow
def test_several_batches_are_scored_like_several_arms(rolling: Path, tmp_path: Path) -> None:
    """The forecasts equal those of one batch whose arms have the same STARTEX dates."""
    for month in (2, 3):
        words = ["scenario.yaml", "-n", "4", "--startex", f"2030-0{month}-01", "--until", "2030-06-10"]
        done = inside("batch", *words, "--events", "--jobs", "1", "--out", f"m{month}", cwd=rolling)
        assert done.returncode == 0, done.stderr
    path = tmp_path / "e.csv"
    path.write_text(HEAD + PAST + "A,2030-05-05,,ARD,drill,150,,,\n")
    batches = [open_batch(str(rolling / name)) for name in ("m2", "m3")]
    apart = backtest(batches, BacktestRequest(chronology=str(path), windows=(14,)))
    together = backtest([open_batch(str(rolling / "rolling"))], BacktestRequest(chronology=str(path), windows=(14,)))
    days = {each["date"] for each in apart.origins}
    same = [{**each} for each in together.forecasts if each["origin"] in days]
    assert apart.forecasts == same


def test_a_lead_moves_the_forecast_origin(backtest_of: Callable[..., Backtest], played: Path) -> None:
    """Windows start `lead` days after STARTEX; earlier events belong to the past."""
    events = open_batch(str(played / "b")).events()
    mine = events[events["option"].isin(["protest", "talk"]) & (events["day"] >= 10) & (events["day"] < 24)]
    result = backtest_of(
        PAST + "A,2030-03-05,,ARD,word,111,,,\nB,2030-03-14,,ARD,word,111,,,\n", leads=(10,), windows=(14,)
    )
    led = row(result.forecasts, kind="word", window=14)
    assert (result.leads, str(led["origin"])) == ((10,), "2030-03-11")
    assert led["hits"] == mine["replication"].nunique()
    assert (led["count"], led["day"]) == (1, 3.0)
    with pytest.raises(Invalid, match="before --lead 400"):
        backtest_of(PAST, leads=(400,))


def test_the_led_study_has_the_same_origins_with_a_lead_of_thirty_days() -> None:
    """Its STARTEX dates are thirty days before those of the rolling study, so that both can be compared."""
    arms = [
        yaml.safe_load((ROOT / f"wargame/studies/{name}.yaml").read_text("utf-8"))["arms"].values()
        for name in ("backtest-rolling", "backtest-led")
    ]
    days, led = ([date.fromisoformat(arm["startex"]) for arm in each] for each in arms)
    assert [day + timedelta(days=30) for day in led] == days


# --- korea-2017 ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def korea(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Two origins of korea-2017, four runs each."""
    folder = tmp_path_factory.mktemp("korea")
    study = yaml.safe_load((ROOT / "wargame/studies/backtest-rolling.yaml").read_text("utf-8"))
    study |= {"replications": 4, "until": "100d"}
    study["arms"] = {name: study["arms"][name] for name in ("from_2016_07", "from_2017_01")}
    study["arms"] = {name: arm | {"until": "90d"} for name, arm in study["arms"].items()}
    study["until"] = "2017-05-31"
    for name, until in (("from_2016_07", "2016-10-01"), ("from_2017_01", "2017-04-05")):
        study["arms"][name]["until"] = until
    (folder / "s.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    done = inside("batch", "s.yaml", "--jobs", "1", "--out", "b", cwd=folder)
    assert done.returncode == 0, done.stderr
    return open_batch(str(folder / "b"))


@pytest.mark.slow
def test_the_main_kinds_of_korea_are_scored(korea: Batch) -> None:
    """Launches, Council resolutions, talks, sanctions, exercises and THAAD, with the scenario's chronology."""
    path = shipped("korea-2017")
    assert path is not None
    result = backtest([korea], BacktestRequest(chronology=path))
    assert {"launch", "council_answer", "talks", "sanction", "exercise", "thaad"} <= {
        each["kind"] for each in result.forecasts
    }
    assert len(result.origins) == 2
    assert all(each["windows"] == [14, 30, 90] for each in result.origins)
    assert result.forecasts
    forecasters = {"model", "named", "never", "persistence", "poisson", "updated", "roots", "hawkes"}
    assert all(set(each["scores"]) == forecasters for each in result.forecasts)
    july = row(result.forecasts, kind="launch", window=30, origin=date(2016, 7, 1))
    assert (july["count"], july["day"]) == (2, 8.0)  # 9 and 19 July
    steps = korea.events("forum").query("option == 'unsc' and target == 'agree' and arm == 'from_2016_07'")
    hits = row(result.forecasts, kind="council_answer", window=90, origin=date(2016, 7, 1))["hits"]
    assert hits == steps[steps["day"] < 90]["replication"].nunique()


@pytest.mark.slow
def test_another_chronology_can_be_scored(korea: Batch, tmp_path: Path) -> None:
    """The past then comes from the chronology of the scenario."""
    lines = "L1,2017-01-05,,PRK,missile_test,150,,,\nL2,2017-01-30,,UNSC>PRK,un_resolution,163,,,\n"
    lines += "L3,2017-03-31,,MYS>PRK,expulsion,166,,,\n"
    (tmp_path / "later.csv").write_text(HEAD + lines)
    result = backtest([korea], BacktestRequest(chronology=str(tmp_path / "later.csv")))
    assert result.past == shipped("korea-2017")
    assert [str(each["date"]) for each in result.origins if each["windows"]] == ["2017-01-01"]
    launch = row(result.forecasts, kind="launch", window=30)
    assert launch["count"] == 1
    past = [each for each in read_chronology(result.past, korea.prepared.loaded.scenario) if each.day.year == 2016]
    series = next(each for each in all_series(korea.prepared.loaded.scenario) if each.kind == "launch")
    days = {each.day for each in past if series.matches(each)}
    rate = len(days) / 365
    assert launch["scores"]["poisson"]["brier"] == pytest.approx(np.exp(-30 * rate) ** 2, rel=0.05)


@pytest.mark.slow
def test_the_chronology_of_korea_agrees_with_its_history(korea: Batch) -> None:
    """Each event from the start of the scenario on is a row of the history, on the same day, but standing orders."""
    scenario = korea.prepared.loaded.scenario
    calendar = Exercise(korea.prepared.loaded, 1, Settings()).calendar
    rows = {each.id: each for each in scenario.history}
    path = shipped("korea-2017")
    assert path is not None
    events = [each for each in read_chronology(path, scenario) if each.day >= date(2016, 1, 1)]
    assert {each.id for each in events} == set(rows) - {"E006E", "E006F", "E056E", "return_fire"}
    assert [each.id for each in events if calendar.at(calendar.seconds(rows[each.id].at)).date() != each.day] == []
    series = all_series(scenario)
    mapped = {each.id for each in events if any(one.matches(each) for one in series)}
    exogenous = {each.id for each in events if rows[each.id].mark == "exogenous"}
    # a threat by a president who is not yet in office, and the dated exercises of every year
    assert mapped & exogenous == {"E060", "E015", "E044", "E073"}
    without = {each.id for each in events if each.id in mapped and rows[each.id].option is None}
    assert without == {"E034", "E049", "E060", "E072", "E079", "E090", "E094", "E099"}


def test_the_rolling_study_has_an_origin_on_the_first_of_each_month() -> None:
    """From July 2016 to March 2017, until the end of May 2017, with events."""
    study = yaml.safe_load((ROOT / "wargame/studies/backtest-rolling.yaml").read_text("utf-8"))
    days = [arm["startex"] for arm in study["arms"].values()]
    assert days == [f"2016-{month:02d}-01" for month in range(7, 13)] + [f"2017-{month:02d}-01" for month in (1, 2, 3)]
    assert str(study["until"]) == "2017-05-31"
    assert study["events"] is True


# --- the observation model -------------------------------------------------------------------------


@pytest.mark.usefixtures("rolling")
def test_scores_have_both_forecasts(backtest_of: Callable[..., Backtest]) -> None:
    """At the first origin they are equal."""
    result = backtest_of(PAST + "A,2030-03-05,,ARD,drill,150,,,\n", batch="rolling", windows=(14, 30))
    first = min(each["origin"] for each in result.forecasts)
    assert all(
        each["scores"]["named"] == each["scores"]["model"] for each in result.forecasts if each["origin"] == first
    )
    assert all(row["named"]["value"] is not None and set(row["named"]["naive"]) for row in result.scores)


@pytest.mark.slow
@pytest.mark.usefixtures("rolling")
def test_origins_before_the_first_scored_one_are_its_past(backtest_of: Callable[..., Backtest]) -> None:
    """They are not scored themselves; without them every event of the first scored origin is named."""
    lines = PAST + "A,2030-05-05,,ARD,drill,150,,,\n"
    first = date(2030, 4, 1)
    whole, later = (backtest_of(lines, batch="rolling", windows=(14,), scored_from=day) for day in (None, first))
    assert [each["date"] for each in later.earlier] == [date(2030, 2, 1), date(2030, 3, 1)]
    assert [each["date"] for each in later.origins] == [first, date(2030, 5, 1)]
    assert later.forecasts == [each for each in whole.forecasts if each["origin"] >= first]
    scored = [each["scores"] for each in later.forecasts if each["origin"] == first]
    assert any(each["named"] != each["model"] for each in scored)


@pytest.mark.usefixtures("rolling")
def test_an_origin_before_the_chronology_is_no_past(backtest_of: Callable[..., Backtest]) -> None:
    """It has no observed events, whatever occurred: the first origin that the chronology covers has no past."""
    first = date(2030, 4, 1)
    options = {"batch": "rolling", "windows": (14,), "scored_from": first}
    result = backtest_of(PAST + "A,2030-05-05,,ARD,drill,150,,,\n", covered=(first, date(2030, 6, 30)), **options)
    scored = [each["scores"] for each in result.forecasts if each["origin"] == first]
    assert scored
    assert all(each["named"] == each["model"] for each in scored)


@pytest.mark.usefixtures("rolling")
def test_a_later_chronology_has_the_past_of_the_earlier_one(
    backtest_of: Callable[..., Backtest], tmp_path: Path
) -> None:
    """Origins before it are compared with the earlier events, so the observation model names fewer everyday acts."""
    past = tmp_path / "past.csv"
    past.write_text(HEAD + PAST + "P3,2030-04-08,,ARD,drill,150,,,\n", encoding="utf-8")
    result = backtest_of(
        "A,2030-05-05,,ARD,drill,150,,,\n",
        batch="rolling",
        windows=(14,),
        scored_from=date(2030, 5, 1),
        past=str(past),
        covered=(date(2030, 4, 25), date(2030, 6, 30)),
    )
    assert any(each["scores"]["named"] != each["scores"]["model"] for each in result.forecasts)


def test_no_origin_to_score_is_an_error(rolling: Path) -> None:
    """It names the last origin."""
    done = inside("backtest", "rolling", "--chronology", "none.csv", "--scored-from", "2031-01-01", cwd=rolling)
    assert done.returncode == 2
    assert "--scored-from 2031-01-01: no origin to score; the last one is 2030-05-01" in done.stderr


def test_a_single_origin_has_intervals_over_its_runs(backtest_of: Callable[..., Backtest]) -> None:
    """They contain the score of either forecast, and say nothing of other origins: no skill is starred for them."""
    result = backtest_of(PAST + "A,2030-03-05,,ARD,drill,150,,,\n")
    brier = row(result.scores, kind="all", window=30, score="brier")
    for with_or_without_names in (brier, brier["named"]):
        low, high = with_or_without_names["over_runs"]
        assert low <= with_or_without_names["value"] <= high
        assert low < high
    assert (brier["low"], brier["high"]) == (None, None)
    assert row(result.scores, kind="all", window=30, score="crps_time")["over_runs"] is None


@pytest.mark.slow
@pytest.mark.usefixtures("rolling")
def test_several_origins_have_intervals_over_origins_only(backtest_of: Callable[..., Backtest]) -> None:
    """The error of the simulation is part of them."""
    result = backtest_of(PAST + "A,2030-03-05,,ARD,drill,150,,,\n", batch="rolling", windows=(14, 30))
    assert all(each["over_runs"] is None for each in result.scores)


def test_leads_are_scored_together(backtest_of: Callable[..., Backtest]) -> None:
    """Each lead is an origin of its own, with the forecasts that it has alone."""
    lines = PAST + "A,2030-03-05,,ARD,word,111,,,\nB,2030-03-14,,ARD,word,111,,,\n"
    both, alone = (backtest_of(lines, leads=leads, windows=(14,)) for leads in ((0, 10), (10,)))
    assert [(each["lead"], str(each["date"])) for each in both.origins] == [(0, "2030-03-01"), (10, "2030-03-11")]
    later = [each["p"] for each in both.forecasts if each["lead"] == 10]
    assert later == [each["p"] for each in alone.forecasts]
    assert row(both.scores, kind="all", window=14, score="brier")["origins"] == 2
