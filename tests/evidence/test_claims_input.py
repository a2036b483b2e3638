"""Claims: damaged labels, places that cannot be written, times that never come."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from support.backtests import write_questions
from support.in_process import Done, inside
from wargame.batches.running.store import store
from wargame.errors import UsageFault
from wargame.statistics import intervals as statistics


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scenario that has targets and claims."""
    write_questions(tmp_path)
    return tmp_path


def targets(place: Path, *words: str) -> Done:
    """`wargame targets` with a few runs kept in `t`."""
    return inside("targets", "scenario.yaml", "-n", "2", "--jobs", "1", "--out", "t", *words, cwd=place)


def test_times_that_never_occur_cause_no_warning(place: Path) -> None:
    """An infinite mean has no interval, and no library prints a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(statistics.mean(np.array([1.0, np.inf])).se)
        assert targets(place).returncode == 0


def test_damaged_labels_are_reported_with_their_place(place: Path) -> None:
    """For header and lines; without the file the same labels are run again. Supported claims alone have them."""
    words = ["scenario.yaml", "-n", "20", "--jobs", "1", "--labels", "-q", "--out", "c"]
    assert inside("claims", *words, cwd=place).returncode == 0
    path = place / "c" / "labels.jsonl"
    whole = path.read_bytes()
    head, *cells = whole.splitlines(keepends=True)
    for number, damaged in {
        1: b"",
        2: head + b"[]\n",
        3: head + cells[0] + cells[1][:9],
        len(cells) + 2: whole + b'[0,[[1]],""]\n',
    }.items():
        path.write_bytes(damaged)
        done = inside("claims", *words, "--resume", cwd=place)
        assert done.returncode == 3, damaged
        assert f"labels.jsonl:{number}:1: " in done.stderr
    path.unlink()
    assert inside("claims", *words, "--resume", cwd=place).returncode == 0
    assert path.read_bytes() == whole


def test_a_batch_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    """As on a read-only disk."""
    (tmp_path / ".lock").mkdir()
    with pytest.raises(UsageFault, match="cannot be written"), store(str(tmp_path)).locked():
        pass
