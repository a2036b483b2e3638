"""Plans: actions in series, appraised again at each step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from support.engine import changed, loaded
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings


def patrolling(eagerness: float = 1.0, requires: str | None = None, **fields: Any) -> Exercise:
    """Arda has carried out a patrol that begins a plan of two more; nothing else is decided."""
    base = loaded()
    patrol = replace(base.scenario.options["patrol"], requires=requires)
    given: dict[str, Any] = {
        "title": "A season of patrols",
        "by": ("ARD",),
        "begins": model.ActionPattern(options=("patrol",)),
        "steps": ("patrol",),
        "rounds": 2,
        "spacing": (5 * DAY, 5 * DAY, 5 * DAY),
    }
    plan = model.Plan(**(given | fields))
    still: dict[str, Any] = {"threshold": 100.0, "tempo": 3650 * DAY, "step": 5, "leanings": {"patrol": eagerness}}
    leaders = {name: replace(leader, **still) for name, leader in base.scenario.leaders.items()}
    options = {**base.scenario.options, "patrol": patrol}
    base = changed(base, plans={"season": plan}, leaders=leaders, injects=(), options=options)
    exercise = Exercise(base, 1, Settings())
    exercise.advance(DAY)
    exercise.actions.do("ARD", "patrol", "BRL", source="decision")
    return exercise


def of_kind(exercise: Exercise, kind: str) -> list[RawRecord]:
    """The records of a kind."""
    return [r for r in exercise.records() if r[2] == kind]


def test_a_plan_is_carried_out_step_by_step() -> None:
    """At its spacing, towards the target of the first action, and in spite of the cool-down."""
    exercise = patrolling()
    exercise.advance(40 * DAY)
    patrols = of_kind(exercise, "action")
    assert [(r[1] // DAY, r[6]["target"], r[6]["from"]) for r in patrols] == [
        (1, "BRL", "decision"), (6, "BRL", "plan"), (11, "BRL", "plan"),
    ]  # fmt: skip
    (begun,), (ended,) = of_kind(exercise, "plan.begun"), of_kind(exercise, "plan.ended")
    assert begun[6]["steps"] == ["patrol", "patrol"]
    assert {r[5] for r in patrols[1:]} == {(begun[0],)}
    assert (ended[6]["how"], ended[6]["done"]) == ("finished", 2)


def test_a_plan_that_has_lost_its_worth_is_abandoned() -> None:
    """Its step scores less than waiting, by more than the margin."""
    exercise = patrolling(eagerness=-1.0)
    exercise.advance(40 * DAY)
    assert len(of_kind(exercise, "action")) == 1
    (ended,) = of_kind(exercise, "plan.ended")
    assert ended[6]["how"] == "abandoned"
    assert "above waiting" in ended[6]["reason"]


def test_a_step_against_which_something_stands_ends_the_plan() -> None:
    """For instance its own condition."""
    exercise = patrolling(requires="day < 5")
    exercise.advance(10 * DAY)
    (ended,) = of_kind(exercise, "plan.ended")
    assert ended[6]["reason"].startswith("its condition does not hold")


def test_a_plan_ends_when_its_time_is_over() -> None:
    """What is left of it is not carried out."""
    exercise = patrolling(within=7 * DAY)
    exercise.advance(40 * DAY)
    assert [r[6]["how"] for r in of_kind(exercise, "plan.ended")] == ["overdue"]
    assert len(of_kind(exercise, "action")) == 2


def test_a_person_is_not_bound_by_a_plan_of_the_model() -> None:
    """Once a person has the seat, nothing of it is carried out."""
    exercise = patrolling()
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": "human"}))
    exercise.advance(40 * DAY)
    assert len(of_kind(exercise, "action")) == 1
    assert [r[6]["how"] for r in of_kind(exercise, "plan.ended")] == ["abandoned"]


def test_only_a_decision_of_the_model_begins_a_plan() -> None:
    """Neither an inject nor a step of the plan itself does, and not without chance."""
    assert of_kind(patrolling(chance=0.0), "plan.begun") == []
    exercise = patrolling()
    exercise.actions.do("ARD", "patrol", "BRL", source="inject")
    exercise.advance(40 * DAY)
    assert len(of_kind(exercise, "plan.begun")) == 1
