"""Governments as agents of reinforcement learning, through the interfaces of PettingZoo and gymnasium.

    from wargame import env

    turns = env.aec("korea-2017", agents=["PRK", "USA"], until="D+180")
    moves = env.parallel("korea-2017", every="7d")
    seat = env.single("two-rivals", "ARD")

An action is a number from a stable, sorted list of options with their targets (0 is to wait), which is in the metadata.
An observation is a dictionary: `observation` has what the seat knows, `action_mask` the actions that are possible as
far as it knows. See `docs/how-to/train-a-learner.md`.
"""

from collections.abc import Sequence
from typing import Any, Unpack

from wargame.errors import MissingExtra, UsageFault
from wargame.language.times import parse_duration
from wargame.scenario.loading.load import Loaded
from wargame.simulation.control.lookup import read, valid_name

try:
    import gymnasium

    from wargame.env.environments import MoveEnvironment, SeatEnvironment, TurnEnvironment
    from wargame.env.setup import PRICE, Options, Score, Setup, cost_of_order
except ModuleNotFoundError as error:
    if error.name not in ("gymnasium", "pettingzoo"):
        raise
    raise MissingExtra("wargame.env needs the extra `env`", "env") from None


__all__ = ["EVALUATION_SEEDS", "IDS", "PRICE", "Score", "aec", "cost_of_order", "parallel", "parallel_env", "single"]


def aec(
    scenario: str | Loaded, agents: Sequence[str] | None = None, until: str | None = None, **options: Unpack[Options]
) -> TurnEnvironment:
    """Return an environment of agents that decide in turn, whenever a meeting of its government asks for a decision.

    `scenario` is a name, a path or a loaded scenario. `agents` are governments, by default all; the model plays the
    others. `until` is a time such as `D+180` or `2017-12-31`, by default ENDEX. The reward is the change of welfare in
    the eyes of the seat since its last turn, less the costs of its orders. `options` are described in `Options`.
    Raises UsageFault for an unknown government or an invalid setting.
    """
    return TurnEnvironment(Setup(scenario, agents, until, options))


def parallel(
    scenario: str | Loaded,
    agents: Sequence[str] | None = None,
    until: str | None = None,
    *,
    every: str = "7d",
    **options: Unpack[Options],
) -> MoveEnvironment:
    """Return an environment in which all agents act at once, at the interval `every`; otherwise as `aec`."""
    return MoveEnvironment(Setup(scenario, agents, until, options), _interval(every))


def single(
    scenario: str | Loaded, seat: str, until: str | None = None, *, every: str | None = None, **options: Unpack[Options]
) -> SeatEnvironment:
    """Return an environment of one seat, which decides at its meetings or, with `every`, at regular intervals.

    The other arguments are as for `aec`.
    """
    return SeatEnvironment(Setup(scenario, (seat,), until, options), None if every is None else _interval(every))


IDS: dict[str, dict[str, str]] = {
    "crisis-wargame/standoff-v1": {"scenario": "standoff", "seat": "ALD", "every": "7d", "limits": "none"},
    "crisis-wargame/two-rivals-v1": {"scenario": "two-rivals", "seat": "ARD", "every": "7d"},
    "crisis-wargame/cuba-1962-v1": {"scenario": "cuba-1962", "seat": "USA", "every": "12h"},
    "crisis-wargame/korea-2017-v4": {"scenario": "korea-2017", "seat": "USA", "every": "7d"},
}
"""Ids of environments, and the arguments that they fix: the seat is that of the form for one agent.

The number rises when the same actions give other observations or rewards.
"""
EVALUATION_SEEDS = range(10_000, 10_200)
"""Seeds of reference scores: train on no episode of theirs."""


def parallel_env(name: str, **options: Any) -> MoveEnvironment:
    """Return the environment of an id with all governments as agents; `options` are other arguments of `parallel`.

    Raises UsageFault for an id that is not in `IDS`.
    """
    fixed: dict[str, Any] = {**IDS[valid_name("environment", name, IDS)]}
    del fixed["seat"]
    return parallel(**fixed | options)


for each, fixed in IDS.items():
    if each not in gymnasium.registry:
        gymnasium.register(each, "wargame.env:single", kwargs=fixed)


def _interval(every: str) -> int:
    """Return the seconds of an interval; UsageFault if it is none."""
    seconds = read(parse_duration, str(every), "every")
    if seconds <= 0:
        raise UsageFault("every: an interval is longer than 0, such as 7d")
    return seconds
