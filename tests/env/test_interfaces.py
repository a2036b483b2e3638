"""The environments keep the interfaces of PettingZoo and gymnasium, as the test suites of these libraries find."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test.api_test import api_test
from pettingzoo.test.parallel_test import parallel_api_test
from pettingzoo.test.seed_test import parallel_seed_test, seed_test

from wargame import env
from wargame.errors import UsageFault, install_command

ADVICE = (
    "agents to be named in the format",  # governments have codes
    "Observation space for each agent probably should be",  # a mask needs a dictionary
    "Observation is not a NumPy array",
    "Agents have different observation space sizes",  # unless `pad`
    "Observations are different shapes",
    "has not defined a render() method",
    "Not able to test alternative render modes",
)
"""What the suites advise and these environments do otherwise."""


@contextmanager
def only_advice() -> Iterator[None]:
    """Allows the warnings that are advice; any other fails the test."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    messages = [str(each.message) for each in caught]
    assert [text for text in messages if not any(part in text for part in ADVICE)] == []


def check_all(scenario: str, until: str, seat: str, cycles: int) -> None:
    """Runs every suite."""
    with only_advice():
        api_test(env.aec(scenario, until=until), num_cycles=cycles)
        parallel_api_test(env.parallel(scenario, until=until), num_cycles=cycles)
        seed_test(lambda: env.aec(scenario, until=until), num_cycles=cycles)
        parallel_seed_test(lambda: env.parallel(scenario, until=until), num_cycles=cycles)
        check_env(env.single(scenario, seat, until=until))
        check_env(env.single(scenario, seat, until=until, every="7d"))


def test_the_suites_pass_on_a_small_scenario() -> None:
    """All suites, with both forms of a single seat."""
    check_all("two-rivals", "D+365", "ARD", 1000)


@pytest.mark.exhaustive
def test_the_suites_pass_on_a_large_scenario() -> None:
    """The same for six governments with about a hundred actions each."""
    check_all("korea-2017", "D+180", "PRK", 300)


def test_padded_spaces_have_one_size_and_pass() -> None:
    """With `pad`, agents share one size of spaces."""
    agents = ["USA", "SUN", "UNO"]
    turns, moves = env.aec("cuba-1962", agents, "D+3", pad=True), env.parallel("cuba-1962", agents, "D+3", pad=True)
    assert len({str(turns.action_space(agent)) for agent in agents}) == 1
    assert len({str(turns.observation_space(agent).sample()["observation"].shape) for agent in agents}) == 1
    with only_advice():
        api_test(turns, num_cycles=20)
        parallel_api_test(moves, num_cycles=20)


@pytest.mark.slow
def test_without_the_extra_the_import_names_it() -> None:
    """One line says what to install."""
    code = "import sys; sys.modules['pettingzoo'] = None; import wargame.env"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode != 0
    assert install_command("env") in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"limit": "none"}, "there is no argument 'limit' .did you mean 'limits'"),
        ({"agents": ["ARD"]}, "there is no argument 'agents'"),
        ({"every": 7}, "every: .*7"),
    ],
)
def test_an_argument_that_an_environment_does_not_have_is_an_error(wrong: dict[str, Any], said: str) -> None:
    """It is not left out in silence."""
    with pytest.raises(UsageFault, match=said):
        gymnasium.make("crisis-wargame/two-rivals-v1", **wrong)
