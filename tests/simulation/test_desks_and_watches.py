"""Desks in forks, deadlines of a dossier, and watched conditions."""

from __future__ import annotations

import numpy as np
import pytest

from support.engine import loaded
from wargame.decision.appraisal import ActionHazard
from wargame.language.times import DAY
from wargame.simulation.actors.desk import Desk
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.statistics.draws import Draws


def test_a_fork_keeps_the_hazard_since_the_last_meeting() -> None:
    """Only the tested part is without memory: the probability of acting is the same with and without a fork."""

    def acts(seed: int, *, forks: bool) -> bool:
        draws = Draws(seed)
        hazard = ActionHazard(draws, "X", 0)
        hazard.meet(1.0, 10.0, 0)
        hazard.close(10)
        if forks:
            draws.epoch = 1
            hazard.redraw()
        return hazard.meet(0.0, 10.0, 10)

    shares = [sum(acts(seed, forks=forks) for seed in range(2000)) / 2000 for forks in (False, True)]
    assert shares == pytest.approx([1 - np.exp(-1)] * 2, abs=0.04)


def test_the_earliest_of_two_deadlines_counts() -> None:
    """A later meeting without a deadline does not remove it."""
    exercise = Exercise(loaded(), 1, Settings())
    desk = Desk(exercise.context.scenario.governments["ARD"].dossiers, exercise.context.rules, 0)
    entry = desk.entries["strait"]
    for deadline, stands in ((500, 500), (None, 500), (900, 500), (300, 300)):
        entry.call("demand", 10, 1, deadline)
        assert entry.deadline == stands
    desk.done(entry, 20)
    assert entry.deadline is None


def test_watched_conditions_share_one_series_of_checks() -> None:
    """A condition that is added to an empty list does not start another series."""
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
