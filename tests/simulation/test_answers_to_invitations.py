"""Invitations that ask for an answer, refusals that end a proposal, and offers that invite."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.talks import begin, order, records, table, turns
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command


def talking(wants: str = "trade", terms: float | None = None, **fields: Any) -> Exercise:
    """Talks with further keys, a freeze whose offers invite, and a strategy of ARD that wants an act of BRL."""
    scenario = table().scenario
    stage = replace(scenario.strategies["push"].stages[0], demands=(model.Demand(of="BRL", wants=(wants,)),))
    return begin(
        forums={**scenario.forums, "talks": replace(scenario.forums["talks"], **fields)},
        agreements={"freeze": replace(scenario.agreements["freeze"], answers=terms)},
        strategies={"push": replace(scenario.strategies["push"], stages=(stage,))},
    )


def wait_of_the_other(exercise: Exercise, option: str, target: str | None = None) -> float:
    """How long BRL, played by the model, waits after ARD's act, as a share of its wait before."""
    exercise.apply(Command(kind="seat", data={"government": "BRL", "kind": "model"}))
    hazard = exercise.governments["BRL"].action_hazards["strait"]
    before = hazard.draw
    order(exercise, "ARD", option, target, days=0)
    exercise.advance(exercise.now + 1)
    return hazard.draw / before


@pytest.mark.parametrize(
    ("ends", "wants", "state"),
    [(True, "trade", "dormant"), (False, "trade", "proposed"), (True, "accept_talks", "proposed")],
)
def test_a_refusal_ends_a_proposal_unless_a_member_demands_acceptance(ends: bool, wants: str, state: str) -> None:
    """By default it stays open, and so it does if the strategy of the member that proposed demands the acceptance."""
    exercise = talking(wants, refusal_ends=ends)
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "decline_talks")
    assert turns(exercise)[-1] == state


@pytest.mark.parametrize(("answers", "share"), [(1.0, 1.0), (0.2, 0.2)])
def test_an_invitation_shortens_the_wait_until_an_answer(answers: float, share: float) -> None:
    """By its factor; an invited government meets at once with either."""
    exercise = talking(answers=answers)
    assert wait_of_the_other(exercise, "propose_talks") == pytest.approx(share)
    exercise.advance(exercise.now + 86400)
    assert "BRL" in [r[3] for r in records(exercise, "decision")]


@pytest.mark.parametrize(("terms", "share"), [(None, 1.0), (0.2, 0.2)])
def test_an_offer_invites_those_who_would_give_something_up(terms: float | None, share: float) -> None:
    """Only if the agreement says so."""
    assert wait_of_the_other(talking(terms=terms), "offer_freeze", "BRL") == pytest.approx(share)
