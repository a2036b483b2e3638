"""The environments: by turns and by moves (PettingZoo's AEC and parallel forms), and of one seat (gymnasium)."""

from collections.abc import Iterable
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray
from pettingzoo import AECEnv, ParallelEnv

from wargame.env.seat_space import ObservationDict
from wargame.env.setup import Setup, WithAgents, WithEpisodes


class TurnEnvironment(WithAgents, AECEnv[str, ObservationDict, int | None]):
    """At each turn one government decides on one dossier, as a government of the model does at a meeting.

    The mask has the options of that dossier. `infos` have `dossier`, the second `t` of the exercise, and `illegal`:
    whether the last action of the agent was not possible, so that the agent waited.
    """

    def __init__(self, setup: Setup, _every: None = None) -> None:
        self._take(setup, "aec")
        self._dossier = ""

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Begin the next episode; with `seed`, replication 0 of that seed. The option `replication` chooses one."""
        self._setup.begin(seed, options)
        self.agents = list(self.possible_agents)
        self.agent_selection = self.agents[0]
        vars(self).pop("_skip_agent_selection", None)  # of an episode that was left before its end
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos = {agent: self._info() for agent in self.agents}
        self._to_next_turn()
        self._clear_rewards()

    def observe(self, agent: str) -> ObservationDict:
        """Return what an agent observes now; only the one whose turn it is can do more than wait."""
        dossiers = (self._dossier,) if agent == self.agent_selection and self._dossier else ()
        return self._setup.observe(agent, dossiers)

    def step(self, action: int | None) -> None:
        """Take the action of the agent whose turn it is and go on to the next turn."""
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        assert action is not None
        self._cumulative_rewards[agent] = 0.0
        self._clear_rewards()
        self.infos[agent] = self._info(illegal=self._setup.act(agent, action, self._dossier))
        self._to_next_turn()
        self._accumulate_rewards()
        self._deads_step_first()

    def _acting(self) -> Iterable[str]:
        return (self.agent_selection,)

    def _to_next_turn(self) -> None:
        """Advance to the next turn and give its agent the reward since its last one; at the end, to all agents."""
        episode, rewards = self._setup.running, self._setup.rewards
        turn = episode.next_turn()
        if turn is not None:
            self.agent_selection, self._dossier = turn
            self.rewards[self.agent_selection] = rewards.since_last(self.agent_selection)
            self.infos[self.agent_selection] |= {"dossier": self._dossier, "t": episode.exercise.now}
            return
        self._dossier = ""
        ended = bool(episode.exercise.outcomes_watch.ended_by)
        for agent in self.agents:
            self.rewards[agent] = rewards.since_last(agent)
            self.terminations[agent], self.truncations[agent] = ended, not ended
            self.infos[agent] |= {"dossier": "", "t": episode.exercise.now}


Observations = dict[str, ObservationDict]
Infos = dict[str, dict[str, Any]]
Flags = dict[str, bool]


class MoveEnvironment(WithAgents, ParallelEnv[str, ObservationDict, int]):
    """All agents act in each move, in the order of `possible_agents`; then the clock advances by `every` seconds.

    The mask has the options of all dossiers. To wait is to pass on all decisions that are due; other decisions remain
    due. `infos` have the second `t` of the exercise, and `illegal`: whether the last action was not possible.
    """

    def __init__(self, setup: Setup, every: int) -> None:
        self._take(setup, "parallel")
        self._every = every

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

    def observe(self, agent: str) -> ObservationDict:
        """Return what an agent observes now, as the last `reset`, `step` or `set_state` has left it."""
        return self._setup.observe(agent)

    def _observations(self) -> Observations:
        return {agent: self.observe(agent) for agent in self.agents}

    def _infos(self, illegal: Flags) -> Infos:
        now = self._setup.running.exercise.now
        return {agent: {"illegal": illegal.get(agent, False), "t": now} for agent in self.agents}


class SeatEnvironment(WithEpisodes, gymnasium.Env[ObservationDict, np.int64]):
    """One government decides: at its meetings on the dossier concerned, or at intervals of `every` seconds on all.

    `action_masks` has the name that MaskablePPO of sb3-contrib calls.
    """

    def __init__(self, setup: Setup, every: int | None) -> None:
        self._setup, self._every = setup, every
        (self.agent,) = setup.agents
        self.metadata = setup.metadata("single")
        self.render_mode = setup.render_mode
        self.action_space = setup.spaces[self.agent].action_space
        self.observation_space = setup.spaces[self.agent].observation_space
        self._dossier = ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObservationDict, dict[str, Any]]:
        """Begin the next episode; with `seed`, replication 0 of that seed. The option `replication` chooses one."""
        super().reset(seed=seed)
        self._setup.begin(seed, options)
        self._move = 0
        if self._every is None:
            self._to_next_turn()
        self._setup.rewards.since_last(self.agent)
        return self.observe(), self._info(self._dossier)

    def step(self, action: int | np.integer[Any]) -> tuple[ObservationDict, float, bool, bool, dict[str, Any]]:
        """Take an action and go on to the next decision, or by one interval."""
        setup, exercise = self._setup, self._setup.running.exercise
        illegal = setup.act(self.agent, action, self._dossier)
        if self._every is None:
            self._to_next_turn()
        else:
            self._move += 1
            exercise.advance(exercise.calendar.startex + self._move * self._every)
        ended = bool(exercise.outcomes_watch.ended_by)
        reward = setup.rewards.since_last(self.agent)
        over = exercise.done
        info = self._info(self._dossier, illegal=illegal)
        return self.observe(), reward, over and ended, over and not ended, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Return which actions are possible now."""
        return self._mask.astype(np.bool_)

    def _to_next_turn(self) -> None:
        turn = self._setup.running.next_turn()
        self._dossier = turn[1] if turn is not None else ""

    def observe(self) -> ObservationDict:
        """Return what the seat observes now, as the last `reset`, `step` or `set_state` has left it."""
        by_meeting = (self._dossier,) if self._dossier else ()
        observation = self._setup.observe(self.agent, by_meeting if self._every is None else None)
        self._mask: NDArray[np.int8] = observation["action_mask"]
        return observation
