"""The reward of an agent: the change of a score since the agent last acted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from wargame.seat.interests import Levels, Welfare

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise

Score = Callable[["Exercise", str], float]
"""The score of a government at one moment of an exercise."""


class Rewards:
    """Rewards of some agents in one episode: the change of welfare in the eyes of each seat, or of another score.

    A new leader has other interests. Both levels of a change are then weighed with those of the leader in office, so
    that taking office is no reward by itself.
    """

    def __init__(self, exercise: Exercise, welfare: Iterable[Welfare], score: Score | None) -> None:
        self._exercise, self._score = exercise, score
        self._welfare = {each.government: each for each in welfare}
        self._last: dict[str, tuple[Levels, float, str]] = {}
        """What an agent knew last, the welfare then, and the leader then in office."""
        self._scores: dict[str, float] = {}

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
        return now - (then if by == leader else welfare.of(earlier, exercise, leader))
