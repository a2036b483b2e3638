"""Relations: the estimator finds known coefficients, series count what was done to whom, hostile pairs answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from support.in_process import inside, inside_json
from wargame.evidence.relations.reactions import (
    LAGS,
    Series,
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
from wargame.evidence.relations.text import markdown
from wargame.evidence.targets.statistics import DatedEvent, Story
from wargame.executor.processes import on_cores
from wargame.scenario.loading.load import load

KNOWN = np.array([[0.3, 0.25], [0.1, 0.5]])
"""x is routine by 0.3 and answers y by 0.25; y is routine by 0.5 and answers x by 0.1."""


def simulated(coefficients: NDArray[np.float64], weeks: int, seed: int) -> NDArray[np.float64]:
    """A vector autoregression of one lag with these coefficients and unit noise."""
    noise = np.random.default_rng(seed).normal(size=(weeks + 50, len(coefficients)))
    made = np.zeros_like(noise)
    for t in range(1, len(noise)):
        made[t] = coefficients @ made[t - 1] + noise[t]
    return made[50:]


def series(seed: int, weeks: int = 400) -> Series:
    """One run with known relations between A and B."""
    made = simulated(KNOWN, weeks, seed)
    return {("A", "B"): made[:, 0], ("B", "A"): made[:, 1]}


def test_known_coefficients_are_found() -> None:
    """Routine and reciprocity of both directions lie in their intervals, pooled over thirty runs, and nowhere else."""
    there, back = directed([series(seed) for seed in range(30)], ("A", "B"), hostile=True, lags=1)
    told = (there.routine, there.reciprocity, back.routine, back.reciprocity)
    for found, true in zip(told, (0.3, 0.25, 0.5, 0.1), strict=True):
        assert found.low - 0.01 <= true <= found.high + 0.01  # an estimate from 400 weeks is off by about 1/400
        assert found.width < 0.06


def test_more_lags_sum_to_the_same() -> None:
    """With four lags in place of the one that there is, the sums stay what they were, less surely."""
    there, _ = directed([series(seed, 2000) for seed in range(20)], ("A", "B"), hostile=True, lags=LAGS)
    assert there.reciprocity.estimate == pytest.approx(0.25, abs=0.05)


def test_without_reciprocity_none_is_found() -> None:
    """Two series that go their own ways: the interval holds 0."""
    runs: list[Series] = []
    for seed in range(30):
        made = simulated(np.diag([0.4, 0.4]), 300, seed)
        runs.append({("A", "B"): made[:, 0], ("B", "A"): made[:, 1]})
    there, back = directed(runs, ("A", "B"), hostile=False, lags=LAGS)
    assert there.reciprocity.low < 0 < there.reciprocity.high
    assert back.reciprocity.low < 0 < back.reciprocity.high


def test_a_triangular_effect_is_found() -> None:
    """C answers A for what A does to B, besides its own routine and what A does to C."""
    known = np.array([[0.2, 0.1, 0.3], [0.0, 0.3, 0.0], [0.0, 0.0, 0.4]])
    runs: list[Series] = []
    for seed in range(30):
        made = simulated(known, 400, seed)
        runs.append({("C", "A"): made[:, 0], ("A", "C"): made[:, 1], ("A", "B"): made[:, 2]})
    assert triangle(runs, "C", "A", "B", lags=1).effect.estimate == pytest.approx(0.3, abs=0.02)


def test_a_series_that_never_moves_tells_nothing() -> None:
    """Such a run is left out; so is one that is too short for the lags."""
    moving = np.random.default_rng(1).normal(size=200)
    assert reactions([moving, np.zeros(200)], 4) is None
    assert reactions([moving[:30], moving[30:60]], 4) is None


def test_weeks_sum_weights_and_actions_without_target_count_by_stake() -> None:
    """Two actions of a week add up; a launch at nobody is done to each as far as it has a stake; half a week is none."""
    events = (
        DatedEvent(1.0, 0, "A", "threat", "B"),
        DatedEvent(6.9, 0, "A", "aid", "B"),
        DatedEvent(8.0, 0, "A", "launch", ""),
        DatedEvent(15.0, 0, "", "council", "agree", forum=True),
        DatedEvent(29.0, 0, "A", "threat", "B"),
    )
    weights = {"threat": -7.0, "aid": 2.0, "launch": -7.2}
    told = Story(events, 0, 29, 30.0, ("A", "B", "C"), weights)
    made = weekly(told, {"launch": {"A": 1.0, "B": 0.5}})
    assert made["A", "B"].tolist() == [-5.0, -3.6, 0.0, 0.0]
    assert made["A", "C"].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert ("A", "A") not in made


def test_hostile_pairs_and_triangles_come_from_the_scenario() -> None:
    """Those who distrust each other at the start; third parties by the pacts."""
    scenario = load("korea-2017").scenario
    assert {("KOR", "PRK"), ("JPN", "PRK"), ("PRK", "USA")} <= set(hostile_pairs(scenario))
    assert ("JPN", "USA") not in hostile_pairs(scenario)
    assert {("USA", "PRK", "KOR"), ("CHN", "USA", "PRK")} <= set(triads(scenario))
    assert stakes_of(scenario)["nuclear_test"]["KOR"] == 1.0


def test_no_runs_give_no_numbers() -> None:
    """Nothing is made up where nothing was played."""
    found = document(fitted(load("korea-2017").scenario, [], 0))
    assert found["pairs"][0]["routine"]["estimate"] is None


def test_the_command_tells_both_directions(tmp_path: Path) -> None:
    """As data, as a table and as the part of a page; runs that are kept are not played again."""
    words = ("two-rivals", "-n", "4", "--lags", "2", "--jobs", "1", "--out", "kept")
    found = inside_json("relations", *words, cwd=tmp_path)
    assert {(each["actor"], each["target"]) for each in found["pairs"]} == {("ARD", "BRL"), ("BRL", "ARD")}
    first = found["pairs"][0]["reciprocity"]
    assert first["low"] < first["estimate"] < first["high"]
    kept = (tmp_path / "kept" / "runs.jsonl").read_bytes()
    assert inside_json("relations", *words, "--resume", cwd=tmp_path) == found
    assert (tmp_path / "kept" / "runs.jsonl").read_bytes() == kept
    shown = inside("relations", *words, "--resume", cwd=tmp_path).stdout
    assert "ARD to BRL" in shown
    assert "could not be fitted" not in shown
    assert "| ARD to BRL |" in markdown(found)


def test_what_cannot_be_fitted_is_told_with_the_reason(tmp_path: Path) -> None:
    """A dash in every row, and from how many weeks on there would be more."""
    shown = inside("relations", "two-rivals", "-n", "2", "--until", "70d", "--jobs", "1", cwd=tmp_path).stdout
    assert "- could not be fitted: the runs are too short: at least 40 weeks" in shown


def test_an_end_that_is_no_time_is_told(tmp_path: Path) -> None:
    """A usage error, before anything is played."""
    done = inside("relations", "two-rivals", "--until", "never", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a time" in done.stderr


@pytest.mark.slow
def test_hostile_pairs_answer_in_both_directions() -> None:
    """Over a few runs of three years, the mean reciprocity of hostile pairs with the North is above 0 both ways."""
    loaded = load("korea-2017")
    with on_cores()() as executor:
        found = relate(loaded, n=6, seed=2017, executor=executor, startex="2016-01-01", until="2019-01-01")
    assert found.failed == 0
    north = [each for each in found.pairs if each.hostile and "PRK" in (each.actor, each.target)]
    of_the_north = [each.reciprocity.estimate for each in north if each.actor == "PRK"]
    to_the_north = [each.reciprocity.estimate for each in north if each.target == "PRK"]
    assert np.mean(of_the_north) > 0
    assert np.mean(to_the_north) > 0
