"""The entries of the clock, in the order in which they are processed, and the loop that processes them."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from heapq import heappop, heappush
from math import inf
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arrays import zeros
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
class Places:
    """Places in the order of a time and a rank, for compiled runs: the first `size` of `heap` are a heap.

    The others of `heap` are the places that are free.
    """

    heap: cython.longs
    times: cython.longs
    ranks: cython.longs
    size: cython.longlong

    def __init__(self) -> None:
        self.heap, self.times, self.ranks = zeros("q", 0), zeros("q", 0), zeros("q", 0)
        self.size = 0

    @cython.cfunc
    def make_room(self, count: cython.longlong) -> None:
        """Have this number of places."""
        heap: cython.longs = array("q", range(count))
        times: cython.longs = zeros("q", count)
        ranks: cython.longs = zeros("q", count)
        for k in range(self.size):
            heap[k], times[k], ranks[k] = self.heap[k], self.times[k], self.ranks[k]
        self.heap, self.times, self.ranks = heap, times, ranks

    @cython.cfunc
    @cython.exceptval(check=False)
    def precedes(self, place: cython.longlong, other: cython.longlong) -> cython.bint:
        """Return whether a place comes before another one."""
        time, after = self.times[place], self.times[other]
        return time < after or (time == after and self.ranks[place] < self.ranks[other])

    @cython.cfunc
    def take(self, time: cython.longlong, rank: cython.longlong) -> cython.longlong:
        """Take a free place, and return it. No place is new before all lower ones have been taken."""
        if self.size == len(self.heap):
            self.make_room(2 * self.size + 64)
        at = self.size
        self.size += 1
        place = self.heap[at]
        self.times[place], self.ranks[place] = time, rank
        while at > 0:
            above = (at - 1) >> 1
            if not self.precedes(place, self.heap[above]):
                break
            self.heap[at] = self.heap[above]
            at = above
        self.heap[at] = place
        return place

    @cython.cfunc
    def free_first(self) -> None:
        """Free the first place."""
        self.size -= 1
        first, last = self.heap[0], self.heap[self.size]
        self.sink(last)
        self.heap[self.size] = first

    @cython.cfunc
    def sink(self, place: cython.longlong) -> None:
        """Put a place in the first position, and then where it belongs."""
        at: cython.longlong = 0
        below: cython.longlong = 1
        while below < self.size:
            if below + 1 < self.size and self.precedes(self.heap[below + 1], self.heap[below]):
                below += 1
            if self.precedes(place, self.heap[below]):
                break
            self.heap[at] = self.heap[below]
            at, below = below, 2 * below + 1
        self.heap[at] = place


@cython.final
@cython.cclass
class Queue:
    """What will happen, in a heap: `what` is a function to call with the arguments.

    With None for the arguments it is an event of SimPy or a moment. Entries are numbered, so that those of the same
    time and order keep the order in which they came. Compiled, `entries` has (what, arguments) by place. Interpreted,
    it is a heap of (time, rank, what, arguments): `heapq` compares tuples faster than Python would.
    """

    entries: list[Any]
    number: cython.longlong
    order: Places

    def __init__(self) -> None:
        self.entries, self.number, self.order = [], 0, Places()

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
        if not cython.compiled:
            heappush(self.entries, (time, rank, what, arguments))
            return
        place = self.order.take(time, rank)
        if place == len(self.entries):
            self.entries.append((what, arguments))
        else:
            self.entries[place] = what, arguments

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
            order, place = self.order, series.places[series.at]
            first = order.heap[0]
            order.times[first], order.ranks[first] = place // series.count, series.rank + place % series.count
            order.sink(first)
        series.happen(number)

    @cython.cfunc
    def pop(self) -> None:
        """Take the first entry off the heap."""
        if cython.compiled:
            self.entries[self.order.heap[0]] = None
            self.order.free_first()
        else:
            heappop(self.entries)

    def next_time(self) -> float:
        """Return the time of the next entry; infinite without one."""
        if cython.compiled:
            return self.order.times[self.order.heap[0]] if self.order.size else inf
        return self.entries[0][0] if self.entries else inf

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

        `clock` has `now`, `instant` and `events`, as in `Clock`. An event can set an earlier end, `instant.stop`.
        """
        entries, order = self.entries, self.order
        present: Instant = clock.instant
        present.stop = end
        events: cython.longlong = clock.events
        most: cython.longlong = events
        instant: cython.longlong = -1
        try:
            while (order.size if cython.compiled else len(entries)) > 0 and not present.over:
                if cython.compiled:
                    time: cython.longlong = order.times[order.heap[0]]
                    if time >= present.stop:
                        break
                    act, arguments = entries[order.heap[0]]
                else:
                    time, _, act, arguments = entries[0]
                    if time >= present.stop:
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
