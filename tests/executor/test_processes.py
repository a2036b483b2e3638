"""How many processes work on a job."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.command_line import python
from wargame.executor.processes import cores


def test_all_cores_of_this_process_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the system allows it, or all of the machine where it does not say; one if that is unknown too."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == 8
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1


WORK = """
from multiprocessing import active_children
from wargame.executor.executors import Job
from wargame.executor.processes import Processes

with Processes(2) as executor:
    executor.start(Job(int, pow, 3))
    print(sorted(value for _, value in executor.results([1, 2])))
print(active_children())
"""


def test_a_worker_ends_with_its_work(tmp_path: Path) -> None:
    """Leaving the executor ends its processes, and does not wait for anything else."""
    done = python("-c", WORK, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("[3, 9]\n[]\n", "")
