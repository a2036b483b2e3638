"""The running clock stops on errors and survives refused commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import hub
from wargame.errors import UsageFault


def test_a_fault_of_the_program_stops_the_running_clock_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that has silently stopped would still say that it runs."""
    there, screen = hub(tmp_path / "run")
    there.run(there.main, "pace 1d=1s")
    there.run(there.main, "resume")

    def broken(_: float) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(there.wall, "tick", broken)
    there.tick(1.0)
    assert "PAUSEX: internal error: ValueError: a mistake of ours" in str(screen)
    assert not there.wall.running


def test_a_refused_turn_leaves_the_clock_running(tmp_path: Path) -> None:
    """Nothing has happened: not even a pause."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1s", "resume")
    for line in ("switch nowhere", "rewind 1999-01-01", "undo"):
        with pytest.raises(UsageFault):
            output_of(there, line)
        assert there.wall.running
