"""The entries of the clock, in the order in which they are processed, and the loop that processes them."""

from __future__ import annotations

from array import array
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


@cython.cclass
class CallSeries:
    """Calls on the clock that are put there together, of which the next one alone is in the heap.

    `places` begins with second · `count` + number for each of `count` numbers, by time; `at` of them are over.
    """

    count: cython.longlong
    places: cython.longs
    at: cython.longlong
    rank: cython.longlong

    @cython.cfunc
    def happen(self, number: cython.longlong) -> None:
        """What happens at the time of this number."""

    @cython.cfunc
    def in_order(self) -> None:
        """Sort the places (Shell 1959); none is over."""
        self.at = 0
        places, gap = self.places, self.count // 2
        if not cython.compiled:
            places[: self.count], gap = array("q", sorted(places[: self.count])), 0
        while gap > 0:
            for i in range(gap, self.count):
                moved, k = places[i], i
                while k >= gap and places[k - gap] > moved:
                    places[k] = places[k - gap]
                    k -= gap
                places[k] = moved
            gap //= 2


@cython.final
@cython.cclass
class ClockEntry:
    """What happens at a second. `rank` is the order within that second, then the number of the entry."""

    time: cython.longlong
    rank: cython.longlong
    what: Any
    arguments: Any

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

    @cython.ccall
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
        self.put_ranked(time, (order << _NUMBER_BITS) + self.number, what, arguments)

    @cython.cfunc
    def put_ranked(self, time: cython.longlong, rank: cython.longlong, what: object, arguments: Any) -> None:
        """Add an entry with its rank."""
        if cython.compiled:
            entry: ClockEntry = ClockEntry.__new__(ClockEntry)
            entry.time, entry.rank, entry.what, entry.arguments = time, rank, what, arguments
            self.push(entry)
        else:
            heappush(self.entries, (time, rank, what, arguments))

    @cython.cfunc
    def put_series(self, order: cython.longlong, series: CallSeries) -> None:
        """Add the calls of a series, as if each were put in the order of their numbers."""
        if series.count > 0:
            series.in_order()
            series.rank = (order << _NUMBER_BITS) + self.number + 1
            self.number += series.count
            self.put_next(series)

    @cython.cfunc
    def put_next(self, series: CallSeries) -> None:
        """Put the next call of a series on the heap, if there is one."""
        if series.at < series.count:
            place = series.places[series.at]
            self.put_ranked(place // series.count, series.rank + place % series.count, series, None)

    @cython.cfunc
    def go_on_with(self, series: CallSeries) -> None:
        """Let the next call of a series happen: the first entry of the heap, which the one after it replaces."""
        number = series.places[series.at] % series.count
        series.at += 1
        if not cython.compiled or series.at == series.count:
            self.pop()
            self.put_next(series)
        else:
            entry: ClockEntry = self.entries[0]
            place = series.places[series.at]
            entry.time, entry.rank = place // series.count, series.rank + place % series.count
            self.sink(entry)
        series.happen(number)

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
    def pop(self) -> None:
        """Take the first entry off the heap."""
        if not cython.compiled:
            heappop(self.entries)
            return
        last: ClockEntry = self.entries.pop()
        if self.entries:
            self.sink(last)

    @cython.cfunc
    def sink(self, last: ClockEntry) -> None:
        """Put an entry in the place of the first one, and then where it belongs."""
        entries = self.entries
        count: cython.longlong = len(entries)
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

    def next_time(self) -> float:
        """Return the time of the next entry; infinite without one."""
        time = inf
        if self.entries and cython.compiled:
            first: ClockEntry = self.entries[0]
            time = first.time
        elif self.entries:
            time = self.entries[0][0]
        return time

    @cython.cfunc
    def process(self, event: Any, time: cython.longlong) -> None:
        """Process a moment, or an event as SimPy's `step` does."""
        if isinstance(event, Moment):
            self.end(event, time)
            return
        callbacks, event.callbacks = event.callbacks, None
        for callback in callbacks:
            callback(event)
        if not event._ok and not event.defused:  # noqa: SLF001  # as in SimPy
            raise event._value  # noqa: SLF001

    @cython.cfunc
    def end(self, moment: Moment, time: cython.longlong) -> None:
        """Let the processes that wait for a moment go on, unless the work that it ends has another part."""
        callbacks = moment.callbacks
        if callbacks and not self.goes_on(moment, time):
            moment.callbacks = None  # type: ignore[assignment]  # as in SimPy, once it is over
            for callback in callbacks:
                callback(moment)

    def process_before(self, clock: Any, end: cython.longlong, most_at_once: cython.longlong) -> bool:
        """Process everything before `end`; return False once more than `most_at_once` events are at one time.

        `clock` has `now`, `instant`, `events` and
        `over`, as in `Clock`.
        """
        entries = self.entries
        present: Instant = clock.instant
        events: cython.longlong = clock.events
        most: cython.longlong = events
        instant: cython.longlong = -1
        entry: ClockEntry
        try:
            while entries and not present.over:
                if cython.compiled:
                    entry = entries[0]
                    time: cython.longlong = entry.time
                    if time >= end:
                        break
                    act, arguments = entry.what, entry.arguments
                else:
                    time, _, act, arguments = entries[0]
                    if time >= end:
                        break
                clock.now = present.now = time
                events += 1
                if isinstance(act, CallSeries):
                    self.go_on_with(act)
                else:
                    self.pop()
                    if arguments is not None:
                        act(*arguments)
                    else:
                        self.process(act, time)
                if time != instant:
                    instant, most = time, events + most_at_once
                elif events > most:
                    return False
        finally:
            clock.events = events
        return True
