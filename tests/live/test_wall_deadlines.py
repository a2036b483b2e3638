"""Deadlines in wall time, and a running exercise that is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, resumed
from support.terminals import hub, seat
from wargame.live.console.console import Console
from wargame.live.console.status_bar import participant_bar


def test_a_deadline_on_the_wall_runs_while_the_clock_stands_for_the_decision(tmp_path: Path) -> None:
    """That is what it is for; PAUSEX holds it."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "deadline 30s wall model", "pace 1d=1s", "resume")
    while there.wall.running:
        there.wall.tick(1.0)
    output_of(there, "pause")
    there.wall.tick(1000.0)
    assert not [line for line in there.session.path if line.kind == "decision.missed"]
    output_of(there, "resume", "next")
    there.wall.tick(1.0)
    assert "s left" in participant_bar(seat(there, "ARD"))
    there.wall.tick(40.0)
    assert [line for line in there.session.path if line.kind == "decision.missed"]


def test_a_run_that_is_going_on_is_listed_as_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that had been paused and is resumed."""
    from wargame.cli.list import _runs

    there = console(tmp_path / "runs" / "a")
    there.session.close()
    monkeypatch.chdir(tmp_path)
    assert _runs()[0]["ended"] == "paused"
    resumed(tmp_path / "runs" / "a")
    assert _runs()[0]["ended"] == "running"


def test_deadlines_on_the_wall_end_with_what_they_were_given_for(tmp_path: Path) -> None:
    """After a rewind they begin anew; another deadline or none leaves nothing of the old one; nor does a pass."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "deadline 20s wall nothing", "next", "next")
    there.wall.tick(15.0)
    assert list(there.wall.remaining().values()) == [5.0]
    output_of(there, "rewind D+1", "next")
    there.wall.tick(1.0)
    assert list(there.wall.remaining().values()) == [19.0]
    output_of(there, "deadline off")
    assert "deadline" not in there.wall.status()
    output_of(there, "deadline 40s wall model")
    there.wall.tick(1.0)
    assert list(there.wall.remaining().values()) == [39.0]
    output_of(there, "pause", "pass ARD strait")
    assert not there.wall.remaining()
    assert "wall time left" not in "\n".join(output_of(there, "status"))
    there.wall.save()
    there.session.close()
    assert not Console(resumed(tmp_path / "run")).wall.remaining()


def test_leaving_a_running_exercise_keeps_its_time(tmp_path: Path) -> None:
    """Also time in which nothing happened: seats have seen the clock."""
    import asyncio

    there, _ = hub(tmp_path / "run")
    there.run(there.main, "pace 1h=1s")
    there.run(there.main, "resume")
    there.tick(5.0)
    now = there.session.exercise.now
    asyncio.run(there.close())
    there.session.close()
    assert now == 5 * 3600
    assert resumed(tmp_path / "run").exercise.now == now
