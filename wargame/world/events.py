"""What formulas read besides numbers, and conditions.

Past events and the date: counts, days since an event, leaders, strategies, calendar. A condition also says when it
becomes true by decay alone, such as `trust[CHN, PRK] < -0.5`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, exp2, log2
from operator import ge, gt, le, lt

from wargame.language.expressions import parse, threshold
from wargame.numbers.levels import NEVER, Memory, Program
from wargame.world.calendar import RunCalendar
from wargame.world.layout import Layout
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
        self.memory = Memory(len(self._numbers))
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


_TIMED = frozenset({"day", "month", "year", "yearly", "days_since"})
_COMPARE: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula used as a truth value, with everything that it reads.

    `reads` are base slots, including those behind derived ones; `events` the names of events that may change its value;
    `crossing` is (slot, op, level) if its next change by decay alone has a closed form; `polled` is set if time alone
    may change it and there is no closed form.
    """

    text: str
    program: Program
    reads: frozenset[int]
    events: frozenset[str]
    crossing: tuple[int, str, float] | None
    polled: bool

    def holds(self, world: World) -> bool:
        """Return whether it is true now."""
        return world.ask(self.program) != 0.0


def condition_of(layout: Layout, text: str) -> Condition:
    """Return the condition over the true state of the world, the same in all runs of the scenario."""
    return layout.once(("condition", text), partial(_condition, layout, text))


def _condition(layout: Layout, text: str) -> Condition:
    expression = parse(text)
    reads, events, timed = _all_reads(layout, text)
    simple = threshold(expression)
    crossing = None
    if simple is not None and simple.op in _COMPARE:
        slot = layout.slot(simple.name, simple.index)
        crossing = (slot, simple.op, simple.value) if slot not in layout.derived else None
    decaying = any(layout.rates[slot] for slot in reads)
    return Condition(text, layout.program(expression), reads, events, crossing, timed or (decaying and not crossing))


def _all_reads(layout: Layout, text: str) -> tuple[frozenset[int], frozenset[str], bool]:
    reads: set[int] = set()
    events: set[str] = set()
    timed = False
    pending, seen = [text], set()
    while pending:
        expression = parse(pending.pop())
        for read in expression.reads:
            slot = layout.slot(read.name, read.index)
            formula = layout.slots[slot].formula
            reads.add(slot) if formula is None else None
            if formula is not None and formula not in seen:
                seen.add(formula)
                pending.append(formula)
        for function, arguments in expression.events:
            timed = timed or function in _TIMED
            events.update(arguments)
    return frozenset(reads), frozenset(events), timed


def next_crossing(world: World, now: int, crossing: tuple[int, str, float]) -> int | None:
    """Return the first second after `now` at which decay alone makes the comparison true; None if never.

    Solves x(t) = level for t and steps to the first whole second on the true side.
    """
    slot, op, level = crossing
    x0, t0, baseline, per = world.curve(slot)
    if per == 0.0 or x0 == baseline:
        return None
    share = (level - baseline) / (x0 - baseline)
    if not 0.0 < share <= 1.0:
        return None
    true = _COMPARE[op]
    t = max(now + 1, ceil(t0 - log2(share) / per) - 1)
    for second in range(t, t + 4):
        if true(baseline + (x0 - baseline) * exp2((t0 - second) * per), level):
            return second
    return None
