"""The environment of one seat (gymnasium): all other governments are played by the model."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from wargame.env.seat_space import Observation
from wargame.env.setup import Setup, WithEpisodes


class SeatEnvironment(WithEpisodes, gymnasium.Env[Observation, np.int64]):
    """One government decides: at its meetings on the dossier concerned, or with `every` each so many seconds on all.

    `action_masks` has the name that MaskablePPO of sb3-contrib calls.
    """

    def __init__(self, setup: Setup, every: int | None) -> None:
        self._setup, self._every = setup, every
        (self.agent,) = setup.agents
        self.metadata = setup.metadata("single")
        self.render_mode = None
        self.action_space = setup.spaces[self.agent].action_space
        self.observation_space = setup.spaces[self.agent].observation_space
        self._dossier = ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin the next episode; with `seed`, replication 0 of that seed. The option `replication` chooses one."""
        super().reset(seed=seed)
        self._setup.begin(seed, options)
        self._move = 0
        if self._every is None:
            self._to_next_turn()
        self._setup.rewards.since_last(self.agent)
        return self._observe(), self._info(illegal=False)

    def step(self, action: int | np.integer[Any]) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
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
        return self._observe(), reward, over and ended, over and not ended, self._info(illegal=illegal)

    def action_masks(self) -> NDArray[np.bool_]:
        """Return which actions are possible now."""
        return self._mask.astype(np.bool_)

    def _to_next_turn(self) -> None:
        turn = self._setup.running.next_turn()
        self._dossier = turn[1] if turn is not None else ""

    def _observe(self) -> Observation:
        by_meeting = (self._dossier,) if self._dossier else ()
        observation = self._setup.observe(self.agent, by_meeting if self._every is None else None)
        self._mask: NDArray[np.int8] = observation["action_mask"]
        return observation

    def _info(self, *, illegal: bool) -> dict[str, Any]:
        return {"illegal": illegal, "dossier": self._dossier, "t": self._setup.running.exercise.now}
