"""The clock: SimPy's environment with whole seconds, and a fixed order within one second."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy import Environment
from simpy.events import Event

from wargame.errors import Invalid

DIGEST, EFFECT, CONDITION, INJECT, SIGNAL, DECISION = range(1, 7)
"""The order within one instant. Commands come before all of them: the clock stops before an instant's events.
SimPy keeps 0 for its own: the start of processes and interrupts."""
MOST_AT_ONCE = 10_000
"""Events in one second before the run is stopped: things that cause one another without time."""


class WakeEvent(Event):
    """A time that a process waits for; `Clock.moment` makes them.

    SimPy's Timeout with a choice of priority; like it, it is triggered from the start.
    """

    _ok = True
    _value = None

    def __init__(self, clock: Clock, callbacks: list[Callable[[Event], None]]) -> None:
        self.env = clock
        self.callbacks = callbacks


class Clock(Environment):
    """Seconds since the scenario's start, always whole. `events` counts what was processed; `over` ends the run.

    `now` is a plain attribute, not SimPy's property: every indicator that is read asks for it. The queue holds (time,
    order, number, what, arguments): a plain call, which most things are, or one of SimPy's events, without arguments.
    """

    now: int = 0

    def __init__(self) -> None:
        super().__init__(0)
        self.events = 0
        self.over = False

    def at(self, time: int, order: int, act: Callable[..., object], *args: Any) -> None:
        """Schedules `act(*args)` at `time`, which must not be past."""
        heappush(self._queue, (time, order, next(self._eid), act, args))  # type: ignore[misc]

    def moment(self, time: int, order: int) -> WakeEvent:
        """What a process waits for until `time`, which must not be past."""
        moment = WakeEvent(self, [])
        heappush(self._queue, (time, order, next(self._eid), moment, None))  # type: ignore[misc]
        return moment

    def schedule(self, event: Event, priority: int = 1, delay: float = 0) -> None:
        """What SimPy schedules by itself: the start of processes and interrupts, always now."""
        heappush(self._queue, (self.now + int(delay), priority, next(self._eid), event, None))  # type: ignore[misc]

    def step(self) -> None:
        """SimPy's step, which keeps `now` and knows plain calls."""
        self.now, _, _, event, called = heappop(self._queue)  # type: ignore[misc]
        self._now = self.now
        self.events += 1
        if called is not None:
            event(*called)
            return
        callbacks, event.callbacks = event.callbacks, None
        for callback in callbacks:
            callback(event)
        if not event._ok and not event.defused:  # noqa: SLF001  # as in SimPy
            raise event._value  # noqa: SLF001

    def run_before(self, time: int) -> None:
        """Processes everything before `time` and stands there; what is due at `time` has not happened yet."""
        queue, step = self._queue, self.step
        instant, most = -1, 0
        while queue and queue[0][0] < time and not self.over:
            step()
            if self.now != instant:
                instant, most = self.now, self.events + MOST_AT_ONCE
            elif self.events > most:
                raise Invalid(
                    f"more than {MOST_AT_ONCE:,} things happen at one instant: injects or actions cause one another"
                )
        if not self.over and self.now < time:
            self.now = self._now = time
