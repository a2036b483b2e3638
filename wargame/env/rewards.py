"""Rewards of agents: what the interests of their governments gain, net of what orders cost."""

from collections.abc import Callable, Iterable
from typing import Any

from wargame.language.times import DAY
from wargame.scenario.model import Scenario
from wargame.seat.interests import Levels, Welfare
from wargame.simulation.exercise import Exercise

PRICE = 0.05
"""Welfare that a day of a leadership's time is worth. Judgement: see docs/decisions/0096-environments-and-scores.md."""


def cost_of_order(scenario: Scenario, government: str, option: str, price: float = PRICE) -> float:
    """Return what an order costs its government: the option's `cost`, and the leadership's time to work it out."""
    spec = scenario.options[option]
    return spec.cost + price * scenario.governments[government].dossiers[spec.dossier].work / DAY


Score = Callable[[Exercise, str], float]
"""The score of a government at one moment of an exercise."""


class Rewards:
    """Rewards of some agents in one episode: the change of welfare in the eyes of each seat, less what its orders cost.

    With another score, it is the change of that score alone. A new leader has other interests. Both levels of a change
    are then weighed with those of the leader in office, so that taking office is no reward by itself.
    """

    def __init__(self, exercise: Exercise, welfare: Iterable[Welfare], score: Score | None) -> None:
        self._exercise, self._score = exercise, score
        self._welfare = {each.government: each for each in welfare}
        self._last: dict[str, tuple[Levels, float, str]] = {}
        """What an agent knew last, the welfare then, and the leader then in office."""
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
