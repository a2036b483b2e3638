"""How long a batch will take: one run of each arm is timed in this process, and nothing is written."""

from __future__ import annotations

import sys
from time import process_time

import msgspec

from wargame.batches.running.worker import run_cell
from wargame.batches.study.prepared import PreparedStudy
from wargame.batches.study.trials import try_arms
from wargame.errors import UsageFault

MEGABYTE = 1_000_000


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch is expected to take."""

    arms: int
    replications: int
    runs: int
    processes: int
    run_s: dict[str, float]
    """Seconds of one run of each arm."""
    wall_s: float
    """Seconds of the whole batch, if each process has a core of its own."""
    process_mb: float | None
    """Memory of one process; None where the system does not report it."""


def forecast(prepared: PreparedStudy, processes: int) -> Forecast:
    """Runs each arm twice and times the second run; UsageFault for an arm that cannot be set up or has programs."""
    try_arms(prepared)
    for arm in prepared.names:
        if prepared.specs(arm):
            raise UsageFault(f"--dry-run: the time of the programs of arm '{arm}' is not known without asking them")
    run_s = {arm: _seconds(prepared, cell) for cell, arm in enumerate(prepared.names)}
    return Forecast(
        arms=len(run_s),
        replications=prepared.replications,
        runs=prepared.replications * len(run_s),
        processes=processes,
        run_s=run_s,
        wall_s=prepared.replications * sum(run_s.values()) / processes,
        process_mb=_memory(),
    )


def _seconds(prepared: PreparedStudy, cell: int) -> float:
    """The processor time of one run, when everything is loaded; the first run loads it."""
    run_cell(prepared, cell)
    started = process_time()
    run_cell(prepared, cell)
    return process_time() - started


def _memory() -> float | None:
    """The most memory that this process has used, in megabytes."""
    if sys.platform == "win32":  # pragma: no cover (this system reports it in another way)
        return None
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / MEGABYTE if sys.platform == "darwin" else used * 1024 / MEGABYTE
