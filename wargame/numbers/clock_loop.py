"""The entries of the clock, in the order in which they are processed, and the loop that processes them."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from wargame.numbers import typed as cython


@cython.final
@cython.cclass
class Moment:
    """A time that a process waits for. To SimPy's processes it is an event that is triggered from the start."""

    callbacks = cython.declare(list[Any], visibility="public")
    _ok = True
    _value = None

    def __init__(self) -> None:
        self.callbacks = []


@cython.cclass
class Queue:
    """What will happen. An entry is (time, order, number, what, arguments).

    `what` is a function to call, or with None for the arguments an event of SimPy or a moment. `number` counts the
    entries, so that those of the same time and order keep the order in which they came.
    """

    entries = cython.declare(list[Any], visibility="public")
    number: cython.longlong

    def __init__(self) -> None:
        self.entries, self.number = [], 0

    def at(self, time: cython.longlong, order: cython.longlong, act: Callable[..., object], *args: Any) -> None:
        """Schedules `act(*args)` at `time`, which must not be in the past."""
        self.put(time, order, act, args)

    def moment(self, time: cython.longlong, order: cython.longlong) -> Any:
        """A moment for a process to wait for until `time`, which must not be in the past."""
        moment = Moment()
        self.put(time, order, moment, None)
        return moment

    @cython.ccall
    def put(
        self, time: cython.longlong, order: cython.longlong, what: object, arguments: tuple[Any, ...] | None
    ) -> None:
        """Adds an entry."""
        self.number += 1
        heappush(self.entries, (time, order, self.number, what, arguments))

    def process_before(self, clock: Any, end: cython.longlong, most_at_once: cython.longlong) -> bool:
        """Processes everything before `end`; returns False once more than `most_at_once` events are at one time.

        Events of SimPy and moments are processed as SimPy's `step` does. `clock` has `now`, `events` and `over`, as in
        `Clock`.
        """
        queue = self.entries
        events: cython.longlong = clock.events
        most: cython.longlong = events
        instant: cython.longlong = -1
        try:
            while queue and not clock.over:
                time: cython.longlong = queue[0][0]
                if time >= end:
                    break
                now, _, _, act, arguments = heappop(queue)
                clock.now = now
                events += 1
                if arguments is not None:
                    act(*arguments)
                else:
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
