"""Playing an exercise to its end in stretches, so that others see it grow and can stop it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Protocol

from wargame.journal.records import RawRecord
from wargame.language.times import DAY

Progress = Callable[[int, int], None]
"""Called with the game time now and at the end, in seconds."""

STRETCHES = 100
"""Into how many stretches a run is cut for writing, progress and interruption; they change no record."""


class Dates(Protocol):
    """What playing needs of a calendar."""

    def at(self, t: int, /) -> datetime:
        """The date at `t` seconds."""


class Playable(Protocol):
    """What playing needs of an exercise."""

    @property
    def now(self) -> int:
        """Game time in seconds."""

    @property
    def end(self) -> int:
        """ENDEX in seconds."""

    @property
    def done(self) -> bool:
        """Whether it has ended."""

    def advance(self, to: int, /) -> None:
        """Plays on, up to the events at `to`."""

    def records(self) -> list[RawRecord]:
        """All records since the start."""


def stretches(exercise: Playable) -> Iterator[list[RawRecord]]:
    """Plays an exercise to its end; after each stretch come its new records, at the end perhaps none."""
    step = max(DAY, (exercise.end - exercise.now) // STRETCHES)
    seen = 0
    while True:
        before = exercise.now
        if not exercise.done:
            exercise.advance(min(before + step, exercise.end))
        records = exercise.records()
        fresh = records[seen:]
        seen += len(fresh)
        yield fresh
        if exercise.done or exercise.now == before:
            return


class Stop:
    """A wish to stop, looked at between stretches."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Handles the first signal; a second one interrupts at once."""
        del number, frame
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turns Ctrl-C and a polite kill into a wish to stop, as long as the block runs."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
