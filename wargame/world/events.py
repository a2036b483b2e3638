"""What has happened, as formulas ask for it: counts, days since, who is in office, what date it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wargame.language.times import DAY

if TYPE_CHECKING:
    from wargame.world.calendar import RunCalendar
    from wargame.world.state import ClockLike

NEVER = 1e6
"""Days since something that has not happened."""


class Offices:
    """Who leads each government and which strategy it follows; public."""

    def __init__(self) -> None:
        self.leader: dict[str, str] = {}
        self.strategy: dict[str, str] = {}


class Events:
    """A memory of named events. The white cell has one of all; each government one of what it knows.

    Called as `events(function, *arguments)` by compiled formulas. `version` counts what was noted.
    """

    def __init__(self, clock: ClockLike, calendar: RunCalendar, offices: Offices) -> None:
        self._clock = clock
        self._calendar = calendar
        self._offices = offices
        self._seen: dict[str, tuple[int, int]] = {}
        self.version = 0
        self._answer: dict[str, Callable[..., float]] = {
            "count": self.count,
            "days_since": self.days_since,
            "leads": lambda leader: float(leader in self._offices.leader.values()),
            "follows": lambda government, strategy: float(self._offices.strategy.get(government) == strategy),
            "day": lambda: calendar.day(clock.now),
            "month": lambda: float(calendar.at(clock.now).month),
            "year": lambda: float(calendar.at(clock.now).year),
            "yearly": self._yearly,
        }

    def note(self, name: str, *, counted: bool = True) -> None:
        """Something of this name has just happened; `counted` is False where the same has been noted once already."""
        self.version += 1
        self._seen[name] = (self._seen.get(name, (0, 0))[0] + counted, self._clock.now)

    def count(self, name: str) -> float:
        """How often since the scenario's start."""
        return float(self._seen.get(name, (0, 0))[0])

    def days_since(self, name: str) -> float:
        """Days since it last happened; `NEVER` if it did not."""
        return (self._clock.now - self._seen[name][1]) / DAY if name in self._seen else NEVER

    def _yearly(self, first: str, last: str) -> float:
        today = self._calendar.at(self._clock.now).strftime("%m-%d")
        inside = first <= today <= last if first <= last else today >= first or today <= last
        return float(inside)

    def __call__(self, function: str, *arguments: str) -> float:
        """What a formula asks: `count`, `days_since`, `leads`, `follows`, `day`, `month`, `year` or `yearly`."""
        return self._answer[function](*arguments)
