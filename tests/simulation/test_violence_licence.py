"""When violent options are available: after an attack, an expired ultimatum or a collapse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.engine import changed, loaded
from wargame.decision.menu import Candidate
from wargame.errors import UsageFault
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

DEADLINE = 10


def ultimatum(threat: str | None = "strike") -> Exercise:
    """ARD has demanded talks of BRL within ten days, threatening a strike. People decide for both."""
    base = loaded()
    demand = model.Demand(of="BRL", wants=("talk",), threat=threat, within=DEADLINE * DAY)
    strategy = model.Strategy(title="Ultimatum", stages=(model.Stage(name="ultimatum", demands=(demand,)),))
    leaders = base.scenario.leaders
    leaders = leaders | {"arda_council": replace(leaders["arda_council"], strategy="ultimatum")}
    protest = replace(base.scenario.options["protest"], demands=True, lead=(0, 0, 0))
    modified = changed(
        base,
        injects=(),
        strategies={"ultimatum": strategy},
        leaders=leaders,
        options=base.scenario.options | {"protest": protest},
    )
    exercise = Exercise(modified, 1, Settings(seats=(("ARD", "human"), ("BRL", "human"))))
    exercise.advance(HOUR)
    order(exercise, "ARD", "protest", "BRL")
    exercise.advance(2 * HOUR)
    assert [record[3:5] for record in exercise.records() if record[2] == "demand"] == [("ARD", "BRL")]
    return exercise


def order(exercise: Exercise, who: str, option: str, target: str) -> None:
    """Gives an order."""
    exercise.apply(Command(kind="order", data={"government": who, "option": option, "target": target}))


def refused(exercise: Exercise, who: str, target: str) -> bool:
    """Whether an order to strike is refused."""
    try:
        order(exercise, who, "strike", target)
    except UsageFault:
        return True
    return False


def test_a_violent_option_is_not_available_before_the_deadline_of_an_ultimatum() -> None:
    """A demand alone licenses nothing."""
    assert refused(ultimatum(), "ARD", "BRL")


def test_an_expired_ultimatum_licenses_its_threat() -> None:
    """From the deadline on, the sender may carry out what it threatened, for a person and for the model."""
    exercise = ultimatum()
    exercise.advance((DEADLINE + 1) * DAY)
    government = exercise.governments["ARD"]
    menu = government.menus["strait"]
    strike = menu.place[Candidate("strike", "BRL")]
    assert strike in exercise.feasibility.feasible(government, menu, None)
    assert not refused(exercise, "ARD", "BRL")


def test_an_expired_ultimatum_licenses_nothing_but_its_threat() -> None:
    """The addressee gets no licence, and a demand without a threat gives none."""
    exercise = ultimatum()
    exercise.advance((DEADLINE + 1) * DAY)
    assert refused(exercise, "BRL", "ARD")
    harmless = ultimatum(threat=None)
    harmless.advance((DEADLINE + 1) * DAY)
    assert refused(harmless, "ARD", "BRL")


def test_a_demand_that_was_met_licenses_no_violence() -> None:
    """The threat falls away once the addressee complies."""
    exercise = ultimatum()
    order(exercise, "BRL", "talk", "ARD")
    exercise.advance((DEADLINE + 1) * DAY)
    assert refused(exercise, "ARD", "BRL")


def test_the_licence_of_an_ultimatum_ends_with_its_threat() -> None:
    """A threat that is not carried out in time is empty and not a licence."""
    exercise = ultimatum()
    exercise.advance((DEADLINE + 1) * DAY + exercise.context.rules.inducement_time)
    assert refused(exercise, "ARD", "BRL")


def test_an_attack_licenses_the_victim() -> None:
    """The attacker gets no licence from its own attack."""
    exercise = Exercise(
        changed(loaded(), injects=(), outcomes={}), 1, Settings(seats=(("ARD", "human"), ("BRL", "human")))
    )
    exercise.advance(HOUR)
    with pytest.raises(UsageFault):
        order(exercise, "BRL", "strike", "ARD")
    attack = {"government": "ARD", "option": "strike", "target": "BRL", "forced": True}
    exercise.apply(Command(kind="order", data=attack))
    exercise.advance(30 * DAY)
    order(exercise, "BRL", "strike", "ARD")
