"""A compiled batch computes a sample of its rows again, interpreted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from support.in_process import inside
from wargame import batch, numbers
from wargame.batches.api import Batch, open_batch
from wargame.batches.running import runner, worker
from wargame.batches.running.worker import compare, sample
from wargame.errors import NotReproducible
from wargame.numbers.selection import NATIVE

ARMS = {"calm": "set tension=0.0"}


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch of two arms."""
    return batch("two-rivals", 4, arms=ARMS, until="30d", jobs=1, out=tmp_path_factory.mktemp("other") / "b")


def rows(of: Batch) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows of a batch by arm and replication."""
    table = [row for path in Path(of.path).glob("runs/*.parquet") for row in pq.read_table(path).to_pylist()]
    return {(row["arm"], row["replication"]): row for row in table}


def test_a_small_batch_is_not_computed_again(rivals: Batch) -> None:
    """The process would take longer than the batch."""
    assert sample(rivals.prepared, 499) == []


def test_a_sample_is_spread_over_the_batch_and_its_arms(rivals: Batch) -> None:
    """One run of five hundred, and ten at most."""
    assert sample(rivals.prepared, 2_000) == [0, 501, 1_000, 1_501]
    assert len(sample(rivals.prepared, 1_000_000)) == 10


def test_equal_rows_are_no_difference(rivals: Batch) -> None:
    """All columns are compared."""
    compare(rivals.place, rows(rivals))


def test_a_row_that_differs_is_named(rivals: Batch) -> None:
    """The message names column, replication, arm and both numbers, and says what to do."""
    again = rows(rivals)
    again["calm", 2]["decisions"] += 1

    with pytest.raises(NotReproducible, match=r"decisions of replication 2 of arm calm is \d+ compiled and \d+ interp"):
        compare(rivals.place, again)


def test_a_batch_with_a_wrong_row_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It exits with 5, keeps its rows and its manifest says why."""

    def differs(*_: object) -> int:
        raise NotReproducible("decisions differ")

    monkeypatch.setattr(runner, "verify_sample", differs)
    done = inside("batch", "two-rivals", "-n", "2", "--until", "9d", "--jobs", "1", "--out", "b", cwd=tmp_path)

    manifest = json.loads((tmp_path / "b/manifest.json").read_text("utf-8"))
    assert (done.returncode, manifest["ended"], manifest["runs"]) == (5, "failed", 2)
    assert "decisions differ" in manifest["reason"]


@pytest.mark.slow
def test_a_compiled_batch_notes_the_rows_it_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest has the number, and the report says so."""
    monkeypatch.setattr(numbers, "PATH", NATIVE)
    monkeypatch.setattr(worker, "EVERY", 2)
    played = batch("two-rivals", 3, arms=ARMS, until="30d", jobs=1, out=tmp_path / "b")

    assert open_batch(played.path).manifest.rerun == 3
    done = inside("report", "b", "--format", "md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3 runs, by interpreted code, with the same rows" in (tmp_path / "b/report.md").read_text("utf-8")
