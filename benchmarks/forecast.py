"""Time until a forecast answers, in a korea-2017 exercise: `python benchmarks/forecast.py [--day D] [--jobs N]`.

It asks for 200 futures of 90 days, as `forecast 90d -n 200` does, and prints when the answer from the first fifty and
that from all of them come, by the clock. Reading the scenario is not counted: a console has the next process ready.
Simulating up to the day of the question is printed apart: while the clock stands, a console has it done in advance,
several times (`--copies`), so that a fork plays several futures. The last line compares a future with its share of a
run without a journal, in processor time.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time

from wargame.futures.continuation import BranchPoint, fill_caches
from wargame.futures.lookahead import COPIES, answers
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
    start = time.perf_counter()
    presents = [point.present() for _ in range(options.copies)]
    print(f"{options.copies} runs up to day {options.day} take {time.perf_counter() - start:5.2f} s; from then on:")
    start, used = time.perf_counter(), processor_seconds()
    for answer in answers(point, "forecast", "90d", 200, [], options.jobs, presents):
        print(f"{answer.n:4} futures after {time.perf_counter() - start:5.2f} s")
    each, share = (processor_seconds() - used) / 200, share_of_a_run(point)
    print(f"a future takes {each * 1e3:.1f} ms, {each / share:.2f} times its share of a run (goal {GOAL})")


GOAL = 1.5
"""Times its share of a run that a future may take."""


def share_of_a_run(point: BranchPoint) -> float:
    """Processor seconds that a run without a journal takes over the days of a future, the mean of ten."""
    seconds = 0.0
    for seed in range(2, 12):
        exercise = Exercise(point.loaded, seed, Settings(journal="none"))
        exercise.advance(point.t)
        began = time.process_time()
        exercise.advance(point.t + 90 * DAY)
        seconds += time.process_time() - began
    return seconds / 10


if __name__ == "__main__":
    main()
