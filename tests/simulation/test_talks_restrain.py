"""Talks restrain their members, and offences suspend talks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.talks import begin, option, order, table, turns
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.simulation.exercise import Exercise

PATROLS = model.ActionPattern(options=("drill",), by=("ARD",))
DRILL = option(title="drills", goldstein=-7.2, severity=4.0)


def talking(**fields: Any) -> Exercise:
    """Two rivals in talks that a drill of Arda offends."""
    forum = replace(table().scenario.forums["talks"], rounds=50, pace=0.01, offences=(PATROLS,), **fields)
    exercise = begin(
        forums={**table().scenario.forums, "talks": forum}, options={**table().scenario.options, "drill": DRILL}
    )
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "accept_talks")
    return exercise


def cost(exercise: Exercise, who: str) -> float:
    """What talks take from the score of a drill."""
    government = exercise.governments[who]
    menu = government.menus["strait"]
    i = next(i for i, c in enumerate(menu.candidates) if c.option == "drill")
    assert government.leadership is not None
    return government.leadership.appraise("strait", [i]).explain(i).get("talks", 0.0)


def test_an_offence_suspends_talks_whatever_its_severity() -> None:
    """That of a government that the pattern names; the same action of another does not."""
    exercise = talking()
    order(exercise, "BRL", "drill")
    assert turns(exercise)[-1] == "convened"
    order(exercise, "ARD", "drill")
    assert turns(exercise)[-1] == "suspended"


def test_suspended_talks_resume_by_themselves_after_a_time_without_offence() -> None:
    """A further offence prolongs the suspension."""
    exercise = talking(resumes=45 * DAY)
    order(exercise, "ARD", "drill", days=30)
    order(exercise, "ARD", "drill", days=30)
    assert turns(exercise)[-1] == "suspended"
    exercise.advance(exercise.now + 20 * DAY)
    assert turns(exercise)[-1] == "convened"


def test_talks_that_a_member_has_left_resume_only_by_its_return() -> None:
    """Not by themselves."""
    exercise = talking(resumes=45 * DAY)
    order(exercise, "ARD", "leave_talks", days=60)
    assert turns(exercise)[-1] == "suspended"
    order(exercise, "ARD", "return_talks")
    assert turns(exercise)[-1] == "convened"


def test_talks_that_are_offended_again_and_again_end() -> None:
    """The patience of the forum counts from the first offence."""
    exercise = talking(resumes=45 * DAY)
    for _ in range(5):
        order(exercise, "ARD", "drill", days=30)
    assert turns(exercise)[-1] == "collapsed"


def test_an_offence_costs_what_the_talks_are_worth_and_at_least_the_restraint() -> None:
    """Only while they are in session, and only a member whom the pattern names."""
    exercise = talking(restraint=0.15)
    assert (cost(exercise, "ARD"), cost(exercise, "BRL")) == (-0.15, 0.0)
    order(exercise, "ARD", "drill")
    assert cost(exercise, "ARD") == 0.0  # suspended already
    dear = talking(restraint=0.15, round={"control[ARD]": model.Effect(by=0.2)})
    assert cost(dear, "ARD") < -0.15


def test_without_restraint_members_do_not_consider_talks() -> None:
    """An offence suspends them all the same."""
    assert cost(talking(), "ARD") == 0.0


@pytest.mark.parametrize("restraint", [0.0, 0.4])
def test_restraint_is_a_term_of_the_score(restraint: float) -> None:
    """The score falls by as much."""
    scores = []
    for value in (None, restraint):
        government = talking(restraint=value).governments["ARD"]
        i = next(i for i, c in enumerate(government.menus["strait"].candidates) if c.option == "drill")
        assert government.leadership is not None
        scores.append(government.leadership.appraise("strait", [i]).scores[i])
    assert scores[0] - scores[1] == pytest.approx(restraint, abs=2e-6)
