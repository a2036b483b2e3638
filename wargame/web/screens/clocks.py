"""Clocks, the state of the exercise and the countdown in the room: the same for everyone."""

import time
from datetime import datetime
from typing import Any

from wargame.dataclasses import dataclass
from wargame.journal.records import Record
from wargame.journal.wording import sentence
from wargame.language.times import DAY, HOUR, MINUTE, spoken_duration
from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen
from wargame.live.session.wall_clock import ClockState
from wargame.sentence import short_time

DAYS_ALONE_FROM = 10 * DAY
"""Lengths of time from this one on, in seconds, are given in whole days."""


@dataclass(frozen=True, slots=True)
class GameTime:
    """A game time. `day` counts from STARTEX; `year` is the present one, 0 if any is."""

    at: datetime
    day: int
    year: int = 0

    @property
    def short(self) -> str:
        """`21 Jun, 10:00`, in another year than the present one `21 Jan 2018, 00:00`."""
        return short_time(self.at, self.year)


def moment(console: Console, t: int) -> GameTime:
    """Return the game time of a second."""
    exercise = console.session.exercise
    calendar = exercise.calendar
    return GameTime(calendar.at(t), (t - calendar.origin) // 86400, calendar.at(exercise.now).year)


def moment_of(console: Console, record: Record) -> GameTime:
    """Return the game time that a record bears; in a feed, news that waited has the time at which it arrived."""
    exercise = console.session.exercise
    at = datetime.fromisoformat(record.at).replace(tzinfo=None)
    origin = exercise.calendar.at(exercise.calendar.origin).replace(tzinfo=None)
    return GameTime(at, (at - origin).days, exercise.calendar.at(exercise.now).year)


def length_of(seconds: int) -> str:
    """Return a length of time in its two largest units, a long one in days: `2 days 4 hours`, `45 minutes`."""
    if seconds >= DAYS_ALONE_FROM:
        return spoken_duration(round(seconds / DAY) * DAY)
    least = HOUR if seconds >= DAY else MINUTE
    return spoken_duration(seconds // least * least) if seconds >= MINUTE else "less than a minute"


def lead_of(lead: tuple[int, int, int]) -> str:
    """Return how long an order takes: `about 60 days (14 to 300)`, `about 1 day (up to 3)`."""
    low, mode, high = lead
    if high <= 0:
        return "at once"
    if low == high:
        return length_of(mode)
    at_once = low < MINUTE
    words = [length_of(t).split() for t in ((mode, high) if at_once else (mode, low, high))]
    alike = all(len(each) == 2 for each in words) and len({unit.rstrip("s") for _, unit in words}) == 1
    ends = " to ".join(each[0] if alike else " ".join(each) for each in words[1:])
    return f"about {length_of(mode)} ({'up to ' if at_once else ''}{ends})"


def clocks(console: Console) -> dict[str, Any]:
    """Return the clocks now; `note` is the text of NO PLAY, or which move has ended."""
    screen = public_screen(console)
    return {
        "screen": screen,
        "game": moment(console, console.session.clock),
        "note": sentence(screen.note),
        "no_play": screen.state == ClockState.NO_PLAY,
        "over": screen.state == ClockState.ENDEX,
        "timer_ends": None if console.wall.timer is None else ends_at(console.wall.timer.left),
        "timer_label": sentence(screen.timer_label),
    }


def ends_at(left: float) -> int:
    """Return when a countdown ends, in seconds of the system's clock: unlike the seconds left, it stays the same."""
    return round(time.time() + left)


def clock_words(console: Console, *, control: bool) -> dict[str, str]:
    """Return the words by name; `control` adds the reason why the clock has stopped, which is not for everyone."""
    shown, wall = public_screen(console), console.wall
    return {
        "game": f"{shown.date} {shown.time}",
        "date": shown.date,
        "time": shown.time,
        "day": f"D{shown.day:+d}",
        "move": str(shown.move),
        "moves": str(shown.moves),
        "state": str(shown.state),
        "status": wall.status() if control else wall.public_status(),
        "note": shown.note,
        "timer": wall.timer.clock if wall.timer else "",
        "timer_label": shown.timer_label,
    }
