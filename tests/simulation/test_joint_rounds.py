"""Rounds of talks in which members veto, offer and share what they know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.talks import begin, order, records, table
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.simulation.exercise import Exercise

AGGRIEVED = "surprise[actor, target] < -3"


def talking(**fields: Any) -> Exercise:
    """Two rivals in talks without an end in sight."""
    forum = replace(table().scenario.forums["talks"], **({"rounds": 50, "pace": 0.1} | fields))
    exercise = begin(forums={**table().scenario.forums, "talks": forum})
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "accept_talks")
    return exercise


def rounds(exercise: Exercise, days: int = 31) -> list[tuple[str, str]]:
    """(event, government) of the steps of the talks in so many days."""
    first = len(exercise.records())
    exercise.advance(exercise.now + days * DAY)
    return [(r[6]["event"], r[3]) for r in exercise.records()[first:] if r[2] == "forum"]


def offend(exercise: Exercise) -> None:
    """Brela surprises Arda."""
    exercise.context.world.put(exercise.context.world.slot("surprise", ("ARD", "BRL")), -9.0)


def test_the_aggrieved_member_blocks_a_round() -> None:
    """It makes no progress, and the record names who blocks it and because of whom."""
    exercise = talking(veto=AGGRIEVED, every=10 * DAY)
    offend(exercise)
    assert rounds(exercise, 11)[0] == ("block", "ARD")
    step = records(exercise, "forum")[-1]
    assert (step[6]["progress"], step[6]["because_of"]) == (0.0, "BRL")


def test_without_a_veto_every_round_is_held() -> None:
    """The worst relation limits its progress."""
    exercise = talking(every=10 * DAY)
    offend(exercise)
    assert rounds(exercise, 11)[0] == ("round", "")


def test_where_members_can_veto_the_mean_relation_drives_a_round() -> None:
    """The worst one limits it by the veto alone."""
    progress = {}
    for veto in (None, "trust[actor, target] < -2"):
        exercise = talking(veto=veto, every=10 * DAY)
        exercise.context.world.put(exercise.context.world.slot("trust", ("ARD", "BRL")), -0.9)
        exercise.context.world.put(exercise.context.world.slot("trust", ("BRL", "ARD")), 0.5)
        rounds(exercise, 11)
        progress[veto] = records(exercise, "forum")[-1][6]["progress"]
    assert progress["trust[actor, target] < -2"] > progress[None] > 0.0


def test_what_members_offer_counts_only_in_a_round_that_nobody_blocks() -> None:
    """Each member has its own offer."""
    offers = {"ARD": {"tension": model.Effect(to=0.9)}}
    tension = []
    for offended in (False, True):
        exercise = talking(veto=AGGRIEVED, every=10 * DAY, gives=offers)
        if offended:
            offend(exercise)
        rounds(exercise, 11)
        tension.append(exercise.context.world.get("tension"))
    assert tension[0] > 0.8 > tension[1]


def test_blocked_rounds_count_towards_the_end_of_the_talks() -> None:
    """They collapse after the last one."""
    exercise = talking(veto="trust[actor, target] < 2", every=10 * DAY, rounds=2)
    assert [event for event, _ in rounds(exercise, 25)] == ["block", "exhaust"]


@pytest.mark.parametrize("pools", [True, False])
def test_members_share_what_they_know(pools: bool) -> None:
    """The member with the worse estimate takes the better one as a report."""
    hidden = model.Indicator(
        title="Strength", scope="government", start={"default": 0.5}, known="estimated", variance=0.06
    )
    base = table().scenario
    forum = replace(base.forums["talks"], rounds=50, pace=0.1, pools=("hidden[ARD]",) if pools else ())
    exercise = begin(forums={**base.forums, "talks": forum}, indicators={**base.indicators, "hidden": hidden})
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "accept_talks")
    world = exercise.context.world
    _, variance = world.beliefs["BRL", world.slot("hidden", ("ARD",))]
    before = world.value(variance)
    rounds(exercise)
    assert (world.value(variance) < before / 10) is pools
