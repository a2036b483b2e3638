"""The arithmetic of a run: formulas, levels and couplings over flat arrays.

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
from typing import Any, cast

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp, exp2, fabs, log, pow, rint, sqrt  # noqa: A004  # the name in C

COMPILED = cython.compiled
"""Whether this module is compiled."""
LIMIT = 1e9
"""Values of formulas beyond ±LIMIT are cut to it."""
NEVER = 1e6
"""Days since an event that has not happened."""

# The same as numbers of C, and those that only this module uses.
_LIMIT = cython.declare(cython.double, LIMIT)
_LOG_LIMIT = cython.declare(cython.double, math.log(LIMIT))
_NEVER = cython.declare(cython.double, NEVER)
_DAY = cython.declare(cython.double, 86400.0)
_NO_TIME = cython.declare(cython.longlong, -(2**62))

_ROOM = 64
"""Numbers on the stack of formulas, at first. Judgement."""

# --- arithmetic of formulas: total functions, finite for finite arguments ---------------------------------------------


@cython.ccall
@cython.exceptval(check=False)
def cut(x: cython.double) -> cython.double:
    """`x` within ±LIMIT; 0 for what is not a number."""
    if -_LIMIT <= x <= _LIMIT:
        return x
    return _LIMIT if x > _LIMIT else -_LIMIT if x < -_LIMIT else 0.0


@cython.ccall
@cython.exceptval(check=False)
def divide(x: cython.double, y: cython.double) -> cython.double:
    """Quotient x / y; 0 if y is 0."""
    return cut(x / y) if y else 0.0


@cython.ccall
def quotient(x: cython.double, y: cython.double) -> cython.double:
    """Quotient x / y; ZeroDivisionError if y is 0."""
    if y == 0:
        raise ZeroDivisionError("division by 0")
    return cut(x / y)


@cython.ccall
def power(x: cython.double, y: cython.double) -> cython.double:
    """Power x ** y; 0 where that is not a real number. Floats throughout: no power takes long."""
    return 0.0 if x == 0 and y < 0 else cut(pow(x, y))


@cython.ccall
@cython.exceptval(check=False)
def exponential(x: cython.double) -> cython.double:
    """Power of e, at most LIMIT."""
    return exp(x) if x < _LOG_LIMIT else _LIMIT


@cython.ccall
@cython.exceptval(check=False)
def logarithm(x: cython.double) -> cython.double:
    """Natural logarithm; -LIMIT for x <= 0."""
    return log(x) if x > 0 else -_LIMIT


@cython.ccall
@cython.exceptval(check=False)
def square_root(x: cython.double) -> cython.double:
    """Square root, at most LIMIT; 0 for x < 0."""
    return cut(sqrt(x)) if x > 0 else 0.0


@cython.ccall
@cython.exceptval(check=False)
def within(x: cython.double, low: cython.double, high: cython.double) -> cython.double:
    """x, at least low and at most high; high if low is greater than high."""
    if x > high or low > high:
        return high
    return low if x < low else x


@cython.ccall
@cython.exceptval(check=False)
def sigmoid(x: cython.double) -> cython.double:
    """1 / (1 + exp(-x)), computed so that neither tail overflows."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    small = exp(x)
    return small / (1.0 + small)


# --- random draws -----------------------------------------------------------------------------------------------------

GOLDEN, M1, M2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""The constants of SplitMix64 (Steele, Lea and Flood 2014)."""
_GOLDEN = cython.declare(cython.ulonglong, GOLDEN)
_M1 = cython.declare(cython.ulonglong, M1)
_M2 = cython.declare(cython.ulonglong, M2)
_MASK = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)


@cython.ccall
@cython.exceptval(check=False)
def mix(z: cython.ulonglong) -> cython.ulonglong:
    """The step of SplitMix64 on a 64-bit number."""
    z = (z + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _M1) & _MASK
    z = ((z ^ (z >> 27)) * _M2) & _MASK
    return z ^ (z >> 31)


@cython.ccall
def draw_key(root: cython.ulonglong, name: cython.ulonglong, numbers: tuple[Any, ...]) -> cython.ulonglong:
    """The 64 bits of the draw with this name and these numbers, under the root of a replication and epoch."""
    z = mix(root ^ name)
    for number in numbers:
        bits: cython.ulonglong = number & 0xFFFFFFFFFFFFFFFF
        z = mix(z ^ bits)
    return z


@cython.ccall
def uniform(root: cython.ulonglong, name: cython.ulonglong, numbers: tuple[Any, ...]) -> cython.double:
    """The draw in the open interval (0, 1) with this key."""
    return ((draw_key(root, name, numbers) >> 12) + 0.5) * 2.0**-52


@cython.ccall
@cython.exceptval(check=False)
def numbered(root: cython.ulonglong, name: cython.ulonglong, number: cython.longlong) -> cython.double:
    """The same with one number, of 64 bits."""
    bits: cython.ulonglong = number & 0xFFFFFFFFFFFFFFFF
    return ((mix(mix(root ^ name) ^ bits) >> 12) + 0.5) * 2.0**-52


@cython.ccall
@cython.exceptval(check=False)
def gumbel(key: cython.ulonglong, name: cython.ulonglong) -> cython.double:
    """A standard Gumbel draw, one for each name under a key: a new name does not affect the other draws."""
    return -log(-log(((mix(name ^ key) >> 12) + 0.5) * 2.0**-52))


# --- arrays -----------------------------------------------------------------------------------------------------------


def zeros(kind: str, count: int) -> array[Any]:
    """Numbers of kind "d" or "q" that only the engine reads; interpreted, a list, which gives them back faster."""
    if cython.compiled:
        return array(kind, bytes(8 * count))
    return cast("array[Any]", [0.0 if kind == "d" else 0] * count)


def flat(numbers: array[Any]) -> array[Any]:
    """Numbers that are used through the result alone from now on; interpreted, a list of them."""
    return numbers if cython.compiled else cast("array[Any]", list(numbers))


# --- state ------------------------------------------------------------------------------------------------------------


@cython.cclass
class Instant:
    """The present second, as a number that the engine reads without Python."""

    now = cython.declare(cython.longlong, visibility="public")

    def __init__(self) -> None:
        self.now = 0


@cython.final
@cython.cclass
class Curves:
    """The numbers of one run by slot: `x0` at the time `t0`, moving to `rest` at `rate` halvings per second.

    Each is an array that others read and write as well. `low` and `high` are the range of each slot. `present` has the
    present second. `watched` marks the slots whose changes are collected in `dirty`, with a call of `alert` for each.
    """

    x0: cython.doubles
    t0: cython.longs
    rest: cython.doubles
    rate: cython.doubles
    low: cython.doubles
    high: cython.doubles
    present: Instant
    version: cython.longlong
    watched: cython.longs
    dirty: set[Any]
    alert: Any

    def __init__(
        self,
        start: tuple[array[Any], ...],
        ranges: tuple[array[Any], array[Any]],
        present: Instant,
        dirty: set[int],
    ) -> None:
        self.x0, self.t0, self.rest = start[:3]
        self.rate, self.low, self.high = flat(start[3]), flat(ranges[0]), flat(ranges[1])
        self.present, self.watched = present, zeros("q", len(self.x0))
        self.version = 0
        self.dirty, self.alert = dirty, None

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def level(self, slot: cython.longlong) -> cython.double:
        """The present level of a base slot."""
        rate = self.rate[slot]
        if rate == 0.0:
            return self.x0[slot]
        rest = self.rest[slot]
        return rest + (self.x0[slot] - rest) * exp2((self.t0[slot] - self.present.now) * rate)

    def take(self, slots: cython.longs, taken: cython.doubles) -> None:
        """Writes the present levels of some base slots into an array."""
        for k in range(len(slots)):
            taken[k] = self.level(slots[k])

    def values(self, scale: cython.double = 0.0) -> array[Any]:
        """The present levels of all base slots; with a scale, rounded to multiples of 1/scale and without -0."""
        now = self.present.now
        count: cython.longlong = len(self.x0)
        present = array("d", bytes(8 * count))
        view: cython.doubles = present
        for slot in range(count):
            x, rest, rate = self.x0[slot], self.rest[slot], self.rate[slot]
            if rate != 0.0 and x != rest:
                x = rest + (x - rest) * exp2((self.t0[slot] - now) * rate)
            view[slot] = rint(x * scale) / scale + 0.0 if scale != 0.0 else x
        return present

    @cython.ccall
    @cython.exceptval(check=False)
    def clip(self, slot: cython.longlong, value: cython.double) -> cython.double:
        """The value within the range of the slot."""
        low, high = self.low[slot], self.high[slot]
        if value < low:
            return low
        return min(value, high)

    @cython.ccall
    def put(self, slot: cython.longlong, value: cython.double) -> None:
        """Sets a base slot now, within its range."""
        low, high = self.low[slot], self.high[slot]
        self.x0[slot] = low if value < low else high if value > high else value
        self.t0[slot] = self.present.now
        self.version += 1
        if self.watched[slot]:
            self.dirty.add(slot)
            self.alert()

    @cython.ccall
    def nudge(self, slot: cython.longlong, share: cython.double) -> None:
        """Moves a base slot that share of the way to the end of its range: up if positive."""
        x = self.level(slot)
        self.put(slot, x + share * ((self.high[slot] - x) if share > 0 else (x - self.low[slot])))

    @cython.ccall
    def perceive(
        self,
        slots: tuple[cython.longlong, cython.longlong, cython.longlong],
        weight: cython.double,
        k: cython.double,
        rates: tuple[cython.double, cython.double, cython.double],
    ) -> tuple[float, float, float]:
        """Updates expectation, surprise and trust (`slots`) by a perceived action; see `decision.perception`.

        `rates` are those of the flow, of trust and of attribution. Returns the surprise, and trust before and after.
        """
        flow_slot, surprise_slot, trust_slot = slots
        flow_rate, trust_rate, attribution = rates
        flow, trust = self.level(flow_slot), self.level(trust_slot)
        felt = k * weight
        surprise = felt - flow
        sided = weight if k >= 0 else -weight
        reading = within(sided / 10.0 + attribution * trust, -1.0, 1.0)
        moved = trust + min(trust_rate * abs(felt) / 10.0, 1.0) * (reading - trust)
        self.put(flow_slot, flow + flow_rate * surprise)
        self.put(surprise_slot, self.level(surprise_slot) + surprise)
        self.put(trust_slot, moved)
        return surprise, trust, moved

    @cython.ccall
    def report(
        self, mean_slot: cython.longlong, variance_slot: cython.longlong, observed: cython.double, noise: cython.double
    ) -> None:
        """Moves an estimate, a mean and a variance, towards a reported value with the variance `noise`."""
        mean, variance = self.level(mean_slot), self.level(variance_slot)
        if variance + noise > 0.0:
            gain = variance / (variance + noise)
            self.put(mean_slot, mean + gain * (observed - mean))
            self.put(variance_slot, (1.0 - gain) * variance)

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
class PartlyKnown:
    """Numbers of the engine as one government knows them, which knows only a part: number k is that of `slots[k]`.

    It had the value `x0` at the time `t0` and moves as the slot does in the world.
    """

    curves: Curves
    slots: cython.longs
    x0: cython.doubles
    t0: cython.longs

    def __init__(self, curves: Curves, slots: array[Any]) -> None:
        self.curves, self.slots = curves, flat(slots)
        self.x0, self.t0 = zeros("d", len(slots)), zeros("q", len(slots))

    @cython.ccall
    def put(self, k: cython.longlong, value: cython.double, time: cython.longlong) -> None:
        """Sets a number at a time."""
        self.x0[k], self.t0[k] = value, time

    @cython.ccall
    @cython.exceptval(check=False)
    def level(self, k: cython.longlong, now: cython.longlong) -> cython.double:
        """The level of a number."""
        return self.after(k, self.x0[k], self.t0[k], now)

    @cython.ccall
    def lift(self, k: cython.longlong, value: cython.double, time: cython.longlong, now: cython.longlong) -> None:
        """Raises a number, of which the government learns now that it had at least this value at an earlier time."""
        lifted, present = self.after(k, value, time, now), self.level(k, now)
        self.put(k, max(present, lifted), now)

    @cython.cfunc
    @cython.exceptval(check=False)
    def after(
        self, k: cython.longlong, value: cython.double, time: cython.longlong, now: cython.longlong
    ) -> cython.double:
        """What the value of a number at a time has become."""
        slot = self.slots[k]
        rate, rest = self.curves.rate[slot], self.curves.rest[slot]
        return rest + (value - rest) * exp2((time - now) * rate) if rate != 0.0 else value


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
        """Makes room for so many events."""
        counts: cython.doubles = zeros("d", size)
        times: cython.longs = zeros("q", size)
        for i in range(size):
            times[i] = _NO_TIME
        for i in range(self.size):
            counts[i], times[i] = self.counts[i], self.times[i]
        self.counts, self.times, self.size = counts, times, size

    @cython.ccall
    def note(self, number: cython.longlong, more: cython.double, time: cython.longlong) -> None:
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
        derived: list[Program | None],
        events: Callable[..., float],
        memory: Memory | None,
        known: PartlyKnown | None = None,
    ) -> None:
        self.curves, self.sources, self.derived = curves, flat(sources), derived
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
        """Forgets what was read once something may have changed."""
        curves = self.curves
        now = curves.present.now
        noted: cython.longlong = self.memory.version if self.remembers else 0
        if now != self.now or curves.version != self.version or noted != self.noted:
            self.version, self.noted = curves.version, noted
            self.forget(now)

    @cython.ccall
    def forget(self, now: cython.longlong) -> None:
        """Forgets what it has read and begins at this second."""
        self.now, self.top = now, 0
        self.moment += 1
        if len(self) > 0:
            self.clear()
        if self.knows:
            self.know()

    @cython.cfunc
    def know(self) -> None:
        """Takes the known levels in place of those of the world."""
        known = self.known
        for k in range(len(known.slots)):
            slot = known.slots[k]
            self.seen[slot] = known.level(k, self.now)
            if cython.compiled:
                self.stamps[slot] = self.moment

    def take(self, slots: cython.longs, taken: cython.doubles) -> None:
        """Writes the present levels of some slots into an array."""
        self.look()
        for k in range(len(slots)):
            taken[k] = self.level(slots[k])

    def ask(self, program: Program) -> float:
        """The present value of a formula."""
        self.look()
        return program.value(self)

    def forget_all(self) -> None:
        """Reads everything again the next time."""
        self.version = -1

    def read(self, reader: Callable[..., dict[int, float]]) -> None:
        """Reads many slots at once when interpreted, which is faster than one by one (`state.slot_reader`)."""
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
        """The level of a slot."""
        if not cython.compiled:
            return self[slot]
        if self.stamps[slot] != self.moment:
            self.compute(slot)
            self.stamps[slot] = self.moment
        return self.seen[slot]

    @cython.cfunc
    @cython.exceptval(-1.0, check=True)
    def compute(self, slot: cython.longlong) -> cython.double:
        """Computes and keeps the level of a slot from the curve of the slot that is read in its place."""
        source = self.sources[slot]
        if source < 0:
            raise KeyError(slot)
        curves = self.curves
        rate = curves.rate[source]
        level: cython.double
        if rate != 0.0:
            rest = curves.rest[source]
            level = rest + (curves.x0[source] - rest) * exp2((curves.t0[source] - self.now) * rate)
        elif self.derived[slot] is None:
            level = curves.x0[source]
        else:
            program: Program = self.derived[slot]
            level = program.value(self) if cython.compiled else program.formula(self, self.events)
            low, high = curves.low[slot], curves.high[slot]
            level = low if level < low else high if level > high else level
        self.seen[slot] = level
        return level

    @cython.cfunc
    def make_room(self, top: cython.longlong) -> None:
        """Takes the stack of formulas up to `top`; what is below stays as it is."""
        if top > len(self.stack):
            grown: cython.doubles = array("d", bytes(16 * top))
            for k in range(len(self.stack)):
                grown[k] = self.stack[k]
            self.stack = grown
        self.top = top

    @cython.ccall
    def suppose(self, slot: cython.longlong, value: cython.double, dependents: cython.longs) -> None:
        """Sets the level of a base slot and forgets those of the derived ones that depend on it."""
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

    depth: cython.longlong
    length: cython.longlong
    code: cython.longs
    constants: cython.doubles
    formula: Any
    calls: list[Any]

    def __init__(
        self, formula: Callable[..., float], code: array[Any], constants: array[Any], calls: list[Any], depth: int
    ) -> None:
        self.formula, self.code, self.constants, self.calls = formula, code, constants, calls
        self.length = len(code)
        self.depth = depth + 1

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def value(self, levels: Levels) -> cython.double:
        """The value of the formula."""
        if cython.compiled and self.length > 0 and levels.remembers:
            return self.run(levels)
        result: cython.double = self.formula(levels, levels.events)
        return result

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def run(self, levels: Levels) -> cython.double:  # noqa: C901, PLR0912, PLR0915  # a switch of C
        """The value of the formula by its code.

        The stack is that of the levels, above what formulas that read this one have put there: runs share programs.
        """
        base = levels.top
        levels.make_room(base + self.depth)
        at, end, top = 0, self.length, base - 1
        while at < end:
            operation = cython.cast(cython.Py_UCS4, self.code[at])
            k = self.code[at + 1]
            at += 2
            if operation == "v":
                top += 1
                levels.stack[top] = levels.level(k)
            elif operation == "k":
                top += 1
                levels.stack[top] = self.constants[k]
            elif operation == "c":
                top += 1
                levels.stack[top] = levels.memory.count(k)
            elif operation == "d":
                top += 1
                levels.stack[top] = levels.memory.days_since(k, levels.now)
            elif operation == "e":
                top += 1
                levels.stack[top] = levels.events(*self.calls[k])
            elif operation == "?":
                top -= 1
                if levels.stack[top + 1] == 0.0:
                    at = k
            elif operation == "j":
                at = k
            elif operation == "&":
                if levels.stack[top] == 0.0:
                    at = k
                else:
                    top -= 1
            elif operation == "|":
                if levels.stack[top] != 0.0:
                    at = k
                else:
                    top -= 1
            elif operation == "w":
                top -= 2
                levels.stack[top] = within(levels.stack[top], levels.stack[top + 1], levels.stack[top + 2])
            elif operation in "nauxlsg~":
                levels.stack[top] = _of_one(operation, levels.stack[top])
            else:
                top -= 1
                levels.stack[top] = _of_two(operation, levels.stack[top], levels.stack[top + 1])
        levels.top = base
        return levels.stack[base]


@cython.cfunc
@cython.exceptval(-1.0, check=True)
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
@cython.exceptval(-1.0, check=True)
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
        return min(x, y)
    if operation == "M":
        return max(x, y)
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

    `inputs` are the slots that any coupling reads.
    """

    curves: Curves
    slots: cython.longs
    programs: list[Any]
    inputs: cython.longs
    held: cython.longs
    count: cython.longlong

    def __init__(self, curves: Curves, slots: array[Any], programs: list[Program], inputs: array[Any]) -> None:
        self.curves, self.slots, self.programs, self.inputs = curves, flat(slots), programs, flat(inputs)
        self.count = len(slots)
        self.held = zeros("q", len(slots))

    def release(self, slot: cython.longlong) -> None:
        """Ends the coupling that moves this slot, if there is one."""
        for j in range(self.count):
            if self.slots[j] == slot:
                self.held[j] = 1

    def is_coupled(self, slot: cython.longlong) -> bool:
        """Whether a coupling moves this slot."""
        return any(self.slots[j] == slot and not self.held[j] for j in range(self.count))

    def settle(self, levels: Levels, reader: Callable[..., dict[int, float]]) -> None:
        """Sets the baselines from the present levels.

        All levels are read before any baseline changes. The present level of a slot stays as it is.
        """
        curves = self.curves
        levels.forget(curves.present.now)
        levels.read(reader)
        if cython.compiled:
            for slot in self.inputs:
                levels.level(slot)
        for j in range(self.count):
            if self.held[j]:
                continue
            slot = self.slots[j]
            program: Program = self.programs[j]
            baseline = curves.clip(slot, program.value(levels))
            if baseline != curves.rest[slot]:
                value = curves.level(slot)
                curves.rest[slot] = baseline
                curves.put(slot, value)
