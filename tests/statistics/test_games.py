"""Games with known solutions, with noise, and games in which nothing matters."""

from __future__ import annotations

import numpy as np
import pytest

from wargame.statistics.games import best_answers, equilibria, gains, mixture, resampled, separated
from wargame.statistics.intervals import Floats

Payoffs = list[list[list[float]]]
DILEMMA: Payoffs = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
CHICKEN: Payoffs = [[[0, -1], [1, -10]], [[0, 1], [-1, -10]]]
HUNT: Payoffs = [[[4, 1], [3, 3]], [[4, 3], [1, 3]]]
PENNIES: Payoffs = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]


def noisy(game: Payoffs, *, runs: int = 200, seed: int = 1, spread: float = 1.0) -> Floats:
    """Payoffs of runs: those of the game with normal noise, of which half is shared by all profiles of a run."""
    rng, means = np.random.default_rng(seed), np.array(game, dtype=float)
    shared = rng.normal(0, spread, runs)
    return means[..., None] + shared + rng.normal(0, spread, (*means.shape, runs))


def shares(payoffs: Floats, indifference: float = 0.2) -> Floats:
    """The share of samples in which each profile is an equilibrium."""
    return np.asarray(np.mean([equilibria(each, indifference) for each in resampled(payoffs, "t")], axis=0))


@pytest.mark.parametrize(
    ("game", "stable"),
    [(DILEMMA, {(1, 1)}), (CHICKEN, {(0, 1), (1, 0)}), (HUNT, {(0, 0), (1, 1)}), (PENNIES, set())],
)
def test_known_games(game: Payoffs, stable: set[tuple[int, int]]) -> None:
    """Prisoner's dilemma, chicken, stag hunt and matching pennies have the equilibria of the textbook, for sure."""
    found = shares(noisy(game))
    for place in np.ndindex(2, 2):
        assert found[place] > 0.95 if place in stable else found[place] < 0.05


def test_defection_is_the_best_answer_whatever_the_other_does() -> None:
    """In the prisoner's dilemma, in nearly all samples."""
    of_first, of_second = best_answers(resampled(noisy(DILEMMA), "t"))
    assert of_first[1].min() > 0.99
    assert of_second[:, 1].min() > 0.99


def test_gains_are_those_of_the_payoffs() -> None:
    """Who leaves cooperation in the dilemma gains 2; who leaves defection gains nothing."""
    assert gains(np.array(DILEMMA, dtype=float))[:, 0, 0].tolist() == [2.0, 2.0]
    assert gains(np.array(DILEMMA, dtype=float))[:, 1, 1].tolist() == [0.0, 0.0]


def test_matching_pennies_has_an_equilibrium_in_mixtures() -> None:
    """Each side of the coin in half of the cases, and nobody gains by leaving."""
    mixed, gain = mixture(np.array(PENNIES, dtype=float))
    assert np.allclose(mixed, 0.5, atol=0.03)
    assert gain < 0.06


def test_three_players() -> None:
    """Of three players who want to differ from both others, none can; each pair of equal ones gains by leaving."""
    means = np.zeros((3, 2, 2, 2))
    for place in np.ndindex(2, 2, 2):
        means[(slice(None), *place)] = [float(place.count(own) == 1) for own in place]
    found = equilibria(means, 0.0)
    assert not found[0, 0, 0]
    assert found[0, 0, 1]
    assert not equilibria(means + np.array([0, 0, 1.5]).reshape(3, 1, 1, 1) * (np.arange(2) == 0), 0.0)[0, 0, 1]


def test_noise_alone_is_not_told_apart() -> None:
    """In at most one of twenty data sets without any difference a strategy passes for better."""
    nothing: Payoffs = [[[0.0] * 3] * 3] * 2
    alarms = sum(separated(noisy(nothing, runs=40, seed=seed)) for seed in range(60))
    assert alarms <= 6
    assert separated(noisy(DILEMMA))
    assert shares(noisy(nothing, runs=40), 0.01).max() < 0.95


def test_equal_payoffs_are_not_told_apart() -> None:
    """Strategies that do the same have no better one; every profile is stable."""
    same = np.repeat(np.random.default_rng(1).normal(size=(2, 1, 1, 30)), 2, axis=1).repeat(2, axis=2)
    assert not separated(same)
    assert shares(same).min() == 1.0


def test_samples_depend_on_the_key_alone() -> None:
    """The same runs and key give the same samples."""
    payoffs = noisy(HUNT)
    assert all((a == b).all() for a, b in zip(resampled(payoffs, "t"), resampled(payoffs, "t"), strict=True))
    assert (resampled(payoffs, "t")[0] != resampled(payoffs, "u")[0]).any()
