"""Past events and the date for formulas: counts, days since an event, leaders, strategies, calendar."""

from __future__ import annotations

from collections.abc import Callable

from wargame.numbers.levels import NEVER, Memory
from wargame.world.calendar import RunCalendar
from wargame.world.state import World


class Offices:
    """Leader and strategy of each government. Leaders are public; a strategy is known to its government alone."""

    def __init__(self) -> None:
        self.leader: dict[str, str] = {}
        self.strategy: dict[str, str] = {}


class Events:
    """A memory of named events. The white cell has one of all events; each `government` has one of those it knows.

    A government knows no strategy but its own. Compiled formulas call it as `events(function, *arguments)`, or read
    `memory` by the number of an event (`Layout.event_number`).
    """

    def __init__(self, world: World, calendar: RunCalendar, offices: Offices, government: str = "") -> None:
        clock = self._clock = world.clock
        self._layout, self._numbers = world.layout, world.layout.event_numbers
        self.memory = Memory(world.layout.event_count)
        self._government = government
        self._calendar = calendar
        self._offices = offices
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
        """Note an event of this name, now or at a second; with `counted=False` only its time, not one more."""
        number = self._numbers.get(name)
        if number is None:
            number = self._layout.event_number(name)
        self.memory.note(number, counted, self._clock.now if at is None else at)

    def names(self) -> list[str]:
        """Return the names of all events so far."""
        now = self._clock.now
        return [name for name, i in list(self._numbers.items()) if self.memory.days_since(i, now) < NEVER]

    def follows(self, government: str, strategy: str) -> float:
        """1 while the government has this strategy, else 0; also 0 if this is the memory of another government."""
        return float(self._government in ("", government) and self._offices.strategy.get(government) == strategy)

    def count(self, name: str) -> float:
        """Return how often since the scenario's start."""
        number = self._numbers.get(name)
        return 0.0 if number is None else self.memory.count(number)

    def days_since(self, name: str) -> float:
        """Return days since it last happened; `NEVER` if it did not happen."""
        number = self._numbers.get(name)
        return NEVER if number is None else self.memory.days_since(number, self._clock.now)

    def _yearly(self, first: str, last: str) -> float:
        today = self._calendar.month_day(self._clock.now)
        inside = first <= today <= last if first <= last else today >= first or today <= last
        return float(inside)

    def __call__(self, function: str, *arguments: str) -> float:
        """Evaluate `count`, `days_since`, `leads`, `follows`, `day`, `month`, `year` or `yearly`."""
        return self._functions[function](*arguments)
