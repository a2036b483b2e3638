"""A korea-2017 run against its floor, in one process: `python benchmarks/run.py [--profile]`.

Ratios, not seconds: run and floor alternate, and the median of the ratios is told.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from floor import floor

from wargame.scenario.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.settings import Settings

GOALS = {"full": 2.5, "none": 2.0}


def run(loaded: Loaded, seed: int, journal: str) -> tuple[float, Exercise]:
    """Seconds of one run from set-up to ENDEX, and the run."""
    start = time.perf_counter()
    exercise = Exercise(loaded, seed, Settings(journal=journal))
    exercise.advance(exercise.end)
    return time.perf_counter() - start, exercise


def measure(loaded: Loaded, journal: str, times: int) -> None:
    """Prints the ratio for one journal level."""
    ratios, rates, per = [], [], []
    for seed in range(1, times + 1):
        seconds, exercise = run(loaded, seed, journal)
        ratios.append(seconds / floor(exercise.kernel_events, exercise.decisions))
        rates.append(exercise.decisions / seconds)
        per.append(exercise.kernel_events / exercise.decisions)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(
        f"journal {journal:5}  {statistics.median(ratios):5.2f} x the floor (goal {GOALS[journal]}; {spread})"
        f"  {statistics.median(rates):7,.0f} decisions/s  {statistics.mean(per):.1f} events a decision"
    )


def main() -> None:
    """Prints the table; with --profile what dominates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    loaded = load("korea-2017")
    run(loaded, 0, "none")
    for journal in ("none", "full"):
        measure(loaded, journal, options.times)
    if options.profile:
        profile = cProfile.Profile()
        profile.runcall(run, loaded, 1, "none")
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
