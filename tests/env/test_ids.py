"""An id of an environment promises the same observations and rewards for the same actions."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from wargame import env
from wargame.errors import UsageFault

PROMISED = {
    "crisis-wargame/standoff-v1": (13, -4.37657007, 34.7885162, 65),
    "crisis-wargame/two-rivals-v1": (53, 0.0161794144, 217.644774, 176),
    "crisis-wargame/cuba-1962-v1": (77, 2.1595663, 4583.57876, 312),
    "crisis-wargame/korea-2017-v4": (109, -5.554635072, 57302.37555, 6256),
}
"""What an episode of each id gives: its moves, the sum of rewards, and the sums of observations and of masks."""


def episode(name: str) -> tuple[int, float, float, int]:
    """One episode in which each third move takes another possible action, and the others wait."""
    game = gymnasium.make(name).unwrapped
    observation, _ = game.reset(seed=3)
    moves, rewards, observed, masks, over = 0, 0.0, 0.0, 0, False
    while not over:
        possible = observation["action_mask"].nonzero()[0]
        observation, reward, terminated, truncated, _ = game.step(0 if moves % 3 else possible[moves % len(possible)])
        moves, rewards, over = moves + 1, rewards + float(reward), terminated or truncated
        observed += float(np.sum(observation["observation"], dtype=np.float64))
        masks += int(observation["action_mask"].sum())
    return moves, rewards, observed, masks


@pytest.mark.slow
@pytest.mark.parametrize("name", env.IDS)
def test_an_id_gives_what_it_has_always_given(name: str) -> None:
    """If this fails after a change that is on purpose, the number of the id rises, and this row is of the new id."""
    assert episode(name) == pytest.approx(PROMISED[name], rel=1e-6)


def test_every_id_has_a_promise() -> None:
    """A new id, or a new number, gets a row."""
    assert set(PROMISED) == set(env.IDS)


def test_an_id_that_was_replaced_names_the_one_of_today() -> None:
    """As for gymnasium's own environments."""
    replaced = pytest.raises(gymnasium.error.DeprecatedEnv, match="use `crisis-wargame/korea-2017-v4` instead")
    with pytest.warns(DeprecationWarning, match="out of date"), replaced:
        gymnasium.make("crisis-wargame/korea-2017-v1")
    with pytest.raises(UsageFault, match="did you mean 'crisis-wargame/korea-2017-v4'"):
        env.parallel_env("crisis-wargame/korea-2017-v1")
