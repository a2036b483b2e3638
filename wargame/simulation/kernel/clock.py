"""The clock, which is SimPy's environment with whole seconds and a fixed order within one second."""

from collections.abc import Callable

from simpy import Environment
from simpy.events import Event

from wargame.errors import Invalid
from wargame.numbers.clock_loop import Queue
from wargame.numbers.curves import Instant
from wargame.numbers.timing import Attention

PUBLICATION, DIGEST, EFFECT, CONDITION, INJECT, SIGNAL, DECISION = range(1, 8)
"""The order within one second. Commands come before all of them, since the clock stops before a second's events.
SimPy uses 0 for the start of processes and for interrupts."""
MOST_AT_ONCE = 10_000
"""Most events in one second. A run with more is stopped: something causes itself without time passing."""


class Clock(Environment):
    """Whole seconds since the scenario's start. `events` counts the processed events.

    `now` is a plain attribute, not a property as in SimPy, because it is read often; `instant` has the same
    for the engine, and `over`, which ends the run.
    `at(time, order, act, *args)` schedules a call; `moment(time, order)` and `work(now, order, desk)` are events for a
    process to wait for: methods of `queue`.
    """

    now: int = 0

    def __init__(self) -> None:
        super().__init__(0)
        self.events = 0
        self.instant = Instant()
        self.queue = Queue()
        self.at = self.queue.at
        self.moment: Callable[[int, int], Event] = self.queue.moment
        self.work: Callable[[int, int, Attention], Event | None] = self.queue.work

    def peek(self) -> float:
        """Return the time of the next entry; infinite if there is none."""
        return self.queue.next_time()

    def schedule(self, event: Event, priority: int = 1, delay: float = 0) -> None:
        """Schedule an event of SimPy: the start of a process or an interrupt, always at the current second."""
        self.queue.put(self.now + int(delay), priority, event, None)

    def run_before(self, time: int) -> None:
        """Process everything before `time`, or until `stop`, and stop there, before the events of that second.

        The loop is in package `numbers`. SimPy's own `step` and `run` are not for this clock.
        """
        if not self.queue.process_before(self, time, MOST_AT_ONCE):
            raise Invalid(
                f"more than {MOST_AT_ONCE:,} events in one second: injects or actions cause one another "
                "without time passing"
            )
        if not self.instant.over and self.now < self.instant.stop:
            self.now = self._now = self.instant.now = self.instant.stop

    def stop(self) -> None:
        """Stop after the present second."""
        self.instant.stop = min(self.instant.stop, self.now + 1)
