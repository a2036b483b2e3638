"""What a batch would take: some of its runs are timed in this process, and nothing is written."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from time import process_time

from wargame.batches.running import worker
from wargame.batches.study.prepared import PreparedStudy

MOST_ARMS = 8
"""Arms that are timed at most, spread over all; judgement."""
TIMED = 2
"""Runs of each of these arms that are timed, after one that compiles what runs share; judgement."""


@dataclass(frozen=True, slots=True)
class BatchEstimate:
    """What a batch of `runs` would take on `jobs` processes.

    `seconds` is the time on a quiet machine without the start of the processes, `seconds_per_run` the mean processor
    time of `timed` runs. `memory` is in bytes, of all processes together; None where the system does not
    report it. `programs` has the arms that were not timed, since programs play in them.
    """

    runs: int
    jobs: int
    timed: int
    seconds_per_run: float
    seconds: float
    memory: int | None
    programs: tuple[str, ...]


def estimate(prepared: PreparedStudy, jobs: int) -> BatchEstimate:
    """Times some runs of a study; 0 seconds if programs play in all of its arms."""
    arms = [arm for arm in prepared.names if prepared.players(arm) is None]
    chosen = arms[:: -(-len(arms) // MOST_ARMS)] if arms else []
    seconds, timed = 0.0, 0
    for arm in chosen:
        place, most = prepared.names.index(arm), min(TIMED, prepared.replications - 1)
        cells = [replication * len(prepared.names) + place for replication in range(most + 1)]
        worker.run_cell(prepared, cells[0])
        began = process_time()
        for cell in cells[1:] or cells:
            worker.run_cell(prepared, cell)
            timed += 1
        seconds += process_time() - began
    runs = prepared.replications * len(prepared.names)
    each = seconds / timed if timed else 0.0
    processes = min(jobs, runs)
    memory = _peak_memory()
    return BatchEstimate(
        runs=runs,
        jobs=processes,
        timed=timed,
        seconds_per_run=each,
        seconds=each * runs / processes,
        memory=None if memory is None else memory * (processes + 1 if processes > 1 else 1),
        programs=tuple(sorted(set(prepared.names) - set(arms))),
    )


def _peak_memory() -> int | None:
    """Return the most memory that this process has used, in bytes; None on Windows, which does not report it."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
