"""What people read of an order that cannot be given."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from support.engine import loaded
from wargame.decision.menu import WAIT, Candidate
from wargame.language.times import DAY
from wargame.seat.options import Obstacle, obstacle_to
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


def refusals(scenario: str, days: int) -> Iterator[Obstacle]:
    """All obstacles of all orders of all governments, each with a person in its seat, on some days after STARTEX."""
    given = loaded(scenario)
    exercise = Exercise(given, 1, Settings(seats=tuple((name, "human") for name in given.scenario.governments)))
    for day in (0, days):
        exercise.advance(exercise.calendar.startex + day * DAY + 60)
        for name, government in exercise.governments.items():
            orders = (each for menu in government.menus.values() for each in menu.candidates if each.option != WAIT)
            yield from filter(None, (obstacle_to(exercise, name, each) for each in orders))


@pytest.mark.parametrize(("scenario", "days"), [("two-rivals", 60), ("cuba-1962", 9), ("korea-2017", 90)])
def test_no_refusal_is_a_formula_or_has_an_id(scenario: str, days: int) -> None:
    """Titles and sentences say what is missing; dates, values and quoted moves are all else that it has."""
    read = {text for each in refusals(scenario, days) for text in (each.text, each.shared)}
    assert len(read) > 2
    strange = re.compile(r"\w+_\w+|\w\[|\w\(|[<>+*=]|\b(actor|self)\b")
    assert [text for text in sorted(read) if strange.search(text)] == []


def test_talks_with_a_third_country_are_refused_in_a_sentence() -> None:
    """South Korea proposes talks to Japan: the option is for talks with the North."""
    exercise = Exercise(loaded("korea-2017"), 1, Settings(seats=(("KOR", "human"),)))
    exercise.advance(exercise.calendar.startex + 60)
    obstacle = obstacle_to(exercise, "KOR", Candidate("propose_talks", "JPN"))
    assert obstacle is not None
    assert obstacle.text == "it requires that one of the two governments is North Korea"
