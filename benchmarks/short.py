"""Benchmark of short runs: a run of two-rivals for one game day in a batch, as `python benchmarks/short.py`.

This is all that a worker does for a cell of a batch: the construction of the exercise, the run, the measures, the row,
and freeing the exercise. Times are processor time; the least of several blocks counts, since other work only adds time.
"""

from __future__ import annotations

import argparse
import gc
import platform
import time
from functools import partial

from wargame.batches.running.opening import open_target
from wargame.batches.running.worker import run_cell
from wargame.batches.study.overrides import StudyOverrides
from wargame.executor.campaign import in_turn
from wargame.numbers import PATH

GOAL = 0.5
"""Milliseconds of processor time for a run."""
CELLS = 40


def main() -> None:
    """Run blocks of cells and print the least time of a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=25, help=f"blocks of {CELLS} runs")
    blocks = parser.parse_args().blocks
    prepared = open_target("two-rivals", StudyOverrides(replications=blocks * CELLS, until="1d"))
    gc.freeze()
    least = float("inf")
    for block in range(blocks):
        began = time.process_time()
        played = in_turn(partial(run_cell, prepared), tuple(range(block * CELLS, (block + 1) * CELLS)))
        least = min(least, (time.process_time() - began) / CELLS)
        assert all(each.row["status"] == "ok" for each in played)
    version = platform.python_version()
    print(f"a run of a day      {least * 1e3:.2f} ms (goal {GOAL} ms), numbers {PATH}, Python {version}")


if __name__ == "__main__":
    main()
