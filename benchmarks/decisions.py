"""Decisions per second of several source trees, in turn: `python benchmarks/decisions.py TREE[:PATH][@VARIANT] ...`.

A tree is a folder with package `wargame`; PATH is `compiled` (the default, if it is compiled there) or `interpreted`.
VARIANT is one of korea-2017, for instance `without_conduct_over_time`, which has the rules of the first version.
Each round starts one process for each tree, which runs six seeds of korea-2017 after a warm run and reports its user
processor time for each decision. Rounds alternate between the trees, so that changes in the machine's speed affect all
of them. The factor is that of the first tree; the least of several rounds is the most reliable figure.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys

SEEDS = 6
PROGRAM = """
import resource, sys
try:
    from wargame.scenario.loading.load import load
    from wargame.simulation.kernel.settings import Settings
except ImportError:  # before these packages were divided
    from wargame.scenario.load import load
    from wargame.simulation.settings import Settings
from wargame.simulation.exercise import Exercise

loaded = load("korea-2017")
if sys.argv[3]:
    from wargame.batches.study.parameters import under
    loaded = under(loaded, sys.argv[3])


def run(seed):
    exercise = Exercise(loaded, seed, Settings(journal=sys.argv[1]))
    exercise.advance(exercise.end)
    return exercise.decisions


run(0)
start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
decisions = sum(run(seed) for seed in range(1, int(sys.argv[2]) + 1))
print((resource.getrusage(resource.RUSAGE_SELF).ru_utime - start) / decisions)
"""


def measure(tree: str, journal: str) -> float:
    """User processor seconds for each decision, in a process of its own."""
    place, _, variant = tree.partition("@")
    folder, _, path = place.partition(":")
    environment = os.environ | {"PYTHONPATH": os.path.realpath(folder), "WARGAME_NUMBERS": path or "compiled"}
    command = [sys.executable, "-c", PROGRAM, journal, str(SEEDS), variant]
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Prints a row for each tree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="+", metavar="TREE[:PATH][@VARIANT]")
    parser.add_argument("--times", type=int, default=5, help="rounds")
    parser.add_argument("--journal", default="none", help="level of the journal")
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {tree: [] for tree in options.trees}
    for _ in range(options.times):
        for tree, measured in seconds.items():
            measured.append(measure(tree, options.journal))
    first = seconds[options.trees[0]]
    for tree, measured in seconds.items():
        ratios = [one / other for one, other in zip(first, measured, strict=True)]
        print(
            f"{tree:52}  {1e6 * min(measured):6.1f} µs a decision (median {1e6 * statistics.median(measured):.1f})  "
            f"{1 / min(measured):7,.0f} decisions/s  factor {min(first) / min(measured):.2f} "
            f"(median of rounds {statistics.median(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
