"""Chance events at a rate that depends on the state of the world, by thinning (Lewis and Shedler 1979).

Candidates arrive at the rate of the bound. Each is accepted with probability rate/bound; the rate is evaluated then.
"""

from collections.abc import Callable, Generator

from simpy.events import Event
from simpy.exceptions import Interrupt

from wargame.simulation.kernel.clock import INJECT
from wargame.simulation.kernel.context import RunContext

YEAR = 365.25 * 86400


class Thinning:
    """A process that calls `occur` at `rate` events a year, at most `bound`, until it returns False."""

    def __init__(self, context: RunContext, name: str, rate: str, bound: float, occur: Callable[[], bool]) -> None:
        self._context, self._name, self._bound = context, name, bound
        self._formula = context.world.compile(rate)
        self._occur = occur
        self._ordinal = 0
        self._stopped = False
        self.process = context.clock.process(self._life())

    def _life(self) -> Generator[Event, None, None]:
        while True:
            ordinal, draws = self._ordinal, self._context.draws
            self._ordinal += 1
            gap = draws.exponential("candidate", self._name, ordinal) * YEAR / self._bound
            try:
                yield self._context.clock.moment(self._context.now + max(1, round(gap)), INJECT)
            except Interrupt:
                continue
            if self._stopped:
                return
            if draws.uniform("thinning", self._name, ordinal) * self._bound < self._rate() and not self._occur():
                return

    def _rate(self) -> float:
        rate = self._formula(self._context.world, self._context.events)
        if rate > self._bound:
            numbers = f"{rate:.3g} a year, above its bound of {self._bound:.3g}"
            text = f"the rate of {self._name} is {numbers}: the bound is used"
            self._context.log.write("note", "", self._name, (), {"text": text, "tag": "warning"})
        return rate

    def redraw(self) -> None:
        """A fork: draws the next candidate again."""
        if self.process.is_alive:
            self.process.interrupt()

    def stop(self) -> None:
        """Stop it: the next candidate has no effect."""
        self._stopped = True
