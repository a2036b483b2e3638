"""Time of the counterfactuals of a korea-2017 run of two years, as `wargame report RUN --depth quick` takes it.

`python benchmarks/counterfactuals.py [--depth quick|full] [--seed N] [--jobs N]` prints the processor seconds from the
start of the worker to the estimates; with more than one process the seconds by the clock, since workers are children of
a server, so that the system does not count their time for this process. `full` begins with `quick`, as the report does.
Reading the run and writing the report are not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from forecast import processor_seconds

from wargame.executor.campaign import Results
from wargame.executor.run import Destination, simulate
from wargame.review.findings.effects import PLANS, measure
from wargame.review.findings.source import open_run
from wargame.scenario.loading.load import load

GOALS = {"quick": 20, "full": 600}
"""Processor seconds, by depth."""


def main() -> None:
    """Runs the scenario, measures its moments, and prints a line with the costs and the summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", choices=sorted(PLANS), default="quick", help="how many runs")
    parser.add_argument("--seed", type=int, default=1, help="seed of the run that is reviewed")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        source = open_run(simulate(load("korea-2017"), options.seed, place=Destination(out=Path(place) / "run")).folder)
        clock = processor_seconds if options.jobs == 1 else time.perf_counter
        start = clock()
        results = Results()
        for depth in ("quick", "full")[: 1 + (options.depth == "full")]:
            effects = measure(source, depth, jobs=options.jobs, results=results)
        seconds = clock() - start
    name = f"{options.depth}, seed {options.seed}, {options.jobs} processes"
    print(f"{name}, {len(results.values)} runs, {len(results.failures)} failed", end="")
    print(f": {seconds:.1f} s (goal {GOALS[options.depth]} s)")
    print(effects.summary)


if __name__ == "__main__":
    main()
