"""A job that would take more than a day says so after its first results, and goes on only if it is asked for."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path

import pytest

from support.in_process import inside
from wargame.executor import stepping
from wargame.world.size import VARIABLE

HOUR, WEEK = 3600, 7 * 86_400
BATCH = ("batch", "two-rivals", "-n", "40", "--until", "5d", "--jobs", "1", "--no-report", "--json", "--out", "batch")
RUN = ("run", "two-rivals", "--no-report", "--out")


def _each_result_takes(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(step=seconds)
    monkeypatch.setattr(stepping, "perf_counter", lambda: next(clock))
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_batch_of_more_than_a_day_stops_and_is_resumed_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was run is kept, and the whole batch has the results of one that nobody stopped."""
    whole = inside(*BATCH[:-1], "whole", cwd=tmp_path)
    _each_result_takes(WEEK, monkeypatch)
    refused = inside(*BATCH, cwd=tmp_path)
    monkeypatch.setenv(VARIABLE, "1")
    asked = inside(*BATCH, "--resume", cwd=tmp_path)

    assert refused.returncode == 4
    assert "the rest would take about " in refused.stderr
    assert "WARGAME_LARGE=1 runs it anyway" in refused.stderr
    kept = re.search(r"(\d+) of 40 runs are kept in ", refused.stderr)
    assert kept is not None
    assert 0 < int(kept[1]) < 40  # a portion has as many runs as take a while on this machine
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["estimates"] == json.loads(whole.stdout)["estimates"]


@pytest.mark.parametrize(("until", "expected"), [("20d", 0), ("60d", 4)])
def test_a_run_of_more_than_a_day_stops_after_its_first_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: str, expected: int
) -> None:
    """At an hour for each day, twenty days are no reason to ask, and sixty are."""
    _each_result_takes(HOUR, monkeypatch)
    tried = inside(*RUN, "tried", "--until", until, cwd=tmp_path)
    monkeypatch.setenv(VARIABLE, "1")
    asked = inside(*RUN, "asked", "--until", until, cwd=tmp_path)
    journal, kept = ((tmp_path / name / "journal.jsonl").read_bytes() for name in ("asked", "tried"))

    assert tried.returncode == expected
    assert ("the rest would take about 2d 10h (WARGAME_LARGE=1 runs it anyway)" in tried.stderr) == (expected == 4)
    assert asked.returncode == 0, asked.stderr
    assert journal.startswith(kept)
    assert (journal == kept) == (expected == 0)


def test_a_batch_of_less_than_a_day_is_not_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour for each of the few portions of a batch."""
    _each_result_takes(HOUR, monkeypatch)

    assert inside(*BATCH, cwd=tmp_path).returncode == 0
