"""Appraisal of options: prices of interests over the horizon, and the prospect value of gains and losses."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import changed, loaded
from wargame.decision.menu import Candidate
from wargame.language.times import DAY, HOUR
from wargame.scenario.model.governments import Responses
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


def begin(curvature: float = 1e9, loss_aversion: float = 1.0, scale: float = 1.0) -> Exercise:
    """Two rivals one hour after STARTEX, with people in both seats and no expected response."""
    base = loaded()
    council = base.scenario.leaders["arda_council"]
    interests = {path: scale * weight for path, weight in council.interests.items()}
    council = replace(council, interests=interests, curvature=curvature, loss_aversion=loss_aversion)
    silence = Responses(comply=0.0, ignore=1.0, retaliate=0.0)
    options = {name: replace(option, responses=silence) for name, option in base.scenario.options.items()}
    leaders = base.scenario.leaders | {"arda_council": council}
    modified = changed(base, options=options, leaders=leaders, injects=())
    exercise = Exercise(modified, 1, Settings(seats=(("ARD", "human"), ("BRL", "human"))))
    exercise.advance(HOUR)
    return exercise


def test_responses_between_two_governments_replace_those_of_the_option() -> None:
    """Only for that actor and target; others keep the responses of the option."""
    base = loaded("korea-2017")
    talks = base.scenario.options["propose_talks"]
    apart = replace(talks, responses_between={"PRK": {"RUS": Responses(comply=0.6, ignore=0.2, retaliate=0.0)}})
    before, after = (
        Exercise(changed(base, options=base.scenario.options | {"propose_talks": option}), 1).governments
        for option in (replace(talks, responses_between={}), apart)
    )
    for actor, target in (("PRK", "RUS"), ("PRK", "CHN"), ("RUS", "PRK")):
        menus = [each[actor].menus["talks"] for each in (before, after)]
        old, new = (menu.priors[menu.place[Candidate("propose_talks", target)]] for menu in menus)
        assert new == pytest.approx((0.75, 0.25, 0.0) if (actor, target) == ("PRK", "RUS") else old)


def worths(exercise: Exercise) -> np.ndarray:
    """The interests term of every candidate of the dossier `strait`."""
    government = exercise.governments["ARD"]
    assert government.leadership is not None
    everything = list(range(1, len(government.menus["strait"].candidates)))
    appraisal = government.leadership.appraise("strait", everything)
    return np.array([appraisal.expected(i) for i in everything])


@pytest.mark.slow
@given(st.floats(0.1, 5.0), st.floats(1.0, 4.0), st.floats(0.1, 20.0))
def test_the_prospect_value_is_bounded_and_steeper_in_losses(curvature: float, aversion: float, scale: float) -> None:
    """v(z) = z/(1 + |z|/κ), multiplied by the loss aversion for losses."""
    z, valued = worths(begin(scale=scale)), worths(begin(curvature, aversion, scale))
    assert z.min() < 0.0 < z.max()
    value = z / (1.0 + np.abs(z) / curvature)
    assert valued == pytest.approx(np.where(z < 0.0, aversion * value, value), rel=1e-6, abs=1e-9)
    assert -aversion * curvature < valued.min() < 0.0 < valued.max() < curvature


def test_prices_follow_the_couplings() -> None:
    """A price is the mean value of one unit over the horizon, including its effects through couplings.

    The baseline of growth is 0.5 − 0.3·tension, so the price of tension includes the growth that it costs. The prices
    equal the solution of the two differential equations in small steps.
    """
    exercise = begin()
    leadership, world = exercise.governments["ARD"].leadership, exercise.context.world
    assert leadership is not None
    leadership.estimate(exercise.now)
    horizon = leadership.leader.horizon
    rate = {name: log(2.0) / (days * DAY) for name, days in (("tension", 45), ("control", 365), ("growth", 180))}

    control = leadership.prices[world.slot("control", ("ARD",))]
    assert control == pytest.approx(2.0 * (1.0 - exp(-rate["control"] * horizon)) / (rate["control"] * horizon))

    steps, tension, growth, total = 20_000, 1.0, 0.0, 0.0
    dt = horizon / steps
    for _ in range(steps):
        total += (-1.5 * tension + 1.5 * growth) / steps
        tension, growth = (
            tension - dt * rate["tension"] * tension,
            growth - dt * rate["growth"] * (growth + 0.3 * tension),
        )
    assert leadership.prices[world.slot("tension", ())] == pytest.approx(total, rel=0.05)
