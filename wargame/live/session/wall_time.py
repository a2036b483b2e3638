"""The wall time of a live exercise: the pace that follows from it, the moves, and what is left, also on disk."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

import msgspec

from wargame.errors import UsageFault
from wargame.journal.atomic import remove_unfinished, write_whole
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.inputs import read_input
from wargame.language.times import DAY, parse_duration
from wargame.live.session.pace import MOVES, USUAL_STOPS, read_pace
from wargame.live.session.session import Session
from wargame.live.timetable import MoveTimes, move_times
from wargame.sentence import hint
from wargame.simulation.control.lookup import read

LEFT = "left.json"
"""The file with the wall time that is left, for when the exercise is resumed."""
SAVE_EVERY = 5.0
"""Seconds of wall time after which the file is written again."""
LEAST_SHARE = 0.05
"""Once the wall time of the exercise is nearly used up, the rest of it takes at least this share of it. Judgement."""


class TimeLeft(msgspec.Struct):
    """Seconds of wall time left: for each open decision, by government/dossier/record, and for the exercise."""

    decisions: dict[str, float] = {}
    exercise: float | None = None
    move: int = 0
    """The move to which `exercise` applies, if each move has its own wall time."""


class WallTime:
    """The wall time of the exercise, its moves and its decisions; `WallClock` lets it pass."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.running = False
        self.ended_move = 0
        saved = self._saved()
        self.left = saved.decisions
        """Seconds of wall time left for each open decision, by government/dossier/record."""
        self._budget = saved.exercise
        """Seconds of wall time left for the exercise, or for the current move if each move has its own."""
        self._budget_of = saved.move
        self._rate = 0.0
        """The pace of the running clock, where it follows from the wall time that was left at the last start."""
        self._rested = 0.0
        """Seconds of wall time since the end of the last move."""
        self._unsaved = 0.0

    @property
    def stops(self) -> frozenset[str]:
        """Return the places where the clock stops by itself: `moves`, `injects`, `decisions`."""
        chosen = self._session.last("stop")
        return frozenset(map(str, chosen["at"])) if "at" in chosen else USUAL_STOPS

    @property
    def pace(self) -> float:
        """Game seconds per second of wall time; 0 if no pace is set."""
        data = self._session.last("pace")
        if data.get("pace"):
            return read_pace(str(data["pace"]))
        if self._rate and self._budget_of == (self.move if data.get("moves") else 0):
            return self._rate
        rate = self._rate_of_move() if data.get("moves") else self._rate_for(self.budget or 0.0) if data else 0.0
        self._rate = rate if self.running else 0.0
        return rate

    @property
    def budget(self) -> float | None:
        """Seconds of wall time left for the rest of the exercise; None if its length is not set in wall time."""
        data = self._session.last("pace")
        if data.get("moves"):
            return self.wall_until(self._session.exercise.end)
        wall = data.get("wall")
        if not wall:
            return None
        if self._budget is None:  # the file was lost: in proportion to the game time left
            set_at = next(entry.t for entry in reversed(self._session.log.lines) if entry.kind == "pace")
            end = self._session.exercise.end
            self._budget = float(wall) * min(1.0, (end - self._session.exercise.now) / max(1, end - set_at))
        return self._budget

    def wall_until(self, second: int) -> float | None:
        """Return the wall time until a second of the game, with the planned moves and breaks; None if it is unknown."""
        exercise, pace, move, times = self._session.exercise, self.pace, self.move, self.move_times
        planned = self._by_moves()
        first = min(second, self.end_of_move()) if planned else second
        later = range(move + 1, times.number(max(second - 1, exercise.now)) + 1) if planned else ()
        if not pace or not all(map(times.wall, later)):
            return None
        seconds = (first - exercise.now) / pace + sum(times.share(each, exercise.now, second) for each in later)
        if not planned and (MOVES not in self.stops or self._session.last("pace").get("wall")):
            return seconds
        for after, wall in times.breaks.items():
            if after >= (self.ended_move or move) and times.end(after) <= min(second, exercise.end - 1):
                seconds += max(0.0, wall - self._rested * (after == self.ended_move))
        return seconds

    def plan(self, seconds: int | None) -> None:
        """Give the rest of the exercise this many seconds of wall time; None sets no length, or follows the moves."""
        self._budget, self._budget_of, self._rate = None if seconds is None else float(seconds), 0, 0.0
        self.save()

    def _by_moves(self) -> bool:
        return bool(self._session.last("pace").get("moves"))

    def _rate_of_move(self) -> float:
        """Return the pace at which the rest of the current move takes the wall time that is left."""
        wall, exercise = self.move_times.wall(self.move), self._session.exercise
        if not wall or exercise.done:
            return 0.0
        if self._budget is None or self._budget_of != self.move:  # it was not begun: in proportion
            self._budget, self._budget_of = self.move_times.share(self.move, exercise.now, exercise.end), self.move
        return (self.end_of_move() - exercise.now) / max(self._budget, LEAST_SHARE * wall, 1.0)

    def _rate_for(self, budget: float) -> float:
        """Return the pace at which the rest of the exercise takes the wall time left."""
        exercise, wall = self._session.exercise, float(self._session.last("pace").get("wall") or 0)
        return (exercise.end - exercise.now) / max(budget, LEAST_SHARE * wall, 1.0)

    @property
    def move_times(self) -> MoveTimes:
        """When the moves begin and end."""
        return move_times(self._session.exercise, self._session.loaded.exercise)

    def end_of_move(self) -> int:
        """Return the second at which the current move ends, at the latest ENDEX."""
        return self.move_times.end(self.move)

    @property
    def move(self) -> int:
        """The number of the current move, from 1."""
        return self.move_times.number(self._session.exercise.now)

    @property
    def to_endex(self) -> float | None:
        """Seconds of wall time to ENDEX; None if the length of the exercise is not set in wall time."""
        return None if self.budget is None else self.wall_until(self._session.exercise.end)

    def _saved(self) -> TimeLeft:
        remove_unfinished(self._session.folder.path, LEFT)
        try:
            return decode(read_input(self._session.folder.path / LEFT), TimeLeft)
        except (OSError, Undecodable):
            return TimeLeft()

    def save(self) -> None:
        """Save the wall time that is left; if the disk is full, the next time does."""
        self._unsaved = 0.0
        saved = TimeLeft(self.left, self._budget, self._budget_of)
        with contextlib.suppress(OSError):
            if self.left or self._budget is not None or (self._session.folder.path / LEFT).exists():
                write_whole(self._session.folder.path / LEFT, msgspec.json.encode(saved))


LONGEST = 2 * DAY


def read_timer(text: str) -> int:
    """Return the seconds of a timer; UsageFault for none and for more than two days."""
    seconds = read(parse_duration, text)
    if not 0 < seconds <= LONGEST:
        raise UsageFault("a timer runs for more than 0 and at most 2 days", hint("timer off", "ends it"))
    return seconds


def countdown_text(seconds: int) -> str:
    """Return a countdown as `12:34`, from an hour on as `1:02:34`."""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


@dataclass(slots=True)
class Timer:
    """A countdown: what it counts down to, and the seconds of wall time left, below 0 once the time is up."""

    label: str
    left: float

    @property
    def is_up(self) -> bool:
        """Whether no time is left."""
        return self.left <= 0

    @property
    def clock(self) -> str:
        """The time left as `M:SS`, from an hour on as `H:MM:SS`; `0:00` once the time is up."""
        return countdown_text(max(0, ceil(self.left)))

    @property
    def text(self) -> str:
        """The time left and what it counts down to."""
        if self.is_up:
            return f"time is up ({self.label})" if self.label else "time is up"
        return f"{self.clock} {self.label}".rstrip()


def timer_of(session: Session, now: datetime | None = None) -> Timer | None:
    """Return the timer that was set last, on any branch, as far as wall time has passed; None if it is over."""
    entry = next((entry for entry in reversed(session.log.lines) if entry.kind == "timer"), None)
    if entry is None or not entry.data.get("seconds"):
        return None
    try:
        passed = ((now or datetime.now(UTC)) - datetime.fromisoformat(entry.wall)).total_seconds()
        timer = Timer(str(entry.data.get("label", "")), float(entry.data["seconds"]) - max(0.0, passed))
    except (TypeError, ValueError):  # a time or a number that was changed on disk
        return None
    return None if timer.is_up else timer
