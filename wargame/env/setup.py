"""What the three environments have in common: the scenario, the agents and their spaces, and the episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces

from wargame.env.episode import Episode, Rewards, Score, save_episode
from wargame.env.seat_space import Observation, SeatSpace
from wargame.errors import UsageFault
from wargame.scenario.loading.load import Loaded, load
from wargame.seat.interests import Welfare
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

FIRST_SEED = 1
"""The seed of the first episode if none is given."""


class Setup:
    """A scenario with agents in some of its seats; makes one episode after another.

    After `reset(seed=S)` the episodes are the replications 0, 1, … of seed S, each as a run of its own.
    """

    def __init__(
        self,
        scenario: str | Loaded,
        agents: Sequence[str] | None,
        settings: Settings,
        score: Score | None,
        *,
        pad: bool,
    ) -> None:
        self.loaded = load(scenario) if isinstance(scenario, str) else scenario
        governments = sorted(self.loaded.scenario.governments)
        for agent in agents or ():
            valid_name("government", agent, governments)
        self.agents = tuple(dict.fromkeys(agents)) if agents is not None else tuple(governments)
        if not self.agents:
            raise UsageFault(f"name at least one government as an agent, such as {governments[0]}")
        self.settings = settings
        self._score = score
        probe = Exercise(self.loaded, FIRST_SEED, settings)
        self.spaces = {agent: SeatSpace(probe, agent) for agent in self.agents}
        self._welfare = [Welfare(probe, agent) for agent in self.agents]
        if pad:
            every = self.spaces.values()
            most = max(len(each.actions) for each in every), max(len(each.observations) for each in every)
            for space in every:
                space.set_sizes(*most)
        self._seed, self._next = FIRST_SEED, settings.replication
        self.episode: Episode | None = None

    def metadata(self, form: str) -> dict[str, Any]:
        """Return the metadata of an environment: names of the actions and of the entries of observations, by agent."""
        return {
            "name": f"wargame_{self.loaded.scenario.name}_{form}",
            "render_modes": [],
            "is_parallelizable": form != "aec",
            "actions": {agent: space.actions for agent, space in self.spaces.items()},
            "observations": {agent: space.observations for agent, space in self.spaces.items()},
        }

    def begin(self, seed: int | None, options: dict[str, Any] | None) -> Episode:
        """Return the next episode, or replication 0 of a seed; the option `replication` chooses another one."""
        if seed is not None:
            self._seed, self._next = int(seed), 0
        replication = int((options or {}).get("replication", self._next))
        self._next = replication + 1
        settings = replace(self.settings, replication=replication)
        episode = self.episode = Episode(self.loaded, self._seed, settings, self.agents)
        self.rewards = Rewards(episode.exercise, self._welfare, self._score)
        return episode

    @property
    def running(self) -> Episode:
        """The present episode; UsageFault before the first."""
        if self.episode is None:
            raise UsageFault("call reset() before anything else")
        return self.episode

    def observe(self, agent: str, dossiers: Sequence[str] | None = None) -> Observation:
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
        candidate = space.candidate(int(action)) if 0 <= action < len(space.actions) else None
        illegal = candidate is None and action != 0
        if candidate is not None:
            option = self.loaded.scenario.options[candidate.option]
            illegal = bool(dossier) and option.dossier != dossier
            illegal = illegal or not episode.act(agent, candidate, dossier)
        if candidate is None or illegal:
            episode.act(agent, None, dossier)
        return illegal


class WithEpisodes:
    """What the environments share with their users: the exercise of the present episode, and saving it."""

    _setup: Setup

    @property
    def exercise(self) -> Exercise:
        """The exercise of the present episode, for analysis; what is read from it may be more than a seat knows."""
        return self._setup.running.exercise

    def save(self, folder: str | Path) -> Path:
        """Write the present episode as a run folder, which `wargame verify`, `show` and `report` take.

        An episode that is not over is a paused exercise. Raises UsageFault if the folder cannot be created.
        """
        return save_episode(self._setup.running, Path(folder))


class WithAgents(WithEpisodes):
    """The spaces of several agents, as PettingZoo asks for them."""

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of an agent's observations, always the same object."""
        return self._setup.spaces[agent].observation_space

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of an agent's actions, always the same object."""
        return self._setup.spaces[agent].action_space
