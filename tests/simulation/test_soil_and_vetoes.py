"""What an agreement forbids on the soil of a party, and what a domestic body does not allow its government."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.talks import begin, option, order, table
from wargame.errors import UsageFault
from wargame.scenario.model.governments import ActionPattern, Veto
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command


def with_freeze(hosts: tuple[str, ...], to: tuple[str, ...] = ()) -> Exercise:
    """Arda can station forces; Brela has given that up in a freeze that is in force."""
    scenario = table().scenario
    station = option(title="stations forces", by=("ARD",), to=to, hosts=hosts, goldstein=-5.0, cameo="154")
    terms = replace(scenario.agreements["freeze"], rules_out={"BRL": ("station",)})
    exercise = begin(options={**scenario.options, "station": station}, agreements={"freeze": terms})
    order(exercise, "BRL", "offer_freeze", "ARD")  # enters into force: nobody else gives anything up
    assert exercise.context.world.get("in_force", "freeze") == 1.0
    return exercise


def with_veto(**fields: Any) -> Exercise:
    """The Assembly of Arda allows payments only at a high tension."""
    scenario = table().scenario
    veto = Veto(title="the Assembly", over=ActionPattern(options=("pay",)), unless="tension > 0.5")
    arda = replace(scenario.governments["ARD"], vetoes={"assembly": veto})
    pay = replace(scenario.options["pay"], by=("ARD",), to=("BRL",))
    return begin(governments={**scenario.governments, "ARD": arda}, options={**scenario.options, "pay": pay}, **fields)


def command(path: str, value: float) -> Command:
    """The white cell sets an indicator."""
    return Command(kind="set", data={"path": path, "value": value})


def test_what_a_host_has_given_up_nobody_does_on_its_soil() -> None:
    """Although the government that would do it has not given it up."""
    exercise = with_freeze(hosts=("BRL",))
    with pytest.raises(UsageFault, match="the agreement freeze rules it out to BRL, without which it cannot be done"):
        order(exercise, "ARD", "station")


def test_the_target_can_be_the_host() -> None:
    """The target of the action has given it up."""
    exercise = with_freeze(hosts=("target",), to=("BRL",))
    with pytest.raises(UsageFault, match="rules it out to BRL"):
        order(exercise, "ARD", "station", "BRL")


def test_an_agreement_of_another_does_not_bind_elsewhere() -> None:
    """Without `hosts` the action is no business of the party that has given it up."""
    order(with_freeze(hosts=()), "ARD", "station")


def test_an_order_in_hand_is_cancelled_when_its_host_gives_it_up() -> None:
    """The journal names the agreement and its party."""
    scenario = table().scenario
    station = option(title="stations forces", by=("ARD",), hosts=("BRL",), lead=(864000, 864000, 864000))
    terms = replace(scenario.agreements["freeze"], rules_out={"BRL": ("station",)})
    exercise = begin(options={**scenario.options, "station": station}, agreements={"freeze": terms})
    order(exercise, "ARD", "station")
    order(exercise, "BRL", "offer_freeze", "ARD", days=11)
    (cancelled,) = [r for r in exercise.records() if r[2] == "order.cancelled"]
    assert "freeze rules it out to BRL" in cancelled[6]["reason"]


def test_a_domestic_body_prevents_an_action_until_its_condition_holds() -> None:
    """The obstacle names the body; the action is possible again afterwards."""
    exercise = with_veto()
    exercise.apply(command("tension", 0.2))
    with pytest.raises(UsageFault, match="the Assembly does not allow it"):
        order(exercise, "ARD", "pay", "BRL")
    exercise.apply(command("tension", 0.9))
    order(exercise, "ARD", "pay", "BRL")


def test_the_model_does_not_consider_what_a_domestic_body_prevents() -> None:
    """The menu of its meetings has it only while the condition holds."""
    exercise = with_veto()
    government = exercise.governments["ARD"]
    menu = next(menu for menu in government.menus.values() if "pay" in menu.of_option)
    (pay,) = menu.of_option["pay"]
    found = []
    for tension in (0.2, 0.9):
        exercise.apply(command("tension", tension))
        found.append(pay in exercise.feasibility.feasible(government, menu, None))
    assert found == [False, True]
