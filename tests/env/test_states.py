"""Registered ids, rendering, states, clones and pickles of environments, and seeds where none is given."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import gymnasium
import numpy as np
import pytest

from support.engine import loaded
from wargame import env
from wargame.env.environments import MoveEnvironment
from wargame.errors import NotReproducible, UsageFault
from wargame.simulation.kernel.settings import Command

Step = tuple[dict[str, list[float]], dict[str, float]]


def go_on(game: MoveEnvironment, steps: int, rng: np.random.Generator | None = None) -> list[Step]:
    """Plays some moves; observations and rewards of each."""
    rng, seen = rng or np.random.default_rng(8), []
    for _ in range(steps):
        possible = {agent: game.observe(agent)["action_mask"].nonzero()[0] for agent in game.agents}
        if not possible:
            break
        observations, rewards, *_ = game.step({agent: int(rng.choice(each)) for agent, each in possible.items()})
        seen.append(({agent: each["observation"].tolist() for agent, each in observations.items()}, rewards))
    return seen


@pytest.mark.parametrize("talk", [False, True])
def test_a_restored_state_goes_on_as_the_first_time(*, talk: bool) -> None:
    """The same actions from there give the same observations and rewards, also in a new environment."""
    game = env.parallel("two-rivals", until="D+200", talk=talk)
    game.reset(seed=6)
    go_on(game, 9, np.random.default_rng(2))
    state = game.get_state()
    first = go_on(game, 30)
    assert len(first) > 10
    assert not game.agents
    game.set_state(state)
    assert go_on(game, 30) == first
    other = env.parallel("two-rivals", until="D+200", talk=talk)
    other.set_state(state)
    assert go_on(other, 30) == first


def test_the_state_of_an_episode_that_is_over_is_restored_as_over() -> None:
    """The end of an episode is a state like others."""
    game = env.parallel("two-rivals", until="D+30")
    game.reset(seed=6)
    go_on(game, 30)
    over = game.get_state()
    game.reset(seed=7)
    game.set_state(over)
    assert (game.agents, game.exercise.done, game.exercise.seed) == ([], True, 6)


@pytest.mark.parametrize("how", ["clone", "copy", "pickle"])
def test_a_clone_does_not_change_its_original(how: str) -> None:
    """What is tried in a clone leaves the episode as it was, and a clone continues as its original does."""
    game = env.aec(loaded(), until="D+200")
    game.reset(seed=6)
    for _ in range(7):
        game.step(0)
    other = game.clone() if how == "clone" else copy.deepcopy(game) if how == "copy" else again(game)
    rewards: list[list[Any]] = [[], []]
    for which, each in enumerate((other, game)):
        for _ in range(8):
            each.step(int(each.observe(each.agent_selection)["action_mask"].nonzero()[0][-1]))
            rewards[which].append((each.agent_selection, each.last()[1]))
    assert rewards[0] == rewards[1]
    assert len({reward for _, reward in rewards[0]}) > 3


def again(game: Any) -> Any:
    """The environment through a pickle."""
    return pickle.loads(pickle.dumps(game))  # noqa: S301 - its own pickle


def test_a_seat_is_pickled_with_its_generator_and_before_its_first_episode() -> None:
    """The form of gymnasium keeps `np_random` and the mask."""
    game = env.single("two-rivals", "ARD", every="7d")
    assert again(game).action_space == game.action_space
    game.reset(seed=3)
    game.step(0)
    other = again(game)
    assert other.np_random.random() == game.np_random.random()
    assert np.array_equal(other.action_masks(), game.action_masks())


def test_a_state_of_another_scenario_or_of_a_changed_exercise_is_refused() -> None:
    """A repetition that leads elsewhere is an error, not another episode."""
    game = env.parallel("two-rivals", until="D+60")
    game.reset(seed=6)
    go_on(game, 3)
    with pytest.raises(NotReproducible):
        env.parallel("cuba-1962").set_state(game.get_state())
    game.exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.9, "why": ""}))
    with pytest.raises(NotReproducible, match="another moment"):
        game.set_state(game.get_state())
    with pytest.raises(UsageFault, match="reset"):
        env.parallel("two-rivals").get_state()


@pytest.mark.parametrize("name", ["crisis-wargame/two-rivals-v1", "crisis-wargame/cuba-1962-v1"])
def test_gymnasium_makes_an_environment_by_its_id(name: str) -> None:
    """An id fixes scenario, seat and interval; arguments replace them."""
    game = gymnasium.make(f"wargame.env:{name}", until="D+5", render_mode="ansi")
    observation, _ = game.reset(seed=1)
    assert game.observation_space.contains(observation)
    assert game.spec is not None
    assert game.spec.id == name
    moves = env.parallel_env(name, until="D+5")
    assert set(moves.reset(seed=1)[0]) == set(moves.possible_agents)
    with pytest.raises(UsageFault, match="two-rivals-v1"):
        env.parallel_env("crisis-wargame/two-rivals-v0")


def test_rendering_is_the_brief_of_who_acts() -> None:
    """`ansi` shows what the seat knows, and no other form exists."""
    game = env.aec("two-rivals", render_mode="ansi")
    game.reset(seed=1)
    shown = game.render()
    assert shown is not None
    assert shown.startswith(f"BRIEF for {'Arda' if game.agent_selection == 'ARD' else 'Brel'}")
    both = env.parallel("two-rivals", render_mode="ansi")
    both.reset(seed=1)
    assert (both.render() or "").count("BRIEF for") == 2
    silent = env.parallel("two-rivals")
    silent.reset(seed=1)
    assert silent.render() is None
    with pytest.raises(UsageFault, match="render mode"):
        env.parallel("two-rivals", render_mode="human")


def test_the_state_has_the_true_values_by_name() -> None:
    """A central critic sees what no seat does: the trust of each in the other."""
    game = env.parallel("two-rivals")
    game.reset(seed=1)
    values = dict(zip(game.metadata["state"], game.state().tolist(), strict=True))
    world = game.exercise.context.world
    for index in (("ARD", "BRL"), ("BRL", "ARD")):
        assert values[f"trust[{', '.join(index)}]"] == pytest.approx(world.get("trust", *index))
    assert game.state_space.contains(game.state())


def test_without_a_seed_the_first_episode_is_drawn_from_entropy() -> None:
    """Two environments that are given no seed play different episodes, which their seeds reproduce."""
    games = [env.single("two-rivals", "ARD", every="7d") for _ in range(3)]
    for game in games:
        game.reset()
    assert len({game.exercise.seed for game in games}) > 1
