"""Standoff: a signalling game with two hidden types, in which no fixed line of conduct does well."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import scores

from wargame import env
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise

SEEDS = range(20_000, 20_060)
NAME = "crisis-wargame/standoff-v1"


@cache
def standoff() -> Loaded:
    """The scenario, loaded once."""
    return load("standoff")


def plays(choose: Callable[[Any, Any], int]) -> np.ndarray[Any, Any]:
    """The scores of a player in Alder's seat."""
    game = env.single(standoff(), "ALD", every="7d", limits="none")
    return np.array([scores.episode(game, seed, choose)[0] for seed in SEEDS])


def always(option: str) -> Callable[[Any, Any], int]:
    """Takes one option as soon as it can, once."""

    def choose(game: Any, observation: Any) -> int:
        number: int = game.metadata["actions"]["ALD"].index(f"{option} BRK")
        return number if game.exercise.actions.count("ALD") == 0 and observation["action_mask"][number] else 0

    return choose


@pytest.mark.slow
def test_the_conditional_play_of_the_signalling_game_beats_each_line_that_ignores_signals() -> None:
    """To press bluffers and to settle with the resolute is better than to wait, to press or to settle, each always."""
    conditional = plays(scores.signals)
    for fixed in (scores.waits, always("press"), always("settle"), scores.highest, scores.by_chance()):
        gain = conditional - plays(fixed)
        assert gain.mean() > 2 * gain.std(ddof=1) / len(gain) ** 0.5


@pytest.mark.slow
def test_the_model_beats_waiting_chance_and_escalation() -> None:
    """The model plays about as well as the known solution, and loses to none of the three."""
    model = np.array([scores.model(standoff(), "ALD", seed)[0] for seed in SEEDS])
    for other in (scores.waits, scores.highest, scores.by_chance()):
        gain = model - plays(other)
        assert gain.mean() > 3 * gain.std(ddof=1) / len(gain) ** 0.5
    assert abs((model - plays(scores.signals)).mean()) < 0.15


def test_the_resolute_signal_and_bluffers_mostly_do_not() -> None:
    """The types separate within four weeks, not perfectly, and each has about half of the runs."""
    signalled: dict[str, list[bool]] = {"resolute": [], "bluff": []}
    for seed in SEEDS:
        exercise = Exercise(standoff(), seed)
        exercise.advance(28 * 86400)
        kind = exercise.context.offices.strategy["BRK"]
        signalled[kind if kind in signalled else "bluff"].append(exercise.context.world.get("posture") > 0.2)
    assert 20 <= len(signalled["resolute"]) <= 40
    assert np.mean(signalled["resolute"]) > 0.8
    assert 0 < np.mean(signalled["bluff"]) < 0.4


def test_nothing_shows_the_type_before_bracken_acts() -> None:
    """The first observations and masks of a learner are the same for both types."""
    game, firsts, kinds = env.single(standoff(), "ALD", every="1d", limits="none"), set(), set()
    for seed in SEEDS[:12]:
        game.reset(seed=seed)
        observation, *_ = game.step(0)
        if game.exercise.actions.count("BRK") == 0:
            kinds.add(game.exercise.context.offices.strategy["BRK"])
            firsts.add((observation["observation"].tobytes(), observation["action_mask"].tobytes()))
    assert kinds == {"bluff", "resolute"}
    assert len(firsts) == 1
