"""The countdown that a facilitator sets for the room: it counts wall time and never moves the game."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from wargame.errors import UsageFault
from wargame.language.times import DAY, parse_duration
from wargame.live.session.session import Session
from wargame.sentence import hint
from wargame.simulation.control.lookup import read

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
    """The timer that was set last, on any branch, as far as wall time has passed; None if it was ended or is up."""
    entry = next((entry for entry in reversed(session.log.lines) if entry.kind == "timer"), None)
    if entry is None or not entry.data.get("seconds"):
        return None
    try:
        passed = ((now or datetime.now(UTC)) - datetime.fromisoformat(entry.wall)).total_seconds()
        timer = Timer(str(entry.data.get("label", "")), float(entry.data["seconds"]) - max(0.0, passed))
    except (TypeError, ValueError):  # a time or a number that was changed on disk
        return None
    return None if timer.is_up else timer
