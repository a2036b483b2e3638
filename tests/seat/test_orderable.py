"""The orders that a program is offered are those that a person is."""

from __future__ import annotations

import pytest

from support.engine import loaded
from wargame.language.times import DAY
from wargame.seat.options import orderable, seat_options
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@pytest.mark.parametrize(("scenario", "seat", "days"), [("two-rivals", "ARD", 30), ("cuba-1962", "USA", 5)])
def test_what_can_be_ordered_is_what_the_options_of_the_seat_list(scenario: str, seat: str, days: int) -> None:
    """Without the reasons why the others cannot, and therefore faster."""
    exercise = Exercise(loaded(scenario), 1, Settings(seats=((seat, "human"),)))
    for day in range(days):
        exercise.advance(exercise.calendar.startex + day * DAY)
        listed = {
            (each.dossier, entry.option, target)
            for each in seat_options(exercise, seat).dossiers
            for entry in each.available
            for target in entry.targets or ("",)
        }
        offered = [(dossier, each.option, each.target or "") for dossier, each in orderable(exercise, seat)]
        assert offered == sorted(listed)
    assert offered
