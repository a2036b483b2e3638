"""Relations: estimates recover known coefficients, series count actions by pair, hostile pairs reciprocate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from support.in_process import inside, inside_json
from wargame.batches.api import BatchOptions
from wargame.document.markdown import text
from wargame.evidence.relations.autoregression import (
    LAGS,
    PairSeries,
    directed,
    document,
    fitted,
    hostile_pairs,
    reactions,
    relate,
    stakes_of,
    triads,
    triangle,
    weekly,
)
from wargame.evidence.targets.runs import EvaluationOptions
from wargame.evidence.targets.tallies import DatedEvent, EventHistory
from wargame.executor.processes import on_cores
from wargame.review.reports.evidence_reports import relations_summary as summary
from wargame.scenario.loading.load import load

KNOWN = np.array([[0.3, 0.25], [0.1, 0.5]])
"""x has the routine 0.3 and the reciprocity 0.25; y has the routine 0.5 and the reciprocity 0.1."""


def simulated(coefficients: NDArray[np.float64], weeks: int, seed: int) -> NDArray[np.float64]:
    """Simulate a vector autoregression of one lag with these coefficients and unit noise."""
    noise = np.random.default_rng(seed).normal(size=(weeks + 50, len(coefficients)))
    values = np.zeros_like(noise)
    for t in range(1, len(noise)):
        values[t] = coefficients @ values[t - 1] + noise[t]
    return values[50:]


def series(seed: int, weeks: int = 400) -> PairSeries:
    """One run with known relations between A and B."""
    series = simulated(KNOWN, weeks, seed)
    return {("A", "B"): series[:, 0], ("B", "A"): series[:, 1]}


@pytest.mark.slow
def test_known_coefficients_are_recovered() -> None:
    """Routine and reciprocity of both directions are within their narrow intervals over thirty runs."""
    there, back = directed([series(seed) for seed in range(30)], ("A", "B"), hostile=True, lags=1)
    estimates = (there.routine, there.reciprocity, back.routine, back.reciprocity)
    for estimate, true in zip(estimates, (0.3, 0.25, 0.5, 0.1), strict=True):
        assert estimate.low - 0.01 <= true <= estimate.high + 0.01  # an estimate from 400 weeks is off by about 1/400
        assert estimate.width < 0.06


@pytest.mark.slow
def test_the_sum_does_not_depend_on_the_number_of_lags() -> None:
    """Four lags instead of the true one have the same sum, less precisely."""
    there, _ = directed([series(seed, 2000) for seed in range(20)], ("A", "B"), hostile=True, lags=LAGS)
    assert there.reciprocity.estimate == pytest.approx(0.25, abs=0.05)


def test_independent_series_have_no_reciprocity() -> None:
    """The interval includes 0."""
    runs: list[PairSeries] = []
    for seed in range(30):
        series = simulated(np.diag([0.4, 0.4]), 300, seed)
        runs.append({("A", "B"): series[:, 0], ("B", "A"): series[:, 1]})
    there, back = directed(runs, ("A", "B"), hostile=False, lags=LAGS)
    assert there.reciprocity.low < 0 < there.reciprocity.high
    assert back.reciprocity.low < 0 < back.reciprocity.high


def test_a_triangular_effect_is_recovered() -> None:
    """C reacts to the actions of A towards B, in addition to routine and reciprocity."""
    known = np.array([[0.2, 0.1, 0.3], [0.0, 0.3, 0.0], [0.0, 0.0, 0.4]])
    runs: list[PairSeries] = []
    for seed in range(30):
        series = simulated(known, 400, seed)
        runs.append({("C", "A"): series[:, 0], ("A", "C"): series[:, 1], ("A", "B"): series[:, 2]})
    assert triangle(runs, "C", "A", "B", lags=1).effect.estimate == pytest.approx(0.3, abs=0.02)


def test_constant_and_short_series_are_not_fitted() -> None:
    """Runs with such series are left out."""
    moving = np.random.default_rng(1).normal(size=200)
    assert reactions([moving, np.zeros(200)], 4) is None
    assert reactions([moving[:30], moving[30:60]], 4) is None


def test_weekly_series_sum_weights_by_pair() -> None:
    """An action without target counts by stake; forum steps and the last incomplete week do not count."""
    events = (
        DatedEvent(1.0, 0, "A", "threat", "B"),
        DatedEvent(6.9, 0, "A", "aid", "B"),
        DatedEvent(8.0, 0, "A", "launch", ""),
        DatedEvent(15.0, 0, "", "council", "agree", forum=True),
        DatedEvent(29.0, 0, "A", "threat", "B"),
    )
    weights = {"threat": -7.0, "aid": 2.0, "launch": -7.2}
    history = EventHistory(events, 0, 29, 30.0, ("A", "B", "C"), weights)
    series = weekly(history, {"launch": {"A": 1.0, "B": 0.5}})
    assert series["A", "B"].tolist() == [-5.0, -3.6, 0.0, 0.0]
    assert series["A", "C"].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert ("A", "A") not in series


def test_hostile_pairs_and_triangles_come_from_the_scenario() -> None:
    """Hostile pairs distrust each other at the start; third parties are allies by a pact."""
    scenario = load("korea-2017").scenario
    assert {("KOR", "PRK"), ("JPN", "PRK"), ("PRK", "USA")} <= set(hostile_pairs(scenario))
    assert ("JPN", "USA") not in hostile_pairs(scenario)
    assert {("USA", "PRK", "KOR"), ("CHN", "USA", "PRK")} <= set(triads(scenario))
    assert stakes_of(scenario)["nuclear_test"]["KOR"] == 1.0


def test_without_runs_there_are_no_estimates() -> None:
    """They are null in the JSON document."""
    page = document(fitted(load("korea-2017").scenario, []))
    assert page["pairs"][0]["routine"]["estimate"] is None


def test_the_document_names_who_reacts_to_whom() -> None:
    """A triangle has its third, its actor and its target under these names, as the scenario's pacts give them."""
    scenario = load("korea-2017").scenario
    triangles = document(fitted(scenario, []))["triangles"]
    named = [(each["third"], each["actor"], each["target"]) for each in triangles]
    assert named == list(triads(scenario))
    assert ("USA", "PRK", "KOR") in named
    assert ("PRK", "USA", "KOR") not in named
    assert all(each["effect"].keys() == {"n", "estimate", "se", "low", "high"} for each in triangles)


def test_the_command_writes_both_directions(tmp_path: Path) -> None:
    """As JSON, Markdown and terminal tables; stored runs are not run again."""
    words = ("two-rivals", "-n", "4", "--lags", "2", "--jobs", "1", "--out", "relations")
    document = inside_json("relations", *words, cwd=tmp_path)
    assert {(each["actor"], each["target"]) for each in document["pairs"]} == {("ARD", "BRL"), ("BRL", "ARD")}
    first = document["pairs"][0]["reciprocity"]
    assert first["low"] < first["estimate"] < first["high"]
    stored = {each.name: each.read_bytes() for each in (tmp_path / "relations" / "runs").iterdir()}
    assert inside_json("relations", *words, "--resume", cwd=tmp_path) == document
    assert {each.name: each.read_bytes() for each in (tmp_path / "relations" / "runs").iterdir()} == stored
    shown = inside("relations", *words, "--resume", cwd=tmp_path).stdout
    assert "Arda to Brel" in shown
    assert "not fitted" not in shown
    assert "| Arda to Brel |" in text(summary(document))


def test_relations_that_cannot_be_fitted_have_a_note(tmp_path: Path) -> None:
    """It has the reason, here the number of weeks needed."""
    shown = inside("relations", "two-rivals", "-n", "2", "--until", "70d", "--jobs", "1", cwd=tmp_path).stdout
    assert "-, not fitted: the runs are too short (4 lags need at least 40 weeks)" in shown


def test_an_invalid_end_is_a_usage_error(tmp_path: Path) -> None:
    """It is reported before anything is run."""
    done = inside("relations", "two-rivals", "--until", "never", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a time" in done.stderr


@pytest.mark.slow
def test_hostile_pairs_reciprocate_in_both_directions() -> None:
    """In a few runs of three years, the mean reciprocity of hostile pairs with North Korea is above 0 both ways."""
    loaded = load("korea-2017")
    how = EvaluationOptions(n=6, seed=2017, batch=BatchOptions(executor=on_cores()))
    estimates = relate(loaded, how, startex="2016-01-01", until="2019-01-01")
    assert estimates.failures == ()
    north = [each for each in estimates.pairs if each.hostile and "PRK" in (each.actor, each.target)]
    from_north = [each.reciprocity.estimate for each in north if each.actor == "PRK"]
    towards_north = [each.reciprocity.estimate for each in north if each.target == "PRK"]
    assert from_north
    assert np.mean(from_north) > 0
    assert np.mean(towards_north) > 0
