"""Timing and choice: how often a government acts, and which option it chooses."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import actions, changed, loaded, run
from wargame.decision.appraisal import ActionHazard
from wargame.language.times import DAY
from wargame.numbers.arithmetic import sigmoid
from wargame.numbers.meetings import chances, choose
from wargame.scenario.loading.load import Loaded
from wargame.statistics.draws import Draws, name_key

NAMES = {i: name_key(f"option {i}") for i in range(6)}


def shares(scores: list[float], rationality: float, times: int = 4000) -> list[float]:
    """How often each of the candidates is chosen."""
    draws, counts = Draws(7), Counter[int]()
    for ordinal in range(times):
        feasible, key = list(range(1, len(scores) + 1)), draws.key("choice", "X", ordinal)
        counts[choose(array("d", [0.0, *scores]), feasible, rationality, list(NAMES.values()), key)] += 1
    return [counts[i] / times for i in range(1, len(scores) + 1)]


def test_without_rationality_choice_is_uniform() -> None:
    """With λ = 0 all open candidates are equally likely, whatever their scores (within four standard errors)."""
    assert shares([5.0, -3.0, 0.0, 1.0], 0.0) == pytest.approx([0.25] * 4, abs=4 * (0.25 * 0.75 / 4000) ** 0.5)


def test_with_much_rationality_the_best_is_chosen() -> None:
    """With a large λ the best candidate is always chosen, even if its lead is small."""
    assert shares([0.10, 0.11, -2.0, 0.1], 1e5) == [0.0, 1.0, 0.0, 0.0]


def test_choice_is_a_logit() -> None:
    """Shares of choices equal exp(λS), normalised, which is also the probability in the journal."""
    scores, rationality = [0.2, 0.0, -0.3], 4.0
    probabilities = chances(array("d", scores), [0, 1, 2], rationality)
    assert shares(scores, rationality) == pytest.approx([probabilities[i] for i in range(3)], abs=0.03)


def test_a_new_candidate_does_not_change_the_noise_of_the_others() -> None:
    """Noise depends on the candidate, not on its place: further ones are chosen, or the choice is as before."""
    draws, scores, names = Draws(3), array("d", bytes(48)), list(NAMES.values())
    keys = [draws.key("choice", "X", ordinal) for ordinal in range(300)]
    few = [choose(scores, [1, 4], 1.0, names, key) for key in keys]
    many = [choose(scores, [1, 2, 3, 4, 5], 1.0, names, key) for key in keys]
    assert set(few) == {1, 4}
    assert len([now for now in many if now in (1, 4)]) > 60
    assert all(now in (before, 2, 3, 5) for before, now in zip(few, many, strict=True))


@given(st.floats(-500, 500))
def test_the_logistic_never_overflows(z: float) -> None:
    """The logistic function stays in [0, 1] and is symmetric."""
    assert 0.0 <= sigmoid(z) <= 1.0
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1.0)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.floats(0.05, 1.0))
def test_the_rate_of_action_does_not_depend_on_the_meeting_interval(gaps: list[int], p: float) -> None:
    """The hazard is the same for any division of time into meetings."""
    often, once = ActionHazard(Draws(1), "X", 0), ActionHazard(Draws(1), "X", 0)
    often.draw = once.draw = 1e9
    now = 0
    for gap in gaps:
        now += gap * DAY
        often.meet(p, 30 * DAY, now)
    once.meet(p, 30 * DAY, now)
    assert often.hazard == pytest.approx(once.hazard)


def test_urgency_counts_from_the_time_of_the_shock() -> None:
    """Time before the shock counts at the urgency of the last meeting, time after it at the new urgency."""
    hazard = ActionHazard(Draws(1), "X", 0)
    hazard.draw = 1e9
    hazard.meet(0.1, 30 * DAY, 10 * DAY)
    hazard.close(24 * DAY)
    hazard.meet(1.0, 3 * DAY, 25 * DAY)
    assert hazard.hazard == pytest.approx(0.1 * 10 / 30 + 0.1 * 14 / 30 + 1.0 * 1 / 3)


def test_a_hazard_with_p_1_acts_once_per_tempo_on_average() -> None:
    """With p = 1 the mean time to act is τ."""
    draws, waits = Draws(11), []
    for who in range(600):
        hazard, now = ActionHazard(draws, f"X{who}", 0), 0
        while not hazard.meet(1.0, 30 * DAY, now):
            now += DAY
        waits.append(now / DAY)
    assert np.mean(waits) == pytest.approx(30.0, rel=0.12)


def with_interval(base: Loaded, factor: float) -> Loaded:
    """The scenario with every meeting interval, and the work of a meeting, multiplied."""
    governments = {
        name: replace(
            g,
            dossiers={
                d: replace(s, every=round(s.every * factor), work=round(s.work * factor)) for d, s in g.dossiers.items()
            },
        )
        for name, g in base.scenario.governments.items()
    }
    return changed(base, governments=governments)


def decided(base: Loaded, seeds: range) -> tuple[float, float]:
    """Actions decided per run, and the share of runs with a war."""
    runs = [run(base, seed, journal="decisions") for seed in seeds]
    acts = sum(1 for e in runs for d in actions(e) if d[6]["from"] == "decision")
    return acts / len(runs), sum(e.outcomes["war"] is not None for e in runs) / len(runs)


@pytest.mark.slow
def test_meeting_twice_as_often_hardly_changes_the_number_of_actions() -> None:
    """Half the interval changes actions per year by less than a fifth and does not double the probability of war."""
    base = loaded()
    usual, often = decided(base, range(40)), decided(with_interval(base, 0.5), range(40))
    assert often[0] == pytest.approx(usual[0], rel=0.2)
    assert often[1] <= 2 * usual[1] + 0.05


@pytest.mark.exhaustive
def test_meeting_twice_as_often_hardly_changes_korea() -> None:
    """The same is true for the built-in scenario."""
    base = loaded("korea-2017")
    usual, often = decided(base, range(12)), decided(with_interval(base, 0.5), range(12))
    assert often[0] == pytest.approx(usual[0], rel=0.2)
    assert often[1] <= 2 * usual[1] + 0.1
