"""Moving the clock of an exercise: how far it goes and why it stops."""

from __future__ import annotations

from typing import Any

import pytest

from wargame.executor.replay import NEWS, finish, moving
from wargame.language.times import DAY
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@pytest.fixture
def exercise() -> Exercise:
    """An exercise of sixty days at its STARTEX."""
    exercise = Exercise(load("two-rivals"), 3, Settings(until="60d"))
    exercise.advance(exercise.calendar.startex)
    return exercise


def moved(exercise: Exercise, days: int, **data: Any) -> str:
    """Moves the clock to this number of days after STARTEX and returns why it stopped."""
    return finish(moving(exercise, {"to": exercise.calendar.startex + days * DAY, **data}))


def test_the_clock_stops_at_its_goal(exercise: Exercise) -> None:
    """The reason is `to` if the exercise has not ended."""
    assert moved(exercise, 10) == "to"
    assert exercise.now == exercise.calendar.startex + 10 * DAY


def test_the_clock_stops_at_endex(exercise: Exercise) -> None:
    """A goal after the end moves the clock to the end, and the exercise is over."""
    assert moved(exercise, 600) == "over"
    assert (exercise.done, exercise.now) == (True, exercise.end)


def test_the_clock_stops_at_news(exercise: Exercise) -> None:
    """The last record of the move is news; all records before it are not."""
    earlier = []
    for _ in range(5):
        before = len(exercise.records())
        assert moved(exercise, 60, news=True) == "news"
        records = exercise.records()[before:]
        assert any(record[2] in NEWS for record in records)
        earlier += [record[2] for record in records if record[1] < records[-1][1]]
    assert earlier
    assert NEWS.isdisjoint(earlier)


def test_the_clock_stops_when_a_condition_is_true(exercise: Exercise) -> None:
    """If it never is, the clock moves to its goal."""
    assert moved(exercise, 5, when="tension > 2") == "to"
    start = exercise.now
    assert moved(exercise, 60, when="tension < 2") == "when"
    assert start < exercise.now < exercise.end
