"""Visits: those who are together avoid offences, and commit themselves jointly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.engine import changed
from support.talks import option, order, records, table
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

PATROLS = model.ActionPattern(options=("drill",), by=("ARD",))
RULES: dict[str, Any] = {"stays": {"visit": 3 * DAY}, "offences": (PATROLS,), "restraint": 0.4}


def guests(people: bool = True, **fields: Any) -> Exercise:
    """Two rivals who can visit each other, with people in both seats or none who acts."""
    base = table().scenario
    moves = {
        "visit": option(title="visits", to=("ARD", "BRL")),
        "drill": option(title="drills", goldstein=-7.2),
        "help": option(title="helps", to=("ARD", "BRL"), value="0.1"),
        "harm": option(title="harms", to=("ARD", "BRL"), goldstein=-8.0, value="-3"),
    }
    rules = replace(base.rules, visits=model.Visits(**(RULES | fields)))
    idle = {name: replace(leader, threshold=9.0, tempo=9999 * DAY) for name, leader in base.leaders.items()}
    loaded = changed(table(), rules=rules, options={**base.options, **moves}, leaders=idle)
    seats = (("ARD", "human"), ("BRL", "human")) if people else ()
    exercise = Exercise(loaded, 1, Settings(seats=seats))
    exercise.advance(HOUR)
    return exercise


def visit(exercise: Exercise) -> None:
    """Arda visits Brela."""
    exercise.actions.do("ARD", "visit", "BRL", source="test")


def cost(exercise: Exercise, who: str = "ARD") -> float:
    """What being together takes from the score of a drill."""
    government = exercise.governments[who]
    menu = government.menus["strait"]
    i = next(i for i, c in enumerate(menu.candidates) if c.option == "drill")
    assert government.leadership is not None
    return government.leadership.appraise("strait", [i]).explain(i).get("talks", 0.0)


def test_an_offence_during_a_visit_costs_its_actor() -> None:
    """Only the government that the pattern names, and only while the two are together."""
    exercise = guests()
    assert cost(exercise) == 0.0
    visit(exercise)
    assert (cost(exercise), cost(exercise, "BRL")) == (-0.4, 0.0)
    exercise.advance(exercise.now + 3 * DAY)
    assert cost(exercise) == 0.0


def test_without_stays_a_visit_restrains_nobody() -> None:
    """The mechanism is off."""
    exercise = guests(stays={})
    visit(exercise)
    assert cost(exercise) == 0.0


def commitments(exercise: Exercise) -> list[tuple[str, str]]:
    """(government, option) of the commitments of a run."""
    return [(r[3], r[4]) for r in records(exercise, "commitment")]


def test_a_visit_yields_joint_commitments() -> None:
    """Each government takes the option that it likes best among those that a commitment may be about."""
    exercise = guests(people=False, after=("visit",), commitments=("harm", "help"))
    visit(exercise)
    assert commitments(exercise) == [("ARD", "help"), ("BRL", "help")]


def test_one_side_alone_commits_itself_to_nothing() -> None:
    """Both have to find something that is not far below waiting."""
    exercise = guests(people=False, after=("visit",), commitments=("harm",))
    visit(exercise)
    assert commitments(exercise) == []


def test_nothing_is_committed_for_a_person() -> None:
    """Nor by their partner alone."""
    exercise = guests(after=("visit",), commitments=("help",))
    visit(exercise)
    assert commitments(exercise) == []


@pytest.mark.parametrize(("kept", "how", "direction"), [(True, "honoured", 1), (False, "not_honoured", -1)])
def test_a_commitment_counts_as_a_promise(kept: bool, how: str, direction: int) -> None:
    """Keeping it raises credibility, breaking it lowers it."""
    exercise = guests(people=False, after=("visit",), commitments=("help",), within=30 * DAY)
    visit(exercise)
    before = exercise.context.world.get("credibility", "ARD", "BRL")
    if kept:
        exercise.actions.do("ARD", "help", "BRL", source="test")
    else:
        exercise.advance(exercise.now + 31 * DAY)
    settled = [r[6]["how"] for r in records(exercise, "demand.settled") if r[3] == "ARD"]
    assert settled == [how]
    assert (exercise.context.world.get("credibility", "ARD", "BRL") - before) * direction > 0


def test_a_commitment_is_a_term_of_the_score_until_it_is_kept() -> None:
    """As a promise that is due."""
    exercise = guests(people=False, after=("visit",), commitments=("help",))
    government = exercise.governments["ARD"]
    menu = government.menus["strait"]
    i = next(i for i, c in enumerate(menu.candidates) if c.option == "help" and c.target == "BRL")
    assert government.leadership is not None
    visit(exercise)
    terms = government.leadership.appraise("strait", [i]).explain(i)
    assert terms["kept_word"] == exercise.context.rules.kept_word
    order_free = guests(after=("visit",), commitments=("help",))
    order(order_free, "ARD", "help", "BRL")
    assert records(order_free, "commitment") == []
