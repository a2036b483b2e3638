"""A korea-2017 run compared with its two floors (`floor.py`): `python benchmarks/run.py [--times N] [--profile]`.

Results are ratios of processor time. A run and its floors alternate, so that changes in the machine's speed affect all.
Compare the smallest ratio: other load can only make a run slower.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from floor import FusedPython, Meetings, floor

from wargame.cli import COLLECT_AFTER
from wargame.executor.stepping import stretches
from wargame.journal.records import Stamps, encode_lines
from wargame.numbers import PATH
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

SCENARIO = "korea-2017"
JOURNALS = ("full", "none")
GOAL = 1.5
"""Times a run without a journal that one with a full journal may take."""
DOMINATES = 10
"""Functions that --profile lists."""


def run(loaded: Loaded, seed: int, journal: str) -> tuple[float, Exercise]:
    """The processor seconds of one run from set-up to ENDEX, and the run."""
    start = time.process_time()
    exercise = Exercise(loaded, seed, Settings(journal=journal))
    exercise.advance(exercise.end)
    return time.process_time() - start, exercise


def cold() -> Loaded:
    """Prints the costs that occur once in a process: reading and checking files, and compilation in the first run."""
    start = time.process_time()
    loaded = load(SCENARIO)
    loading = time.process_time() - start
    (first, _), (warm, _) = run(loaded, 0, "none"), run(loaded, 0, "none")
    start = time.process_time()
    Exercise(loaded, 0, Settings(journal="none"))
    setting_up = time.process_time() - start
    print(
        f"cold           loading {loading * 1e3:.0f} ms, first run {first * 1e3:.0f} ms, the same one again "
        f"{warm * 1e3:.0f} ms, of which setting up {setting_up * 1e3:.1f} ms"
    )
    return loaded


def measure(loaded: Loaded, journal: str, times: int) -> None:
    """Prints the ratios for one journal level."""
    ratios, fused_ratios, rates, per, meetings, fused = [], [], [], [], Meetings(loaded), FusedPython(SCENARIO)
    for seed in range(1, times + 1):
        seconds, exercise = run(loaded, seed, journal)
        ratios.append(seconds / floor(meetings, exercise.kernel_events, exercise.decisions))
        fused_ratios.append(seconds / fused.floor(exercise.kernel_events, exercise.decisions))
        rates.append(exercise.decisions / seconds)
        per.append(exercise.kernel_events / exercise.decisions)
    fused.close()
    print(
        f"journal {journal:5}  {min(ratios):5.2f} x the floor, {PATH} (median "
        f"{statistics.median(ratios):.2f}, most {max(ratios):.2f})  {max(rates):7,.0f} decisions/s"
        f"  {statistics.mean(per):.1f} events per decision"
    )
    print(f"               {min(fused_ratios):5.2f} x fused Python (median {statistics.median(fused_ratios):.2f})")


def whole_run(loaded: Loaded, seed: int, journal: str, *, lines: bool) -> float:
    """The processor seconds of one run until it is freed, with the lines of its journal if there are to be some.

    Its garbage is collected at once, as executors do.
    """
    start = time.process_time()
    exercise = Exercise(loaded, seed, Settings(journal=journal))
    stamps = Stamps(exercise.calendar.iso)
    for raw in stretches(exercise):
        if lines:
            encode_lines(stamps.records(raw))
    del exercise, raw
    gc.collect()
    return time.process_time() - start


def compare_journals(loaded: Loaded, times: int) -> None:
    """Prints what a run with a full journal takes, as a multiple of one without, the least of three times each."""
    kinds = (("none", False), ("full", False), ("full", True))
    totals = [0.0] * len(kinds)
    gc.collect()
    gc.freeze()
    for seed in range(1, times + 1):
        taken = [[whole_run(loaded, seed, journal, lines=lines) for journal, lines in kinds] for _ in range(3)]
        totals = [total + min(seconds) for total, seconds in zip(totals, zip(*taken, strict=True), strict=True)]
    kept, written = (total / totals[0] for total in totals[1:])
    print(f"a full journal {kept:5.2f} x a run without one (goal {GOAL}), {written:.2f} x with its lines")


def profile(loaded: Loaded) -> None:
    """Prints the functions with the most own time in a warm run, and how often each is called per decision."""
    profiler = cProfile.Profile()
    _, exercise = profiler.runcall(run, loaded, 1, "none")
    stats = pstats.Stats(profiler)
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][2])  # type: ignore[attr-defined]  # left out of the stubs
    total = sum(own for _, (_, _, own, _, _) in rows)
    calls = sum(count for _, (_, count, _, _, _) in rows)
    print(f"{calls / exercise.decisions:.0f} calls per decision; own time, calls per decision, function:")
    for (file, line, name), (_, count, own, _, _) in rows[:DOMINATES]:
        where = f"{Path(file).name}:{line}" if line else "built in"
        print(f"  {100 * own / total:5.1f} %  {count / exercise.decisions:6.1f}  {name} ({where})")


def main() -> None:
    """Prints the table, and with --profile the most expensive functions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9, help="runs of each journal level")
    parser.add_argument("--profile", action="store_true", help="also print the most expensive functions")
    options = parser.parse_args()
    gc.set_threshold(COLLECT_AFTER)  # as the command line does
    loaded = cold()
    for journal in JOURNALS:
        measure(loaded, journal, options.times)
    compare_journals(loaded, options.times)
    if options.profile:
        profile(loaded)


if __name__ == "__main__":
    main()
