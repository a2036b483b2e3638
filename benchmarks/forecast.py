"""Time until a forecast answers, in a korea-2017 exercise: `python benchmarks/forecast.py [--day D] [--jobs N]`.

It asks for 200 futures of 90 days, as `forecast 90d -n 200` does, and prints when the answer from the first fifty and
that from all of them come, by the clock. Reading the scenario is not counted: a console has the next process ready.
Simulating up to the day of the question is printed apart: while the clock stands, a console has it done in advance,
several times (`--copies`), so that a fork plays several futures. The last line compares a future with its share of a
run, in processor time: with the same future played without a fork, in three rounds of both in turns.
"""

from __future__ import annotations

import argparse
import resource
import time
from statistics import median

from wargame.futures.continuation import BranchPoint, Continuation, PresentRun
from wargame.futures.lookahead import COPIES, EPOCHS, answers, warm_up
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
    warm_up(BranchPoint(loaded, 1, settings))
    start = time.perf_counter()
    presents = [point.present()]
    presents += [point.present(presents[0]) for _ in range(options.copies - 1)]
    print(f"{options.copies} runs up to day {options.day} take {time.perf_counter() - start:5.2f} s; from then on:")
    rounds = [(future(point, presents, options.jobs), share_of_a_run(point, first)) for first in (0, 20, 40)]
    ratios = [each / share for each, share in rounds]
    each = median(each for each, _ in rounds)
    print(f"a future takes {each * 1e3:.1f} ms, {median(ratios):.2f} times its share of a run", end="")
    print(f" ({min(ratios):.2f} to {max(ratios):.2f}; goal {GOAL})")


GOAL = 1.5
"""Times its share of a run that a future may take."""


def future(point: BranchPoint, presents: list[PresentRun], jobs: int) -> float:
    """Ask for 200 futures, print when the answers come, and return the processor seconds of a future."""
    start, used = time.perf_counter(), processor_seconds()
    for answer in answers(point, "forecast", "90d", 200, [], jobs, presents):
        print(f"{answer.n:4} futures after {time.perf_counter() - start:5.2f} s")
    return (processor_seconds() - used) / 200


def share_of_a_run(point: BranchPoint, first: int) -> float:
    """Processor seconds of a future that is played here, the mean of twenty from the number `first` on."""
    seconds = 0.0
    for number in range(first, first + 20):
        present = point.present()
        began = time.process_time()
        Continuation(EPOCHS + number).play(present, point.t + 90 * DAY)
        seconds += time.process_time() - began
    return seconds / 20


if __name__ == "__main__":
    main()
