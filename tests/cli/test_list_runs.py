"""`wargame list runs`."""

from __future__ import annotations

from pathlib import Path

import pytest

from wargame.cli.list import _runs as runs_under
from wargame.executor.run import Destination, simulate
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


def test_a_run_without_its_journal_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`endex` alone would hide that the journal is missing."""
    folder = simulate(
        load("two-rivals"), 3, Settings(until="9d"), place=Destination(out=tmp_path / "runs" / "r")
    ).folder
    folder.journal.unlink()
    monkeypatch.chdir(tmp_path)
    (row,) = runs_under()
    assert row["ended"] == "endex, its journal is missing"
