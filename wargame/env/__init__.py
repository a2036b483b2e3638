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
from dataclasses import replace

from wargame.env.setup import Score
from wargame.errors import MissingExtra, UsageFault
from wargame.language.times import parse_duration
from wargame.scenario.loading.load import Loaded
from wargame.simulation.kernel.settings import Settings

try:
    from wargame.env.environments import MoveEnvironment, SeatEnvironment, TurnEnvironment
    from wargame.env.setup import Setup
except ModuleNotFoundError as error:
    if error.name not in ("gymnasium", "pettingzoo"):
        raise
    raise MissingExtra("wargame.env needs the extra `env`", "env") from None


__all__ = ["aec", "parallel", "single"]


def aec(
    scenario: str | Loaded,
    agents: Sequence[str] | None = None,
    until: str | None = None,
    *,
    score: Score | None = None,
    pad: bool = False,
    settings: Settings | None = None,
) -> TurnEnvironment:
    """An environment in which one agent at a time decides, whenever a meeting of its government asks for a decision.

    `scenario` is a name, a path or a loaded scenario. `agents` are governments, by default all; the model plays the
    others. `until` is a time such as `D+180` or `2017-12-31`, by default ENDEX. The reward is the change of welfare in
    the eyes of the seat since its last turn, or the change of `score(exercise, government)`. With `pad`, the spaces of
    all agents have the same sizes. `settings` are those of a run. Raises UsageFault for an unknown government or an
    invalid setting.
    """
    return TurnEnvironment(Setup(scenario, agents, _settings(settings, until), score, pad=pad))


def parallel(
    scenario: str | Loaded,
    agents: Sequence[str] | None = None,
    until: str | None = None,
    *,
    every: str = "7d",
    score: Score | None = None,
    pad: bool = False,
    settings: Settings | None = None,
) -> MoveEnvironment:
    """Return an environment in which all agents act at once, at the interval `every`; otherwise as `aec`."""
    setup = Setup(scenario, agents, _settings(settings, until), score, pad=pad)
    return MoveEnvironment(setup, _interval(every))


def single(
    scenario: str | Loaded,
    seat: str,
    until: str | None = None,
    *,
    every: str | None = None,
    score: Score | None = None,
    settings: Settings | None = None,
) -> SeatEnvironment:
    """Return an environment of one seat, which decides at its meetings or, with `every`, at regular intervals.

    The other arguments are those of `aec`.
    """
    setup = Setup(scenario, (seat,), _settings(settings, until), score, pad=False)
    return SeatEnvironment(setup, None if every is None else _interval(every))


def _settings(settings: Settings | None, until: str | None) -> Settings:
    """Return the settings, with another end if it is given."""
    settings = settings or Settings()
    return settings if until is None else replace(settings, until=until)


def _interval(every: str) -> int:
    """Return the seconds of an interval; UsageFault if it is none."""
    try:
        seconds = parse_duration(every)
    except ValueError as error:
        raise UsageFault(f"every: {error}") from None
    if seconds <= 0:
        raise UsageFault("every: an interval is longer than 0, such as 7d")
    return seconds
