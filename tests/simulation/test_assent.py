"""Agreements that bind only those who assent, and guarantees that come from those who give them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.talks import begin, order, table, turns
from wargame.scenario import model
from wargame.simulation.exercise import Exercise


def freeze(**fields: Any) -> Exercise:
    """Two rivals and a freeze under which only Brel gives something up."""
    spec = replace(table().scenario.agreements["freeze"], rules_out={"BRL": ("patrol",)}, **fields)
    return begin(agreements={"freeze": spec})


def test_by_default_those_who_give_something_up_bring_it_into_force() -> None:
    """The other party is bound without its consent, if a third had offered the terms."""
    exercise = freeze()
    order(exercise, "ARD", "offer_freeze", "BRL")
    exercise.agreements._terms["freeze"].accepted.clear()  # as if a third had offered it
    order(exercise, "BRL", "accept_freeze", "ARD")
    assert turns(exercise, "agreement", "freeze")[-1] == "in_force"


def test_with_assent_of_the_parties_every_party_must_have_agreed() -> None:
    """To offer the terms is to assent to them."""
    exercise = freeze(assent="parties")
    order(exercise, "ARD", "offer_freeze", "BRL")
    exercise.agreements._terms["freeze"].accepted.clear()
    order(exercise, "BRL", "accept_freeze", "ARD")
    assert turns(exercise, "agreement", "freeze")[-1] == "offered"
    order(exercise, "ARD", "accept_freeze", "BRL")
    assert turns(exercise, "agreement", "freeze")[-1] == "in_force"


def test_only_those_who_assented_give() -> None:
    """A guarantee of a party that has not assented does not take effect."""
    gives = {"ARD": {"control[BRL]": model.Effect(to=0.9)}, "BRL": {"control[ARD]": model.Effect(to=0.8)}}
    exercise = freeze(gives=gives)
    order(exercise, "ARD", "offer_freeze", "BRL")
    exercise.agreements._terms["freeze"].accepted.clear()
    order(exercise, "BRL", "accept_freeze", "ARD", days=0.01)
    world = exercise.context.world
    assert world.get("control", "ARD") == pytest.approx(0.8, abs=0.01)
    assert world.get("control", "BRL") == pytest.approx(0.5, abs=0.01)
