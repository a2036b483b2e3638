"""Benchmarks of batches: `python benchmarks/batch.py [--quick]`. Results are ratios, which depend less on the machine.

A replication compared with its floor; two processes with one; peak memory of 1,000 and of 20,000 runs; the cost of
writing, of resuming and of opening; Dask compared with local processes; the gains of pairing in the built-in studies.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from floor import Meetings, floor

from wargame.batches.api import Batch, BatchOptions, open_batch, play
from wargame.batches.running import worker
from wargame.batches.running.opening import open_target
from wargame.batches.study.overrides import StudyOverrides
from wargame.batches.study.prepared import PreparedStudy
from wargame.executor.executors import Executor
from wargame.executor.processes import Processes, on_cores
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise

SCENARIO = "korea-2017"
STUDIES = ("china-only-vs-five-party", "thaad-and-retaliation")
SMALL, LARGE = 1_000, 20_000
MANY = 100_000
"""Runs of a batch that is opened."""
LONG = 600
"""Runs of a batch in which most chunks have full length: in a short one the first and last chunks are small."""


def main() -> None:
    """Runs and prints all benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs, no study of gains")
    parser.add_argument("--memory", type=int, metavar="RUNS", help=argparse.SUPPRESS)
    parser.add_argument("--gains", type=int, metavar="N", default=0, help="replications for the gains of the studies")
    options = parser.parse_args()
    if options.memory:
        memory_of(options.memory)
        return
    count = 16 if options.quick else 120
    replication(6 if options.quick else 15)
    two_against_one(count)
    writing(count if options.quick else LONG)
    memory(SMALL, SMALL * 2 if options.quick else LARGE)
    opening(MANY // 10 if options.quick else MANY)
    dask_against_local(count)
    for study in STUDIES if options.gains else ():
        gains(study, options.gains)


def replication(times: int) -> None:
    """One replication of a batch, with set-up, measures and row, compared with bare SimPy and bare meetings."""
    prepared, meetings = open_target(SCENARIO), Meetings(load(SCENARIO))
    worker.run_cell(prepared, 0)
    ratios, rates, bare = [], [], []
    for cell in range(1, times + 1):
        began = time.process_time()
        row = worker.run_cell(prepared, cell).row
        seconds = time.process_time() - began
        bare.append(seconds / bare_run(prepared, cell))
        ratios.append(seconds / floor(meetings, row["kernel_events"], row["decisions"]))
        rates.append(row["decisions"] / seconds)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"batch replication   {statistics.median(ratios):5.2f} x the floor ({spread})", end="")
    print(f"  {statistics.median(rates):,.0f} decisions a second a core")
    print(f"                    {statistics.median(bare):5.2f} x the same run without measures")


def bare_run(prepared: PreparedStudy, cell: int) -> float:
    """Processor seconds of the exercise alone, without measures and row."""
    arm, replication = worker.cell_of(prepared, cell)
    began = time.process_time()
    exercise = Exercise(
        prepared.scenario_of(arm, replication), prepared.study.seed, prepared.settings(arm, replication)
    )
    exercise.advance(exercise.end)
    return time.process_time() - began


def timed(prepared: PreparedStudy, executor: Callable[[], Executor]) -> Batch:
    """A batch in a temporary folder; its wall time is in `spent`."""
    with tempfile.TemporaryDirectory() as folder:
        finished = play(prepared, BatchOptions(out=f"{folder}/b", executor=executor))
        _ = finished.summary
        return finished


def two_against_one(count: int) -> None:
    """Two processes compared with one, interleaved, both as a pool and without start-up."""
    prepared = open_target(SCENARIO, StudyOverrides(replications=count))
    walls: dict[int, list[float]] = {1: [], 2: []}
    finished = None
    for _ in range(3):
        for jobs, seconds in walls.items():
            finished = timed(prepared, lambda jobs=jobs: Processes(jobs))  # type: ignore[misc]
            seconds.append(finished.spent["wall_s"])
    assert finished is not None
    ratio = statistics.median(one / two for one, two in zip(walls[1], walls[2], strict=True))
    rate = count / min(walls[2])
    print(f"two processes       {ratio:5.2f} x one (goal 1.9)  {rate:.1f} runs a second on two")
    busy = finished.spent["working"] / (2 * finished.spent["wall_s"])
    print(f"                    {busy:6.1%} of the time of both spent on work; the rest is start, end and distribution")


def writing(count: int) -> None:
    """The cost of writing the parts of a batch, synced to disk, and of merging them."""
    finished = timed(open_target(SCENARIO, StudyOverrides(replications=count)), lambda: Processes(2))
    share = finished.spent["writing"] / finished.spent["working"]
    print(f"writing             {share:6.2%} of the workers' time with {count:,} runs (goal 1 %)")


def memory(small: int, large: int) -> None:
    """Peak memory of a batch in one process, with worker and statistics, for few and for many runs."""
    peaks = []
    for count in (small, large):
        done = subprocess.run(
            [sys.executable, __file__, "--memory", str(count)], capture_output=True, text=True, check=True
        )
        peaks.append([float(each) for each in done.stdout.split()])
    (few, _, _), (many, wall, resumed) = peaks
    print(f"peak memory         {few:.0f} MB for {small:,} runs, {many:.0f} MB for {large:,}", end="")
    print(f" ({many / few - 1:+.1%}; goal within 10 %)")
    print(
        f"resume              {resumed:.2f} s to read {large:,} finished runs, {resumed / wall:.2%} of {wall:.0f} s",
        end="",
    )
    print(" (goal 1 %)")


def memory_of(count: int) -> None:
    """Runs a batch of short runs, resumes it, and prints peak megabytes and seconds."""
    prepared = open_target("two-rivals", StudyOverrides(replications=count, until="20d"))
    with tempfile.TemporaryDirectory() as folder:
        finished = play(prepared, BatchOptions(out=f"{folder}/b"))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        again = StudyOverrides(replications=count, until="20d")
        resume_complete(open_target("two-rivals", again), f"{folder}/b")
        print(peak, finished.spent["wall_s"], time.perf_counter() - began)


def resume_complete(prepared: PreparedStudy, folder: str) -> None:
    """The work of resuming a complete batch before its statistics."""
    from wargame.batches.running.runner import BatchCells, resumed_manifest
    from wargame.batches.running.store import store

    place = store(folder)
    cells = BatchCells(place, prepared, resumed_manifest(place, prepared).replications)
    cells.read_stored()
    assert cells.done.all()


def opening(count: int) -> None:
    """The time to open a batch of many short runs, and to compute its summary."""
    prepared = open_target("two-rivals", StudyOverrides(replications=count, until="1d"))
    with tempfile.TemporaryDirectory() as folder:
        play(prepared, BatchOptions(out=f"{folder}/b", executor=on_cores()))
        began = time.process_time()
        opened = open_batch(f"{folder}/b")
        seconds = time.process_time() - began
        assert opened.summary
        total = time.process_time() - began
    print(f"opening             {seconds:5.2f} s for {count:,} runs (goal 2 s), {total:.2f} s with the summary")


def dask_against_local(count: int) -> None:
    """The same batch on a local Dask cluster of two processes, if Dask is there."""
    try:
        from wargame.executor.cluster import Dask
    except ImportError:
        return
    prepared = open_target(SCENARIO, StudyOverrides(replications=count))
    local = timed(prepared, lambda: Processes(2)).spent["wall_s"]
    dask = timed(prepared, lambda: Dask(None, 2)).spent["wall_s"]
    print(f"Dask                {dask / local:5.2f} x the time of local processes")


def gains(study: str, count: int) -> None:
    """The factor by which pairing cuts the runs needed, for each measure and arm of a study."""
    with tempfile.TemporaryDirectory() as folder:
        play(
            open_target(study, StudyOverrides(replications=count)),
            BatchOptions(out=f"{folder}/b", executor=lambda: Processes(2)),
        )
        frame = open_batch(f"{folder}/b").differences()
    print(f"pairing in {study}, {count} replications:")
    print(frame[["measure", "arm", "estimate", "gain", "ceiling"]].round(3).to_string(index=False))


if __name__ == "__main__":
    main()
