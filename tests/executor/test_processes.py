"""How many processes work on a job."""

from __future__ import annotations

import os

import pytest

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
