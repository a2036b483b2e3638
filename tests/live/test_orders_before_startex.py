"""Orders that a person gives before the exercise begins: they stand, and the same options are offered as after."""

from __future__ import annotations

from support.engine import loaded
from wargame.decision.menu import Candidate
from wargame.language.times import DAY
from wargame.seat.options import seat_options
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

CALL = Candidate("leader_phone_call", "USA")


def waiting() -> Exercise:
    """A scenario with a warm start at its STARTEX, before anything is advanced; a person will decide for Seoul."""
    exercise = Exercise(loaded("korea-2017"), 1, Settings(seats=(("KOR", "human"),)))
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
