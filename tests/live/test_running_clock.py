"""The running clock stops on errors and survives refused commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import shared
from wargame.errors import UsageFault


def test_an_internal_error_stops_the_running_clock_and_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is not shown as running afterwards."""
    there, screen = shared(tmp_path / "run")
    there.run(there.main, "pace 1d=1s")
    there.run(there.main, "resume")

    def broken(_: float) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(there.wall, "tick", broken)
    there.tick(1.0)
    assert "PAUSEX: internal error: ValueError: a mistake of ours" in str(screen)
    assert not there.wall.running


def test_a_refused_command_does_not_stop_the_running_clock(tmp_path: Path) -> None:
    """The exercise does not change, and there is no pause."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1s", "resume")
    for line in ("switch nowhere", "rewind 1999-01-01", "undo"):
        with pytest.raises(UsageFault):
            output_of(there, line)
        assert there.wall.running
