"""The arithmetic of a run: formulas, levels, meetings and prices over flat arrays.

One source runs in two ways. As plain Python, formulas are Python functions (`wargame.language.compiler`). Compiled, the
arrays are C arrays and formulas are code of the stack machine in `Program.run`. Both give the same bits: the functions
of `c_math` are the same, sums run in the same order, and nothing is summed with compensation.

The numbers of this module have no names. Which indicator a slot is, which option a candidate is and which event has a
number is decided by those that build the tables (`wargame.world.layout`, `wargame.decision.menu`).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp, exp2, fabs, log, rint, sqrt, tanh

COMPILED = cython.compiled
"""Whether this module is compiled."""
LIMIT = 1e9
"""Values of formulas beyond ±LIMIT are cut to it."""
_LOG_LIMIT = math.log(LIMIT)
DAY = 86400.0
NEVER = 1e6
"""Days since an event that has not happened."""
_NO_TIME = -(2**62)

# --- arithmetic of formulas: total functions, finite for finite arguments ---------------------------------------------


@cython.ccall
@cython.exceptval(check=False)
def cut(x: cython.double) -> cython.double:
    """`x` within ±LIMIT; 0 for what is not a number."""
    if -LIMIT <= x <= LIMIT:
        return x
    return LIMIT if x > LIMIT else -LIMIT if x < -LIMIT else 0.0


@cython.ccall
@cython.exceptval(check=False)
def divide(x: cython.double, y: cython.double) -> cython.double:
    """Quotient x / y; 0 if y is 0."""
    return cut(x / y) if y else 0.0


@cython.ccall
def power(x: cython.double, y: cython.double) -> cython.double:
    """Power x ** y; 0 where that is not a real number. Floats throughout: no power takes long."""
    try:
        raised: cython.double = math.pow(x, y)
    except OverflowError:
        return -LIMIT if x < 0 and math.fmod(abs(y), 2.0) == 1.0 else LIMIT
    except ValueError:
        return 0.0
    return cut(raised)


@cython.ccall
@cython.exceptval(check=False)
def exponential(x: cython.double) -> cython.double:
    """Power of e, at most LIMIT."""
    return exp(x) if x < _LOG_LIMIT else LIMIT


@cython.ccall
@cython.exceptval(check=False)
def logarithm(x: cython.double) -> cython.double:
    """Natural logarithm; -LIMIT for x <= 0."""
    return log(x) if x > 0 else -LIMIT


@cython.ccall
@cython.exceptval(check=False)
def square_root(x: cython.double) -> cython.double:
    """Square root, at most LIMIT; 0 for x < 0."""
    return cut(sqrt(x)) if x > 0 else 0.0


@cython.ccall
@cython.exceptval(check=False)
def within(x: cython.double, low: cython.double, high: cython.double) -> cython.double:
    """x, at least low and at most high; high if low is greater than high."""
    if low > x:
        x = low
    return high if high < x else x


@cython.ccall
@cython.exceptval(check=False)
def sigmoid(x: cython.double) -> cython.double:
    """1 / (1 + exp(-x)), computed so that neither tail overflows."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    small = exp(x)
    return small / (1.0 + small)


# --- state ------------------------------------------------------------------------------------------------------------


@cython.final
@cython.cclass
class Curves:
    """The numbers of one run by slot: `x0` at the time `t0`, moving to `rest` at `rate` halvings per second.

    Each is an array that others read and write as well. `low` and `high` are the range of each slot. `clock.now` is the
    present second. `watched` marks the slots whose changes are collected in `dirty`, with a call of `alert` for each;
    `read` marks those that couplings read: `is_moved` marks which of them have changed, `moved` whether any has.
    """

    x0: cython.double[::1]
    t0: cython.longlong[::1]
    rest: cython.double[::1]
    rate: cython.double[::1]
    low: cython.double[::1]
    high: cython.double[::1]
    clock: object
    version: cython.longlong
    watched: cython.longlong[::1]
    read: cython.longlong[::1]
    moved: cython.bint
    is_moved: cython.longlong[::1]
    dirty: set
    alert: object

    def __init__(
        self, start: tuple[array, ...], ranges: tuple[array, array], read: array, clock: object, dirty: set[int]
    ) -> None:
        self.x0, self.t0, self.rest, self.rate = start
        self.low, self.high = ranges
        self.clock, self.read, self.watched = clock, read, array("q", bytes(8 * len(read)))
        self.version, self.moved = 0, False
        self.is_moved = array("q", bytes(8 * len(read)))
        self.dirty, self.alert = dirty, None

    @cython.ccall
    def level(self, slot: cython.longlong) -> cython.double:
        """The present level of a base slot."""
        rate = self.rate[slot]
        if rate == 0.0:
            return self.x0[slot]
        rest = self.rest[slot]
        now: cython.longlong = self.clock.now
        return rest + (self.x0[slot] - rest) * exp2((self.t0[slot] - now) * rate)

    @cython.ccall
    @cython.exceptval(check=False)
    def clip(self, slot: cython.longlong, value: cython.double) -> cython.double:
        """The value within the range of the slot."""
        low, high = self.low[slot], self.high[slot]
        if value < low:
            return low
        return high if high < value else value

    @cython.ccall
    def put(self, slot: cython.longlong, value: cython.double) -> cython.void:
        """Sets a base slot now, within its range."""
        low, high = self.low[slot], self.high[slot]
        self.x0[slot] = low if value < low else high if high < value else value
        self.t0[slot] = self.clock.now
        self.version += 1
        if self.watched[slot]:
            self.dirty.add(slot)
            self.alert()
        if self.read[slot]:
            self.moved = True
            self.is_moved[slot] = 1

    @cython.ccall
    def nudge(self, slot: cython.longlong, share: cython.double) -> cython.void:
        """Moves a base slot that share of the way to the end of its range: up if positive."""
        x = self.level(slot)
        self.put(slot, x + share * ((self.high[slot] - x) if share > 0 else (x - self.low[slot])))

    def get_version(self) -> int:
        """The number of changes so far."""
        return self.version

    def set_alert(self, alert: Callable[[], None]) -> None:
        """Calls this at each change of a watched slot."""
        self.alert = alert

    def watch(self, slot: cython.longlong) -> None:
        """Collects the changes of this slot from now on."""
        self.watched[slot] = 1


@cython.final
@cython.cclass
class Memory:
    """How often each event has happened and when last, by the number of its name. It grows with new names."""

    counts: cython.double[::1]
    times: cython.longlong[::1]
    size: cython.longlong
    version: cython.longlong

    def __init__(self, size: int) -> None:
        self.size = self.version = 0
        self.grow(size)

    @cython.cfunc
    def grow(self, size: cython.longlong) -> cython.void:
        """Makes room for so many events."""
        counts, times = array("d", bytes(8 * size)), array("q", [_NO_TIME]) * size
        for i in range(self.size):
            counts[i], times[i] = self.counts[i], self.times[i]
        self.counts, self.times, self.size = counts, times, size

    @cython.ccall
    def note(self, number: cython.longlong, more: cython.double, time: cython.longlong) -> cython.void:
        """Adds `more` to the count of an event and sets its last time."""
        if number >= self.size:
            self.grow(2 * number + 1)
        self.counts[number] += more
        self.times[number] = time
        self.version += 1

    @cython.ccall
    @cython.exceptval(check=False)
    def count(self, number: cython.longlong) -> cython.double:
        """How often it has happened."""
        return self.counts[number] if number < self.size else 0.0

    @cython.ccall
    @cython.exceptval(check=False)
    def days_since(self, number: cython.longlong, now: cython.longlong) -> cython.double:
        """Days since it last happened; `NEVER` if it did not."""
        if number >= self.size or self.times[number] == _NO_TIME:
            return NEVER
        return (now - self.times[number]) / DAY

    def get_version(self) -> int:
        """The number of noted events."""
        return self.version


@cython.final
@cython.cclass
class Levels(dict):
    """Levels of slots at one instant, each computed when it is first read. Formulas read it as `levels[slot]`.

    `sources` has the slot that is read in the place of each, -1 for none; `derived` the formula of each derived slot,
    None for others; `events` answers event functions, and `memory`, None if there is none, has the counts and times
    behind them. `known()` gives levels, by slot, that take precedence over those of the world.
    """

    curves: Curves
    sources: cython.longlong[::1]
    derived: list
    events: object
    memory: Memory
    known: object
    now: cython.longlong
    moment: cython.longlong
    version: cython.longlong
    noted: cython.longlong
    seen: cython.double[::1]
    stamps: cython.longlong[::1]

    def __init__(
        self,
        curves: Curves,
        sources: array,
        derived: list[Program | None],
        events: Callable[..., float],
        memory: Memory | None,
        known: Callable[[], dict[int, float]] | None = None,
    ) -> None:
        self.curves, self.sources, self.derived = curves, sources, derived
        self.events, self.memory, self.known = events, memory, known
        self.moment = 0
        self.now = self.version = self.noted = -1
        if cython.compiled:
            self.seen, self.stamps = array("d", bytes(8 * len(sources))), array("q", bytes(8 * len(sources)))
        else:
            self.seen = self

    @cython.ccall
    def look(self) -> cython.void:
        """Forgets what was read once something may have changed."""
        curves = self.curves
        now: cython.longlong = curves.clock.now
        noted: cython.longlong = self.memory.version if self.memory is not None else 0
        if now != self.now or curves.version != self.version or noted != self.noted:
            self.version, self.noted = curves.version, noted
            self.forget(now)

    @cython.ccall
    def forget(self, now: cython.longlong) -> cython.void:
        """Begins to read anew at this second."""
        self.now = now
        self.moment += 1
        if len(self) > 0:
            self.clear()
        if self.known is not None:
            self.know()

    @cython.cfunc
    def know(self) -> cython.void:
        """Takes the known levels in place of those of the world."""
        levels: dict = self.known()
        self.update(levels)
        if cython.compiled:
            slot: cython.longlong
            for slot, value in levels.items():
                self.seen[slot], self.stamps[slot] = value, self.moment

    def forget_all(self) -> None:
        """Reads everything anew the next time."""
        self.version = -1

    def read(self, reader: Callable[..., dict[int, float]]) -> None:
        """Reads many slots at once when interpreted, which is faster than one by one (`state.slot_reader`)."""
        if not cython.compiled:
            curves = self.curves
            self.update(reader(curves.x0, curves.t0, curves.rest, self.now))
            if self.known is not None:
                self.know()

    def __missing__(self, slot: cython.longlong) -> float:
        level = self[slot] = self.level(slot) if cython.compiled else self.compute(slot)
        return level

    @cython.ccall
    def level(self, slot: cython.longlong) -> cython.double:
        """The level of a slot."""
        if not cython.compiled:
            return self[slot]
        if self.stamps[slot] != self.moment:
            self.seen[slot] = self.compute(slot)
            self.stamps[slot] = self.moment
        return self.seen[slot]

    @cython.cfunc
    def compute(self, slot: cython.longlong) -> cython.double:
        """Computes the level of a slot from the curve of the slot that is read in its place."""
        source = self.sources[slot]
        if source < 0:
            raise KeyError(slot)
        curves = self.curves
        rate = curves.rate[source]
        if rate != 0.0:
            rest = curves.rest[source]
            return rest + (curves.x0[source] - rest) * exp2((curves.t0[source] - self.now) * rate)
        if self.derived[slot] is None:
            return curves.x0[source]
        program: Program = self.derived[slot]
        return curves.clip(slot, program.value(self))

    def suppose(self, slot: cython.longlong, value: cython.double, dependents: tuple[int, ...]) -> None:
        """Sets the level of a base slot and forgets those of the derived ones that depend on it."""
        self[slot] = value
        for derived in dependents:
            self.pop(derived, None)
        if cython.compiled:
            self.seen[slot], self.stamps[slot] = value, self.moment
            for derived in dependents:
                self.stamps[derived] = 0


# --- formulas ---------------------------------------------------------------------------------------------------------


@cython.final
@cython.cclass
class Program:
    """A formula: a Python function of (levels, events), and code of the stack machine for compiled runs.

    `code` has pairs of an operation, a letter, and its operand, a number. Operations:

        v  push the level of the slot          k  push a constant            e  push the result of an event call
        c  push the count of an event          d  push the days since an event
        + - * /  of the two topmost            n  negate                     p  power
        m M  lesser, greater of two            a  absolute value             x l s g  exp, log, sqrt, sigmoid
        w  within (x, low, high)               u  cut to ±LIMIT
        < [ > ] = !  compare: <, <=, >, >=, ==, !=                           ~  not
        ?  take one, jump if it is 0           j  jump
        &  jump if the topmost is 0, else take it                            |  jump if it is not 0, else take it
    """

    formula: object
    code: cython.longlong[::1]
    constants: cython.double[::1]
    calls: list
    stack: cython.double[::1]
    length: cython.longlong

    def __init__(self, formula: Callable[..., float], code: array, constants: array, calls: list, depth: int) -> None:
        self.formula, self.code, self.constants, self.calls = formula, code, constants, calls
        self.length = len(code)
        self.stack = array("d", bytes(8 * (depth + 1)))

    @cython.ccall
    def value(self, levels: Levels) -> cython.double:
        """The value of the formula."""
        if cython.compiled and self.length > 0 and levels.memory is not None:
            return self.run(levels)
        return self.formula(levels, levels.events)

    @cython.ccall
    def run(self, levels: Levels) -> cython.double:
        """The value of the formula by its code."""
        code, stack, at, end = self.code, self.stack, 0, self.length
        top: cython.longlong = -1
        while at < end:
            operation = cython.cast(cython.Py_UCS4, code[at])
            k = code[at + 1]
            at += 2
            if operation == "v":
                top += 1
                stack[top] = levels.level(k)
            elif operation == "k":
                top += 1
                stack[top] = self.constants[k]
            elif operation == "c":
                top += 1
                stack[top] = levels.memory.count(k)
            elif operation == "d":
                top += 1
                stack[top] = levels.memory.days_since(k, levels.now)
            elif operation == "e":
                top += 1
                stack[top] = levels.events(*self.calls[k])
            elif operation == "?":
                top -= 1
                if stack[top + 1] == 0.0:
                    at = k
            elif operation == "j":
                at = k
            elif operation == "&":
                if stack[top] == 0.0:
                    at = k
                else:
                    top -= 1
            elif operation == "|":
                if stack[top] != 0.0:
                    at = k
                else:
                    top -= 1
            elif operation == "w":
                top -= 2
                stack[top] = within(stack[top], stack[top + 1], stack[top + 2])
            elif operation in "nauxlsg~":
                stack[top] = _of_one(operation, stack[top])
            else:
                top -= 1
                stack[top] = _of_two(operation, stack[top], stack[top + 1])
        return stack[0]


@cython.cfunc
def _of_one(operation: cython.Py_UCS4, x: cython.double) -> cython.double:
    if operation == "n":
        return -x
    if operation == "~":
        return 1.0 if x == 0.0 else 0.0
    if operation == "a":
        return fabs(x)
    if operation == "u":
        return cut(x)
    if operation == "x":
        return exponential(x)
    if operation == "l":
        return logarithm(x)
    if operation == "s":
        return square_root(x)
    return sigmoid(x)


@cython.cfunc
def _of_two(operation: cython.Py_UCS4, x: cython.double, y: cython.double) -> cython.double:
    if operation == "+":
        return x + y
    if operation == "-":
        return x - y
    if operation == "*":
        return x * y
    if operation == "/":
        return divide(x, y)
    if operation == "m":
        return y if y < x else x
    if operation == "M":
        return y if y > x else x
    if operation == "p":
        return power(x, y)
    true = (
        x < y
        if operation == "<"
        else x <= y
        if operation == "["
        else x > y
        if operation == ">"
        else x >= y
        if operation == "]"
        else x == y
        if operation == "="
        else x != y
    )
    return 1.0 if true else 0.0


# --- slow couplings ---------------------------------------------------------------------------------------------------


@cython.final
@cython.cclass
class Settler:
    """The baselines that are formulas, in one run. Coupling j moves `slots[j]`; its formula is `programs[j]`.

    It reads the slots `reads[firsts[j]:firsts[j + 1]]`. `inputs` are the slots that any coupling reads.
    """

    curves: Curves
    slots: cython.longlong[::1]
    programs: list
    firsts: cython.longlong[::1]
    reads: cython.longlong[::1]
    inputs: cython.longlong[::1]
    held: cython.longlong[::1]
    baselines: cython.double[::1]
    count: cython.longlong

    def __init__(
        self, curves: Curves, slots: array, programs: list[Program], firsts: array, reads: array, inputs: array
    ) -> None:
        self.curves, self.slots, self.programs = curves, slots, programs
        self.firsts, self.reads, self.inputs = firsts, reads, inputs
        self.count = len(slots)
        self.held, self.baselines = array("q", bytes(8 * len(slots))), array("d", bytes(8 * len(slots)))

    def release(self, slot: cython.longlong) -> None:
        """Ends the coupling that moves this slot, if there is one."""
        for j in range(self.count):
            if self.slots[j] == slot:
                self.held[j] = 1

    def is_coupled(self, slot: cython.longlong) -> bool:
        """Whether a coupling moves this slot."""
        return any(self.slots[j] == slot and not self.held[j] for j in range(self.count))

    @cython.cfunc
    def concerns(self, j: cython.longlong) -> cython.bint:
        """Whether a slot that coupling j reads has changed."""
        for k in range(self.firsts[j], self.firsts[j + 1]):
            if self.curves.is_moved[self.reads[k]]:
                return True
        return False

    def settle(self, levels: Levels, reader: Callable[..., dict[int, float]], moved_only: bool) -> None:
        """Sets the baselines from the present levels; all, or only those with changed inputs.

        All levels are read before any baseline changes. The present level of a slot stays as it is.
        """
        curves = self.curves
        if moved_only and not curves.moved:
            return
        levels.forget(curves.clock.now)
        levels.read(reader)
        if cython.compiled:
            for slot in self.inputs:
                levels.level(slot)
        for j in range(self.count):
            if self.held[j] or (moved_only and not self.concerns(j)):
                continue
            slot = self.slots[j]
            program: Program = self.programs[j]
            baseline = curves.clip(slot, program.value(levels))
            if baseline != curves.rest[slot]:
                value = curves.level(slot)
                curves.rest[slot] = baseline
                curves.put(slot, value)
        curves.moved = False
        for slot in self.inputs:
            curves.is_moved[slot] = 0
