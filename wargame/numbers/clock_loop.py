"""The loop of the clock: it takes the entries of a queue in order and processes them."""

from __future__ import annotations

from heapq import heappop
from typing import Any

from wargame.numbers import typed as cython


def process_before(clock: Any, queue: list[Any], end: cython.longlong, most_at_once: cython.longlong) -> bool:
    """Processes everything before `end`; returns False once more than `most_at_once` events are at one time.

    An entry of `queue` is (time, order, number, what, arguments): a function to call, or one of SimPy's events with
    None, which is processed as SimPy's `step` does. `clock` has `now`, `events` and `over`, as in `Clock`.
    """
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
