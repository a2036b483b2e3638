"""Whether an order is possible: the quick answer of the engine, and the reason that people are given."""

from __future__ import annotations

import pytest

from support.engine import loaded
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@pytest.mark.parametrize(
    ("scenario", "seats"), [("two-rivals", ()), ("two-rivals", (("ARD", "human"),)), ("cuba-1962", (("SUN", "human"),))]
)
def test_what_the_engine_allows_has_no_blocker(scenario: str, seats: tuple[tuple[str, str], ...]) -> None:
    """For every candidate of every government, whoever decides for it, at several moments; also while it cools down."""
    exercise = Exercise(loaded(scenario), 2, Settings(seats=seats))
    allowed, blocked = 0, 0
    for days in (1, 4, 9):
        exercise.advance(exercise.calendar.startex + days * DAY)
        for government in exercise.governments.values():
            for menu in government.menus.values():
                for candidate in menu.candidates[1:]:
                    for cooling in (True, False):
                        obstacle = exercise.feasibility.obstacle(government, candidate, cooling=cooling)
                        blocker = exercise.feasibility.blocker(government, candidate, cooling=cooling)
                        assert obstacle == (blocker.message if blocker else "")
                        allowed, blocked = allowed + (not obstacle), blocked + bool(obstacle)
    assert allowed
    assert blocked
