"""Past events and the date for formulas: counts, days since an event, leaders, strategies, calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wargame.language.times import DAY

if TYPE_CHECKING:
    from wargame.world.calendar import RunCalendar
    from wargame.world.state import ClockLike

NEVER = 1e6
"""Days since an event that has not happened."""


class Offices:
    """Leader and strategy of each government. Leaders are public; a strategy is known to its government alone."""

    def __init__(self) -> None:
        self.leader: dict[str, str] = {}
        self.strategy: dict[str, str] = {}


class Events:
    """A memory of named events. The white cell has one of all events; each `government` has one of those it knows.

    A government knows no strategy but its own. Compiled formulas call it as `events(function, *arguments)`. `version`
    counts the noted events.
    """

    def __init__(self, clock: ClockLike, calendar: RunCalendar, offices: Offices, government: str = "") -> None:
        self._clock = clock
        self._government = government
        self._calendar = calendar
        self._offices = offices
        self._seen: dict[str, tuple[int, int]] = {}
        self.version = 0
        self._functions: dict[str, Callable[..., float]] = {
            "count": self.count,
            "days_since": self.days_since,
            "leads": lambda leader: float(leader in self._offices.leader.values()),
            "follows": self.follows,
            "day": lambda: calendar.day(clock.now),
            "month": lambda: float(calendar.at(clock.now).month),
            "year": lambda: float(calendar.at(clock.now).year),
            "yearly": self._yearly,
        }

    def note(self, name: str, *, counted: bool = True, at: int | None = None) -> None:
        """Notes an event of this name, now or at a second; with `counted=False` only its time, not one more."""
        self.version += 1
        self._seen[name] = (self._seen.get(name, (0, 0))[0] + counted, self._clock.now if at is None else at)

    def names(self) -> list[str]:
        """The names of all events so far."""
        return list(self._seen)

    def follows(self, government: str, strategy: str) -> float:
        """1 while the government has this strategy, else 0; also 0 if this is the memory of another government."""
        return float(self._government in ("", government) and self._offices.strategy.get(government) == strategy)

    def count(self, name: str) -> float:
        """How often since the scenario's start."""
        return float(self._seen.get(name, (0, 0))[0])

    def days_since(self, name: str) -> float:
        """Days since it last happened; `NEVER` if it did not happen."""
        return (self._clock.now - self._seen[name][1]) / DAY if name in self._seen else NEVER

    def _yearly(self, first: str, last: str) -> float:
        today = self._calendar.at(self._clock.now).strftime("%m-%d")
        inside = first <= today <= last if first <= last else today >= first or today <= last
        return float(inside)

    def __call__(self, function: str, *arguments: str) -> float:
        """Evaluates `count`, `days_since`, `leads`, `follows`, `day`, `month`, `year` or `yearly`."""
        return self._functions[function](*arguments)
