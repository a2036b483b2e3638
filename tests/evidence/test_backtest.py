"""Backtests: what is scored and what not, from one origin and from several, for korea-2017 too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scoringrules
import yaml

from support.backtests import HEAD, PAST, ROOT, play_rivals, row, score, write_rivals
from support.in_process import inside
from wargame.batch.api import Batch, open_batch
from wargame.errors import Invalid
from wargame.evidence.backtest.chronology import read_chronology
from wargame.evidence.backtest.events import shipped
from wargame.evidence.backtest.scoring import Backtest, BacktestRequest, backtest
from wargame.evidence.backtest.series import all_series
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scenario with a record, a script and a mapping."""
    return write_rivals(tmp_path_factory.mktemp("rivals"))


@pytest.fixture(scope="module")
def played(rivals: Path) -> Path:
    """Six runs of it with their events, and the folder beside."""
    return play_rivals(rivals)


@pytest.fixture
def told(played: Path, tmp_path: Path) -> Callable[..., Backtest]:
    """Scores the six runs against events given as lines."""

    def make(lines: str, batch: str = "b", **wishes: Any) -> Backtest:
        return score(played / batch, tmp_path / "events.csv", lines, **wishes)

    return make


# --- what is scored --------------------------------------------------------------------------------


def test_runs_are_counted_by_the_day_on_which_they_first_do_it(told: Callable[..., Backtest], played: Path) -> None:
    """Share of runs, mean count and scores as counted by hand from the batch's events."""
    events = open_batch(str(played / "b")).events()
    mine = events[events["option"].isin(["protest", "talk"]) & (events["day"] < 30)]
    days = {(r, int(d)) for r, d in zip(mine["replication"], mine["day"], strict=True)}
    counts = [sum(1 for r, _ in days if r == run) for run in range(6)]
    firsts = [min((d for r, d in days if r == run), default=30) for run in range(6)]
    made = row(told("A,2030-03-05,,ARD,word,111,,,\n").forecasts, kind="word", window=30)

    assert made["actor"] == "ARD+BRL"
    assert (made["runs"], made["hits"]) == (6, sum(count > 0 for count in counts))
    assert made["mean_count"] == pytest.approx(np.mean(counts))
    assert (made["count"], made["day"]) == (1, 4.0)
    said = made["scores"]["model"]
    assert said["brier"] == pytest.approx((made["hits"] / 6 - 1) ** 2)
    assert said["log"] == pytest.approx(-np.log((made["hits"] + 0.5) / 7))
    assert said["crps_count"] == pytest.approx(float(scoringrules.crps_ensemble(1, np.array(counts), estimator="nrg")))
    assert said["crps_time"] == pytest.approx(float(scoringrules.crps_ensemble(4, np.array(firsts), estimator="nrg")))


def test_naive_forecasts_are_of_the_past_alone(told: Callable[..., Backtest]) -> None:
    """Persistence has what the last window had; the rate is that of as much of a year as is known."""
    made = told(PAST + "A,2030-03-05,,ARD,drill,150,,,\n")
    ard = row(made.forecasts, kind="drill", actor="ARD", window=14)["scores"]
    brl = row(made.forecasts, kind="drill", actor="BRL", window=14)["scores"]

    assert ard["never"] == pytest.approx({"brier": 1, "log": -np.log(0.5 / 7), "crps_count": 1, "crps_time": 10})
    assert ard["persistence"] == ard["never"]
    assert brl["persistence"] == pytest.approx({"brier": 1, "log": -np.log(0.5 / 7), "crps_count": 1, "crps_time": 9})
    rate = 1 / 59  # one patrol of each from 1 January to 1 March
    assert ard["poisson"]["brier"] == pytest.approx(np.exp(-14 * rate) ** 2)
    assert ard["poisson"]["crps_count"] == pytest.approx(float(scoringrules.crps_poisson(1, 14 * rate)))


def test_events_of_one_day_and_joined_actors_count_once(told: Callable[..., Backtest]) -> None:
    """Two protests on a day are one; a trade is one of both sides, a patrol of its doer alone."""
    lines = "A,2030-03-05,,ARD,word,111,,,\nB,2030-03-05,,BRL,word,036,,,\nC,2030-03-07,,ARD>BRL,deal,085,,,\n"
    made = told(lines + "D,2030-03-08,,ARD>BRL,manoeuvre,150,,,\nE,2030-03-09,,ARD,word,190,,,\n").forecasts
    assert row(made, kind="word", window=14)["count"] == 1
    assert [row(made, kind="deal", actor=who, window=14)["count"] for who in ("ARD", "BRL")] == [1, 1]
    assert [row(made, kind="drill", actor=who, window=14)["count"] for who in ("ARD", "BRL")] == [1, 0]


def test_what_the_exercise_scripts_is_not_scored(told: Callable[..., Backtest], played: Path) -> None:
    """An exogenous row and an inject with a fixed time, in the runs and in the chronology."""
    lines = "R3,2030-03-15,,BRL>ARD,drill,150,,,\nA,2030-03-21,,ARD,drill,150,,,\nB,2030-03-28,,ARD,drill,150,,,\n"
    made = told(lines)
    events = open_batch(str(played / "b")).events()
    sources = {**events.query("option == 'patrol'").groupby("source").size()}

    assert (sources["history"], sources["inject at"]) == (6, 6)
    assert row(made.events, id="R3")["not_scored"] == "scripted: R3"
    assert row(made.events, id="R3")["mark"] == "exogenous"
    assert row(made.events, id="A")["not_scored"] == "scripted: parade"
    assert row(made.events, id="B")["scored_as"] == ["drill ARD"]
    assert row(made.forecasts, kind="drill", actor="BRL", window=30)["count"] == 0
    assert row(made.forecasts, kind="drill", actor="ARD", window=30)["count"] == 1
    for who in ("ARD", "BRL"):
        own = events.query("option == 'patrol' and who == @who and day < 30 and source not in ('history', 'inject at')")
        hits = row(made.forecasts, kind="drill", actor=who, window=30)["hits"]
        assert hits == own["replication"].nunique()


def test_rows_of_a_scripted_seat_are_not_scored(rivals: Path, told: Callable[..., Backtest]) -> None:
    """A decided row is to be forecast, but not where its government follows the script."""
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
    decided, script = (told(line, batch="seats", arms=(arm,), windows=(40,)) for arm in ("baseline", "script"))
    assert row(decided.forecasts, kind="drill", actor="BRL")["count"] == 1
    assert row(script.forecasts, kind="drill", actor="BRL")["count"] == 0
    assert row(script.forecasts, kind="drill", actor="BRL")["hits"] == 0
    assert row(script.events, id="R4")["not_scored"] == "scripted: R4"


def test_the_past_can_be_another_file(told: Callable[..., Backtest], tmp_path: Path) -> None:
    """What lies before the first event of the chronology; what overlaps is not counted twice."""
    past = tmp_path / "past.csv"
    past.write_text(HEAD + PAST + "A,2030-03-05,,ARD,drill,150,,,\n")
    apart = told("A,2030-03-05,,ARD,drill,150,,,\n", past=str(past))
    assert apart.past == str(past)
    assert apart.forecasts == told(PAST + "A,2030-03-05,,ARD,drill,150,,,\n").forecasts
    past.write_text(HEAD + "P1,January,,ARD>BRL,drill,150,,,\n")
    with pytest.raises(Invalid, match=r"past\.csv:2:1: date: 'January' is no date"):
        told("A,2030-03-05,,ARD,drill,150,,,\n", past=str(past))


def test_releases_of_injects_are_scorable(told: Callable[..., Backtest]) -> None:
    """The collision comes in every run on its first day: said for certain."""
    made = row(told("A,2030-03-02,,sea,incident,,,,\n").forecasts, kind="incident", window=14)
    assert (made["p"], made["happened"]) == (1.0, True)
    assert made["scores"]["model"]["brier"] == 0.0


def test_a_forced_action_that_came_is_a_perfect_forecast(rivals: Path, told: Callable[..., Backtest]) -> None:
    """An arm says what follows from a policy: here the day is known."""
    arm = "sure=force 2030-03-05 ARD strike BRL"
    words = ["-n", "4", "--until", "60d", "--arm", arm, "--events", "--jobs", "1", "--out", "sure"]
    assert inside("batch", "scenario.yaml", *words, cwd=rivals).returncode == 0
    events = open_batch(str(rivals / "sure")).events().query("arm == 'sure' and option == 'strike' and who == 'ARD'")
    first = events.groupby("replication")["day"].min().astype(int)
    assert first.nunique() == 1
    day = date(2030, 3, 1) + timedelta(days=int(first.iloc[0]))
    made = row(told(f"A,{day},,ARD,war,194,,,\n", batch="sure", arms=("sure",)).forecasts, kind="war", window=14)
    assert made["p"] == 1.0
    assert made["scores"]["model"]["brier"] == 0.0
    assert made["scores"]["model"]["crps_time"] == 0.0


def test_rows_of_a_kind_are_means_over_its_actors(told: Callable[..., Backtest]) -> None:
    """And all kinds together are means over all series, origin by origin."""
    made = told("A,2030-03-05,,ARD,drill,150,,,\n")
    mine = [each for each in made.forecasts if each["kind"] == "drill" and each["window"] == 30]
    pooled = row(made.scores, kind="drill", actor="all", window=30, score="brier")
    assert pooled["value"] == pytest.approx(np.mean([each["scores"]["model"]["brier"] for each in mine]))
    everything = [each["scores"]["model"]["log"] for each in made.forecasts if each["window"] == 30]
    assert row(made.scores, kind="all", window=30, score="log")["value"] == pytest.approx(np.mean(everything))
    assert pooled["low"] is None  # one origin


def test_reliability_counts_every_window_once(told: Callable[..., Backtest]) -> None:
    """Shares of what was said and came, in tenths."""
    made = told("A,2030-03-05,,ARD,drill,150,,,\n")
    rows = [each for each in made.reliability if each["window"] is None]
    assert sum(each["n"] for each in rows) == len(made.forecasts)
    assert sum(each["n"] * each["observed"] for each in rows) == pytest.approx(
        sum(each["happened"] for each in made.forecasts)
    )
    assert all(each["from"] <= each["forecast"] <= each["to"] for each in rows)


def test_a_window_beyond_the_chronology_is_not_scored(told: Callable[..., Backtest]) -> None:
    """What is not known is not taken for what did not happen; the user can say that it is."""
    made = told("A,2030-03-20,,ARD,drill,150,,,\n", covered=(None, None))
    assert made.origins[0]["windows"] == [14]
    assert any("--covered-until 2030-03-30" in str(note) for note in made.notes)
    assert told("A,2030-03-20,,ARD,drill,150,,,\n").origins[0]["windows"] == [14, 30, 90]


# --- several origins -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rolling(rivals: Path) -> Path:
    """Four arms, each with a STARTEX of its own."""
    arms = [f"m{month}: {{startex: '2030-0{month}-01'}}" for month in (2, 3, 4, 5)]
    study = (
        "format: wargame-study/1\nname: r\nscenario: scenario.yaml\nreplications: 4\nuntil: 2030-06-10\nevents: true\n"
    )
    (rivals / "rolling.yaml").write_text(study + "arms: {" + ", ".join(arms) + "}\n", encoding="utf-8")
    assert inside("batch", "rolling.yaml", "--jobs", "1", "--out", "rolling", cwd=rivals).returncode == 0
    return rivals


@pytest.mark.usefixtures("rolling")
def test_arms_with_startex_dates_of_their_own_are_origins(told: Callable[..., Backtest]) -> None:
    """Each window counts from its own; skill has intervals over them, the same each time."""
    lines = "".join(f"A{month},2030-0{month}-05,,ARD,drill,150,,,\n" for month in (2, 3, 4, 5))
    made = told(PAST + lines, batch="rolling", windows=(14, 30))
    assert [str(each["date"]) for each in made.origins] == ["2030-02-01", "2030-03-01", "2030-04-01", "2030-05-01"]
    pooled = row(made.scores, kind="drill", actor="ARD", window=14, score="brier")
    assert (pooled["origins"], pooled["block"], pooled["occurred"]) == (4, 1, 4)
    never = pooled["naive"]["never"]
    assert never["skill"] == pytest.approx(1 - pooled["value"] / never["value"])
    assert never["low"] <= never["skill"] <= never["high"]
    assert told(PAST + lines, batch="rolling", windows=(14, 30)).scores == made.scores


def test_several_batches_are_origins_too(rolling: Path, tmp_path: Path) -> None:
    """Given together they are scored as the arms of one batch are."""
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


def test_runs_can_be_scored_from_days_after_the_startex(told: Callable[..., Backtest], played: Path) -> None:
    """The origin moves, and with it all that is counted; what came before is past."""
    events = open_batch(str(played / "b")).events()
    mine = events[events["option"].isin(["protest", "talk"]) & (events["day"] >= 10) & (events["day"] < 24)]
    made = told(PAST + "A,2030-03-05,,ARD,word,111,,,\nB,2030-03-14,,ARD,word,111,,,\n", lead=10, windows=(14,))
    led = row(made.forecasts, kind="word", window=14)
    assert (made.lead, str(led["origin"])) == (10, "2030-03-11")
    assert led["hits"] == mine["replication"].nunique()
    assert (led["count"], led["day"]) == (1, 3.0)
    with pytest.raises(Invalid, match="nothing is left"):
        told(PAST, lead=400)


def test_the_led_study_hands_over_thirty_days_before() -> None:
    """The same nine origins, so that both can be held against each other."""
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


def test_what_is_asked_for_is_scorable_for_korea(korea: Batch) -> None:
    """Launches, answers of the Council, talks, sanctions, exercises and THAAD, by its own chronology."""
    path = shipped("korea-2017")
    assert path is not None
    made = backtest([korea], BacktestRequest(chronology=path))
    assert {"launch", "council_answer", "talks", "sanction", "exercise", "thaad"} <= {
        each["kind"] for each in made.forecasts
    }
    assert all(each["windows"] == [14, 30, 90] for each in made.origins)
    assert all(set(each["scores"]) == {"model", "never", "persistence", "poisson"} for each in made.forecasts)
    july = row(made.forecasts, kind="launch", window=30, origin=date(2016, 7, 1))
    assert (july["count"], july["day"]) == (2, 8.0)  # 9 and 19 July
    steps = korea.events("forum").query("option == 'unsc' and target == 'agree' and arm == 'from_2016_07'")
    hits = row(made.forecasts, kind="council_answer", window=90, origin=date(2016, 7, 1))["hits"]
    assert hits == steps[steps["day"] < 90]["replication"].nunique()


def test_it_runs_on_a_chronology_of_later_months(korea: Batch, tmp_path: Path) -> None:
    """Only the file changes; its past is the chronology that comes with the scenario."""
    lines = "L1,2017-01-05,,PRK,missile_test,150,,,\nL2,2017-01-30,,UNSC>PRK,un_resolution,163,,,\n"
    lines += "L3,2017-03-31,,MYS>PRK,expulsion,166,,,\n"
    (tmp_path / "later.csv").write_text(HEAD + lines)
    made = backtest([korea], BacktestRequest(chronology=str(tmp_path / "later.csv")))
    assert made.past == shipped("korea-2017")
    assert [str(each["date"]) for each in made.origins if each["windows"]] == ["2017-01-01"]
    launch = row(made.forecasts, kind="launch", window=30)
    assert launch["count"] == 1
    past = [each for each in read_chronology(made.past, korea.prepared.loaded.scenario) if each.day.year == 2016]
    series = next(each for each in all_series(korea.prepared.loaded.scenario) if each.kind == "launch")
    days = {each.day for each in past if series.tells(each)}
    rate = len(days) / 365
    assert launch["scores"]["poisson"]["brier"] == pytest.approx(np.exp(-30 * rate) ** 2, rel=0.05)


def test_the_shipped_chronology_agrees_with_the_record(korea: Batch) -> None:
    """Each event from the scenario's start on is a row of the record, on its day, decided or exogenous."""
    scenario = korea.prepared.loaded.scenario
    calendar = Exercise(korea.prepared.loaded, 1, Settings()).calendar
    rows = {each.id: each for each in scenario.history}
    path = shipped("korea-2017")
    assert path is not None
    events = [each for each in read_chronology(path, scenario) if each.day >= date(2016, 1, 1)]
    assert {each.id for each in events} == set(rows) - {"E056E"}
    assert [each.id for each in events if calendar.at(calendar.seconds(rows[each.id].at)).date() != each.day] == []
    series = all_series(scenario)
    mapped = {each.id for each in events if any(one.tells(each) for one in series)}
    exogenous = {each.id for each in events if rows[each.id].mark == "exogenous"}
    assert mapped & exogenous == {"E060"}  # a threat of one who is not in office yet
    without = {each.id for each in events if each.id in mapped and rows[each.id].option is None}
    assert without == {"E049", "E060", "E072", "E079", "E090", "E094", "E099"}


def test_the_rolling_study_hands_over_on_the_first_of_each_month() -> None:
    """From July 2016 to March 2017, to the end of May 2017, with events kept."""
    study = yaml.safe_load((ROOT / "wargame/studies/backtest-rolling.yaml").read_text("utf-8"))
    days = [arm["startex"] for arm in study["arms"].values()]
    assert days == [f"2016-{month:02d}-01" for month in range(7, 13)] + [f"2017-{month:02d}-01" for month in (1, 2, 3)]
    assert str(study["until"]) == "2017-05-31"
    assert study["events"] is True
