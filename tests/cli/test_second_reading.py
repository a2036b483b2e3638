"""What a second reading found: counts, series, forks, deadlines, tests of differences, halves of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.engine import loaded, run
from support.injects import fired, inject, play, skipped
from support.live import console, told
from support.terminals import hub
from wargame.batch.api import Batch, batch
from wargame.batch.running.store import store
from wargame.decision.choice import ActionHazard
from wargame.errors import UsageFault
from wargame.executor.campaign import CutShort
from wargame.language.times import DAY, parse_time
from wargame.simulation.actors.desk import Desk
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.statistics.draws import Draws

# --- counts ----------------------------------------------------------------------------------------


def test_an_outcome_that_bears_the_id_of_an_option_is_no_action() -> None:
    """`count` of such an id is the number of actions (or of releases), as the language says, and no more."""
    for seed in range(1, 4):
        exercise = run(loaded("korea-2017"), seed, until="D+365")
        done = [record[4] for record in exercise.records() if record[2] == "action"]
        for name in ("icbm_test", "nuclear_test"):
            assert exercise.context.events.count(name) == done.count(name)
    exercise = play(inject("war", at=parse_time("D+5"), effects={}))
    assert exercise.context.events.count("war") == 1


# --- injects ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_series_goes_on_when_a_date_comes_to_nothing(seed: int) -> None:
    """Each of its dates is tried, none beyond them; what fails uses up a date."""
    exercise = play(inject("a", at=parse_time("D+10"), repeat=5, every=10 * DAY, chance=0.5), seed=seed)
    days = [day for _, day in fired(exercise)]
    failed = [r[1] / DAY for r in exercise.records() if r[2] == "inject.skipped" and r[4] == "a"]
    assert sorted(days + failed) == [10.0, 20.0, 30.0, 40.0, 50.0]


def test_a_trigger_that_comes_again_starts_the_delay_anew() -> None:
    """As the reference says of `delay`."""
    again = inject("again", at=parse_time("D+10"), repeat=4, every=4 * DAY)
    after = inject("after", after=_after("again", 5 * DAY))
    assert ("after", 27.0) in fired(play(again, after))
    assert "after" not in skipped(play(again, after))


def _after(name: str, delay: int) -> Any:
    from wargame.scenario.model import After

    return After(inject=name, delay=delay)


# --- forks, desks, conditions ------------------------------------------------------------------------


def test_a_fork_keeps_the_wish_that_has_grown_since_the_last_meeting() -> None:
    """Only what a meeting has tested has no memory: the chance of acting is the same with a fork and without."""

    def acts(seed: int, *, forks: bool) -> bool:
        draws = Draws(seed)
        hazard = ActionHazard(draws, "X", 0)
        hazard.meet(1.0, 10.0, 0)
        hazard.news(10)
        if forks:
            draws.epoch = 1
            hazard.redraw()
        return hazard.meet(0.0, 10.0, 10)

    shares = [sum(acts(seed, forks=forks) for seed in range(2000)) / 2000 for forks in (False, True)]
    assert shares == pytest.approx([1 - np.exp(-1)] * 2, abs=0.04)


def test_the_earliest_of_two_deadlines_stands() -> None:
    """A later call without one does not take it away."""
    exercise = Exercise(loaded(), 1, Settings())
    desk = Desk(exercise.context.scenario.governments["ARD"].dossiers, exercise.context.rules, 0)
    entry = desk.entries["strait"]
    for deadline, stands in ((500, 500), (None, 500), (900, 500), (300, 300)):
        desk.summon(entry, "demand", 10, 1, deadline)
        assert entry.deadline == stands
    desk.done(entry, 20)
    assert entry.deadline is None


def test_conditions_that_come_and_go_are_looked_at_by_one_round_of_looks() -> None:
    """Each that is added to an empty list must not begin another round."""
    exercise = Exercise(loaded(), 1, Settings(seats=(("ARD", "script"), ("BRL", "script"))))
    watch = exercise.context.watch
    exercise.advance(DAY)
    for _ in range(5):
        entry = watch.add("days_since(talk) > 400 and tension > 2", lambda: None)
        watch.drop(entry)
        exercise.advance(exercise.now + 2 * DAY)
    before = exercise.kernel_events
    exercise.advance(exercise.now + 10 * DAY)
    quiet = Exercise(loaded(), 1, Settings(seats=(("ARD", "script"), ("BRL", "script"))))
    quiet.advance(exercise.now - 10 * DAY)
    usual = quiet.kernel_events
    quiet.advance(exercise.now)
    assert exercise.kernel_events - before <= quiet.kernel_events - usual + 11


# --- the running clock -------------------------------------------------------------------------------


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
    told(there, "pace 1d=1s", "resume")
    for line in ("switch nowhere", "rewind 1999-01-01", "undo"):
        with pytest.raises(UsageFault):
            told(there, line)
        assert there.wall.running


# --- batches -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A small batch on disk."""
    return batch("two-rivals", 6, until="20d", jobs=1, out=tmp_path_factory.mktemp("made") / "b")


def test_only_halves_of_files_are_cleared_away(tmp_path: Path) -> None:
    """What else somebody keeps in the folder stays."""
    place = store(str(tmp_path / "b"))
    (tmp_path / "b" / "runs").mkdir(parents=True)
    for name in (".gitignore", ".notes.txt", "runs/.000_005.parquet.4711"):
        (tmp_path / "b" / name).write_text("x")
    place.clean()
    left = sorted(path.name for path in (tmp_path / "b").rglob(".*"))
    assert left == [".gitignore", ".notes.txt"]


def test_a_full_disk_at_the_summary_is_told_as_one(made: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the way on, and exit code 4: all runs are there."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(made.place), "write", full)
    with pytest.raises(CutShort, match=r"No space left on device; all runs are kept: .* --resume") as fault:
        made.keep_summary()
    assert fault.value.exit_code == 4
