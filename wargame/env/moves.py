"""The environment in which all agents act at the same time, every so many days (PettingZoo's parallel form)."""

from __future__ import annotations

from typing import Any

from pettingzoo import ParallelEnv

from wargame.env.seat_space import Observation
from wargame.env.setup import Setup, WithAgents

Observations = dict[str, Observation]
Infos = dict[str, dict[str, Any]]
Flags = dict[str, bool]


class MoveEnvironment(WithAgents, ParallelEnv[str, Observation, int]):
    """All agents act in each move, in the order of `possible_agents`; then the clock advances by `every` seconds.

    The mask has the options of all dossiers. To wait is to pass on all decisions that are due; other decisions remain
    due. `infos` have the second `t` of the exercise, and `illegal`: whether the last action was not possible.
    """

    def __init__(self, setup: Setup, every: int) -> None:
        self._setup, self._every = setup, every
        self.metadata = setup.metadata("parallel")
        self.render_mode = None
        self.possible_agents = list(setup.agents)
        self.agents = []

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observations, Infos]:
        """Begin the next episode; with `seed`, replication 0 of that seed. The option `replication` chooses one."""
        self._setup.begin(seed, options)
        self.agents = list(self.possible_agents)
        self._move = 0
        for agent in self.agents:
            self._setup.rewards.since_last(agent)
        return self._observations(), self._infos({})

    def step(self, actions: dict[str, int]) -> tuple[Observations, dict[str, float], Flags, Flags, Infos]:
        """Take the actions of all agents (one that is not named waits) and advance the clock by one move."""
        setup, exercise = self._setup, self._setup.running.exercise
        illegal = {agent: setup.act(agent, actions.get(agent, 0)) for agent in self.agents}
        self._move += 1
        exercise.advance(exercise.calendar.startex + self._move * self._every)
        observations, infos = self._observations(), self._infos(illegal)
        rewards = {agent: setup.rewards.since_last(agent) for agent in self.agents}
        ended = bool(exercise.outcomes_watch.ended_by)
        terminations = dict.fromkeys(self.agents, exercise.done and ended)
        truncations = dict.fromkeys(self.agents, exercise.done and not ended)
        if exercise.done:
            self.agents = []
        return observations, rewards, terminations, truncations, infos

    def _observations(self) -> Observations:
        return {agent: self._setup.observe(agent) for agent in self.agents}

    def _infos(self, illegal: Flags) -> Infos:
        now = self._setup.running.exercise.now
        return {agent: {"illegal": illegal.get(agent, False), "t": now} for agent in self.agents}
