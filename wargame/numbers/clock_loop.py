"""The entries of the clock, in the order in which they are processed, and the loop that processes them."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.curves import Instant
from wargame.numbers.timing import Attention

_NUMBER_BITS = cython.declare(cython.longlong, 48)
"""Bits of the number of an entry."""


@cython.final
@cython.cclass
class Moment:
    """A time that a process waits for. To SimPy's processes it is an event that is triggered from the start.

    With a `desk` it is the end of the work on the first matter that is due there.
    """

    callbacks = cython.declare(list[Any], visibility="public")
    desk: Attention | None
    order: cython.longlong
    _ok = True
    _value = None

    def __init__(self, desk: Attention | None, order: cython.longlong) -> None:
        self.callbacks, self.desk, self.order = [], desk, order


@cython.final
@cython.cclass
class ClockEntry:
    """What happens at a second. `rank` is the order within that second, then the number of the entry."""

    time: cython.longlong
    rank: cython.longlong
    what: Any
    arguments: Any

    def __init__(self, time: cython.longlong, rank: cython.longlong, what: object, arguments: object) -> None:
        self.time, self.rank, self.what, self.arguments = time, rank, what, arguments

    @cython.cfunc
    @cython.exceptval(check=False)
    def precedes(self, other: ClockEntry) -> cython.bint:
        """Return whether it happens before another one."""
        return self.time < other.time or (self.time == other.time and self.rank < other.rank)


@cython.final
@cython.cclass
class Queue:
    """What will happen, in a heap: `what` is a function to call with the arguments.

    With None for the arguments it is an event of SimPy or a moment. Entries are numbered, so that those of the same
    time and order keep the order in which they came. Interpreted, an entry is a tuple (time, rank, what, arguments):
    `heapq` compares tuples faster than Python would.
    """

    entries: list[Any]
    number: cython.longlong

    def __init__(self) -> None:
        self.entries, self.number = [], 0

    def at(self, time: cython.longlong, order: cython.longlong, act: Callable[..., object], *args: Any) -> None:
        """Schedule `act(*args)` at `time`, which must not be in the past."""
        self.put(time, order, act, args)

    def moment(self, time: cython.longlong, order: cython.longlong) -> Any:
        """Return a moment for a process to wait for until `time`, which must not be in the past."""
        moment = Moment(None, order)
        self.put(time, order, moment, None)
        return moment

    def work(self, now: cython.longlong, order: cython.longlong, desk: Attention) -> Any:
        """Return a moment to wait for until the first matter that is due has been worked on; None if it has been."""
        moment = Moment(desk, order)
        return moment if self.goes_on(moment, now) else None

    @cython.cfunc
    def goes_on(self, moment: Moment, now: cython.longlong) -> cython.bint:
        """Put the end of the next part of the work on the clock; return False if the work is done."""
        desk = moment.desk
        time = desk.goes_on(now) if desk is not None else -1
        if time >= 0:
            self.put(time, moment.order, moment, None)
        return time >= 0

    @cython.ccall
    def put(
        self, time: cython.longlong, order: cython.longlong, what: object, arguments: tuple[Any, ...] | None
    ) -> None:
        """Add an entry."""
        self.number += 1
        rank = (order << _NUMBER_BITS) + self.number
        if cython.compiled:
            self.push(ClockEntry(time, rank, what, arguments))
        else:
            heappush(self.entries, (time, rank, what, arguments))

    @cython.cfunc
    def push(self, entry: ClockEntry) -> None:
        """Add an entry to the heap."""
        entries = self.entries
        entries.append(entry)
        at: cython.longlong = len(entries) - 1
        while at > 0:
            above: cython.longlong = (at - 1) >> 1
            parent: ClockEntry = entries[above]
            if not entry.precedes(parent):
                break
            entries[at] = parent
            at = above
        entries[at] = entry

    @cython.cfunc
    def pop(self) -> ClockEntry:
        """Take the first entry off the heap."""
        entries = self.entries
        last: ClockEntry = entries.pop()
        count: cython.longlong = len(entries)
        if count == 0:
            return last
        first: ClockEntry = entries[0]
        at: cython.longlong = 0
        below: cython.longlong = 1
        while below < count:
            child: ClockEntry = entries[below]
            if below + 1 < count:
                other: ClockEntry = entries[below + 1]
                if other.precedes(child):
                    child, below = other, below + 1
            if last.precedes(child):
                break
            entries[at] = child
            at, below = below, 2 * below + 1
        entries[at] = last
        return first

    def next_time(self) -> float:
        """Return the time of the next entry; infinite without one."""
        time = inf
        if self.entries and cython.compiled:
            first: ClockEntry = self.entries[0]
            time = first.time
        elif self.entries:
            time = self.entries[0][0]
        return time

    def process_before(self, clock: Any, end: cython.longlong, most_at_once: cython.longlong) -> bool:
        """Processes everything before `end`; returns False once more than `most_at_once` events are at one time.

        Events of SimPy and moments are processed as SimPy's `step` does. `clock` has `now`, `instant`, `events` and
        `over`, as in `Clock`.
        """
        entries = self.entries
        present: Instant = clock.instant
        events: cython.longlong = clock.events
        most: cython.longlong = events
        instant: cython.longlong = -1
        entry: ClockEntry
        try:
            while entries and not clock.over:
                if cython.compiled:
                    entry = entries[0]
                    time: cython.longlong = entry.time
                    if time >= end:
                        break
                    self.pop()
                    act, arguments = entry.what, entry.arguments
                else:
                    if entries[0][0] >= end:
                        break
                    time, _, act, arguments = heappop(entries)
                clock.now = present.now = time
                events += 1
                if arguments is not None:
                    act(*arguments)
                elif not (isinstance(act, Moment) and act.callbacks and self.goes_on(act, time)):
                    callbacks, act.callbacks = act.callbacks, None
                    for callback in callbacks:
                        callback(act)
                    if not act._ok and not act.defused:  # noqa: SLF001  # as in SimPy
                        raise act._value  # noqa: SLF001
                if time != instant:
                    instant, most = time, events + most_at_once
                elif events > most:
                    return False
        finally:
            clock.events = events
        return True
