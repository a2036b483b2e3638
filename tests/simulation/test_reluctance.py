"""A government that is reluctant does not take what is left when its hazard of acting comes due."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.engine import actions, changed, loaded
from support.talks import option, table
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@pytest.mark.parametrize(("reluctance", "acts"), [(None, True), (0.3, False)])
def test_a_reluctant_government_waits_if_the_best_that_is_left_is_bad(reluctance: float | None, acts: bool) -> None:
    """Without the rule, it takes the best candidate, however bad."""
    base = table().scenario
    only = {"blunder": option(by=("ARD",), value="-2", goldstein=0.0)}
    rivals = changed(
        table(),
        rules=replace(base.rules, reluctance=reluctance),
        options=only,
        strategies={},
        leaders={name: replace(each, strategy=None, leanings={}) for name, each in base.leaders.items()},
        procedures={},
        hazards={},
        outcomes={},
        forums={},
        agreements={},
        history=(),
    )
    exercise = Exercise(rivals, 1, Settings(seats=(("BRL", "script"),)))
    exercise.advance(DAY)
    hazard = exercise.governments["ARD"].action_hazards["strait"]
    hazard.hazard = hazard.draw
    exercise.governments["ARD"].delegate("strait")
    exercise.advance(exercise.now + DAY)
    assert bool(actions(exercise, "blunder")) is acts


def chosen_below_waiting(reluctance: float | None, **leader: Any) -> tuple[int, int]:
    """The orders of two years, and those whose option was scored below waiting."""
    base = loaded()
    leaders = {name: replace(each, **leader) for name, each in base.scenario.leaders.items()}
    rivals = changed(base, rules=replace(base.scenario.rules, reluctance=reluctance), leaders=leaders)
    exercise = Exercise(rivals, 1)
    exercise.advance(exercise.calendar.end)
    orders = [data for *_, kind, _, _, _, data in exercise.records() if kind == "decision" and data["choice"] != "wait"]
    scores = [
        (next(each.score for each in data["candidates"] if each.option == data["choice"]), data["wait"])
        for data in orders
    ]
    return len(scores), sum(score < wait for score, wait in scores)


def test_nothing_below_waiting_is_chosen_without_reluctance_to_spare() -> None:
    """With a bound of 0, noise lifts no option above waiting; without a bound it does."""
    orders, below = chosen_below_waiting(0.0)
    assert (orders > 5, below) == (True, 0)
    assert chosen_below_waiting(None)[1] > 0


def test_a_leader_who_weighs_nothing_is_not_bound() -> None:
    """Random policy chooses among all options."""
    assert chosen_below_waiting(0.0, rationality=0.0) == chosen_below_waiting(None, rationality=0.0)
