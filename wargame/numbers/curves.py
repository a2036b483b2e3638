"""Levels of indicators over time: each decays to its baseline, and is changed at events."""

from __future__ import annotations

from array import array
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import within
from wargame.numbers.arrays import zeros
from wargame.numbers.c_math import exp2, fabs, rint
from wargame.numbers.draws import mix


@cython.cclass
@cython.dataclasses.dataclass(eq=False, repr=False)
class Instant:
    """The present second, as a number that the engine reads without Python, and whether the run is over.

    It is `open` from STARTEX on. The clock stops before `stop`. `known` has what is known of a local day that `since`
    is in, until `midnight`.
    """

    now: cython.longlong = 0
    stop: cython.longlong = 0
    open: cython.bint = False
    over: cython.bint = False
    since: cython.longlong = 0
    midnight: cython.longlong = 0
    known: dict[Any, float] = cython.dataclasses.field(init=False)


@cython.cfunc
@cython.exceptval(check=False)
def as_integer(x: cython.double) -> cython.longlong:
    """Return a number in units of its ninth decimal, so that it is a number of C; from 1e9 on, in units of one."""
    return cython.cast(cython.longlong, rint(x * 1e9) if fabs(x) < 1e9 else rint(x))


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, repr=False)
class Curves:
    """The numbers of one run by slot: `x0` at the time `t0`, moving to `rest` at `rate` halvings per second.

    Each is an array that others read and write as well. `low` and `high` are the range of each slot. `present` has the
    present second. `watched` marks the slots whose changes are collected in `dirty`, with a call of `alert` for each.
    `whole` is the last digest, the sum of what is `mixed` from each slot, as of the second `mixed_at`.
    """

    x0: cython.doubles
    t0: cython.longs
    rest: cython.doubles
    rate: cython.doubles
    low: cython.doubles
    high: cython.doubles
    present: Instant
    dirty: set[Any]
    watched: cython.longs
    version: cython.longlong = 0
    alert: Any = None
    mixed: Any = None
    mixed_at: cython.longlong = -1
    whole: cython.ulonglong = 0

    @cython.ccall
    @cython.exceptval(-1.0, check=True)
    def level(self, slot: cython.longlong) -> cython.double:
        """Return the present level of a base slot."""
        rate = self.rate[slot]
        if rate == 0.0:
            return self.x0[slot]
        x, rest = self.x0[slot], self.rest[slot]
        return rest if x == rest else rest + (x - rest) * exp2((self.t0[slot] - self.present.now) * rate)

    def digest(self) -> int:
        """Return a sum over all base slots of 64 bits of each, of which only those since the last time are mixed again.

        The bits depend on the slot and its curve, rounded to nine decimals, so that machines agree.
        """
        if self.mixed is None:
            self.mixed = zeros("q", len(self.x0))
        mixed: cython.longs = self.mixed
        t0, since = self.t0, self.mixed_at
        for slot in range(len(t0)):
            if t0[slot] >= since:
                bits = self.bits(slot)
                self.whole += bits - mixed[slot]
                mixed[slot] = cython.cast(cython.longlong, bits)
        self.mixed_at = self.present.now
        return self.whole

    @cython.cfunc
    @cython.exceptval(check=False)
    def bits(self, slot: cython.longlong) -> cython.ulonglong:
        """Return the bits of a slot. Its time counts only while it moves."""
        x, rest = as_integer(self.x0[slot]), as_integer(self.rest[slot])
        bits = mix(mix(slot) ^ x)
        return mix(mix(bits ^ rest) ^ self.t0[slot]) if self.rate[slot] != 0.0 and x != rest else bits

    @cython.ccall
    @cython.exceptval(check=False)
    def clip(self, slot: cython.longlong, value: cython.double) -> cython.double:
        """Return the value within the range of the slot."""
        return within(value, self.low[slot], self.high[slot])

    @cython.ccall
    def put(self, slot: cython.longlong, value: cython.double) -> None:
        """Set a base slot now, within its range."""
        self.x0[slot] = within(value, self.low[slot], self.high[slot])
        self.t0[slot] = self.present.now
        self.version += 1
        if self.watched[slot]:
            self.dirty.add(slot)
            self.alert()

    @cython.ccall
    def nudge(self, slot: cython.longlong, share: cython.double) -> None:
        """Move a base slot that share of the way to the end of its range: up if positive."""
        x = self.level(slot)
        self.put(slot, x + share * ((self.high[slot] - x) if share > 0 else (x - self.low[slot])))

    @cython.ccall
    def perceive(
        self,
        slots: tuple[cython.longlong, cython.longlong, cython.longlong],
        weight: cython.double,
        k: cython.double,
        rates: tuple[cython.double, cython.double, cython.double],
    ) -> tuple[cython.double, cython.double, cython.double]:
        """Update expectation, surprise and trust (`slots`) by a perceived action; see `decision.perception`.

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
        """Move an estimate, a mean and a variance, towards a reported value with the variance `noise`."""
        mean, variance = self.level(mean_slot), self.level(variance_slot)
        if variance + noise > 0.0:
            gain = variance / (variance + noise)
            self.put(mean_slot, mean + gain * (observed - mean))
            self.put(variance_slot, (1.0 - gain) * variance)

    def watch(self, slot: cython.longlong) -> None:
        """Collect the changes of this slot from now on."""
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
        self.curves, self.slots = curves, slots
        self.x0, self.t0 = zeros("d", len(slots)), zeros("q", len(slots))

    @cython.ccall
    def put(self, k: cython.longlong, value: cython.double, time: cython.longlong) -> None:
        """Set a number at a time."""
        self.x0[k], self.t0[k] = value, time

    @cython.ccall
    @cython.exceptval(check=False)
    def level(self, k: cython.longlong, now: cython.longlong) -> cython.double:
        """Return the level of a number."""
        return self.after(k, self.x0[k], self.t0[k], now)

    @cython.ccall
    def lift(self, k: cython.longlong, value: cython.double, time: cython.longlong, now: cython.longlong) -> None:
        """Raise a number, of which the government learns now that it had at least this value at an earlier time."""
        lifted, present = self.after(k, value, time, now), self.level(k, now)
        self.put(k, max(present, lifted), now)

    @cython.cfunc
    @cython.exceptval(check=False)
    def after(
        self, k: cython.longlong, value: cython.double, time: cython.longlong, now: cython.longlong
    ) -> cython.double:
        """Return what the value of a number at a time has become."""
        slot = self.slots[k]
        rate, rest = self.curves.rate[slot], self.curves.rest[slot]
        return rest + (value - rest) * exp2((time - now) * rate) if rate != 0.0 else value
