"""An occasion: when a model government considers an option. It binds no person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.engine import changed, loaded
from wargame.decision.menu import Candidate
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.seat.description import describe_option
from wargame.seat.options import orderable
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

PATROL = Candidate("patrol", "BRL")


def eager(occasion: str) -> Exercise:
    """Arda wants to patrol whenever there is an occasion."""
    base = loaded()
    patrol = replace(base.scenario.options["patrol"], occasion=occasion, requires=None, restraint=None, rung=1)
    leaders = {name: replace(each, leanings={"patrol": 5.0}) for name, each in base.scenario.leaders.items()}
    options = {**base.scenario.options, "patrol": patrol}
    return Exercise(changed(base, options=options, leaders=leaders, injects=()), 1, Settings())


def patrols(exercise: Exercise) -> list[RawRecord]:
    """The patrols of Arda so far."""
    return [each for each in exercise.records() if each[2:5] == ("action", "ARD", "patrol")]


def test_a_model_government_waits_for_an_occasion() -> None:
    """With one it acts; without one it never does."""
    with_one, without = eager("tension >= 0"), eager("tension < 0")
    for exercise in (with_one, without):
        exercise.advance(60 * DAY)
    assert patrols(with_one)
    assert patrols(without) == []
    assert without.feasibility.blocker(without.governments["ARD"], PATROL) is not None


@pytest.mark.parametrize("kind", ["human", "script", "model"])
def test_an_order_needs_no_occasion_whoever_has_the_seat(kind: str) -> None:
    """The white cell, or a script, orders for a government of the model: it is carried out after its lead time."""
    exercise = eager("tension < 0")
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": kind}))
    assert PATROL in [candidate for _, candidate in orderable(exercise, "ARD")]
    exercise.apply(Command(kind="order", data={"government": "ARD", "option": "patrol", "target": "BRL"}))
    exercise.advance(60 * DAY)
    assert patrols(exercise)


def test_a_description_names_what_binds_an_order() -> None:
    """An occasion depends on tension, which concerns the model alone."""
    exercise = eager("tension < 0")
    for kind in ("model", "human"):
        exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": kind}))
        assert describe_option(exercise, "ARD", "patrol").reads == ()
