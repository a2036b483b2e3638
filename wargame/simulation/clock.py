"""The clock: SimPy's environment with whole seconds, and a fixed order within one second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simpy import Environment
from simpy.events import Event

DIGEST, EFFECT, CONDITION, INJECT, SIGNAL, DECISION = range(1, 7)
"""The order within one instant. Commands come before all of them: the clock stops before an instant's events.
SimPy keeps 0 for its own: the start of processes and interrupts."""


class Moment(Event):
    """Something that happens at a time: `act(*args)` is called then. A process may also wait for it.

    SimPy's Timeout with a choice of priority; like it, it is triggered from the start.
    """

    def __init__(self, clock: Clock, delay: int, order: int, act: Callable[..., object] | None, *args: Any) -> None:
        self.env = clock
        self.callbacks = []
        if act is not None:
            self.callbacks.append(lambda _: act(*args))  # type: ignore[arg-type]  # SimPy ignores results
        self._value = None
        self._ok = True
        clock.schedule(self, order, delay)  # type: ignore[arg-type]  # priorities may be any int


class Clock(Environment):
    """Seconds since the scenario's start. `events` counts what was processed; `over` ends the run."""

    def __init__(self) -> None:
        super().__init__(0)
        self.events = 0
        self.over = False

    @property
    def now(self) -> int:
        """The present second; whole, since every delay is."""
        return int(self._now)

    def at(self, time: int, order: int, act: Callable[..., object] | None, *args: Any) -> Moment:
        """Schedules `act(*args)` at `time`, which must not be past."""
        return Moment(self, time - self.now, order, act, *args)

    def run_before(self, time: int) -> None:
        """Processes everything before `time` and stands there; what is due at `time` has not happened yet."""
        peek, step = self.peek, self.step
        while peek() < time and not self.over:
            step()
            self.events += 1
        if not self.over and self.now < time:
            self.run(until=time)
