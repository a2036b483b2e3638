"""Runs an exercise in stretches, between which its records are written, progress is reported and it can be stopped."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from types import FrameType

from wargame.journal.records import RawRecord
from wargame.language.times import DAY, HOUR, format_duration
from wargame.simulation.exercise import Exercise
from wargame.world.size import VARIABLE, is_asked_for

Progress = Callable[[int, int], None]
"""Called with the game time now and at the end, in seconds."""

STRETCHES = 100
"""The number of stretches of a run, but for its first days. They change no record."""
FIRST_DAYS = 10
"""Days at the beginning of a run that are a stretch each: they show early how long it will take."""
TRIED, LONGEST = 10, DAY
"""Seconds after which the rest of a job is estimated, and seconds that the rest may take; judgement."""


def step_between(start: int, end: int) -> int:
    """Return the seconds of a stretch of a run between two seconds."""
    return max(DAY, (end - start) // STRETCHES)


def stretches(exercise: Exercise) -> Iterator[list[RawRecord]]:
    """Run an exercise to its end; yields the new records of each stretch."""
    step, first = step_between(exercise.now, exercise.end), exercise.now + FIRST_DAYS * DAY
    seen = 0
    while True:
        before = exercise.now
        if not exercise.done:
            exercise.advance(min(before + (DAY if before < first else step), exercise.end))
        fresh = exercise.records()[seen:]
        seen += len(fresh)
        yield fresh
        if exercise.done or exercise.now == before:
            return


class Pace:
    """The pace of a job since its first result, which also took the preparation of a worker."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None
        self._judged = False

    def too_long(self, done: float, total: float) -> str:
        """Return, once, that the rest takes too long for this machine; empty if it does not, or is asked for."""
        now = perf_counter()
        first, began = self._first = self._first or (done, now)
        if self._judged or done <= first or now - began < TRIED:
            return ""
        self._judged = True
        left = (total - done) * (now - began) / (done - first)
        if left <= LONGEST or is_asked_for():
            return ""
        return f"the rest would take about {format_duration(round(left / HOUR) * HOUR)} ({VARIABLE}=1 runs it anyway)"


class Stop:
    """A request to stop, which is checked between stretches or chunks."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Handle the first signal; a second one interrupts at once."""
        del number, frame
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def termination_signals() -> list[signal.Signals]:
    """Return SIGTERM, and SIGHUP, which a closed terminal sends, unless it is ignored, as under nohup."""
    numbers = [signal.SIGTERM]
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
        numbers.append(hangup)
    return numbers


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn Ctrl-C, SIGTERM and SIGHUP into a request to stop while the block runs."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, *termination_signals())}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
