"""The environment in which one government at a time decides, when its meeting asks for it (PettingZoo's AEC)."""

from __future__ import annotations

from typing import Any

from pettingzoo import AECEnv

from wargame.env.seat_space import Observation
from wargame.env.setup import Setup, WithAgents


class TurnEnvironment(WithAgents, AECEnv[str, Observation, int | None]):
    """At each turn one government decides on one dossier, as a government of the model does at a meeting.

    The mask has the options of that dossier. `infos` have `dossier`, the second `t` of the exercise, and `illegal`:
    whether the last action of the agent was not possible, so that the agent waited.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.metadata = setup.metadata("aec")
        self.render_mode = None
        self.possible_agents = list(setup.agents)
        self.agents = []
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
        self.infos = {agent: self._info(illegal=False) for agent in self.agents}
        self._to_next_turn()
        self._clear_rewards()

    def observe(self, agent: str) -> Observation:
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
        illegal = self._setup.act(agent, action, self._dossier)
        self.infos[agent] = self._info(illegal=illegal)
        self._to_next_turn()
        self._accumulate_rewards()
        self._deads_step_first()

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

    def _info(self, *, illegal: bool) -> dict[str, Any]:
        return {"illegal": illegal, "dossier": "", "t": self._setup.running.exercise.now}
