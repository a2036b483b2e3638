"""Answers to questionnaires as commands, which a browser can send in any form: a wrong one changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import loaded
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

POLL = (
    "{id: poll, title: A poll, message: m, audience: [ARD], questionnaire: {each: person, questions: ["
    "{id: mood, text: How is it?, scale: [1, 5]}, {id: next, text: What next?, choices: [talk, wait], several: true}, "
    "{id: sure, text: Sure?, choices: [sure, unsure]}, {id: why, text: Why?}]}}"
)
GIVEN: dict[str, Any] = {"inject": "poll", "who": "ARD", "person": "Ann", "answers": {"mood": 3}}


def asked(**seats: str) -> Exercise:
    """An exercise in which the seat of Arda has received the poll."""
    exercise = Exercise(loaded(), 1, Settings(seats=tuple({"ARD": "human", "BRL": "human", **seats}.items())))
    exercise.advance(DAY)
    exercise.apply(Command(kind="inject", data={"yaml": POLL}))
    exercise.apply(Command(kind="release", data={"inject": "poll"}))
    return exercise


def answers_of(exercise: Exercise) -> dict[tuple[str, str], dict[str, Any]]:
    """What has been answered, by seat and person."""
    (sent,) = exercise.questionnaires.sent
    return sent.answers


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"who": "BRL"}, "the questionnaire poll was not sent to BRL"),
        ({"who": "CAL"}, "CAL"),
        ({"release": 2}, "poll has been released 1 times, not 2"),
        ({"person": "A" * 61}, "the name of a person has at most 60 characters"),
        ({"person": "Ann\nBea"}, "the name of a person has at most 60 characters"),
        ({"answers": {}}, "the answers are missing"),
        ({"answers": ["mood", 3]}, "the answers are missing"),
        ({"answers": {"moot": 3}}, "did you mean 'mood'"),
        ({"answers": {"mood": 0}}, "'mood' is answered with a whole number from 1 to 5"),
        ({"answers": {"mood": 6}}, "'mood' is answered with a whole number from 1 to 5"),
        ({"answers": {"mood": True}}, "'mood' is answered with a whole number from 1 to 5"),
        ({"answers": {"mood": "3"}}, "'mood' is answered with a whole number from 1 to 5"),
        ({"answers": {"next": []}}, "'next' is answered with some of its choices, each at most once"),
        ({"answers": {"next": ["talk", "talk"]}}, "'next' is answered with some of its choices, each at most once"),
        ({"answers": {"next": ["talk", "wat"]}}, "'wat' is not an answer to 'next' .did you mean 'wait'"),
        ({"answers": {"next": "flee"}}, "'flee' is not an answer to 'next' .one of talk, wait"),
        ({"answers": {"sure": ["sure"]}}, "is not an answer to 'sure'"),
        ({"answers": {"why": "a" * 4_001}}, "an answer has at most 4,000 characters"),
        ({"answers": {"why": 7}}, "the answer"),
        ({"answers": {"mood": 3, "why": "\x1b[2J"}}, "control characters"),
    ],
)
def test_a_wrong_answer_is_refused(changes: dict[str, Any], message: str) -> None:
    """The error says what is possible, and neither it nor a right answer beside it is kept."""
    exercise = asked()
    before = exercise.records()
    with pytest.raises(UsageFault, match=message):
        exercise.apply(Command(kind="respond", data=GIVEN | changes))
    assert (exercise.records(), answers_of(exercise)) == (before, {})


@pytest.mark.parametrize("kind", ["model", "script"])
def test_only_people_answer(kind: str) -> None:
    """The seat may have been a person's when the questionnaire was sent."""
    exercise = asked()
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": kind}))
    with pytest.raises(UsageFault, match=f"the {kind} plays ARD and does not answer questionnaires"):
        exercise.apply(Command(kind="respond", data=GIVEN))


def test_each_person_has_an_answer_that_can_be_changed() -> None:
    """At the ends of the scale, with a name and a text of the greatest length."""
    exercise = asked()
    long = {"person": "A" * 60, "answers": {"why": "a" * 4_000, "next": ["wait", "talk"]}}
    for data in ({"answers": {"mood": 1}}, {"answers": {"mood": 5, "next": "talk"}}, long):
        exercise.apply(Command(kind="respond", data=GIVEN | data))
    assert answers_of(exercise) == {
        ("ARD", "Ann"): {"mood": 5, "next": "talk"},
        ("ARD", "A" * 60): {"why": "a" * 4_000, "next": ("wait", "talk")},
    }


def test_those_who_have_not_answered_everything_are_silent() -> None:
    """Three of four questions are not enough; a seat of the model is not asked."""
    exercise = asked()
    (sent,) = exercise.questionnaires.sent
    silent = []
    for answer in ({"mood": 3}, {"next": ["talk"]}, {"sure": "sure"}, {"why": "So."}):
        exercise.apply(Command(kind="respond", data=GIVEN | {"answers": answer}))
        silent.append(exercise.questionnaires.silent(sent))
    assert silent == [["ARD"], ["ARD"], ["ARD"], []]
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": "model"}))
    assert exercise.questionnaires.asked(sent) == []
