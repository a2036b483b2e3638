"""Acts of state wait for working days of their government, and procedures take their time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from support.engine import actions, changed, loaded
from support.talks import begin, order, records, table
from wargame.decision.menu import Candidate
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

WEEKEND, HOLIDAYS = ("sat", "sun"), ("01-07", "2030-01-08")
"""Monday 7 January is a holiday of each year, Tuesday the 8th one of 2030: the 5th is followed by the 9th."""


def ordered(source: str = "decision", *, working_days: bool = True) -> Exercise:
    """Arda has ordered a patrol for noon on Saturday 5 January 2030, and nobody else acts."""
    base = loaded()
    leaders = {name: replace(each, threshold=100.0, step=5) for name, each in base.scenario.leaders.items()}
    patrol = replace(base.scenario.options["patrol"], working_days=working_days)
    arda = replace(base.scenario.governments["ARD"], weekend=WEEKEND, holidays=HOLIDAYS)
    scenario = changed(
        base,
        leaders=leaders,
        options={**base.scenario.options, "patrol": patrol},
        governments={**base.scenario.governments, "ARD": arda},
        injects=(),
    )
    exercise = Exercise(scenario, 1, Settings())
    exercise.advance(DAY // 2)
    exercise.governments["ARD"].order(Candidate("patrol", "BRL"), 4 * DAY, exercise.records()[-1][0], source)
    exercise.advance(30 * DAY)
    return exercise


@pytest.mark.parametrize(
    ("source", "working_days", "expected"),
    [("decision", True, "01-09 12:00"), ("decision", False, "01-05 12:00"), ("command", True, "01-05 12:00")],
    ids=["an act of state", "an act of war", "an order of a person"],
)
def test_what_the_model_orders_waits_for_a_working_day(source: str, working_days: bool, expected: str) -> None:
    """It is done at the same hour; other acts, and what people order, are done when they are due."""
    exercise = ordered(source, working_days=working_days)
    (patrol,) = actions(exercise, "patrol")
    assert f"{exercise.calendar.at(patrol[1]):%m-%d %H:%M}" == expected


def test_an_act_that_has_waited_says_why() -> None:
    """The record of the action names the day for which it was ordered."""
    (patrol,) = actions(ordered(), "patrol")
    assert patrol[6]["why"] == "due on 2030-01-05, which is no working day"


def answers(latest: int, *, working_days: bool = False) -> list[int]:
    """The seconds from perceiving each of eight patrols to Brel's protest by a procedure."""
    base = loaded()
    protest = replace(base.scenario.options["protest"], working_days=working_days)
    procedure = model.Procedure(
        title="Brel protests", government="BRL", on=model.ActionPattern(options=("patrol",), by=("ARD",)),
        does="protest", to="actor", after=3 * DAY, latest=latest, cool_down=0,
    )  # fmt: skip
    leaders = {name: replace(each, threshold=100.0, step=5) for name, each in base.scenario.leaders.items()}
    brel = replace(base.scenario.governments["BRL"], weekend=WEEKEND)
    scenario = changed(
        base, leaders=leaders, procedures={"protest_patrols": procedure}, injects=(),
        options={**base.scenario.options, "protest": replace(protest, cool_down=0)},
        governments={**base.scenario.governments, "BRL": brel},
    )  # fmt: skip
    exercise = Exercise(scenario, 1, Settings())
    for number in range(8):
        exercise.advance((1 + 20 * number) * DAY)
        exercise.actions.do("ARD", "patrol", "BRL", source="decision")
    exercise.advance(200 * DAY)
    seen = [r[1] for r in exercise.records() if r[2] == "signal" and r[3] == "BRL" and r[4] == "patrol"]
    done = [r[1] for r in actions(exercise, "protest")]
    if working_days:
        assert all(exercise.calendar.at(t).weekday() < 5 for t in done)
    return [after - before for before, after in zip(seen, done, strict=True)]


def test_a_procedure_reacts_within_its_range() -> None:
    """Not before `after`, not later than `latest`, and not by the clock; with the same seed after the same times."""
    times = answers(10 * DAY)
    assert all(3 * DAY <= each <= 10 * DAY for each in times)
    assert len(set(times)) > 1
    assert times == answers(10 * DAY)


def test_a_procedure_without_a_range_reacts_by_the_clock() -> None:
    """After exactly `after`."""
    assert set(answers(0)) == {3 * DAY}


def test_a_procedure_waits_for_a_working_day() -> None:
    """Its act is done no earlier than due, and never on a weekend."""
    assert all(each >= 3 * DAY for each in answers(0, working_days=True))


def test_a_council_sits_on_a_working_day_of_its_required_members() -> None:
    """A draft whose window ends on a day off of a required member is decided on the next working day."""
    base = table().scenario
    council = replace(base.forums["council"], sitting=True, votes=1, window=4 * DAY)
    governments = {name: replace(each, weekend=WEEKEND) for name, each in base.governments.items()}
    exercise = begin(forums={**base.forums, "council": council}, governments=governments)
    order(exercise, "ARD", "propose_draft")
    exercise.advance(30 * DAY)
    (ended,) = [r for r in records(exercise, "forum") if r[4] == "council" and r[6]["event"] in ("convene", "lapse")]
    (proposed,) = [r for r in records(exercise, "forum") if r[4] == "council" and r[6]["event"] == "propose"]
    day, due = (exercise.calendar.at(t) for t in (ended[1], proposed[1] + 4 * DAY))
    assert (due.weekday(), day.weekday(), day.hour) == (5, 0, due.hour)
    assert day.date() > date(2030, 1, 5)
