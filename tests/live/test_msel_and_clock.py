"""Pauses, changes of the MSEL during an exercise, and the wall clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.live import console, journal, output_of, played, resumed
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.session.pace import read_pace
from wargame.live.session.wall_clock import WallClock

STATES = {
    "scheduled": (),
    "held": ("hold {}",),
    "skipped": ("skip {}",),
    "delayed": ("delay {} 200d",),
    "postponed": ("postpone 10d",),
    "reset": ("hold {}", "reset"),
    "released": ("release {}",),
    "paused": ("pause",),
    "on its day": ("until 2030-01-21 06:00",),
    "past": ("hold {}", "advance 60d"),
    "retracted": ("release {}", "retract {}"),
}


def fired(there: Console, name: str = "") -> list[tuple[str, float]]:
    """(inject, day) of every release."""
    released = [r for r in there.session.records if r.kind == "inject.released"]
    return [(r.about, round(r.t / DAY, 4)) for r in released if name in ("", r.about)]


def without_commands(there: Console) -> list[Any]:
    """What happened, without commands and record numbers."""
    return [(r.t, r.kind, r.who, r.about) for r in there.session.records if r.kind != "command"]


# --- pauses --------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=15)
@given(pauses=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=8), days=st.integers(5, 60))
def test_a_pause_of_any_length_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory, pauses: list[float], days: int
) -> None:
    """Wall time passes, game time does not."""
    top = tmp_path_factory.mktemp("pause")
    there = console(top / "there")
    output_of(there, "pace 1d=1s", "stop at nothing")
    for seconds in pauses:
        output_of(there, "resume")
        there.wall.tick(days / len(pauses))
        output_of(there, "pause")
        now = there.session.exercise.now
        there.wall.tick(seconds)
        assert there.session.exercise.now == now
    output_of(there, "advance 400d")
    assert journal(there) == played(top / "plain", "advance 400d")


@pytest.mark.parametrize("state", STATES)
def test_release_is_immediate_in_every_state(tmp_path: Path, state: str) -> None:
    """At the second of the command; the rest of the MSEL does not move."""
    there = console(tmp_path / "run")
    output_of(there, "stop at nothing", *(line.format("collision") for line in STATES[state]))
    rest = {name: line.due for name, line in there.session.exercise.injector.lines.items() if name != "collision"}
    now, before = there.session.exercise.now, len(fired(there, "collision"))
    output_of(there, "release collision")
    assert fired(there, "collision")[before:] == [("collision", round(now / DAY, 4))]
    after = {name: line.due for name, line in there.session.exercise.injector.lines.items() if name != "collision"}
    assert {name: due for name, due in after.items() if name != "funeral"} == {
        name: due for name, due in rest.items() if name != "funeral"
    }


@pytest.mark.slow
@settings(max_examples=15)
@given(
    day=st.integers(0, 300), name=st.sampled_from(["collision", "funeral", "night_drill", "broker", "coup", "harvest"])
)
def test_hold_and_unhold_at_once_change_nothing(tmp_path_factory: pytest.TempPathFactory, day: int, name: str) -> None:
    """For any inject at any moment."""
    top = tmp_path_factory.mktemp("hold")
    there, plain = console(top / "there"), console(top / "plain")
    for each in (there, plain):
        output_of(each, f"advance {day}d") if day else None
    try:
        output_of(there, f"hold {name}")
        output_of(there, f"unhold {name}")
    except UsageFault:
        pass
    for each in (there, plain):
        output_of(each, "advance 400d")
    assert without_commands(there) == without_commands(plain)


def test_an_inject_due_right_after_a_pause_is_released(tmp_path: Path) -> None:
    """At its time."""
    there = console(tmp_path / "run")
    output_of(there, "until 2030-01-21 05:59", "pace 1h=1s", "pause")
    there.wall.tick(1e5)
    output_of(there, "resume")
    there.wall.tick(1.0)
    assert fired(there, "collision") == [("collision", 20.25)]


def test_an_inject_added_during_a_pause_is_released(tmp_path: Path) -> None:
    """When its time comes."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d", "pause", 'inject news "Bread riots" --at D+5 --id riots', "advance 10d")
    assert fired(there) == [("riots", 5.0)]


def test_postponing_moves_all_injects_by_the_same_time(tmp_path: Path) -> None:
    """An inject that follows another keeps its distance."""
    there, plain = console(tmp_path / "there"), console(tmp_path / "plain")
    output_of(there, "advance 2d", "postpone 7d", "advance 190d")
    output_of(plain, "advance 192d")
    moved = dict(fired(there))
    for name, day in fired(plain):
        if name in ("collision", "funeral", "night_drill"):
            assert moved[name] == pytest.approx(day + 7)


def test_reset_restores_the_msel_as_written(tmp_path: Path) -> None:
    """Holds, skips, delays, edits and additions are undone; what was released stays released."""
    there, plain = console(tmp_path / "there"), console(tmp_path / "plain")
    output_of(there, "postpone 3d", "hold collision", "skip night_drill", "edit funeral message None came")
    output_of(there, 'inject news "Riots" --at D+30 --id riots', "delay collision 9d", "reset", "advance 400d")
    output_of(plain, "advance 400d")
    assert fired(there) == fired(plain)
    assert "riots" not in dict(fired(there))


def test_a_held_inject_that_fell_due_is_released_by_unhold(tmp_path: Path) -> None:
    """At once, not at a past time."""
    there = console(tmp_path / "run")
    output_of(there, "hold collision", "advance 40d")
    assert fired(there, "collision") == []
    output_of(there, "unhold collision")
    assert fired(there, "collision") == [("collision", 40.0)]


def test_a_trigger_during_a_hold_is_not_lost(tmp_path: Path) -> None:
    """Also for an inject that follows another."""
    there = console(tmp_path / "run", seed=1)
    output_of(there, "hold funeral", "release collision", "advance 10d", "unhold funeral")
    attempts = [r for r in there.session.records if r.about == "funeral" and r.kind.startswith("inject.")]
    assert attempts
    assert attempts[0].t == 10 * DAY


def test_delaying_a_dated_inject_there_and_back_changes_nothing(tmp_path: Path) -> None:
    """It is released at the written time."""
    there = console(tmp_path / "run")
    output_of(there, "delay collision 3d", "delay collision -3d", "advance 30d")
    assert fired(there, "collision") == [("collision", 20.25)]


def test_an_edit_changes_the_exercise_and_not_its_files(tmp_path: Path) -> None:
    """Players receive the new message."""
    there = console(tmp_path / "run")
    before = there.session.folder.inputs()
    output_of(there, "edit collision message Three dead: the worst in years", "edit collision at D+2", "advance 3d")
    (released,) = (r for r in there.session.records if r.kind == "inject.released")
    assert (released.t, released.data["message"]) == (2 * DAY, "Three dead: the worst in years")
    assert there.session.folder.inputs() == before


@pytest.mark.parametrize(
    ("line", "told_so"),
    [
        ("edit collision mesage x", "did you mean 'message'"),
        ("edit collision salience {strat: 3}", "unknown dossier 'strat'"),
        ("edit collision when tensio > 3", "tensio"),
        ("inject {id: collision, title: again}", "duplicate id 'collision'"),
        ("inject {id: x, title: t, action: {option: strike, by: ARD, to: ARD}}", "ARD"),
        ("inject {id: x, titel: t}", "did you mean 'title'"),
        ("inject nofile.yaml", "is not a template"),
        ("delay harvest 3d", "released by hand and has no time to delay"),
        ("delay collision -30d", "would be due"),
        ("postpone -30d", "would be due in the past"),
        ("retract collision", "has not been released"),
        ("hold nothing", "there is no inject 'nothing'"),
    ],
)
def test_an_invalid_change_of_the_msel_is_refused(tmp_path: Path, line: str, told_so: str) -> None:
    """With the reason; the exercise is unchanged."""
    there = console(tmp_path / "run")
    output_of(there, "advance 1d")
    before = journal(there)
    with pytest.raises(UsageFault) as error:
        output_of(there, line)
    assert told_so in str(error.value)
    assert (journal(there), len(there.session.path)) == (before, 1)


# --- the wall clock -----------------------------------------------------------------------


def test_a_paced_clock_gives_the_same_journal_as_an_advance(tmp_path: Path) -> None:
    """However wall time is divided."""
    there = console(tmp_path / "there")
    output_of(there, "stop at nothing", "pace 1d=5s", "resume")
    for seconds in (0.01, 0.3, 7.0, 0.2, 44.9, 1000.0, 5000.0):
        there.wall.tick(seconds)
    assert journal(there) == played(tmp_path / "plain", "advance 400d")


def test_the_clock_can_stop_when_a_decision_of_a_human_seat_falls_due(tmp_path: Path) -> None:
    """With `stop at decisions`."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at decisions", "pace 1d=1s", "resume")
    there.wall.tick(100.0)
    assert (there.wall.running, there.session.exercise.now // DAY) == (False, 5)
    output_of(there, "stop at nothing", "resume")
    there.wall.tick(30.0)
    assert there.wall.running


def test_a_missed_wall_clock_deadline_is_a_command_with_its_game_time(tmp_path: Path) -> None:
    """The model then decides, if the deadline says so."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "deadline 60s wall model", "stop at nothing", "pace 1h=1s", "advance 5d", "resume")
    for _ in range(70):
        there.wall.tick(1.0)
    (missed,) = (line for line in there.session.path if line.kind == "decision.missed")
    assert missed.t > 5 * DAY
    assert [r.who for r in there.session.records if r.kind == "decision" and r.who == "ARD"]


def test_wall_clock_deadlines_keep_the_time_left(tmp_path: Path) -> None:
    """Over a pause, and over closing and resuming."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "deadline 60s wall", "stop at nothing", "pace 1h=1s", "advance 5d", "resume")
    for _ in range(20):
        there.wall.tick(1.0)
    left = dict(there.wall.left)
    assert left
    output_of(there, "pause")
    there.wall.tick(1e6)
    there.wall.save()
    there.session.close()
    again = Console(resumed(tmp_path / "run"))
    assert again.wall.left == left
    assert all(0 < seconds <= 60 for seconds in left.values())


@pytest.mark.parametrize("text", ["1d", "1d=", "=5s", "x=5s", "1d=0", "5"])
def test_an_invalid_pace_is_refused(text: str) -> None:
    """With the format."""
    with pytest.raises(UsageFault):
        read_pace(text)


def test_the_wall_clock_reads_no_clock(tmp_path: Path) -> None:
    """Nothing moves without `tick`."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1s", "resume")
    assert (there.session.exercise.now, WallClock(there.session).running) == (0, False)
