"""The common part of the three environments: the scenario, the agents, their spaces and rewards, and the episodes."""

import copy
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypedDict

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from wargame.env.episode import Episode, EpisodeState, save_episode
from wargame.env.seat_space import ObservationDict, SeatSpace
from wargame.errors import UsageFault
from wargame.journal.records import Stamps
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model import Scenario
from wargame.scenario.model.governments import LEADER, LIMITS
from wargame.seat.brief import RECENT, brief, brief_lines, inbox
from wargame.seat.interests import LevelArray, Welfare
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.context import PERSON
from wargame.simulation.kernel.settings import Settings

PRICE = 0.05
"""Welfare that a day of a leadership's time is worth. Judgement: see docs/decisions/0096-environments-and-scores.md."""


def cost_of_order(scenario: Scenario, government: str, option: str, price: float = PRICE) -> float:
    """Return what an order costs its government: the option's `cost`, and the leadership's time to work it out."""
    spec = scenario.options[option]
    return spec.cost + price * scenario.governments[government].dossiers[spec.dossier].work / DAY


Score = Callable[[Exercise, str], float]
"""The score of a government at one moment of an exercise."""


class Rewards:
    """Rewards of some agents in one episode: the change of welfare as each seat sees it, less what its orders cost.

    With another score, it is the change of that score alone. A new leader has other interests. Both levels of a change
    are then weighed with the interests of the leader in office, so that taking office is no reward by itself.
    """

    def __init__(self, exercise: Exercise, welfare: Iterable[Welfare], score: Score | None) -> None:
        self._exercise, self._score = exercise, score
        self._welfare = {each.government: each for each in welfare}
        self._last: dict[str, tuple[LevelArray, float, str]] = {}
        """The last knowledge of an agent, the welfare then, and the leader then in office."""
        self._scores: dict[str, float] = {}
        self._spent: dict[str, float] = {}
        """The costs of orders since the last reward."""

    def spend(self, agent: str, cost: float) -> None:
        """Take the cost of an order from the next reward of an agent."""
        self._spent[agent] = self._spent.get(agent, 0.0) + cost

    def get_state(self) -> tuple[dict[str, Any], ...]:
        """Return what the next rewards depend on, apart from the exercise."""
        return dict(self._last), dict(self._scores), dict(self._spent)

    def set_state(self, state: tuple[dict[str, Any], ...]) -> None:
        """Continue from what `get_state` returned."""
        self._last, self._scores, self._spent = (dict(each) for each in state)

    def since_last(self, agent: str) -> float:
        """Return the reward of an agent since the last call for it; 0 at the first."""
        exercise = self._exercise
        if self._score is not None:
            score = float(self._score(exercise, agent))
            before, self._scores[agent] = self._scores.get(agent, score), score
            return score - before
        welfare = self._welfare[agent]
        levels, leader = welfare.levels(exercise), exercise.context.offices.leader[agent]
        now = welfare.of(levels, exercise, leader)
        earlier, then, by = self._last.get(agent, (levels, now, leader))
        self._last[agent] = levels, now, leader
        gain = now - (then if by == leader else welfare.of(earlier, exercise, leader))
        return gain - self._spent.pop(agent, 0.0)


ANSI = "ansi"


class Options(TypedDict, total=False):
    """Named options of all environments.

    `score(exercise, government)` replaces welfare and costs as that whose change is the reward. `price` is the welfare
    that a day of a leadership's time is worth. With `talk`, demands, offers, answers and votes are actions. With `pad`,
    the spaces of all agents have the same sizes. `limits` bind the agents: `leader`, `law` or `none`. `render_mode` is
    None or `ansi`. `settings` are the settings of a run.
    """

    score: Score | None
    price: float
    talk: bool
    pad: bool
    limits: str
    render_mode: str | None
    settings: Settings | None


class Setup:
    """A scenario with agents in some of its seats; makes one episode after another.

    After `reset(seed=S)` the episodes are the replications 0, 1, … of seed S, each a separate run. Without a seed,
    S is drawn from the entropy of the machine at the first reset.
    """

    def __init__(
        self, scenario: str | Loaded, agents: Sequence[str] | None, until: str | None, options: Options
    ) -> None:
        for name in options:
            valid_name("argument", name, Options.__annotations__)
        self.loaded = load(scenario) if isinstance(scenario, str) else scenario
        self.arguments = self.loaded, agents, until, options
        governments = sorted(self.loaded.scenario.governments)
        for agent in agents or ():
            valid_name("government", agent, governments)
        self.agents = tuple(dict.fromkeys(agents)) if agents is not None else tuple(governments)
        if not self.agents:
            raise UsageFault(f"name at least one government as an agent, such as {governments[0]}")
        limits = valid_name("limits", options.get("limits", LEADER), LIMITS)
        self.settings = settings = self._with_agents(options.get("settings") or Settings(), until, limits)
        self.render_mode = options.get("render_mode")
        if self.render_mode is not None:
            valid_name("render mode", self.render_mode, (ANSI,))
        self._score, self._price = options.get("score"), options.get("price", PRICE)
        probe = Exercise(self.loaded, 1, settings)
        self.spaces = {agent: SeatSpace(probe, agent, talk=options.get("talk", False)) for agent in self.agents}
        self._welfare = [Welfare(probe, agent) for agent in self.agents]
        self.state_names = tuple(spec.path for spec in probe.context.world.layout.slots)
        if options.get("pad"):
            every = self.spaces.values()
            most = max(len(each.actions) for each in every), max(len(each.observations) for each in every)
            for space in every:
                space.set_sizes(*most)
        self._seed: int | None = None
        self._next = settings.replication
        self.episode: Episode | None = None

    def _with_agents(self, settings: Settings, until: str | None, limits: str) -> Settings:
        """Return the settings with agents in their seats under their limits, and with another end if it is given."""
        others = (seat for seat in settings.seats if seat[0] not in self.agents)
        seats = (*others, *((agent, PERSON) for agent in self.agents))
        bound = () if limits == LEADER else tuple((agent, limits) for agent in self.agents)
        end = settings.until if until is None else until
        return replace(settings, seats=seats, limits=(*settings.limits, *bound), until=end)

    def metadata(self, form: str) -> dict[str, Any]:
        """Return the metadata of an environment: names of the actions and of the entries of observations, by agent."""
        return {
            "name": f"wargame_{self.loaded.scenario.name}_{form}",
            "render_modes": [ANSI],
            "is_parallelizable": form != "aec",
            "actions": {agent: space.actions for agent, space in self.spaces.items()},
            "observations": {agent: space.observations for agent, space in self.spaces.items()},
            "state": self.state_names,
        }

    def begin(self, seed: int | None, options: dict[str, Any] | None) -> Episode:
        """Return the next episode, or replication 0 of a seed; the option `replication` chooses another one."""
        if seed is not None:
            self._seed, self._next = int(seed), 0
        elif self._seed is None:
            self._seed = secrets.randbits(31)
        return self._begin(self._seed, int((options or {}).get("replication", self._next)))

    def _begin(self, seed: int, replication: int) -> Episode:
        self._seed, self._next = seed, replication + 1
        settings = replace(self.settings, replication=replication)
        journal = "none" if self.render_mode is None else "full"  # a brief reads what has happened
        episode = self.episode = Episode(self.loaded, seed, settings, journal)
        self.rewards = Rewards(episode.exercise, self._welfare, self._score)
        return episode

    def restore(self, state: EpisodeState) -> None:
        """Re-simulate an episode to a moment; NotReproducible if the state is not of this setup."""
        self._begin(state.seed, state.replication).repeat(state)
        self.rewards.set_state(state.rewards)

    @property
    def running(self) -> Episode:
        """The present episode; UsageFault before the first."""
        if self.episode is None:
            raise UsageFault("call reset() before anything else")
        return self.episode

    def observe(self, agent: str, dossiers: Sequence[str] | None = None) -> ObservationDict:
        """Return what an agent observes, with a mask of the actions on some dossiers (None: on all)."""
        episode, space = self.running, self.spaces[agent]
        exercise = episode.exercise
        choosing = space.dossiers if dossiers is None else dossiers
        due = episode.due(agent) if dossiers is None else dossiers
        mask = space.mask(exercise, () if exercise.done else choosing)
        return {"observation": space.observe(exercise, due), "action_mask": mask}

    def act(self, agent: str, action: int | np.integer[Any], dossier: str = "") -> bool:
        """Take an action; one that is not possible is to wait. Returns whether it was illegal."""
        episode, space = self.running, self.spaces[agent]
        candidate = space.candidate(int(action))
        if candidate is not None:
            option = self.loaded.scenario.options[candidate.option]
            if dossier in ("", option.dossier) and episode.act(agent, candidate, dossier):
                self.rewards.spend(agent, cost_of_order(self.loaded.scenario, agent, candidate.option, self._price))
                return False
        said = space.said(episode.exercise, int(action)) if not episode.exercise.done else None
        legal = action == 0 or (said is not None and episode.give(*said))
        episode.act(agent, None, dossier)
        return not legal


FIXED = frozenset(
    {"_setup", "_every", "metadata", "render_mode", "agent", "possible_agents", "action_space", "observation_space"}
    | {"state_space"}
)
"""Attributes of environments that no step changes."""


class WithEpisodes:
    """The part that environments share with their users: the exercise of the episode, its states, and saving it."""

    _setup: Setup

    @property
    def exercise(self) -> Exercise:
        """The exercise of the present episode, for analysis; what is read from it may be more than a seat knows."""
        return self._setup.running.exercise

    def get_state(self) -> EpisodeState:
        """Return the present moment of the episode, which `set_state` restores. It can be pickled, and costs little."""
        fields = {name: value for name, value in vars(self).items() if name not in FIXED}
        return self._setup.running.state(self._setup.rewards.get_state(), copy.deepcopy(fields))

    def set_state(self, state: EpisodeState) -> None:
        """Restore a moment by re-simulation from STARTEX, which takes the time of that part of a run.

        Raises NotReproducible for a state of another scenario or other settings, or if the exercise was changed by
        anything but actions.
        """
        self._setup.restore(state)
        for name in set(vars(self)) - FIXED - set(state.fields):
            delattr(self, name)
        vars(self).update(copy.deepcopy(state.fields))

    def clone(self) -> Self:
        """Return another environment at the same moment, at the cost of `set_state`; neither changes the other."""
        function, arguments = self.__reduce__()
        copied: Self = function(*arguments)
        return copied

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        state = self.get_state() if self._setup.episode is not None else None
        return _made, (type(self), self._setup.arguments, vars(self).get("_every"), state)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.clone()

    def render(self) -> str | None:
        """Return the briefs of the agents who act now, with `render_mode="ansi"`; else None."""
        if self._setup.render_mode is None:
            return None
        exercise, lines = self.exercise, []
        records = Stamps(exercise.calendar.iso).records(exercise.records())
        for agent in self._acting():
            received = inbox(exercise, records, agent, RECENT)
            lines.append("\n".join(brief_lines(exercise, brief(exercise, agent), received)))
        return "\n\n".join(lines)

    def close(self) -> None:
        """Forget the present episode."""
        self._setup.episode = None

    def _acting(self) -> Iterable[str]:
        return self._setup.agents

    def _info(self, dossier: str = "", *, illegal: bool = False) -> dict[str, Any]:
        return {"illegal": illegal, "dossier": dossier, "t": self.exercise.now}

    def save(self, folder: str | Path) -> Path:
        """Write the present episode as a run folder, which `wargame verify`, `show` and `report` take.

        An episode that is not over is a paused exercise. Raises UsageFault if the folder cannot be created.
        """
        return save_episode(self._setup.running, Path(folder))


class WithAgents(WithEpisodes):
    """The spaces of several agents, as PettingZoo asks for them."""

    def _take(self, setup: Setup, form: str) -> None:
        self._setup, self.metadata, self.render_mode = setup, setup.metadata(form), setup.render_mode
        self.possible_agents: list[str] = list(setup.agents)
        self.agents: list[str] = []
        self.state_space = spaces.Box(-np.inf, np.inf, (len(setup.state_names),), np.float32)

    def state(self) -> NDArray[np.float32]:
        """Return all true values, in the order of `metadata['state']`: for a central critic."""
        return np.array(self.exercise.context.world.levels(), dtype=np.float32)

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of an agent's observations, always the same object."""
        return self._setup.spaces[agent].observation_space

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of an agent's actions, always the same object."""
        return self._setup.spaces[agent].action_space


def _made(kind: type[Any], arguments: tuple[Any, ...], every: int | None, state: EpisodeState | None) -> Any:
    """Return an environment as it was pickled."""
    made = kind(Setup(*arguments), every)
    if state is not None:
        made.set_state(state)
    return made
