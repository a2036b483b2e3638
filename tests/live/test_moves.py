"""The moves of an exercise file: their times in both clocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.in_process import inside
from support.live import output_of, resumed
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.session.pace import opening_lines, planned_seats
from wargame.live.session.session import Session
from wargame.live.timetable import MoveTimes
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

EXERCISE = """format: wargame-exercise/1
name: strait
title: An hour in the strait
scenario: two-rivals
scenario_injects: false
wall: 1h
moves: [{game: 10d, wall: 20m}, {game: 5d, wall: 30m}]
seats: {ARD: {}, BRL: {player: model}}
"""


@contextmanager
def play(folder: Path, more: str = "") -> Iterator[Console]:
    """The console of a new exercise from the file, after its opening commands."""
    folder.mkdir(exist_ok=True)
    (folder / "exercise.yaml").write_text(EXERCISE + more, encoding="utf-8")
    loaded = load(str(folder))
    settings = Settings(seats=planned_seats(loaded.exercise))
    there = Console(Session.create(loaded, 1, settings, Destination(out=folder / "run")))
    output_of(there, *opening_lines(loaded.exercise))
    yield there
    there.session.close()


def test_moves_have_different_lengths() -> None:
    """After the planned moves, the length of the scenario counts."""
    times = MoveTimes(100, 200, 30, (110, 150), (60, 120))
    assert (times.count, [times.number(t) for t in (100, 109, 110, 149, 150, 180)]) == (4, [1, 1, 2, 2, 3, 4])
    assert [(times.start(n), times.end(n)) for n in (1, 2, 3, 4)] == [(100, 110), (110, 150), (150, 180), (180, 200)]
    assert [times.wall(n) for n in (1, 2, 3)] == [60, 120, 0]


def test_each_move_takes_its_time_in_the_room(tmp_path: Path) -> None:
    """The time between moves does not count, that of stops during a move does."""
    with play(tmp_path) as there:
        wall = there.wall
        assert wall.pace == pytest.approx(10 * DAY / 1200)
        output_of(there, "resume")
        wall.tick(600.0)
        assert wall.pace == pytest.approx(10 * DAY / 1200, rel=0.01)
        wall.wait("a stop")
        wall.tick(300.0)
        output_of(there, "resume")
        assert wall.pace == pytest.approx(5 * DAY / 300, rel=0.01)
        spent = 0
        while wall.running:
            wall.tick(1.0)
            spent += 1
        assert wall.ended_move == 1
        assert spent == pytest.approx(300, abs=3)
        wall.tick(5000.0)
        assert wall.budget == pytest.approx(1800)
        assert wall.pace == pytest.approx(5 * DAY / 1800)


def test_the_time_left_of_a_move_is_kept(tmp_path: Path) -> None:
    """Over leaving and resuming."""
    with play(tmp_path) as there:
        output_of(there, "resume")
        there.wall.tick(400.0)
        there.wall.save()
    again = Console(resumed(tmp_path / "run"))
    assert again.wall.budget == pytest.approx(800 + 1800)
    assert again.wall.move_times.count == 2
    again.session.close()


def test_other_paces_replace_the_times_of_moves(tmp_path: Path) -> None:
    """At the console and on the command line; another ENDEX has no planned moves."""
    with play(tmp_path) as there:
        output_of(there, "pace 1d=1s")
        assert there.wall.pace == pytest.approx(DAY)
        plan = there.session.loaded.exercise
    assert opening_lines(plan, wall="2h") == ('pace --wall "2h"',)
    assert opening_lines(plan, moved=True) == ()
    assert planned_seats(plan, (("BRL", "human"),)) == (("ARD", "human"), ("BRL", "human"))


def test_an_exercise_file_gives_the_limits_of_a_seat(tmp_path: Path) -> None:
    """The run has them, those of the command line replace them, and another word is an error with its place."""
    (tmp_path / "exercise.yaml").write_text(EXERCISE.replace("ARD: {}", "ARD: {limits: none}"), "utf-8")
    (tmp_path / "quit.txt").write_text("quit\n", "utf-8")
    for name, words in (("planned", ()), ("given", ("--limits", "ARD=law"))):
        done = inside("play", ".", *words, "--script", "quit.txt", "--out", name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    limits = [json.loads((tmp_path / n / "manifest.json").read_text("utf-8"))["settings"]["limits"]
              for n in ("planned", "given")]  # fmt: skip
    assert limits == [[["ARD", "none"]], [["ARD", "law"]]]
    (tmp_path / "exercise.yaml").write_text(EXERCISE.replace("ARD: {}", "ARD: {limits: some}"), "utf-8")
    refused = inside("play", ".", cwd=tmp_path)
    assert refused.returncode == 3
    assert "exercise.yaml:8:" in refused.stderr


def test_an_exercise_without_moves_has_no_times_of_moves(tmp_path: Path) -> None:
    """The command says what to type instead."""
    session = Session.create(load("two-rivals"), 1, Settings(), Destination(out=tmp_path / "run"))
    with pytest.raises(UsageFault, match="plans no moves"):
        output_of(Console(session), "pace --moves")
    session.close()


def test_the_facilitator_sees_the_plan_of_the_moves(tmp_path: Path) -> None:
    """The current move is marked; at the end of a move the next part is named."""
    with play(tmp_path) as there:
        first, second = output_of(there, "moves")
        assert first.startswith("* 0:00 to 0:20    Move 1, 2030-01-01 00:00 to 2030-01-11 00:00")
        assert second.startswith("  0:20 to 0:50    Move 2")
        assert output_of(there, "move")[-1] == "Then: Move 2, 30m."
        assert output_of(there, "resume", "moves")[-1].startswith("* 0:20")
    session = Session.create(load("two-rivals"), 1, Settings(), Destination(out=tmp_path / "plain"))
    with pytest.raises(UsageFault, match="no exercise file with moves"):
        output_of(Console(session), "moves")
    session.close()


def test_after_a_rewind_the_rest_of_a_move_has_its_share_of_the_time(tmp_path: Path) -> None:
    """Into an earlier move, and within a move: the pace is the planned one."""
    with play(tmp_path) as there:
        output_of(there, "resume")
        while not there.wall.ended_move:
            there.wall.tick(5.0)
        output_of(there, "resume")
        there.wall.tick(600.0)
        output_of(there, "rewind D+11")
        assert there.wall.pace == pytest.approx(5 * DAY / 1800)
        output_of(there, "rewind D+8")
        assert there.wall.pace == pytest.approx(10 * DAY / 1200)


def test_breaks_and_later_moves_count_until_endex(tmp_path: Path) -> None:
    """The break that has begun counts with what is left of it."""
    with play(tmp_path, "breaks: [{after: 1, wall: 6m}]\n") as there:
        wall, end = there.wall, there.session.exercise.end
        assert wall.to_endex == pytest.approx(1200 + 360 + 1800)
        assert wall.wall_until(end - 1 * DAY) == pytest.approx(1200 + 360 + 1440)
        assert wall.wall_until(9 * DAY) == pytest.approx(1080)
        output_of(there, "resume")
        while not wall.ended_move:
            wall.tick(5.0)
        wall.tick(60.0)
        assert wall.to_endex == pytest.approx(300 + 1800)


def test_switching_keeps_the_pace_and_the_stops(tmp_path: Path) -> None:
    """They were set in the room, and not on a branch."""
    with play(tmp_path) as there:
        output_of(there, "advance 3d", "rewind D+1", "pace 1d=30s", "stop at decisions", "switch main")
        assert (there.wall.pace, there.wall.stops) == (DAY / 30, frozenset({"decisions"}))
