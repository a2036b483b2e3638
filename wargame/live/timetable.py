"""The timetable of an exercise in both clocks: briefing, moves, breaks, hot wash; and the moves as they are played."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from math import inf

from wargame.dataclasses import dataclass, field
from wargame.language.times import HOUR, MINUTE
from wargame.scenario.model import ExercisePlan, Inject
from wargame.simulation.exercise import Exercise
from wargame.world.calendar import RunCalendar

BRIEFING, MOVE, BREAK, HOT_WASH = "briefing", "move", "break", "hot wash"


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One part of the timetable: wall times in seconds from the start, game times in seconds from that of the run.

    `number` is that of the move, of the move before a break, or 0. A part without game time has the same `start` and
    `end`.
    """

    kind: str
    title: str
    number: int
    wall_start: int
    wall_end: int
    start: int
    end: int

    def wall_at(self, second: int) -> int:
        """Return the planned wall time of a second of the game, if the clock runs evenly through the move."""
        share = (second - self.start) / max(1, self.end - self.start)
        return round(self.wall_start + share * (self.wall_end - self.wall_start))


def timetable(plan: ExercisePlan, calendar: RunCalendar) -> tuple[TimetableRow, ...]:
    """Return all parts in their order."""
    return tuple(_rows(plan, calendar))


def _rows(plan: ExercisePlan, calendar: RunCalendar) -> Iterator[TimetableRow]:
    wall, game = plan.briefing or 0, calendar.startex
    breaks = {pause.after: pause for pause in plan.breaks}
    if plan.briefing:
        yield TimetableRow(BRIEFING, "Briefing", 0, 0, wall, game, game)
    for number, move in enumerate(plan.moves, start=1):
        end = min(game + move.game, calendar.end)
        title = f"Move {number}{f': {move.title}' if move.title else ''}"
        yield TimetableRow(MOVE, title, number, wall, wall + move.wall, game, end)
        wall, game = wall + move.wall, end
        if pause := breaks.get(number):
            yield TimetableRow(BREAK, pause.title, number, wall, wall + pause.wall, game, game)
            wall += pause.wall
    if not plan.moves:
        rest = plan.wall - wall - (plan.hot_wash or 0)
        yield TimetableRow(MOVE, "Play", 0, wall, wall + rest, game, calendar.end)
        wall, game = wall + rest, calendar.end
    if plan.hot_wash:
        yield TimetableRow(HOT_WASH, "Hot wash", 0, wall, wall + plan.hot_wash, game, game)


def clock_text(plan: ExercisePlan, seconds: int) -> str:
    """Return a wall time: the time of day if the exercise has one, else hours and minutes from the start."""
    hours, minutes = map(int, (plan.begins or "0:00").split(":"))
    total = hours * HOUR + minutes * MINUTE + seconds
    return f"{total // HOUR % 24 if plan.begins else total // HOUR}:{total // MINUTE % 60:02}"


def released_by_endex(injects: tuple[Inject, ...], calendar: RunCalendar) -> tuple[Inject, ...]:
    """Return the injects without those that are only released after ENDEX, by their times or by those that they follow.

    What waits for a condition, an action or a hand stays.
    """
    by_id = {inject.id: inject for inject in injects}
    return tuple(inject for inject in injects if _earliest(inject, calendar, by_id) <= calendar.end)


def _earliest(inject: Inject, calendar: RunCalendar, by_id: Mapping[str, Inject], depth: int = 0) -> float:
    """Return the second before which an inject is not released by its times, or by the injects that it follows."""
    if inject.at is not None:
        return calendar.seconds(inject.at)
    if inject.random is not None and inject.random.between is not None:
        return calendar.seconds(inject.random.between[0])
    if inject.after is None or inject.after.inject is None:
        return 0
    followed = by_id.get(inject.after.inject)
    if followed is None or depth > len(by_id):  # which follow one another in a circle
        return inf
    return _earliest(followed, calendar, by_id, depth + 1) + inject.after.delay


@dataclass(frozen=True, slots=True)
class MoveTimes:
    """All times in seconds: game time from the start of the run, wall time as lengths.

    `ends` and `walls` are of the moves that the exercise file plans, `breaks` has the wall times of breaks by the move
    before; after these, and without them, all moves have the same `length` and no wall time of their own.
    """

    startex: int
    endex: int
    length: int
    ends: tuple[int, ...] = ()
    walls: tuple[int, ...] = ()
    breaks: Mapping[int, int] = field(default_factory=dict)

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

    def share(self, number: int, start: int, end: int) -> float:
        """Return the wall time of what a move has between two seconds of the game, if its clock runs evenly."""
        first, last = self.start(number), self.end(number)
        within = max(0, min(end, last) - max(start, first))
        return self.wall(number) * within / max(1, last - first)


def move_times(exercise: Exercise, plan: ExercisePlan | None) -> MoveTimes:
    """Return the moves of an exercise: as planned if STARTEX is the planned one, else all of the scenario's length."""
    calendar, length = exercise.calendar, exercise.context.scenario.calendar.move
    ends: list[int] = []
    if plan is not None and calendar.startex == calendar.origin:
        for move in plan.moves:
            ends.append((ends[-1] if ends else calendar.startex) + move.game)
    ends = [end for end in ends if end <= exercise.end]
    walls = tuple(move.wall for move in plan.moves[: len(ends)]) if plan else ()
    breaks = {each.after: each.wall for each in plan.breaks if each.after <= len(ends)} if plan else {}
    return MoveTimes(calendar.startex, exercise.end, length, tuple(ends), walls, breaks)
