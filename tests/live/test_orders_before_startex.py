"""Orders that a person gives before the exercise begins: they stand, and the same options are offered as after."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import changed, loaded
from support.injects import inject
from wargame.decision.menu import Candidate
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ActionPattern, After
from wargame.seat.brief import brief
from wargame.seat.options import orderable, seat_options
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

CALL = Candidate("leader_phone_call", "USA")


def waiting(base: Loaded | None = None, **settings: Any) -> Exercise:
    """A scenario with a warm start at its STARTEX, before anything is advanced; a person will decide for Seoul."""
    exercise = Exercise(base or loaded("korea-2017"), 1, Settings(seats=(("KOR", "human"),), **settings))
    exercise.advance(exercise.calendar.startex)
    assert not exercise.context.open
    return exercise


def order(exercise: Exercise, candidate: Candidate) -> None:
    """Give an order of a person in Seoul."""
    exercise.apply(Command(kind="order", data={"government": "KOR", **candidate._asdict()}))


def carried_out(exercise: Exercise, candidate: Candidate, since: int) -> int:
    """How often Seoul has done it since a second."""
    asked = ("action", "KOR", candidate.option)
    return sum(
        each[2:5] == asked and each[1] >= since and each[6].get("target") == candidate.target
        for each in exercise.records()
    )


def test_an_order_before_startex_is_carried_out_once() -> None:
    """After its lead time; the orders that the model gave in the warm start end with its seat."""
    exercise = waiting()
    startex = exercise.now
    order(exercise, CALL)
    exercise.advance(startex + 10 * DAY)
    assert carried_out(exercise, CALL, startex) == 1
    assert not [each for each in exercise.records() if each[2:4] == ("order.carried_over", "KOR")]


def test_a_person_may_order_what_the_model_has_in_hand() -> None:
    """Before STARTEX; it is carried out once, at the time that the person was given."""
    exercise = waiting()
    startex, seoul = exercise.now, exercise.governments["KOR"]
    seoul.order(CALL, 3 * DAY, 0, "decision")
    order(exercise, CALL)
    assert [each.source for each in seoul.pending.values() if each.candidate == CALL] == ["order"]
    exercise.advance(startex + 10 * DAY)
    assert carried_out(exercise, CALL, startex) == 1


def test_the_same_options_are_offered_before_and_after_startex() -> None:
    """Conditions that bind the model alone hide none of them."""
    exercise = waiting()
    before, after = set[str](), set[str]()
    for found, until in ((before, 0), (after, 60)):
        exercise.advance(exercise.now + until)
        found |= {entry.option for dossier in seat_options(exercise, "KOR").dossiers for entry in dossier.available}
    assert exercise.context.open
    assert len(before) > 10
    assert before == after


@pytest.mark.parametrize("limits", ["law", "none"])
def test_limits_count_before_startex(limits: str) -> None:
    """Of a person who decides beyond the leader: what is offered, what may be ordered, and what the journal notes."""
    exercise = waiting(limits=(("KOR", limits),))
    before = orderable(exercise, "KOR")
    given = {candidate for _, candidate in before}
    for candidate in given:
        order(exercise, candidate)
    passed = {each[6]["option"] for each in exercise.records() if each[2] == "command" and each[6].get("beyond")}
    assert "threaten_force" in passed
    later = waiting(limits=(("KOR", limits),))
    later.advance(later.now + 60)
    assert later.context.open
    assert before == orderable(later, "KOR")


def test_only_orders_that_stand_are_shown() -> None:
    """The orders of the warm start end with the seat of the model, so nobody sees, inherits or cancels them."""
    exercise = waiting()
    seoul = exercise.governments["KOR"]
    assert seoul.pending
    assert not brief(exercise, "KOR").under_way
    ends = next(iter(seoul.pending))
    with pytest.raises(UsageFault, match="there is no order of KOR"):
        exercise.apply(Command(kind="cancel", data={"government": "KOR", **ends._asdict()}))
    assert exercise.governments["PRK"].pending
    exercise.apply(Command(kind="seat", data={"government": "PRK", "kind": "human"}))
    assert not brief(exercise, "PRK").under_way
    order(exercise, CALL)
    assert [each.words for each in brief(exercise, "KOR").under_way] == [str(CALL)]
    exercise.advance(exercise.now + 60)
    assert not [each for each in exercise.records() if each[2] == "order.inherited"]
    assert [each.words for each in brief(exercise, "KOR").under_way] == [str(CALL)]


def test_a_cancelled_order_has_a_record() -> None:
    """Before STARTEX as after it."""
    exercise = waiting()
    order(exercise, CALL)
    exercise.apply(Command(kind="cancel", data={"government": "KOR", **CALL._asdict()}))
    assert [each[3:5] for each in exercise.records() if each[2] == "order.cancelled"] == [("KOR", CALL.option)]
    startex = exercise.now
    exercise.advance(startex + 10 * DAY)
    assert not carried_out(exercise, CALL, startex)


def test_an_order_before_startex_is_a_decision_that_an_inject_follows() -> None:
    """As an order of the same second after it."""
    after = After(decision=ActionPattern(options=(CALL.option,), by=("KOR",)), delay=DAY)
    base = loaded("korea-2017")
    exercise = waiting(changed(base, injects=(inject("told", after=after),)))
    order(exercise, CALL)
    exercise.advance(exercise.now + 2 * DAY)
    assert [each[4] for each in exercise.records() if each[2] == "inject.released"] == ["told"]


def test_an_action_of_the_white_cell_leaves_an_order_as_it_is() -> None:
    """Before STARTEX: the action of the history that the model had ordered is another matter."""
    exercise = waiting()
    order(exercise, CALL)
    data = {"government": "KOR", **CALL._asdict(), "forced": True}
    exercise.apply(Command(kind="order", data=data))
    assert CALL in exercise.governments["KOR"].pending
