"""Runs in several threads of one process do not disturb each other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.paths import journal_hash

CASES = [{"scenario": "korea-2017", "seed": seed, "days": 60} for seed in range(4)]


@pytest.fixture
def _switching_often() -> Iterator[None]:
    """Threads take turns after a microsecond instead of five milliseconds."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.slow
@pytest.mark.usefixtures("_switching_often")
def test_runs_in_threads_give_the_same_bytes() -> None:
    """Runs share what the scenario fixes, and nothing that changes."""
    expected = [journal_hash(case) for case in CASES]

    with ThreadPoolExecutor(len(CASES)) as pool:
        found = [list(pool.map(journal_hash, CASES)) for _ in range(3)]

    assert found == [expected] * 3
