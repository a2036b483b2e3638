"""Levels of slots at one instant, as formulas read them, and formulas."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any, cast

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import of_one, of_two, within
from wargame.numbers.arrays import zeros
from wargame.numbers.c_math import exp2, sqrt
from wargame.numbers.curves import Curves, PartlyKnown

NEVER = 1e6
"""Days since an event that has not happened."""

# The same as numbers of C, and those that only this module uses.
_NEVER = cython.declare(cython.double, NEVER)
_DAY = cython.declare(cython.double, 86400.0)
_NO_TIME = cython.declare(cython.longlong, -(2**62))

_ROOM = 64
"""Numbers on the stack of formulas, at first. Judgement."""


@cython.final
@cython.cclass
class Memory:
    """How often each event has happened and when last, by the number of its name. It grows with new names."""

    counts: cython.doubles
    times: cython.longs
    size: cython.longlong
    version: cython.longlong

    def __init__(self, size: int) -> None:
        self.size = self.version = 0
        self.grow(size)

    @cython.cfunc
    def grow(self, size: cython.longlong) -> None:
        """Make room for `size` events."""
        counts: cython.doubles = zeros("d", size)
        times: cython.longs = zeros("q", size)
        for i in range(size):
            times[i] = _NO_TIME
        for i in range(self.size):
            counts[i], times[i] = self.counts[i], self.times[i]
        self.counts, self.times, self.size = counts, times, size

    @cython.ccall
    def note(self, number: cython.longlong, more: cython.double, time: cython.longlong) -> None:
        """Add `more` to the count of an event and set its last time."""
        if number >= self.size:
            self.grow(2 * number + 1)
        self.counts[number] += more
        self.times[number] = time
        self.version += 1

    @cython.ccall
    @cython.exceptval(check=False)
    def count(self, number: cython.longlong) -> cython.double:
        """Return how often it has happened."""
        return self.counts[number] if number < self.size else 0.0

    @cython.ccall
    @cython.exceptval(check=False)
    def days_since(self, number: cython.longlong, now: cython.longlong) -> cython.double:
        """Return days since it last happened; `NEVER` if it did not."""
        if number >= self.size or self.times[number] == _NO_TIME:
            return _NEVER
        return (now - self.times[number]) / _DAY


@cython.final
@cython.cclass
class Levels(dict[int, float]):
    """Levels of slots at one instant, each computed when it is first read. Formulas read it as `levels[slot]`.

    `sources` has the slot that is read in the place of each, -1 for none; `derived` the formula of each derived slot,
    None for others; `events` answers event functions, and `memory`, None if there is none, has the counts and times
    behind them. The levels of `known`, if it is given, take precedence over those of the world.
    """

    curves: Curves
    sources: cython.longs
    derived: list[Any]
    events: Any
    memory: Memory
    remembers: cython.bint
    known: PartlyKnown
    knows: cython.bint
    now: cython.longlong
    moment: cython.longlong
    version: cython.longlong
    noted: cython.longlong
    seen: cython.doubles
    stamps: cython.longs
    stack: cython.doubles
    top: cython.longlong

    def __init__(
        self,
        curves: Curves,
        sources: array[Any],
        derived: list[FormulaCode | None],
        events: Callable[..., float],
        memory: Memory | None,
        known: PartlyKnown | None = None,
    ) -> None:
        self.curves, self.sources, self.derived = curves, sources, derived
        self.events, self.memory, self.known = events, cast("Memory", memory), cast("PartlyKnown", known)
        self.remembers, self.knows = memory is not None, known is not None
        self.moment = self.top = 0
        self.stack = array("d", bytes(8 * _ROOM))
        self.now = self.version = self.noted = -1
        if cython.compiled:
            self.seen, self.stamps = array("d", bytes(8 * len(sources))), array("q", bytes(8 * len(sources)))
        else:
            self.seen = cast("array[float]", self)

    @cython.ccall
    def look(self) -> None:
        """Forget what was read once something may have changed."""
        curves = self.curves
        now = curves.present.now
        noted: cython.longlong = self.memory.version if self.remembers else 0
        if now != self.now or curves.version != self.version or noted != self.noted:
            self.version, self.noted = curves.version, noted
            self.forget(now)

    @cython.ccall
    def forget(self, now: cython.longlong) -> None:
        """Forget what it has read and begin at this second."""
        self.now, self.top = now, 0
        self.moment += 1
        if len(self) > 0:
            self.clear()
        if self.knows:
            self.know()

    @cython.cfunc
    def know(self) -> None:
        """Take the known levels in place of those of the world."""
        known = self.known
        for k in range(len(known.slots)):
            slot = known.slots[k]
            self.seen[slot] = known.level(k, self.now)
            if cython.compiled:
                self.stamps[slot] = self.moment

    def take(self, slots: cython.longs, taken: cython.doubles) -> None:
        """Write the present levels of some slots into an array."""
        self.look()
        for k in range(len(slots)):
            taken[k] = self.level(slots[k])

    def observe(
        self,
        slots: cython.longs,
        variances: cython.longs,
        low: cython.doubles,
        high: cython.doubles,
        into: cython.doubles,
    ) -> None:
        """Write the present levels of some slots, and then deviations of estimates, each within its bounds."""
        self.look()
        first = len(slots)
        for k in range(first):
            into[k] = within(self.level(slots[k]), low[k], high[k])
        for k in range(len(variances)):
            variance = self.curves.level(variances[k])
            deviation = sqrt(variance) if variance > 0.0 else 0.0
            into[first + k] = within(deviation, low[first + k], high[first + k])

    def weighted(self, pairs: Sequence[tuple[int, float]]) -> float:
        """Return the sum of the present levels of slots, each times its weight."""
        self.look()
        total = 0.0
        slot: cython.longlong
        weight: cython.double
        for slot, weight in pairs:
            total += weight * self.level(slot)
        return total

    def ask(self, program: FormulaCode) -> float:
        """Return the present value of a formula."""
        self.look()
        return program.value(self)

    def forget_all(self) -> None:
        """Read everything again the next time."""
        self.version = -1

    def read(self, reader: Callable[..., dict[int, float]]) -> None:
        """Read many slots at once when interpreted, which is faster than one by one (`state.slot_reader`)."""
        if not cython.compiled:
            curves = self.curves
            self.update(reader(curves.x0, curves.t0, curves.rest, self.now))
            if self.knows:
                self.know()

    def __missing__(self, slot: cython.longlong) -> float:
        """Interpreted, it is `compute` itself, which saves a call."""
        level = self[slot] = self.level(slot)
        return level

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def level(self, slot: cython.longlong) -> cython.double:
        """Return the level of a slot."""
        if not cython.compiled:
            return self[slot]
        if self.stamps[slot] != self.moment:
            self.compute(slot)
            self.stamps[slot] = self.moment
        return self.seen[slot]

    @cython.cfunc
    @cython.exceptval(-1.0, check=True)
    def compute(self, slot: cython.longlong) -> cython.double:
        """Compute and keep the level of a slot from the curve of the slot that is read in its place."""
        source = self.sources[slot]
        if source < 0:
            raise KeyError(slot)
        curves = self.curves
        rate = curves.rate[source]
        level: cython.double
        if rate != 0.0:
            x, rest = curves.x0[source], curves.rest[source]
            level = rest if x == rest else rest + (x - rest) * exp2((curves.t0[source] - self.now) * rate)
        elif self.derived[slot] is None:
            level = curves.x0[source]
        else:
            program: FormulaCode = self.derived[slot]
            level = program.value(self) if cython.compiled else program.formula(self, self.events)
            level = within(level, curves.low[slot], curves.high[slot])
        self.seen[slot] = level
        return level

    @cython.cfunc
    @cython.exceptval(-1.0, check=True)
    def dated(self, call: tuple[Any, ...]) -> cython.double:
        """Return the result of an event call that changes at midnight alone: one for all that ask on a day."""
        day = self.curves.present
        if not day.since <= self.now < day.midnight:
            day.since, (day.midnight, day.known) = self.now, self.events("today")
        found = day.known.get(call)
        if found is None:
            found = day.known[call] = self.events(*call)
        return found

    @cython.cfunc
    def make_room(self, top: cython.longlong) -> None:
        """Make the stack of formulas longer than `top`; what is below stays as it is."""
        grown: cython.doubles = array("d", bytes(16 * top))
        for k in range(len(self.stack)):
            grown[k] = self.stack[k]
        self.stack = grown

    @cython.ccall
    def suppose(self, slot: cython.longlong, value: cython.double, dependents: cython.longs) -> None:
        """Set the level of a base slot and forget those of the derived ones that depend on it."""
        if cython.compiled:
            self.seen[slot], self.stamps[slot] = value, self.moment
            for derived in dependents:
                self.stamps[derived] = 0
            if len(self) > 0:
                self.clear()
        else:
            self[slot] = value
            for derived in dependents:
                self.pop(derived, None)


if not cython.compiled:
    Levels.__missing__ = Levels.compute  # type: ignore[method-assign]


@cython.final
@cython.cclass
class FormulaCode:
    """A formula: a Python function of (levels, events), and code of the stack machine for compiled runs.

    `code` has pairs of an operation, a letter, and its operand, a number. Operations:

        v  push the level of the slot          k  push a constant            e  push the result of an event call
        t  push that of one that changes at midnight alone
        c  push the count of an event          d  push the days since an event
        + - * /  of the two topmost            n  negate                     p  power
        m M  lesser, greater of two            a  absolute value             x l s g  exp, log, sqrt, sigmoid
        w  within (x, low, high)               u  cut to ±LIMIT
        < [ > ] = !  compare: <, <=, >, >=, ==, !=                           ~  not
        ?  take one, jump if it is 0           j  jump
        &  jump if the topmost is 0, else take it                            |  jump if it is not 0, else take it
        f  end if the topmost is 0, else take it

    An operation on several numbers takes the last of them from the constants at its operand, unless that is -1. The
    parts of a formula before an `f` are conditions that must all be true: an evaluation begins with the part that was
    false the last time, at `begins`, which is likely to be false again. No result depends on it.
    """

    depth: cython.longlong
    length: cython.longlong
    begins: cython.longlong
    code: cython.longs
    constants: cython.doubles
    formula: Any
    calls: list[Any]

    def __init__(
        self, formula: Callable[..., float], code: array[Any], constants: array[Any], calls: list[Any], depth: int
    ) -> None:
        self.formula, self.code, self.constants, self.calls = formula, code, constants, calls
        self.length, self.begins = len(code), 0
        self.depth = depth + 1

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def value(self, levels: Levels) -> cython.double:
        """Return the value of the formula."""
        if cython.compiled and self.length > 0 and levels.remembers:
            return self.run(levels)
        result: cython.double = self.formula(levels, levels.events)
        return result

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def run(self, levels: Levels) -> cython.double:  # noqa: C901, PLR0912, PLR0915  # a switch of C
        """Return the value of the formula by its code.

        The topmost number is x. The others are on the stack of the levels, above what formulas that read this one have
        put there: runs share programs.
        """
        base, room = levels.top, levels.top + self.depth
        if room > len(levels.stack):
            levels.make_room(room)
        levels.top = room
        at, end, top = self.begins, self.length, base
        first = begins = at
        x: cython.double = 0.0
        while at < end:
            operation = cython.cast(cython.Py_UCS4, self.code[at])
            k = self.code[at + 1]
            at += 2
            if operation == "v":
                levels.stack[top] = x
                top += 1
                x = levels.seen[k] if cython.compiled and levels.stamps[k] == levels.moment else levels.level(k)
            elif operation in "kcdet":
                levels.stack[top] = x
                top += 1
                if operation == "k":
                    x = self.constants[k]
                elif operation == "c":
                    x = levels.memory.count(k)
                elif operation == "d":
                    x = levels.memory.days_since(k, levels.now)
                elif operation == "e":
                    x = levels.events(*self.calls[k])
                else:
                    x = levels.dated(self.calls[k])
            elif operation == "f":
                if x == 0.0:
                    x = 0.0  # and not -0
                    break
                top, begins = base, at
            elif operation == "&":
                if x == 0.0:
                    at = k
                else:
                    top -= 1
                    x = levels.stack[top]
            elif operation == "|":
                if x != 0.0:
                    at = k
                else:
                    top -= 1
                    x = levels.stack[top]
            elif operation == "?":
                if x == 0.0:
                    at = k
                top -= 1
                x = levels.stack[top]
            elif operation == "j":
                at = k
            elif operation == "w":
                if k < 0:
                    top -= 2
                    x = within(levels.stack[top], levels.stack[top + 1], x)
                else:
                    x = within(x, self.constants[k], self.constants[k + 1])
            elif operation in "nauxlsg~":
                x = of_one(operation, x)
            else:
                y = x if k < 0 else self.constants[k]
                if k < 0:
                    top -= 1
                    x = levels.stack[top]
                x = of_two(operation, x, y)
        levels.top = base
        self.begins = begins if x == 0.0 else 0
        return self.run(levels) if x != 0.0 and first > 0 else x


@cython.ccall
@cython.exceptval(-1.0, check=True)
def amount_of(given: Any, levels: Any) -> cython.double:
    """Return an amount: a number, or a formula at these levels."""
    if isinstance(given, float):
        return given
    program: FormulaCode = given
    return program.value(levels)
