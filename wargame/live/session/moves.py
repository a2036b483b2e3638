"""The moves of a live exercise: where each begins and ends in game time, and how long it takes in the room."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.scenario.model import ExercisePlan
    from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class MoveTimes:
    """All times in seconds: game time from the start of the run, wall time as lengths.

    `ends` and `walls` are of the moves that the exercise file plans; after these, and without them, all moves have the
    same `length` and no wall time of their own.
    """

    startex: int
    endex: int
    length: int
    ends: tuple[int, ...] = ()
    walls: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many moves the exercise has; the last one may be shorter."""
        return len(self.ends) + max(0, -(-(self.endex - self._planned) // self.length))

    @property
    def _planned(self) -> int:
        """The second at which the planned moves are over."""
        return self.ends[-1] if self.ends else self.startex

    def number(self, second: int) -> int:
        """Return the number of the move at this second, from 1."""
        if second < self._planned:
            return bisect_right(self.ends, second) + 1
        return len(self.ends) + (second - self._planned) // self.length + 1

    def start(self, number: int) -> int:
        """Return the second at which a move begins."""
        if number <= len(self.ends) + 1:
            return self.ends[number - 2] if number > 1 else self.startex
        return self._planned + (number - 1 - len(self.ends)) * self.length

    def end(self, number: int) -> int:
        """Return the second at which a move ends, at the latest ENDEX."""
        return min(self.start(number + 1), self.endex)

    def wall(self, number: int) -> int:
        """Return the wall time of a move; 0 if none is planned."""
        return self.walls[number - 1] if number <= len(self.walls) else 0

    def wall_after(self, number: int) -> int:
        """Return the wall time of all later moves."""
        return sum(self.walls[number:])


def move_times(exercise: Exercise, plan: ExercisePlan | None) -> MoveTimes:
    """Return the moves of an exercise: as planned if STARTEX is the planned one, else all of the scenario's length."""
    calendar, length = exercise.calendar, exercise.context.scenario.calendar.move
    ends: list[int] = []
    if plan is not None and calendar.startex == calendar.origin:
        for move in plan.moves:
            ends.append((ends[-1] if ends else calendar.startex) + move.game)
    ends = [end for end in ends if end <= exercise.end]
    walls = tuple(move.wall for move in plan.moves[: len(ends)]) if plan else ()
    return MoveTimes(calendar.startex, exercise.end, length, tuple(ends), walls)
