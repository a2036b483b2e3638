"""The state of the world: indicators that decay by themselves and are computed when read.

`x(t) = baseline + (x0 - baseline) * 2**(-(t - t0)/half_life)`. Reading changes nothing; `put` and `nudge` set a new x0.
Slow couplings (baselines that are formulas) are updated at regular intervals only.

Formulas also read past events and the date: counts, days since an event, leaders, strategies, calendar. A condition
also says when it becomes true by decay alone, such as `trust[CHN, PRK] < -0.5`.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import ceil, exp2, log2
from operator import ge, gt, le, lt
from typing import Any, Protocol, cast

from wargame.dataclasses import dataclass
from wargame.language.expressions import Expression, parse, threshold
from wargame.numbers.arrays import longs, zeros
from wargame.numbers.couplings import Settler
from wargame.numbers.curves import Curves, Instant
from wargame.numbers.effects import Pushes, Report, observe
from wargame.numbers.levels import NEVER, FormulaCode, Levels, Memory
from wargame.world.calendar import RunCalendar
from wargame.world.layout import Compiled, EventFunction, Layout


class ClockLike(Protocol):
    """An object with the present second."""

    @property
    def now(self) -> int:
        """Seconds since the scenario's start."""
        ...

    @property
    def instant(self) -> Instant:
        """The same for the engine."""
        ...


SlotReader = Callable[[Sequence[float], Sequence[int], Sequence[float], int], dict[int, float]]
"""`f(x0, t0, baseline, now)` computes the present levels of a fixed set of base slots."""


def slot_reader(sources: Mapping[int, int], rates: Sequence[float]) -> SlotReader:
    """Compile a function that computes the levels of many slots, each from the base slot that is read in its place.

    This costs a third of the lookups of `Levels`. The text of the code has only numbers of the layout.
    """
    decaying = "{slot}: baseline[{s}] + (x0[{s}] - baseline[{s}]) * exp2((t0[{s}] - now) * {rate!r})"
    forms = ((decaying if rates[s] else "{slot}: x0[{s}]", slot, s) for slot, s in sources.items())
    levels = (form.format(slot=slot, s=s, rate=rates[s]) for form, slot, s in forms)
    return cast("SlotReader", eval(f"lambda x0, t0, baseline, now: {{{', '.join(levels)}}}", {"exp2": exp2}))  # noqa: S307


class World:
    """All numbers of one run, by the slots of its layout.

    `curves` has the arrays: `x0`, `t0` and `rest` of each slot. `dirty` has the watched slots changed since it was last
    cleared; `alert` is called at each such change. `events` evaluates the event functions of formulas (`count`,
    `days_since`, …), `ask(program)` a formula now.
    """

    def __init__(self, layout: Layout, clock: ClockLike) -> None:
        self.clock = clock
        self.layout = layout
        self.governments = layout.governments
        self.slots = layout.slots
        self.beliefs = layout.beliefs
        self.slot = layout.slot
        self.derived = layout.derived
        self._x0, self._rest = layout.starts[:], layout.baselines[:]
        self._t0, watched = zeros("q", len(self._x0)), zeros("q", len(self._x0))
        self.dirty: set[int] = set()
        numbers = self._x0, self._t0, self._rest, layout.rates, *layout.bounds
        self.curves = Curves(*numbers, clock.instant, self.dirty, watched)
        self.put, self.nudge, self._level = self.curves.put, self.curves.nudge, self.curves.level
        self.watch = self.curves.watch
        self._settler = Settler(self.curves, *layout.couplings, held=zeros("q", len(layout.coupled)))
        moving = {slot: slot for slot in sorted(layout.moving)}
        self.reader = layout.memo("moving", partial(slot_reader, moving, layout.rates))
        self.use(lambda *_: 0.0, None)  # no formula uses events yet
        self.settle()

    def use(self, events: EventFunction, memory: Memory | None) -> None:
        """Evaluate event functions by `events` from now on, with the counts and times of `memory` behind it."""
        self.events = events
        self._identity = self.layout.memo("identity", partial(longs, range(len(self.slots))))
        self._levels = Levels(self.curves, self._identity, self.layout.derived_programs, events, memory)
        self.ask = self._levels.ask

    def compile(self, formula: str | Expression) -> Compiled:
        """Compile a formula, which may read every slot."""
        return self.layout.compile(formula)

    def __getitem__(self, slot: int) -> float:
        """Return the present value of a slot."""
        if slot in self.derived:
            return self.curves.clip(slot, self.derived[slot](self, self.events))
        return self._level(slot)

    value = __getitem__

    def get(self, name: str, *index: str) -> float:
        """Return the present value of a slot by its name."""
        return self.value(self.slot(name, index))

    def levels(self) -> "array[float]":
        """Return all present values by slot, including derived ones."""
        levels = array("d", bytes(8 * len(self.slots)))
        self._levels.take(self._identity, levels)
        return levels

    def curve(self, slot: int) -> tuple[float, int, float, float]:
        """Return (x0, t0, baseline, 1/half_life) of a base slot, for crossings in closed form."""
        return self._x0[slot], self._t0[slot], self._rest[slot], self.layout.rates[slot]

    # `put(slot, value)` sets a base slot now, within its range; `nudge(slot, share)` moves it that share of the way to
    # the end of its range, up if positive. Both are methods of `curves`.

    def push(self, effects: Pushes, *, described: bool) -> dict[str, list[float]]:
        """Apply effects now, in their order; if `described`, return path -> [old, new] of what changed."""
        if described:
            return effects.changes(self._levels, self.curves, self.layout.paths)
        effects.push_all(self._levels, self.curves)
        return {}

    def observe(self, reports: Sequence[Report], root: int, ordinal: int, *, noise: bool) -> None:
        """Update estimates by reports, with errors if there is `noise`."""
        observe(reports, self._levels, root, ordinal, noise)

    def hold(self, slot: int, value: float) -> None:
        """Set a base slot and its baseline, so that it stays there."""
        self._settler.release(slot)
        self._rest[slot] = self.curves.clip(slot, value)
        self.put(slot, value)

    def is_coupled(self, slot: int) -> bool:
        """Return whether the baseline of a slot is a formula, and nothing holds it."""
        return self._settler.is_coupled(slot)

    def settle(self) -> None:
        """Update the baselines of slow couplings from the present state.

        Present values do not change, only the baselines to which they move. Called at set times only: at an event, the
        event would change later values, even if it has no effects.
        """
        self._settler.settle(self._levels, self.reader)


def report(world: World, government: str, slot: int, observed: float, variance: float) -> None:
    """Update the belief of `government` in `slot` by an observation with `variance`, in units of the range squared.

    A report moves the mean towards the reported value and narrows the variance, as in a one-dimensional Kalman filter:
    K = V/(V + r), m += K·(y − m), V ← (1 − K)·V. Without reports V grows back to its prior.
    """
    if (government, slot) not in world.beliefs:
        return
    mean_slot, variance_slot = world.beliefs[government, slot]
    spec = world.slots[slot]
    world.curves.report(mean_slot, variance_slot, observed, variance * (spec.high - spec.low) ** 2)


def estimate(world: World, government: str, slot: int) -> tuple[float, float]:
    """Return (mean, variance) of the belief of `government` in `slot`; its own and public slots have no variance."""
    if (government, slot) not in world.beliefs:
        return world.value(slot), 0.0
    mean_slot, variance_slot = world.beliefs[government, slot]
    return world.value(mean_slot), world.value(variance_slot)


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
        self._functions: dict[str, Callable[..., Any]] = {
            "count": self.count,
            "days_since": self.days_since,
            "leads": lambda leader: float(leader in self._offices.leader.values()),
            "follows": self.follows,
            "day": lambda: calendar.day(clock.now),
            "month": lambda: float(calendar.date(clock.now).month),
            "year": lambda: float(calendar.date(clock.now).year),
            "yearly": self._yearly,
            "today": lambda: calendar.today(clock.now),
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
        """Return 1 while the government has this strategy, else 0; 0 for the memory of another government."""
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
        return float(first <= today <= last if first <= last else today >= first or today <= last)

    def __call__(self, function: str, *arguments: str) -> Any:
        """Evaluate `count`, `days_since`, `leads`, `follows`, `day`, `month`, `year` or `yearly`; or `today`."""
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
    program: FormulaCode
    reads: frozenset[int]
    events: frozenset[str]
    crossing: tuple[int, str, float] | None
    polled: bool

    def holds(self, world: World) -> bool:
        """Return whether it is true now."""
        return world.ask(self.program) != 0.0


def condition_of(layout: Layout, text: str) -> Condition:
    """Return the condition over the true state of the world, the same in all runs of the scenario."""
    return layout.memo(("condition", text), partial(_condition, layout, text))


def _condition(layout: Layout, text: str) -> Condition:
    expression, reads = parse(text), frozenset(layout.reads_of(text))
    calls = [call for formula in _formulas(layout, text) for call in parse(formula).events]
    events = frozenset(argument for _, arguments in calls for argument in arguments)
    timed = any(function in _TIMED for function, _ in calls)
    simple = threshold(expression)
    crossing = None
    if simple is not None and simple.op in _COMPARE:
        slot = layout.slot(simple.name, simple.index)
        crossing = (slot, simple.op, simple.value) if slot not in layout.derived else None
    decaying = any(layout.rates[slot] for slot in reads)
    return Condition(text, layout.program(expression), reads, events, crossing, timed or (decaying and not crossing))


def _formulas(layout: Layout, text: str) -> set[str]:
    """Return a formula and the formulas of the derived slots that it reads, directly or through others."""
    found, pending = set[str](), [text]
    while pending:
        found.add(formula := pending.pop())
        slots = (layout.slots[layout.slot(read.name, read.index)] for read in parse(formula).reads)
        pending += {slot.formula for slot in slots if slot.formula is not None} - found
    return found


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
