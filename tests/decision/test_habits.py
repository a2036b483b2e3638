"""What an agreement gives up: the own rate of the options that are ruled out, times what they are worth."""

from __future__ import annotations

from math import log

import pytest

from wargame.decision.responses import Habits

HALF_LIFE = 100


def test_what_is_given_up_is_rate_times_horizon_times_gain() -> None:
    """Summed over the options; counts halve in a half-life, and an option that is worth less than waiting costs 0."""
    habits = Habits(HALF_LIFE)
    for option, gain in (("test", 0.5), ("drill", 0.25), ("talk", -2.0)):
        habits.did(option, 0)
        habits.gains[option] = gain
    habits.did("drill", HALF_LIFE)
    rates = {"test": 0.5 * log(2) / HALF_LIFE, "drill": 1.5 * log(2) / HALF_LIFE}
    assert {option: habits.rate(option, HALF_LIFE) for option in rates} == pytest.approx(rates)
    given_up = habits.given_up(["test", "drill", "talk", "never done"], 10, HALF_LIFE)
    assert given_up == pytest.approx(10 * (rates["test"] * 0.5 + rates["drill"] * 0.25))
    assert habits.given_up(["talk"], 10, HALF_LIFE) == 0
