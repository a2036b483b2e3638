"""The clock: SimPy's environment with whole seconds and a fixed order within one second."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy import Environment
from simpy.events import Event

from wargame.errors import Invalid
from wargame.numbers.clock_loop import process_before

DIGEST, EFFECT, CONDITION, INJECT, SIGNAL, DECISION = range(1, 7)
"""The order within one second. Commands come before all of them, since the clock stops before a second's events.
SimPy uses 0 for the start of processes and for interrupts."""
MOST_AT_ONCE = 10_000
"""Most events in one second. A run with more is stopped: something causes itself without time passing."""


class WakeEvent(Event):
    """A time that a process waits for, made by `Clock.moment`.

    It is SimPy's Timeout with a choice of priority; like a Timeout, it is triggered from the start.
    """

    _ok = True
    _value = None

    def __init__(self, clock: Clock, callbacks: list[Callable[[Event], None]]) -> None:
        self.env = clock
        self.callbacks = callbacks


class Clock(Environment):
    """Whole seconds since the scenario's start. `events` counts the processed events; `over` ends the run.

    `now` is a plain attribute, not a property as in SimPy, because every reading of an indicator needs it. An entry of
    the queue is (time, order, number, what, arguments): a function to call, or one of SimPy's events with None.
    """

    now: int = 0

    def __init__(self) -> None:
        super().__init__(0)
        self.events = 0
        self.over = False

    def at(self, time: int, order: int, act: Callable[..., object], *args: Any) -> None:
        """Schedules `act(*args)` at `time`, which must not be in the past."""
        heappush(self._queue, (time, order, next(self._eid), act, args))  # type: ignore[misc]

    def moment(self, time: int, order: int) -> WakeEvent:
        """An event for a process to wait for until `time`, which must not be in the past."""
        moment = WakeEvent(self, [])
        heappush(self._queue, (time, order, next(self._eid), moment, None))  # type: ignore[misc]
        return moment

    def schedule(self, event: Event, priority: int = 1, delay: float = 0) -> None:
        """Used by SimPy for the start of processes and for interrupts, always at the current second."""
        heappush(self._queue, (self.now + int(delay), priority, next(self._eid), event, None))  # type: ignore[misc]

    def run_before(self, time: int) -> None:
        """Processes everything before `time` and stops there, before the events of `time`.

        The loop is in package `numbers`. SimPy's own `step` and `run` are not for this clock.
        """
        if not process_before(self, self._queue, time, MOST_AT_ONCE):
            raise Invalid(
                f"more than {MOST_AT_ONCE:,} events in one second: injects or actions cause one another "
                "without time passing"
            )
        if not self.over and self.now < time:
            self.now = self._now = time
