"""Masks and observations: they follow what the seat knows, and agree with the options that people are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from support.secrecy import OTHERS, SEAT, scenario
from wargame import env
from wargame.env.environments import MoveEnvironment
from wargame.errors import UsageFault
from wargame.seat.options import seat_options
from wargame.simulation.kernel.settings import Command, Settings

SECRETS = (
    Command(kind="set", data={"path": "morale[BRL]", "value": 0.9, "why": ""}),
    Command(kind="set", data={"path": "arms[DEL]", "value": 0.1, "why": ""}),
    Command(kind="set", data={"path": "trust[BRL, CND]", "value": 0.9, "why": ""}),
    Command(kind="order", data={"government": "BRL", "option": "plot", "target": "CND"}),
    Command(kind="order", data={"government": "CND", "option": "plot", "target": "BRL", "override": True, "why": "x"}),
    Command(kind="order", data={"government": "BRL", "option": "sink", "target": "CND", "override": True, "why": "x"}),
    Command(kind="order", data={"government": "CND", "option": "whisper", "target": "BRL"}),
    Command(kind="order", data={"government": "BRL", "option": "demand_more", "target": "CND"}),
    Command(
        kind="order",
        data={"government": "BRL", "option": "back_quietly", "target": "CND", "override": True, "why": "x"},
    ),
    Command(kind="release", data={"inject": "mole"}),
    Command(kind="release", data={"inject": "raid"}),
    Command(kind="message", data={"who": "BRL", "to": ["CND"], "text": "psst"}),
)
"""What the seat may not know, with no effect on anything that it may know."""
KNOWN = (
    Command(kind="order", data={"government": "BRL", "option": "protest", "target": "ARD"}),
    Command(kind="order", data={"government": "BRL", "option": "propose"}),
    Command(kind="order", data={"government": "CND", "option": "patrol", "target": "ARD"}),
    Command(kind="order", data={"government": "CND", "option": "back"}),
    Command(kind="release", data={"inject": "news"}),
)
"""What the seat notices."""


def seen(script: Sequence[tuple[int, Command | None]], *, secrets: bool) -> Iterator[tuple[Any, ...]]:
    """Plays a script of (number of the action of the seat, command of the white cell); what the agent receives."""
    kinds = tuple((name, "script") for name in OTHERS)
    game = env.parallel(scenario(), [SEAT], until="D+80", every="3d", settings=Settings(seats=kinds))
    observations, infos = game.reset(seed=3)
    yield observations, {}, infos
    for number, command in script:
        if command is not None and (secrets or command not in SECRETS):
            give(game, command)
        possible = observations[SEAT]["action_mask"].nonzero()[0]
        observations, rewards, *_, infos = game.step({SEAT: int(possible[number % len(possible)])})
        yield observations, rewards, infos


def give(game: MoveEnvironment, command: Command) -> None:
    """Gives a command of the white cell, if it is possible."""
    try:
        game.exercise.apply(command)
    except UsageFault:
        event("refused")


COMMANDS = st.one_of(st.none(), st.sampled_from(SECRETS), st.sampled_from(SECRETS), st.sampled_from(KNOWN))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 30), COMMANDS), min_size=3, max_size=20))
def test_a_learner_notices_nothing_that_its_seat_may_not_know(script: list[tuple[int, Command | None]]) -> None:
    """Observations, masks, rewards and infos are the same with and without secrets of others."""
    both = list(zip(seen(script, secrets=True), seen(script, secrets=False), strict=True))
    assert len(both) == len(script) + 1
    for (observed, rewards, infos), (other, other_rewards, other_infos) in both:
        for key in ("observation", "action_mask"):
            assert np.array_equal(observed[SEAT][key], other[SEAT][key])
        assert (rewards, infos) == (other_rewards, other_infos)


def test_an_inject_for_the_seat_is_noticed() -> None:
    """The property above can fail: what the seat may know does change what it observes."""
    told = list(seen([(0, KNOWN[0]), (0, None), (0, None)], secrets=True))
    untold = list(seen([(0, None)] * 3, secrets=True))
    assert any(
        not np.array_equal(one[0][SEAT]["observation"], other[0][SEAT]["observation"])
        for one, other in zip(told, untold, strict=True)
    )


@pytest.mark.parametrize(
    ("name", "seat", "moves"),
    [
        ("two-rivals", "ARD", 30),
        ("cuba-1962", "SUN", 12),
        ("korea-2017", "PRK", 4),
        pytest.param("korea-2017", "PRK", 60, marks=pytest.mark.slow),
        pytest.param("korea-2017", "USA", 60, marks=pytest.mark.slow),
    ],
)
def test_the_mask_is_the_options_that_a_person_in_the_seat_is_shown(name: str, seat: str, moves: int) -> None:
    """A mask, computed for speed, agrees with the list of options with their obstacles."""
    game = env.parallel(name, every="7d" if name != "cuba-1962" else "1d")
    observations, _ = game.reset(seed=1)
    actions, rng, checked = game.metadata["actions"][seat], np.random.default_rng(3), set[str]()
    for _ in range(moves):
        if not game.agents:
            break
        shown = {
            f"{entry.option} {target}" if target else entry.option
            for dossier in seat_options(game.exercise, seat).dossiers
            for entry in dossier.available
            for target in entry.targets or ("",)
        }
        possible = {actions[i] for i in observations[seat]["action_mask"].nonzero()[0]} - {"wait"}
        assert possible == shown
        checked |= possible
        choices = {agent: rng.choice(observations[agent]["action_mask"].nonzero()[0]) for agent in game.agents}
        observations, *_ = game.step({agent: int(action) for agent, action in choices.items()})
    assert len(checked) > 2


def test_a_turn_is_about_one_dossier() -> None:
    """At a turn only the options of the dossier of the meeting are possible, for that agent alone."""
    game = env.aec("two-rivals", until="D+90")
    game.reset(seed=1)
    options, seen_dossiers = game.exercise.context.scenario.options, set[str]()
    for agent in game.agent_iter(60):
        observation, _, terminated, truncated, info = game.last()
        if terminated or truncated or observation is None:
            break
        seen_dossiers.add(info["dossier"])
        numbers = observation["action_mask"].nonzero()[0]
        names = [game.metadata["actions"][agent][i].split()[0] for i in numbers if i]
        assert {options[name].dossier for name in names} <= {info["dossier"]}
        waiting = {
            name for other in game.agents if other != agent for name in (game.observe(other)["action_mask"].sum(),)
        }
        assert waiting == {1}
        game.step(0)
    assert seen_dossiers == {"strait", "economy"}


def test_observations_are_what_the_seat_knows_within_the_ranges_of_the_indicators() -> None:
    """Public and own values, estimates with deviations, and nothing that only others know."""
    game = env.single("korea-2017", "KOR", until="D+20")
    observation, _ = game.reset(seed=1)
    names = game.metadata["observations"]["KOR"]
    at = dict(zip(names, observation["observation"].tolist(), strict=True))
    view = game.exercise.context.knowledge("KOR").view
    value = view.value(view.slot("trust", ("KOR", "PRK")))
    assert at["trust[KOR, PRK]"] == pytest.approx(value, abs=1e-6)
    assert "trust[PRK, KOR]" not in at
    estimated = [name.removeprefix("deviation of ") for name in names if name.startswith("deviation of ")]
    assert estimated
    assert all(name in at and at[f"deviation of {name}"] > 0 for name in estimated)
    assert game.observation_space.contains(observation)


def test_the_time_is_the_share_of_the_exercise_that_is_over() -> None:
    """It counts from STARTEX, and not from the beginning of the history before it."""
    game = env.single("korea-2017", "KOR", until="D+20")
    observation, _ = game.reset(seed=1)
    place = game.metadata["observations"]["KOR"].index("share of the exercise that is over")
    startex = datetime.fromisoformat("2017-06-01T00:00+09:00")
    for _ in range(3):
        passed = game.exercise.calendar.at(game.exercise.now) - startex
        assert timedelta() < passed < timedelta(days=20)
        assert float(observation["observation"][place]) == pytest.approx(passed / timedelta(days=20), abs=1e-6)
        observation, *_ = game.step(0)
