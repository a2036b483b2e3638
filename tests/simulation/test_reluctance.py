"""A government that is reluctant does not take what is left when its hazard of acting comes due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.engine import actions, changed
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
