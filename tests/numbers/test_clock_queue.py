"""The entries of the clock: their order, and moments that processes wait for."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from wargame.simulation.kernel.clock import DECISION, EFFECT, SIGNAL, Clock


def test_entries_are_processed_by_time_then_order_then_as_they_came() -> None:
    """What comes first within one second is fixed."""
    clock = Clock()
    done: list[str] = []
    entries = ((5, SIGNAL, "c"), (5, EFFECT, "a"), (5, EFFECT, "b"), (3, SIGNAL, "first"), (6, EFFECT, "x"))
    for time, order, name in entries:
        clock.at(time, order, done.append, name)
    clock.run_before(6)
    assert (done, clock.now, clock.peek()) == (["first", "a", "b", "c"], 6, 6)


def test_a_process_sleeps_until_its_moment() -> None:
    """It is resumed at the moment, after what has been scheduled for that second in an earlier order."""
    clock = Clock()
    seen: list[int] = []

    def life() -> Generator[Any, Any, None]:
        while True:
            yield clock.moment(clock.now + 10, DECISION)
            seen.append(clock.now)

    clock.process(life())
    clock.at(20, EFFECT, lambda: seen.append(-20))
    clock.run_before(31)
    assert seen == [10, -20, 20, 30]
