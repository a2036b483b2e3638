"""Changes of a seat: open decisions of a person go to the model or to another person, or stay undecided."""

from __future__ import annotations

import pytest

from support.engine import loaded
from wargame.decision.menu import Candidate
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings


def undecided() -> tuple[Exercise, list[RawRecord]]:
    """A month with people in both seats; ARD has open decisions."""
    exercise = Exercise(loaded(), 1, Settings(seats=(("ARD", "human"), ("BRL", "human"))))
    exercise.advance(30 * DAY)
    due = [record for record in exercise.records() if record[2] == "decision.due" and record[3] == "ARD"]
    assert due
    return exercise, due


def seat(exercise: Exercise, kind: str) -> int:
    """Puts another kind of seat in charge of ARD."""
    return exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": kind}))


def open_of(exercise: Exercise, who: str) -> set[str]:
    """The dossiers on which a government's decision is open."""
    return {due.dossier for due in exercise.commands.seats.dues.values() if due.government == who}


def test_the_model_takes_up_open_decisions() -> None:
    """It meets on each of these dossiers at once, because of the change, and none stays open."""
    exercise, _ = undecided()
    left, others = open_of(exercise, "ARD"), open_of(exercise, "BRL")
    assert left
    assert others
    seq = seat(exercise, "model")
    assert open_of(exercise, "ARD") == set()
    assert open_of(exercise, "BRL") == others
    exercise.advance(exercise.now + 2 * DAY)
    meetings = [r for r in exercise.records() if r[2] == "decision" and r[3] == "ARD" and r[0] > seq]
    resumed = {record[6]["dossier"] for record in meetings if record[6].get("meeting") == "resumed"}
    assert resumed == left


def test_a_script_leaves_open_decisions_undecided() -> None:
    """A script seat only replays its history."""
    exercise, _ = undecided()
    seq = seat(exercise, "script")
    exercise.advance(exercise.now + 10 * DAY)
    assert open_of(exercise, "ARD") == set()
    assert not [r for r in exercise.records() if r[2] == "decision" and r[3] == "ARD" and r[0] > seq]


def test_open_decisions_stay_open_for_another_person() -> None:
    """A change from person to person loses none."""
    exercise, _ = undecided()
    left = open_of(exercise, "ARD")
    seat(exercise, "human")
    assert open_of(exercise, "ARD") == left


@pytest.mark.parametrize("kind", ["model", "human", "script"])
def test_the_last_command_determines_the_seat(kind: str) -> None:
    """The command takes precedence over the setting at the start."""
    exercise, _ = undecided()
    seat(exercise, kind)
    assert exercise.commands.seats.of("ARD") == kind
    assert exercise.commands.seats.of("BRL") == "human"


def test_an_order_of_a_person_stands_when_the_model_takes_the_seat() -> None:
    """It was given without an occasion, or beyond the limits of the leader; these bind the model alone."""
    seats = (("KOR", "human"), ("PRK", "human"))
    exercise = Exercise(loaded("korea-2017"), 1, Settings(seats=seats, limits=(("PRK", "none"),)))
    exercise.advance(exercise.calendar.startex + DAY)
    given = {"KOR": Candidate("leader_phone_call", "CHN"), "PRK": Candidate("limited_strike", "KOR")}
    for name, candidate in given.items():
        exercise.apply(Command(kind="order", data={"government": name, **candidate._asdict()}))
        exercise.apply(Command(kind="seat", data={"government": name, "kind": "model"}))
        assert exercise.feasibility.blocker(exercise.governments[name], candidate)
    exercise.advance(exercise.now + 10 * DAY)
    done = {
        each[3]: Candidate(each[4], each[6]["target"]) for each in exercise.records() if each[6].get("from") == "order"
    }
    assert done == given
