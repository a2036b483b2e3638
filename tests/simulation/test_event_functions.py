"""`count`, `days_since` and `after` see outcomes, hazards and their actions, in conditions and in views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.engine import changed, loaded
from wargame.language.times import DAY, parse_time
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

PEOPLE = (("ARD", "human"), ("BRL", "human"))
STORM = model.Hazard(title="A storm", rate="1000", bound=1000.0, once=True, effects={"tension": model.Effect(by=0.1)})


def world(**parts: Any) -> Loaded:
    """Two rivals who do nothing by themselves, with these parts; injects are only those given."""
    return changed(loaded(), **({"injects": (), "outcomes": {}} | parts))


def played(base: Loaded, days: int = 30) -> Exercise:
    """Some days with people in both seats."""
    exercise = Exercise(base, 1, Settings(seats=PEOPLE))
    exercise.advance(days * DAY)
    return exercise


def released(exercise: Exercise) -> dict[str, int]:
    """The second at which each inject was released first."""
    times: dict[str, int] = {}
    for record in exercise.records():
        if record[2] == "inject.released":
            times.setdefault(record[4], record[1])
    return times


def inject(name: str, **fields: Any) -> model.Inject:
    """An inject with a trigger."""
    return model.Inject(id=name, title=name, **fields)


CALM = model.Outcome(title="Always", when="tension >= 0", hold=2 * DAY)


def test_an_outcome_counts_in_conditions_from_when_it_is_met() -> None:
    """`count` of an outcome is 0 before and 1 after; `days_since` runs from it."""
    injects = (
        inject("counted", when="count(calm) > 0"),
        inject("early", when="count(calm) == 0 and day > 0.5"),
        inject("later", when="count(calm) > 0 and days_since(calm) >= 3"),
        inject("never", when="count(calm) > 1"),
    )
    exercise = played(world(outcomes={"calm": CALM}, injects=injects))
    reached = exercise.outcomes["calm"]
    assert reached == 2 * DAY
    times = released(exercise)
    assert times.keys() == {"counted", "early", "later"}
    assert times["counted"] == reached
    assert times["early"] < reached
    assert reached + 3 * DAY <= times["later"] <= reached + 4 * DAY


def test_governments_know_that_an_outcome_was_met() -> None:
    """An option that requires an outcome becomes available to them."""
    base = world(outcomes={"calm": CALM})
    options = base.scenario.options
    parade = replace(options["protest"], title="holds a parade", requires="count(calm) > 0")
    exercise = Exercise(changed(base, options={**options, "parade": parade}), 1, Settings(seats=PEOPLE))
    government = exercise.governments["ARD"]

    def available() -> set[str]:
        menu = government.menus["strait"]
        return {menu.candidates[i].option for i in exercise.feasibility.feasible(government, menu, None)}

    exercise.advance(DAY)
    assert "protest" in available()
    assert "parade" not in available()
    exercise.advance(3 * DAY)
    assert "parade" in available()


def test_a_hazard_is_an_event_of_the_run() -> None:
    """It is counted by its id, for the white cell and in the memory of each government."""
    exercise = played(world(hazards={"storm": STORM}))
    (at,) = [record[1] for record in exercise.records() if record[2] == "hazard"]
    memories = [exercise.context.events, *exercise.context.memories.values()]
    assert len(memories) == 3
    for memory in memories:
        assert memory.count("storm") == 1.0
        assert memory.days_since("storm") == pytest.approx((exercise.now - at) / DAY)


def test_the_action_of_a_hazard_counts_and_sets_off_what_waits_for_it() -> None:
    """`after` an action, `count` and `days_since` see what a hazard did as they see what a government decided."""
    spec = model.ActionSpec(option="patrol", by="ARD", to="BRL")
    injects = (
        inject("after", after=model.After(action=model.ActionPattern(options=("patrol",)), delay=DAY)),
        inject("counted", when="count(patrol) > 0"),
        inject("since", when="days_since(patrol) < 1"),
    )
    inputs = world(hazards={"storm": replace(STORM, action=spec)}, injects=injects)
    exercise = Exercise(inputs, 1, Settings(seats=(("ARD", "script"), ("BRL", "script"))))
    exercise.advance(30 * DAY)
    (done,) = [record[1] for record in exercise.records() if record[2] == "action"]
    times = released(exercise)
    assert times == {"after": done + DAY, "counted": done, "since": done}


def test_an_inject_can_wait_for_another() -> None:
    """`after` an inject counts its delay from the release; `count` and `days_since` see it."""
    injects = (
        inject("first", at=parse_time("D+3")),
        inject("second", after=model.After(inject="first", delay=2 * DAY)),
        inject("third", when="count(first) > 0 and days_since(first) >= 1"),
    )
    times = released(played(world(injects=injects), days=60))
    assert times["second"] == times["first"] + 2 * DAY
    assert times["first"] + DAY <= times["third"] <= times["first"] + 2 * DAY
