"""Chance events at a rate that depends on the state of the world, by thinning (Lewis and Shedler 1979).

Candidates come at the stated bound; each is kept with probability rate/bound. The rate is only read then.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from simpy.exceptions import Interrupt

from wargame.simulation.kernel.clock import INJECT

if TYPE_CHECKING:
    from wargame.simulation.kernel.clock import WakeEvent
    from wargame.simulation.kernel.context import RunContext

YEAR = 365.25 * 86400


class Thinning:
    """A process that calls `happen` at `rate` events a year, never more than `bound`."""

    def __init__(self, context: RunContext, name: str, rate: str, bound: float, happen: Callable[[], bool]) -> None:
        self._context, self._name, self._bound = context, name, bound
        self._formula = context.world.compile(rate)
        self._happen = happen
        self._ordinal = 0
        self._stopped = False
        self.process = context.clock.process(self._life())

    def _life(self) -> Generator[WakeEvent, None, None]:
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
            if draws.uniform("thinning", self._name, ordinal) * self._bound < self._rate() and not self._happen():
                return

    def _rate(self) -> float:
        rate = self._formula(self._context.world, self._context.events)
        if rate > self._bound:
            text = (
                f"the rate of {self._name} is {rate:.3g} a year, above its bound of {self._bound:.3g}: it is cut there"
            )
            self._context.log.write("note", "", self._name, (), {"text": text, "tag": "warning"})
        return rate

    def redraw(self) -> None:
        """A fork: the next candidate is drawn anew."""
        if self.process.is_alive:
            self.process.interrupt()

    def stop(self) -> None:
        """Nothing more of it: its next candidate finds nobody."""
        self._stopped = True
