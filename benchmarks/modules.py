"""Modules that one event enters: `python benchmarks/modules.py [--scenario NAME]`.

Plays seed 1 with a full journal from STARTEX on, and counts the modules of the package that one decision, the delivery
of one signal and the release of one inject enter. Compiled modules of `numbers` do not count.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from types import FrameType

import wargame
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise

PACKAGE = str(Path(wargame.__file__).parent)
NUMBERS = str(Path(PACKAGE, "numbers"))
EVENTS = {
    ("injector.py", "release"): "release of an inject",
    ("government.py", "_decide"): "decision of a government",
    ("signals.py", "_arrive"): "delivery of a signal",
}
"""File and function of the call that is an event."""


class Counter:
    """A profiler that collects the files of each event; an event within another counts for both."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {event: [] for event in EVENTS.values()}
        self._open: list[tuple[str, FrameType, set[str]]] = []

    def __call__(self, frame: FrameType, what: str, _: object) -> None:
        """Takes a call or a return, as `sys.setprofile` passes it."""
        path = frame.f_code.co_filename
        if not path.startswith(PACKAGE) or path.startswith(NUMBERS):
            return
        if what == "call":
            if event := EVENTS.get((Path(path).name, frame.f_code.co_name)):
                self._open.append((event, frame, set()))
            for _, _, entered in self._open:
                entered.add(path)
        elif what == "return" and self._open and self._open[-1][1] is frame:
            event, _, entered = self._open.pop()
            self.counts[event].append(len(entered))


def main() -> None:
    """Prints the median and the maximum for each event."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="korea-2017")
    loaded = load(parser.parse_args().scenario)
    warm = Exercise(loaded)
    warm.advance(warm.end)  # builds what all runs share
    exercise, counter = Exercise(loaded), Counter()
    exercise.advance(exercise.calendar.startex)
    sys.setprofile(counter)
    exercise.advance(exercise.end)
    sys.setprofile(None)
    for event, counts in counter.counts.items():
        print(f"{event:25} {statistics.median(counts):4.0f}, at most {max(counts)} ({len(counts)} events)")


if __name__ == "__main__":
    main()
