"""Deadlines in wall time, and leaving a running exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, resumed
from support.terminals import seat, shared
from wargame.live.console.console import Console
from wargame.live.console.status_bar import participant_bar
from wargame.live.console.waiting import open_decisions, with_deadline


def test_a_wall_deadline_runs_while_game_time_stops_for_the_decision(tmp_path: Path) -> None:
    """PAUSEX pauses the deadline."""
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


@pytest.mark.parametrize(
    ("left", "shown"), [(0.2, "1s"), (1.4, "2s"), (119.0, "119s"), (120.0, "2 min"), (121.0, "3 min")]
)
def test_time_left_is_rounded_up_and_never_nothing(tmp_path: Path, left: float, shown: str) -> None:
    """In seconds below two minutes."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "deadline 1h wall", "advance 6d")
    (due, *_) = open_decisions(there.exercise, "ARD")
    there.wall.tick(0.0)
    there.wall.left = dict.fromkeys(there.wall.left, left)
    assert with_deadline(there, due) == f"{due.dossier}, {shown} left"


def test_a_running_exercise_is_listed_as_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that was paused and resumed."""
    from wargame.cli.list import _runs

    there = console(tmp_path / "runs" / "a")
    there.session.close()
    monkeypatch.chdir(tmp_path)
    assert _runs()[0]["ended"] == "paused"
    resumed(tmp_path / "runs" / "a")
    assert _runs()[0]["ended"] == "running"


def test_wall_deadlines_end_with_their_decision(tmp_path: Path) -> None:
    """After a rewind they start again; another deadline, none or a pass replaces the old one."""
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
    """Also time without events, because seats have seen the clock."""
    import asyncio

    there, _ = shared(tmp_path / "run")
    there.run(there.main, "pace 1h=1s")
    there.run(there.main, "resume")
    there.tick(5.0)
    now = there.session.exercise.now
    asyncio.run(there.close())
    there.session.close()
    assert now == 5 * 3600
    assert resumed(tmp_path / "run").exercise.now == now
