"""Episodes: rewards, ends, actions that are not possible, seeds, and saving an episode as a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.engine import changed, loaded
from wargame import env
from wargame.env.environments import TurnEnvironment
from wargame.errors import UsageFault
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.journal.reader import read_journal
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

Turn = tuple[str, float, bool, bool, int]


def choose(rng: np.random.Generator, observation: dict[str, Any]) -> int:
    """One of the possible actions."""
    return int(rng.choice(observation["action_mask"].nonzero()[0]))


def play(game: TurnEnvironment, most: int = 10_000, **reset: Any) -> list[Turn]:
    """Plays an episode at random; agent, reward, whether it has ended and how, and action, of each turn."""
    game.reset(**reset)
    rng, turns = np.random.default_rng(5), []
    for agent in game.agent_iter(most):
        observation, reward, terminated, truncated, _ = game.last()
        over = terminated or truncated
        action = None if over or observation is None else choose(rng, observation)
        turns.append((agent, reward, terminated, truncated, -1 if action is None else action))
        game.step(action)
    return turns


def test_the_same_seed_gives_the_same_episode_and_another_one_does_not() -> None:
    """A seed fixes an episode."""
    game = env.aec("two-rivals", until="D+120")
    first = play(game, seed=4)
    assert len(first) > 20
    assert play(env.aec("two-rivals", until="D+120"), seed=4) == first
    assert play(game, seed=5) != first


def test_a_turn_comes_in_the_first_second_in_which_a_decision_is_due() -> None:
    """The clock goes on to a turn as if one had looked after each of its seconds."""
    game, scenario = env.aec("two-rivals", until="D+120"), loaded("two-rivals")
    game.reset(seed=4)
    seats = Settings(seats=tuple((name, "human") for name in game.agents), until="D+120", journal="none")
    watched = Exercise(scenario, 4, seats)
    for _ in range(20):
        while not watched.commands.seats.dues:
            watched.advance(int(watched.next_event()) + 1)
        turn = next(iter(watched.commands.seats.dues))
        assert (game.agent_selection, game.infos[game.agent_selection]["dossier"]) == turn
        assert game.infos[game.agent_selection]["t"] == watched.now
        game.step(0)
        watched.apply(Command(kind="pass", data={"government": turn[0], "dossier": turn[1]}))


def test_resets_without_a_seed_are_the_replications_of_the_last_seed() -> None:
    """Episodes are numbered as the runs of a batch are."""
    game = env.aec("two-rivals", until="D+120")
    episodes = [play(game, seed=4), play(game), play(game)]
    assert episodes[0] != episodes[1] != episodes[2]
    assert play(game, seed=4, options={"replication": 2}) == episodes[2]
    assert play(game, seed=4) == episodes[0]


def test_an_episode_is_the_run_with_that_seed_and_replication() -> None:
    """The exercise of an episode has the seed, the replication and a person in the seat."""
    game = env.single("two-rivals", "ARD", until="D+60")
    game.reset(seed=9, options={"replication": 3})
    assert game.exercise.seed == 9
    assert game.exercise.settings.replication == 3
    assert game.exercise.settings.seats == (("ARD", "human"),)


def test_rewards_add_up_to_the_change_of_welfare_in_the_eyes_of_the_seat_less_what_its_orders_cost() -> None:
    """The sum of the rewards is the welfare at the end less that at the start, the options' costs and the time."""
    game = env.parallel("two-rivals", until="D+120")
    observations, _ = game.reset(seed=2)
    welfare = {agent: Welfare(game.exercise, agent) for agent in game.agents}
    start = {agent: each.now(game.exercise) for agent, each in welfare.items()}
    totals, rng, ordered = dict.fromkeys(game.agents, 0.0), np.random.default_rng(1), []
    while game.agents:
        actions = {agent: choose(rng, observations[agent]) for agent in game.agents}
        names = {agent: game.metadata["actions"][agent][action] for agent, action in actions.items()}
        observations, rewards, *_, infos = game.step(actions)
        ordered += [(a, n.split()[0]) for a, n in names.items() if n != "wait" and not infos[a]["illegal"]]
        for agent, reward in rewards.items():
            totals[agent] += reward
    assert any(abs(total) > 0.01 for total in totals.values())
    options, spent = loaded().scenario.options, dict.fromkeys(totals, 0.0)
    for agent, option in ordered:
        spent[agent] += options[option].cost + 0.05 / 3  # the work on a dossier takes eight hours
    assert min(spent.values()) > 0.1
    for agent, total in totals.items():
        assert total == pytest.approx(welfare[agent].now(game.exercise) - start[agent] - spent[agent])


def test_a_new_leader_is_no_reward() -> None:
    """A change of interests alone gives no reward."""
    base = loaded()
    calm, angry = base.scenario.leaders, {}
    name = base.scenario.governments["ARD"].leader
    angry["angry"] = replace(calm[name], interests={"tension": 100.0})
    game = env.parallel(changed(base, leaders={**calm, **angry}), ["ARD"], until="D+60", every="1d")
    game.reset(seed=1)
    game.step({"ARD": 0})
    game.exercise.governments["ARD"].install("angry")
    _, rewards, *_ = game.step({"ARD": 0})
    assert abs(rewards["ARD"]) < 10.0  # welfare itself has changed by about 30


def test_another_score_can_be_the_reward() -> None:
    """The reward is the change of any score of the user."""

    def tension(exercise: Exercise, government: str) -> float:
        assert government == "BRL"
        return -exercise.context.world.get("tension")

    game = env.single("two-rivals", "BRL", until="D+60", every="7d", score=tension)
    game.reset(seed=1)
    before = tension(game.exercise, "BRL")
    _, reward, *_ = game.step(0)
    assert reward == pytest.approx(tension(game.exercise, "BRL") - before)
    assert reward != 0.0


def test_endex_truncates_and_an_outcome_that_ends_the_run_terminates() -> None:
    """The two ways in which an episode ends are distinguished."""
    base = loaded()
    quiet = env.single(base, "ARD", until="D+30")
    quiet.reset(seed=1)
    ends = [(False, False)]
    while ends[-1] == (False, False):
        ends.append(quiet.step(0)[2:4])
    assert ends[-1] == (False, True)
    game = env.parallel(base, until="D+30")
    game.reset(seed=1)
    while game.agents:
        *_, terminations, truncations, _ = game.step({})
    assert (set(terminations.values()), set(truncations.values())) == ({False}, {True})
    calm = {name: replace(spec, when="tension >= 0", ends=True) for name, spec in base.scenario.outcomes.items()}
    game = env.parallel(changed(base, outcomes=calm), until="D+30")
    game.reset(seed=1)
    *_, terminations, truncations, _ = game.step({})
    assert terminations == {"ARD": True, "BRL": True}
    assert truncations == {"ARD": False, "BRL": False}
    assert game.agents == []


def test_an_action_that_is_not_possible_is_to_wait() -> None:
    """Such an action is reported and changes nothing else."""
    games = [env.aec("two-rivals", until="D+60") for _ in range(2)]
    for game in games:
        game.reset(seed=1)
    observation = games[0].last()[0]
    assert observation is not None
    agent, impossible = games[0].agent_selection, int((observation["action_mask"] == 0).nonzero()[0][0])
    for game, action in zip(games, (impossible, 0), strict=True):
        game.step(action)
    assert [game.infos[agent]["illegal"] for game in games] == [True, False]
    assert games[0].agent_selection == games[1].agent_selection
    for key in ("observation", "action_mask"):
        one, other = (game.observe(game.agent_selection)[key] for game in games)
        assert np.array_equal(one, other)


def test_names_of_actions_are_sorted_and_in_the_metadata() -> None:
    """A learner can look up what its numbers mean."""
    metadata = env.aec("two-rivals").metadata
    actions = metadata["actions"]["ARD"]
    assert actions[0] == "wait"
    assert len(actions) > 3
    assert list(actions[1:]) == sorted(actions[1:])
    assert "tension" in metadata["observations"]["ARD"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_saved_episode_is_a_run_that_verifies(tmp_path: Path, *, whole: bool) -> None:
    """An episode becomes a run folder, finished or paused."""
    game = env.aec("two-rivals", until="D+120")
    turns = play(game, 10_000 if whole else 12, seed=3)
    folder = Folder(game.save(tmp_path / "episode"))
    result = verify(folder)
    assert result.same, result
    assert folder.manifest().ended == ("endex" if whole else "paused")
    orders = [r for r in read_journal(folder) if (r.kind, r.about) == ("command", "order")]
    assert 0 < len(orders) == sum(action > 0 for *_, action in turns)
    assert folder.path.stat().st_mode & 0o077 == 0  # as the folder of every exercise, for the owner alone


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    """A run that is there is kept."""
    game = env.single("two-rivals", "ARD", until="D+20")
    game.reset(seed=1)
    game.save(tmp_path / "one")
    with pytest.raises(UsageFault, match="already exists"):
        game.save(tmp_path / "one")


def test_mistakes_are_named() -> None:
    """Each mistake has one clear error."""
    with pytest.raises(UsageFault, match="there is no government 'ARX'"):
        env.aec("two-rivals", ["ARX"])
    with pytest.raises(UsageFault, match="at least one government"):
        env.parallel("two-rivals", [])
    with pytest.raises(UsageFault, match="every"):
        env.parallel("two-rivals", every="soon")
    with pytest.raises(UsageFault, match="longer than 0"):
        env.single("two-rivals", "ARD", every="0d")
    with pytest.raises(UsageFault, match="until"):
        env.aec("two-rivals", until="yesterday")
    with pytest.raises(UsageFault, match="reset"):
        env.parallel("two-rivals").save("nowhere")


def test_the_model_plays_the_seats_without_agent() -> None:
    """Other seats are the model's, or as the settings say."""
    game = env.single("two-rivals", "ARD", until="D+365", settings=Settings(seats=(("BRL", "script"),)))
    game.reset(seed=1)
    seats = game.exercise.commands.seats
    assert (seats.of("ARD"), seats.of("BRL")) == ("human", "script")
    game = env.single("two-rivals", "ARD", until="D+365")
    game.reset(seed=1)
    assert game.exercise.commands.seats.of("BRL") == "model"
