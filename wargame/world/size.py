"""Whether the tables of a scenario fit into the memory of this machine, before they are built."""

import os
from pathlib import Path

from wargame.errors import UsageFault
from wargame.scenario import model

VARIABLE = "WARGAME_LARGE"
"""Environment variable: 1 runs what is too large for the machine, or takes too long, all the same."""
OF_CELL, OF_CANDIDATE = 40, 5_000
"""Bytes for each indicator as a government sees it, and for each act that a government can choose.

Measured by `benchmarks/large.py` with 20 to 100 governments."""
SHARE = 0.8
"""Share of the memory that a run may take."""
LIMITS = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Files with the bytes that a container may use, or `max` (Linux, control groups 2 and 1)."""


def check_size(scenario: model.Scenario) -> None:
    """Raise UsageFault if a run would need more memory than the machine has, unless it is asked for all the same."""
    needed, has = bytes_needed(scenario), memory()
    if has and needed > SHARE * has and not is_asked_for():
        message = f"a run with {len(scenario.governments)} governments needs about {needed / 1e6:,.0f} MB of memory"
        remedy = f"fewer governments or targets of options need less; {VARIABLE}=1 runs it anyway"
        raise UsageFault(f"{message}, and this machine has {has / 1e6:,.0f} MB ({remedy})")


def is_asked_for() -> bool:
    """Return whether what is too large for the machine is to run all the same."""
    return os.environ.get(VARIABLE) == "1"


def bytes_needed(scenario: model.Scenario) -> int:
    """Return about how much memory a run needs: each government sees every pair of governments, and acts on others."""
    count = len(scenario.governments)
    pairs = 5 + sum(spec.scope == "pair" for spec in scenario.indicators.values())
    own = sum(spec.scope == "government" for spec in scenario.indicators.values())
    cells = count * (pairs * count**2 + own * count)
    candidates = sum(len(option.by) * max(1, len(option.to)) for option in scenario.options.values())
    return OF_CELL * cells + OF_CANDIDATE * candidates


def memory() -> int:
    """Return the bytes of memory of this machine, or of its container; 0 where the system does not say."""
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
    limits = (file.read_text("utf-8").strip() for file in LIMITS if file.is_file())
    return max(0, min([machine, *(int(limit) for limit in limits if limit.isdecimal())]))
