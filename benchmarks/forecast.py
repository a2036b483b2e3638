"""Time until a forecast answers, in a korea-2017 exercise: `python benchmarks/forecast.py [--day D] [--jobs N]`.

It asks for 200 futures of 90 days, as `forecast 90d -n 200` does, and prints when the answer from the first fifty and
that from all of them come, by the clock. Reading the scenario is not counted: a console has the next process ready.
Simulating up to the day of the question is printed apart: while the clock stands, a console has it done in advance,
several times (`--copies`), so that a fork plays several futures.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time

from wargame.futures.continuation import BranchPoint
from wargame.futures.lookahead import COPIES, answers, fill_caches
from wargame.language.times import DAY
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


def processor_seconds() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    """Prints a row for each answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--day", type=int, default=60, help="day of the question, from STARTEX on")
    parser.add_argument("--copies", type=int, default=COPIES, help="runs prepared for the moment")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args()
    loaded, settings = load("korea-2017"), Settings()
    startex = Exercise(loaded, 1, settings).calendar.startex
    point = BranchPoint(loaded, 1, settings, (), startex + options.day * DAY)
    fill_caches(BranchPoint(loaded, 1, settings))  # as the process of a console does
    gc.collect()
    gc.freeze()
    gc.disable()
    start, used = time.perf_counter(), processor_seconds()
    presents = [point.present() for _ in range(options.copies)]
    print(f"{options.copies} runs up to day {options.day} take {time.perf_counter() - start:5.2f} s; from then on:")
    start = time.perf_counter()
    for answer in answers(point, "forecast", "90d", 200, [], options.jobs, presents):
        seconds, processors = time.perf_counter() - start, processor_seconds() - used
        print(f"{answer.n:4} futures after {seconds:5.2f} s ({processors:.2f} s of ended processes)")


if __name__ == "__main__":
    main()
