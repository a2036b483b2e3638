"""Governments that always take their best option open talks from which both gain, and none from which one loses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from support.engine import run
from wargame.batches.study.parameters import with_parameters
from wargame.scenario.loading.load import load
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise

NEIGHBOURS = Path(__file__).resolve().parents[1] / "data" / "talks_that_pay.yaml"
SEEDS = range(1, 5)
MOVES = (("ARD", "propose"), ("BRL", "join"))


def play(arda: str, beral: str, seed: int, **settings: Any) -> Exercise:
    """A year under these two leaders."""
    leaders = (("ARD", f"arda_{arda}"), ("BRL", f"beral_{beral}"))
    neighbours = with_parameters(load(str(NEIGHBOURS)), {"leaders.*.rationality": 1000})
    return run(neighbours, seed, leaders=leaders, **settings)


def convened(exercise: Exercise) -> bool:
    """Whether the talks convened."""
    return any(r[2] == "forum" and r[6]["to"] == "convened" for r in exercise.records())


@pytest.mark.parametrize("arda", ["gains", "loses"])
@pytest.mark.parametrize("beral", ["gains", "loses"])
def test_talks_bring_what_the_leaders_are_named_for(arda: str, beral: str) -> None:
    """The true welfare at the end of a year with talks, which are ordered, against a year without them."""
    silent = (("ARD", "script"), ("BRL", "script"))
    orders = tuple(f"D+{day} {who} {move}" for day, (who, move) in enumerate(MOVES, 1))
    talks, none = play(arda, beral, 1, seats=silent, force=orders), play(arda, beral, 1, seats=silent)
    assert convened(talks)
    assert not convened(none)
    for name, what in (("ARD", arda), ("BRL", beral)):
        gain = Welfare(talks, name).now(talks) - Welfare(none, name).now(none)
        assert (gain > 0.05) if what == "gains" else (gain < -0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_gain_and_talks_open(seed: int) -> None:
    """In every run."""
    assert convened(play("gains", "gains", seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("arda", "beral"), [("gains", "loses"), ("loses", "gains"), ("loses", "loses")])
def test_one_loses_and_no_talks_open(arda: str, beral: str, seed: int) -> None:
    """In no run: who would gain proposes them, who would lose neither proposes them nor joins."""
    exercise = play(arda, beral, seed)
    assert not convened(exercise)
    gainers = {name for name, what in (("ARD", arda), ("BRL", beral)) if what == "gains"}
    assert {r[3] for r in exercise.records() if r[2] == "action"} == gainers


def hopes(exercise: Exercise) -> list[float]:
    """The chance of acceptance that ARD expects at each of its proposals."""
    weighed = (r[6]["candidates"] for r in exercise.records() if r[2:5:2] == ("decision", "propose") and r[3] == "ARD")
    return [next(c.responses[0] for c in candidates if c.option == "propose") for candidates in weighed]


@pytest.mark.parametrize("seed", SEEDS)
def test_proposals_without_an_answer_lower_what_the_next_may_expect(seed: int) -> None:
    """From one silence to the next, unless governments do not learn."""
    learned = hopes(play("gains", "loses", seed))
    assert len(learned) > 1
    assert learned[0] == 0.5
    assert all(later < earlier for earlier, later in pairwise(learned))


def test_an_acceptance_raises_what_the_next_proposal_may_expect() -> None:
    """A leader of the other side who would gain joins first; another one then follows."""
    silent, orders = (("BRL", "script"),), ("D+1 ARD propose", "D+3 BRL join")
    exercise = play("gains", "loses", 1, seats=silent, force=orders)
    assert convened(exercise)
    column, prior = exercise.governments["ARD"].menus["border"].proposals["table"]
    assert exercise.governments["ARD"].responses.learned.column(column)[0] > 0
    assert prior == 0.5
