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
from collections.abc import Callable, Mapping
from typing import Any, cast

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp, exp2, fabs, log, pow, rint, sqrt, tanh  # noqa: A004  # the name in C

COMPILED = cython.compiled
"""Whether this module is compiled."""
LIMIT = 1e9
"""Values of formulas beyond ±LIMIT are cut to it."""
NEVER = 1e6
"""Days since an event that has not happened."""
STEPS = 12
"""Steps of the integration over the horizon: exact without couplings, within a few per cent with them."""
RECIPROCITY_SCALE = 8.0
"""Sum of surprises at which reciprocity saturates (docs/explanation/model.md)."""
NEAREST = 0.5
"""The current rung decays between two rungs: the nearest one counts."""

# The same as numbers of C, and those that only this module uses.
_LIMIT: cython.double = LIMIT
_LOG_LIMIT: cython.double = math.log(LIMIT)
_NEVER: cython.double = NEVER
_DAY: cython.double = 86400.0
_STEPS: cython.longlong = STEPS
_RECIPROCITY_SCALE: cython.double = RECIPROCITY_SCALE
_NEAREST: cython.double = NEAREST
_NUDGE: cython.double = 1e-3
_NO_TIME: cython.longlong = -(2**62)
_EPOCH: cython.longlong = 2**32

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
    x = max(x, low)
    return min(x, high)


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
_GOLDEN: cython.ulonglong = GOLDEN
_M1: cython.ulonglong = M1
_M2: cython.ulonglong = M2
_MASK: cython.ulonglong = 0xFFFFFFFFFFFFFFFF


@cython.ccall
@cython.exceptval(check=False)
def mix(z: cython.ulonglong) -> cython.ulonglong:
    """The step of SplitMix64 on a 64-bit number."""
    z = (z + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _M1) & _MASK
    z = ((z ^ (z >> 27)) * _M2) & _MASK
    return z ^ (z >> 31)


@cython.cclass
class KeyedDraws:
    """Draws by key. `root` is the key of a replication and epoch; `name_key` gives the 64 bits of some names."""

    root: cython.ulonglong
    names: dict[Any, Any]
    name_key: Callable[..., int]

    def __init__(self, name_key: Callable[..., int]) -> None:
        self.name_key, self.names, self.root = name_key, {}, 0

    def set_root(self, root: cython.ulonglong) -> None:
        """Begins other draws."""
        self.root = root

    def key(self, purpose: str, who: str, *numbers: int) -> int:
        """The 64 bits of a draw."""
        return self.bits(purpose, who, numbers)

    def uniform(self, purpose: str, who: str, *numbers: int) -> float:
        """A draw in the open interval (0, 1)."""
        return ((self.bits(purpose, who, numbers) >> 12) + 0.5) * 2.0**-52

    @cython.cfunc
    def bits(self, purpose: str, who: str, numbers: tuple[Any, ...]) -> cython.ulonglong:
        """The 64 bits of a draw: each name and number is mixed in, in order."""
        names = (purpose, who)
        name = self.names.get(names)
        if name is None:
            name = self.names[names] = self.name_key(purpose, who)
        first: cython.ulonglong = name
        z = mix(self.root ^ first)
        for number in numbers:
            more: cython.ulonglong = number & 0xFFFFFFFFFFFFFFFF
            z = mix(z ^ more)
        return z


@cython.ccall
@cython.exceptval(check=False)
def gumbel(key: cython.ulonglong, name: cython.ulonglong) -> cython.double:
    """A standard Gumbel draw, one for each name under a key: a new name does not affect the other draws."""
    return -log(-log(((mix(name ^ key) >> 12) + 0.5) * 2.0**-52))


# --- state ------------------------------------------------------------------------------------------------------------


@cython.final
@cython.cclass
class Curves:
    """The numbers of one run by slot: `x0` at the time `t0`, moving to `rest` at `rate` halvings per second.

    Each is an array that others read and write as well. `low` and `high` are the range of each slot. `clock.now` is the
    present second. `watched` marks the slots whose changes are collected in `dirty`, with a call of `alert` for each;
    `read` marks those that couplings read: `is_moved` marks which of them have changed, `moved` whether any has.
    """

    x0: cython.doubles
    t0: cython.longs
    rest: cython.doubles
    rate: cython.doubles
    low: cython.doubles
    high: cython.doubles
    clock: Any
    version: cython.longlong
    watched: cython.longs
    read: cython.longs
    moved: cython.bint
    is_moved: cython.longs
    dirty: set[Any]
    alert: Any

    def __init__(
        self,
        start: tuple[array[Any], ...],
        ranges: tuple[array[Any], array[Any]],
        read: array[Any],
        clock: object,
        dirty: set[int],
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
        return min(value, high)

    @cython.ccall
    def put(self, slot: cython.longlong, value: cython.double) -> None:
        """Sets a base slot now, within its range."""
        low, high = self.low[slot], self.high[slot]
        self.x0[slot] = low if value < low else min(value, high)
        self.t0[slot] = self.clock.now
        self.version += 1
        if self.watched[slot]:
            self.dirty.add(slot)
            self.alert()
        if self.read[slot]:
            self.moved = True
            self.is_moved[slot] = 1

    @cython.ccall
    def nudge(self, slot: cython.longlong, share: cython.double) -> None:
        """Moves a base slot that share of the way to the end of its range: up if positive."""
        x = self.level(slot)
        self.put(slot, x + share * ((self.high[slot] - x) if share > 0 else (x - self.low[slot])))

    def perceive(
        self, slots: tuple[int, int, int], weight: cython.double, k: cython.double, rates: tuple[float, float, float]
    ) -> tuple[float, float, float]:
        """Updates expectation, surprise and trust (`slots`) by a perceived action; see `decision.perception`.

        `rates` are those of the flow, of trust and of attribution. Returns the surprise, and trust before and after.
        """
        flow_slot: cython.longlong = slots[0]
        surprise_slot: cython.longlong = slots[1]
        trust_slot: cython.longlong = slots[2]
        flow_rate: cython.double = rates[0]
        trust_rate: cython.double = rates[1]
        attribution: cython.double = rates[2]
        flow, trust = self.level(flow_slot), self.level(trust_slot)
        felt = k * weight
        surprise = felt - flow
        sided = weight if k >= 0 else -weight
        reading = min(max(sided / 10.0 + attribution * trust, -1.0), 1.0)
        moved = trust + min(trust_rate * abs(felt) / 10.0, 1.0) * (reading - trust)
        self.put(flow_slot, flow + flow_rate * surprise)
        self.put(surprise_slot, self.level(surprise_slot) + surprise)
        self.put(trust_slot, moved)
        return surprise, trust, moved

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
        counts, times = array("d", bytes(8 * size)), array("q", [_NO_TIME]) * size
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

    def get_version(self) -> int:
        """The number of noted events."""
        return self.version


@cython.final
@cython.cclass
class Levels(dict[int, float]):
    """Levels of slots at one instant, each computed when it is first read. Formulas read it as `levels[slot]`.

    `sources` has the slot that is read in the place of each, -1 for none; `derived` the formula of each derived slot,
    None for others; `events` answers event functions, and `memory`, None if there is none, has the counts and times
    behind them. `known()` gives levels, by slot, that take precedence over those of the world.
    """

    curves: Curves
    sources: cython.longs
    derived: list[Any]
    events: Any
    memory: Memory
    remembers: cython.bint
    known: Any
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
        known: Callable[[], Mapping[int, float]] | None = None,
    ) -> None:
        self.curves, self.sources, self.derived = curves, sources, derived
        self.events, self.memory, self.known = events, cast("Memory", memory), known
        self.remembers = memory is not None
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
        now: cython.longlong = curves.clock.now
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
        if self.known is not None:
            self.know()

    @cython.cfunc
    def know(self) -> None:
        """Takes the known levels in place of those of the world."""
        levels: dict[int, float] = self.known()
        self.update(levels)
        if cython.compiled:
            slot: cython.longlong
            for slot, value in levels.items():
                self.seen[slot], self.stamps[slot] = value, self.moment

    def forget_all(self) -> None:
        """Reads everything again the next time."""
        self.version = -1

    def read(self, reader: Callable[..., dict[int, float]]) -> None:
        """Reads many slots at once when interpreted, which is faster than one by one (`state.slot_reader`)."""
        if not cython.compiled:
            curves = self.curves
            self.update(reader(curves.x0, curves.t0, curves.rest, self.now))
            if self.known is not None:
                self.know()

    def __missing__(self, slot: cython.longlong) -> float:
        level = self[slot] = self.compute(slot)
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
        program: Program | None = self.derived[slot]
        if program is None:
            return curves.x0[source]
        level: cython.double = program.value(self) if cython.compiled else program.formula(self, self.events)
        return min(max(level, curves.low[slot]), curves.high[slot])

    @cython.cfunc
    def make_room(self, top: cython.longlong) -> None:
        """Takes the stack of formulas up to `top`; what is below stays with those that are using it."""
        if top > len(self.stack):
            self.stack = array("d", bytes(16 * top))
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

    formula: Any
    code: cython.longs
    constants: cython.doubles
    calls: list[Any]
    depth: cython.longlong
    length: cython.longlong

    def __init__(
        self, formula: Callable[..., float], code: array[Any], constants: array[Any], calls: list[Any], depth: int
    ) -> None:
        self.formula, self.code, self.constants, self.calls = formula, code, constants, calls
        self.length = len(code)
        self.depth = depth + 1

    @cython.ccall
    def value(self, levels: Levels) -> cython.double:
        """The value of the formula."""
        if cython.compiled and self.length > 0 and levels.remembers:
            return self.run(levels)
        result: cython.double = self.formula(levels, levels.events)
        return result

    @cython.ccall
    def run(self, levels: Levels) -> cython.double:  # noqa: C901, PLR0912, PLR0915  # a switch of C
        """The value of the formula by its code.

        The stack is that of the levels, above what formulas that read this one have put there: runs share programs.
        """
        base = levels.top
        levels.make_room(base + self.depth)
        code, stack, at, end = self.code, levels.stack, 0, self.length
        top = base - 1
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
        levels.top = base
        return stack[base]


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

    It reads the slots `reads[firsts[j]:firsts[j + 1]]`. `inputs` are the slots that any coupling reads.
    """

    curves: Curves
    slots: cython.longs
    programs: list[Any]
    firsts: cython.longs
    reads: cython.longs
    inputs: cython.longs
    held: cython.longs
    baselines: cython.doubles
    count: cython.longlong

    def __init__(
        self,
        curves: Curves,
        slots: array[Any],
        programs: list[Program],
        firsts: array[Any],
        reads: array[Any],
        inputs: array[Any],
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
        for k in range(self.firsts[j], self.firsts[j + 1]):  # noqa: SIM110  # a loop of C
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


# --- prices -----------------------------------------------------------------------------------------------------------


@cython.final
@cython.cclass
class Slope:
    """What a formula changes by with one slot that it reads. `dependents` are the derived slots that read the slot."""

    program: Program
    read: cython.longlong
    dependents: cython.longs

    def __init__(self, program: Program, read: int, dependents: array[Any]) -> None:
        self.program, self.read, self.dependents = program, read, dependents

    @cython.ccall
    def at(self, levels: Levels) -> cython.double:
        """∂formula/∂read at these levels, by a central difference within the range of the slot."""
        curves, read = levels.curves, self.read
        lowest, highest = curves.low[read], curves.high[read]
        step = _NUDGE * (highest - lowest)
        x = levels.level(read)
        high = min(x + step, highest)
        low = max(x - step, lowest)
        levels.suppose(read, high, self.dependents)
        above = self.program.value(levels)
        levels.suppose(read, low, self.dependents)
        below = self.program.value(levels)
        levels.suppose(read, x, self.dependents)
        return (above - below) / (high - low)


@cython.final
@cython.cclass
class Weights:
    """The interests of a leader as tables (`decision.pricing.Interests`), for `prices`.

    `direct` are (slot, weight per unit) pairs, `derived` (weight per unit, slopes); `couplings` has by slot the slopes
    of its baseline, None where nothing flows. `lasting`, `kept` and `share` are by slot.
    """

    direct: list[Any]
    derived: list[Any]
    couplings: list[Any]
    lasting: cython.doubles
    kept: cython.doubles
    share: cython.doubles
    count: cython.longlong

    def __init__(
        self,
        direct: list[tuple[int, float]],
        derived: list[tuple[float, list[Slope]]],
        couplings: list[list[Slope] | None],
        means: tuple[array[Any], array[Any], array[Any]],
    ) -> None:
        self.direct, self.derived, self.couplings = direct, derived, couplings
        self.lasting, self.kept, self.share = means
        self.count = len(couplings)

    def prices(self, levels: Levels, held: set[int]) -> array[Any]:
        """The price of a unit change of each slot, in units of score. `held` are slots whose coupling has ended."""
        weights: cython.doubles = array("d", bytes(8 * self.count))
        weighted = set()
        slope: Slope
        slot: cython.longlong
        per_unit: cython.double
        for slot, per_unit in self.direct:
            weights[slot] += per_unit
            weighted.add(slot)
        for per_unit, slopes in self.derived:
            for slope in slopes:
                weights[slope.read] += per_unit * slope.at(levels)
                weighted.add(slope.read)
        inflow = self.inflows(levels, weighted, held)
        return self.carried(weights, weighted, inflow)

    @cython.cfunc
    def inflows(self, levels: Levels, weighted: set[Any], held: set[Any]) -> list[Any]:
        """(slot, read, share) of what one step carries back from each coupled slot with a price to what it reads."""
        inflow = []
        done = set()
        slope: Slope
        slot: cython.longlong
        pending = sorted([slot for slot in weighted if self.couplings[slot] is not None and slot not in held])
        while pending:
            slot = pending.pop()
            if slot in done:
                continue
            done.add(slot)
            moved = 1.0 - self.kept[slot]
            for slope in self.couplings[slot]:
                inflow.append((slot, slope.read, moved * slope.at(levels)))
            for slope in self.couplings[slot]:
                if self.couplings[slope.read] is not None and slope.read not in held:
                    pending.append(slope.read)
        return inflow

    @cython.cfunc
    def carried(self, weights: cython.doubles, weighted: set[Any], inflow: list[Any]) -> array[Any]:
        """The mean worth over the horizon: in closed form where nothing flows, step by step along couplings."""
        flat = array("d", bytes(8 * self.count))
        prices: cython.doubles = flat
        after: cython.doubles = array("d", bytes(8 * self.count))
        flowing = sorted({slot for slot, _, _ in inflow} | {read for _, read, _ in inflow})
        slot: cython.longlong
        read: cython.longlong
        for slot in weighted:
            if slot not in flowing:
                prices[slot] = weights[slot] * self.lasting[slot]
        carries = [(slot, read, slope) for slot, read, slope in inflow if slope]
        for _ in range(_STEPS):
            for slot in flowing:
                prices[slot] += weights[slot] * self.share[slot]
                after[slot] = weights[slot] * self.kept[slot]
            for slot, read, slope in carries:
                carried: cython.double = weights[slot] * slope
                after[read] += carried
                prices[read] += 0.5 * carried / _STEPS
            for slot in flowing:
                weights[slot] = after[slot]
        return flat


# --- meetings ---------------------------------------------------------------------------------------------------------


@cython.ccall
@cython.exceptval(check=False)
def logistic(z: cython.double) -> cython.double:
    """1/(1 + exp(−z)) without overflow."""
    return 1.0 / (1.0 + exp(-z)) if z >= 0 else exp(z) / (1.0 + exp(z))


@cython.ccall
def shaded(
    comply: cython.double, ignore: cython.double, retaliate: cython.double, shift: cython.double
) -> tuple[float, float, float]:
    """Prior probabilities of responses shifted by trust: comply times 1 + shift, retaliate times 1 − shift, normalised.

    `shift` is the trust in the other times `rules.trust_responses`.
    """
    comply *= 1.0 + shift
    retaliate *= 1.0 - shift
    ignore = max(ignore, 1e-9)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total


@cython.ccall
def effect_line(
    amount: cython.double, low: cython.double, high: cython.double, sets: cython.bint
) -> tuple[float, float]:
    """(A, K) of the change A − K·x by an effect on a slot with value x. Effects saturate at the range of the slot."""
    if sets:
        return amount, 1.0
    if amount > 0:
        return amount * high, amount
    return -amount * low, -amount


@cython.final
@cython.cclass
class CandidateEffects:
    """The effects of one candidate, for its expected changes. `chance` and each of `amounts` are a number or a formula.

    By effect: `low` and `high`, the range of its slot; `sets`, whether it sets the slot; `share`, 0 if it counts with
    the chance of success, 1 with its complement, 2 in full; `line`, where its change is added. Its lines are `first` to
    `stop`; `varies` says whether any depends on what a government sees.
    """

    chance: cython.double
    chance_formula: Program
    amounts: cython.doubles
    formulas: list[Any]
    low: cython.doubles
    high: cython.doubles
    sets: cython.longs
    share: cython.longs
    line: cython.longs
    first: cython.longlong
    stop: cython.longlong
    varies: cython.bint

    def __init__(
        self,
        chance: float | Program,
        amounts: list[float | Program],
        ranges: tuple[array[Any], array[Any]],
        sets: array[Any],
        share: array[Any],
        line: array[Any],
        lines: tuple[int, int],
    ) -> None:
        self.chance_formula = cast("Program", None if isinstance(chance, float) else chance)
        self.chance = chance if isinstance(chance, float) else 1.0
        self.formulas = [None if isinstance(amount, float) else amount for amount in amounts]
        self.amounts = array("d", [amount if isinstance(amount, float) else 0.0 for amount in amounts])
        self.low, self.high = ranges
        self.sets, self.share, self.line = sets, share, line
        self.first, self.stop = lines
        self.varies = not isinstance(chance, float) or any(formula is not None for formula in self.formulas)

    @cython.ccall
    def fill(self, levels: Levels | None, constants: cython.doubles, slopes: cython.doubles) -> None:
        """Sets the lines of the candidate to its expected changes at these levels, None if it has no formulas."""
        chance = self.chance
        if levels is not None and self.chance_formula is not None:
            chance = min(max(self.chance_formula.value(levels), 0.0), 1.0)
        for k in range(self.first, self.stop):
            constants[k] = slopes[k] = 0.0
        for j in range(len(self.formulas)):
            amount = self.amounts[j]
            if levels is not None and self.formulas[j] is not None:
                program: Program = self.formulas[j]
                amount = program.value(levels)
            constant, slope = effect_line(amount, self.low[j], self.high[j], self.sets[j] != 0)
            share = chance if self.share[j] == 0 else 1.0 - chance if self.share[j] == 1 else 1.0
            constants[self.line[j]] += share * constant
            slopes[self.line[j]] += share * slope


@cython.final
@cython.cclass
class Candidates:
    """The numbers of the candidates of one menu, the same in all runs (`decision.menu.Menu`).

    By candidate: `requirements` and `values`, formulas or None; `rungs`; `violent`; `leads`, the least lead; the slot
    of the rung towards its target, or -1 for the highest of all `rung_slots`; `targets`, the place of its target in
    `trust_slots`, or -1; `columns` of the learned responses; `priors`, three for each; `losses` by retaliation.
    The expected changes for response r of candidate i are the lines `firsts[3i + r]` to `stops[3i + r]` of `slots`,
    `constants` and `slopes`: a slot with level x changes by constant − slope·x. `effects` fill them; those that vary,
    for each `Scorer`. `tests` and `reader` evaluate all requirements at once, for interpreted runs.
    """

    count: cython.longlong
    tests: Any
    reader: Any
    requirements: list[Any]
    values: list[Any]
    rungs: cython.doubles
    violent: cython.longs
    leads: cython.longs
    rung_slot: cython.longs
    rung_slots: cython.longs
    targets: cython.longs
    trust_slots: cython.longs
    columns: cython.longs
    priors: cython.doubles
    losses: cython.doubles
    firsts: cython.longs
    stops: cython.longs
    slots: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    effects: list[Any]
    varying: cython.bint

    def __init__(
        self,
        tests: tuple[Callable[..., Any], Callable[..., Any]],
        formulas: tuple[list[Program | None], list[Program | None]],
        ladder: tuple[array[Any], array[Any], array[Any], array[Any], array[Any]],
        responses: tuple[array[Any], array[Any], array[Any], array[Any], array[Any]],
        lines: tuple[array[Any], array[Any], array[Any]],
        effects: list[CandidateEffects],
    ) -> None:
        self.tests, self.reader = tests
        self.requirements, self.values = formulas
        self.rungs, self.violent, self.leads, self.rung_slot, self.rung_slots = ladder
        self.targets, self.trust_slots, self.columns, self.priors, self.losses = responses
        self.firsts, self.stops, self.slots = lines
        self.count = len(self.requirements)
        self.effects, self.varying = effects, False
        self.constants, self.slopes = array("d", bytes(8 * len(lines[2]))), array("d", bytes(8 * len(lines[2])))
        effect: CandidateEffects
        for effect in effects:
            if effect.varies:
                self.varying = True
            else:
                effect.fill(None, self.constants, self.slopes)

    @cython.cfunc
    def requires(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Whether the requirement of a candidate is met."""
        if self.requirements[i] is None:
            return True
        program: Program = self.requirements[i]
        return program.value(levels) != 0.0


@cython.final
@cython.cclass
class Availability:
    """Which candidates of one menu a government can choose, in one run.

    `ready` is the time from which each is available again. `allowed` lists those that forums and agreements allow,
    ascending; `steep` marks those that depend on the current rung of the ladder; `step` is the leader's.
    """

    table: Candidates
    ready: cython.doubles
    allowed: list[Any]
    steep: cython.longs
    step: cython.double

    def __init__(self, table: Candidates, ready: array[Any]) -> None:
        self.table, self.ready = table, ready
        self.allow([], 0.0)

    @cython.ccall
    def allow(self, allowed: list[Any], step: cython.double) -> None:
        """Takes the allowed candidates, and the step of the leader."""
        self.allowed, self.step = allowed, step
        self.steep = array("q", bytes(8 * self.table.count))
        i: cython.longlong
        for i in allowed:
            self.steep[i] = self.table.rungs[i] > step + _NEAREST and not self.table.violent[i]

    @cython.cfunc
    def near(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Whether the leader can climb to it from the current rung."""
        table = self.table
        slot: cython.longlong = table.rung_slot[i]
        present = levels.level(slot if slot >= 0 else table.rung_slots[0])
        if slot < 0:
            for other in table.rung_slots:
                level = levels.level(other)
                present = max(present, level)
        return table.rungs[i] <= present + (self.step + _NEAREST)

    def feasible(self, levels: Levels, deadline: cython.double, met: Any, licensed: Callable[[int], bool]) -> list[Any]:
        """The candidates that can be chosen now, ascending, and carried out before the deadline.

        `met` says which requirements hold, or None to evaluate them; `licensed` whether a violent one is permitted.
        """
        table, ready, now, found = self.table, self.ready, levels.now, []
        i: cython.longlong
        if met is None and not cython.compiled:
            levels.read(table.reader)
            met = table.tests(levels, levels.events)
        if met is not None:
            some = [k for k in self.allowed if met[k] and ready[k] <= now]
        else:
            some = []
            for i in self.allowed:
                if ready[i] <= now and table.requires(i, levels):
                    some.append(i)
        for i in some:
            if (
                now + table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
                and (not table.violent[i] or licensed(i))
            ):
                found.append(i)
        return found

    def available(self, some: tuple[int, ...], levels: Levels, deadline: cython.double) -> list[Any]:
        """Which of some candidates are available, apart from requirements and licences."""
        now, found = levels.now, []
        i: cython.longlong
        for i in some:
            if (
                i in self.allowed
                and self.ready[i] <= now
                and now + self.table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
            ):
                found.append(i)
        return found


@cython.final
@cython.cclass
class FixedTerms:
    """The score terms of a leader at a stage of a strategy that do not depend on the state, by candidate.

    `pull` is the factor on reciprocity, `surprises` the slot of the surprise at the target, `constant` the sum of the
    constant terms.
    """

    pull: cython.doubles
    surprises: cython.longs
    constant: cython.doubles

    def __init__(self, pull: array[Any], surprises: array[Any], constant: array[Any]) -> None:
        self.pull, self.surprises, self.constant = pull, surprises, constant


@cython.final
@cython.cclass
class Learned:
    """What a government has learned about responses: three numbers for each column, and how often it has changed."""

    rates: cython.doubles
    versions: cython.longs

    def __init__(self, columns: int) -> None:
        self.rates, self.versions = array("d", bytes(24 * columns)), array("q", bytes(8 * columns))

    def learn(
        self, column: cython.longlong, comply: cython.double, ignore: cython.double, retaliate: cython.double
    ) -> None:
        """Sets the numbers of a column."""
        self.rates[3 * column], self.rates[3 * column + 1], self.rates[3 * column + 2] = comply, ignore, retaliate
        self.versions[column] += 1

    def column(self, column: int) -> tuple[float, float, float]:
        """The numbers of a column."""
        return self.rates[3 * column], self.rates[3 * column + 1], self.rates[3 * column + 2]


@cython.final
@cython.cclass
class Scorer:
    """Scores the candidates of one menu for one leader. Its results stay in these arrays until the next time.

    `scores`, `interests`, `reciprocity` and `values` are by candidate; `chances` are three for each. `traits` are the
    leader's curvature κ and loss aversion, the grid of scores, and how far trust shifts the priors of responses.
    `epoch` counts new prices, and `era` new priors as well.
    """

    table: Candidates
    levels: Levels
    curvature: cython.double
    aversion: cython.double
    grid: cython.double
    trusting: cython.double
    scores: cython.doubles
    interests: cython.doubles
    reciprocity: cython.doubles
    values: cython.doubles
    chances: cython.doubles
    prices: cython.doubles
    shortfall: cython.double
    epoch: cython.longlong
    era: cython.longlong
    trust: cython.doubles
    learned: cython.longs
    is_priced: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    ends: cython.longs
    priced_slots: cython.longs
    priced_slopes: cython.doubles
    gains: cython.doubles

    def __init__(
        self, table: Candidates, traits: tuple[float, float, float, float], results: tuple[array[Any], ...]
    ) -> None:
        self.table = table
        self.curvature, self.aversion, self.grid, self.trusting = traits
        self.scores, self.interests, self.reciprocity, self.values, self.chances = results
        count, lines = table.count, len(table.slots)
        self.trust = array("d", bytes(8 * len(table.trust_slots)))
        self.learned, self.is_priced = array("q", [-1]) * count, array("q", bytes(8 * count))
        self.ends, self.gains = array("q", bytes(24 * count)), array("d", bytes(24 * count))
        self.priced_slots, self.priced_slopes = array("q", bytes(8 * lines)), array("d", bytes(8 * lines))
        self.constants, self.slopes = table.constants, table.slopes
        if table.varying:
            self.constants, self.slopes = array("d", table.constants), array("d", table.slopes)
        self.shortfall, self.epoch, self.era = 0.0, 0, 0

    def refresh(self, levels: Levels, prices: array[Any], shortfall: cython.double) -> None:
        """Takes new prices by slot, and the distance of the status quo from the reference point.

        Expected changes that depend on what the government sees are those of this moment until the next time.
        """
        self.prices, self.shortfall = prices, shortfall
        effect: CandidateEffects
        if self.table.varying:
            for effect in self.table.effects:
                if effect.varies:
                    effect.fill(levels, self.constants, self.slopes)
        self.epoch += 1
        if self.trusting != 0.0:
            self.era = self.epoch * _EPOCH
            for k in range(len(self.trust)):
                self.trust[k] = levels.level(self.table.trust_slots[k])

    def appraise(
        self,
        levels: Levels,
        terms: FixedTerms,
        learned: Learned,
        feasible: list[Any],
        others: tuple[list[int], tuple[int, ...]],
        extras: dict[Any, Any],
    ) -> int:
        """Scores waiting (candidate 0), the feasible candidates and `others`; returns the best feasible one, or 0.

        `others` are the candidates that an agreement would give up: those available now, whose own worth counts, and
        all of them. `extras` has further terms: name -> candidate -> score.
        """
        self.levels = levels
        available = [i for i in others[0] if i not in feasible]
        ruled = [i for i in others[1] if i not in feasible]
        i: cython.longlong
        self.score([0, *feasible, *ruled], terms, learned)
        scores = self.scores
        values = self.table.values
        for i in feasible + available:
            if values[i] is not None:
                self.add_value(i)
        for added in extras.values():
            for i, value in added.items():
                scores[i] += value
        grid, best = self.grid, 0
        scores[0] = rint(scores[0] / grid) * grid + 0.0
        for i in ruled:
            scores[i] = rint(scores[i] / grid) * grid + 0.0
        for i in feasible:
            scores[i] = rint(scores[i] / grid) * grid + 0.0
            if best == 0 or scores[i] > scores[best]:
                best = i
        return best

    @cython.cfunc
    def add_value(self, i: cython.longlong) -> None:
        """Adds the worth of a candidate that is a formula."""
        program: Program = self.table.values[i]
        self.values[i] = program.value(self.levels)
        self.scores[i] += self.values[i]

    @cython.cfunc
    def score(self, some: list[Any], terms: FixedTerms, learned: Learned) -> None:
        """The terms of candidates that every candidate has, and their sum.

        The first is the expected prospect value of the candidate over the responses to it.
        """
        levels, versions, columns = self.levels, learned.versions, self.table.columns
        firsts, ends, slots, slopes = self.table.firsts, self.ends, self.priced_slots, self.priced_slopes
        chances, gains, curvature, aversion = self.chances, self.gains, self.curvature, self.aversion
        i: cython.longlong
        for i in some:
            if self.learned[i] != versions[columns[i]] + self.era:
                self.learned[i] = versions[columns[i]] + self.era
                self.learn(i, learned.rates, 3 * columns[i])
            if self.is_priced[i] != self.epoch:
                self.is_priced[i] = self.epoch
                self.price(i)
            itself = worth = back = 0.0
            for k in range(firsts[3 * i + 1], ends[3 * i + 1]):
                itself += slopes[k] * (levels.level(slots[k]) if cython.compiled else levels[slots[k]])
            for part in range(3 * i, 3 * i + 3):
                chance = chances[part]
                if chance != 0.0:
                    gain = gains[part] - itself
                    if part != 3 * i + 1:
                        for k in range(firsts[part], ends[part]):
                            gain -= slopes[k] * (levels.level(slots[k]) if cython.compiled else levels[slots[k]])
                    if gain >= 0.0:
                        worth += chance * gain / (1.0 + gain / curvature)
                    else:
                        worth += chance * aversion * gain / (1.0 - gain / curvature)
            pull, slot = terms.pull[i], terms.surprises[i]
            if pull != 0.0:
                surprise = levels.level(slot) if cython.compiled else levels[slot]
                back = pull * tanh(surprise / _RECIPROCITY_SCALE)
            self.interests[i], self.reciprocity[i], self.values[i] = worth, back, 0.0
            self.scores[i] = worth + back + terms.constant[i]

    @cython.cfunc
    def learn(self, i: cython.longlong, rates: cython.doubles, column: cython.longlong) -> None:
        """The probabilities of the responses to a candidate, from its priors and what was learned.

        Priors sum to 1 and what was learned to 0, so that the sum is always positive.
        """
        priors, k = self.table.priors, 3 * i
        comply, ignore, retaliate = priors[k], priors[k + 1], priors[k + 2]
        target = self.table.targets[i]
        if self.trusting != 0.0 and target >= 0:
            comply, ignore, retaliate = shaded(comply, ignore, retaliate, self.trusting * self.trust[target])
        comply = min(max(comply + rates[column], 0.0), 1.0)
        ignore = min(max(ignore + rates[column + 1], 0.0), 1.0)
        retaliate = min(max(retaliate + rates[column + 2], 0.0), 1.0)
        total = comply + ignore + retaliate
        chances = self.chances
        chances[k], chances[k + 1], chances[k + 2] = comply / total, ignore / total, retaliate / total

    @cython.cfunc
    def price(self, i: cython.longlong) -> None:
        """The expected changes of a candidate at the present prices: a constant gain and slopes for each response."""
        comply = self.worth(3 * i)
        ignore = self.worth(3 * i + 1) + self.shortfall
        retaliate = self.worth(3 * i + 2)
        self.gains[3 * i] = ignore + comply
        self.gains[3 * i + 1] = ignore
        self.gains[3 * i + 2] = ignore + retaliate + self.table.losses[i]

    @cython.cfunc
    def worth(self, part: cython.longlong) -> cython.double:
        """The sum of the constants of some changes times the prices of their slots; it also sets their slopes."""
        total, end = 0.0, self.table.firsts[part]
        for k in range(self.table.firsts[part], self.table.stops[part]):
            price = self.prices[self.table.slots[k]]
            if price != 0.0:
                total += price * self.constants[k]
                self.priced_slots[end], self.priced_slopes[end] = self.table.slots[k], price * self.slopes[k]
                end += 1
        self.ends[part] = end
        return total
