"""Strategies end by what they achieve: exits, aspirations, and interests that change with a stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.engine import changed, loaded
from wargame.errors import UsageFault
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.governments import StageExit
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

TALKS = model.Strategy(title="Talks", stages=(model.Stage(name="talk"),), appeal="tension")


def rivals(strategy: model.Strategy, aspirations: model.Aspirations | None = None, **leader: Any) -> Loaded:
    """Arda follows a strategy, and may turn to talks; nobody acts."""
    base = loaded()
    still: dict[str, Any] = {"threshold": 100.0, "tempo": 3650 * DAY}
    leaders = {name: replace(each, **still) for name, each in base.scenario.leaders.items()}
    leaders["arda_council"] = replace(leaders["arda_council"], strategy="push", **leader)
    rules = replace(base.scenario.rules, aspirations=aspirations)
    return changed(base, strategies={"push": strategy, "talks": TALKS}, leaders=leaders, rules=rules, injects=())


def push(*exits: StageExit, **fields: Any) -> model.Strategy:
    """A strategy with two stages, of which the first has these exits."""
    stages = (model.Stage(name="press", exits=exits), model.Stage(name="strike"))
    return model.Strategy(title="Push", **({"stages": stages} | fields))


def turns(exercise: Exercise) -> list[tuple[str, str, str]]:
    """Strategy, stage and reason of each change of course."""
    return [(r[6]["strategy"], r[6]["stage"], r[6].get("why", "")) for r in records(exercise)]


def records(exercise: Exercise) -> list[RawRecord]:
    """The records of changes of course."""
    return [r for r in exercise.records() if r[2] == "strategy"]


def after(base: Loaded, days: int, tension: float = 0.8, strategies: tuple[tuple[str, str], ...] = ()) -> Exercise:
    """The exercise after this time, with the tension set on its first day."""
    exercise = Exercise(base, 1, Settings(strategies=strategies))
    exercise.advance(DAY)
    exercise.apply(Command(kind="set", data={"path": "tension", "value": tension}))
    exercise.advance(days * DAY)
    return exercise


def test_an_exit_leads_to_another_strategy_with_its_reason() -> None:
    """At a meeting, once its condition is true."""
    way = StageExit(when="tension > 0.5", to="talks", why="too costly")
    exercise = after(rivals(push(way)), 30)
    assert turns(exercise) == [("talks", "talk", "too costly")]
    assert exercise.context.offices.strategy["ARD"] == "talks"


def test_an_exit_opens_after_its_time() -> None:
    """No result in a stated time: both the time and the condition are needed."""
    way = StageExit(when="tension > 0", after=60 * DAY, stage="strike", why="no result")
    exercise = after(rivals(push(way)), 50)
    assert turns(exercise) == []
    exercise.advance(80 * DAY)
    assert turns(exercise) == [("push", "strike", "no result")]
    assert after(rivals(push(replace(way, when="tension > 2"))), 90).context.offices.strategy["ARD"] == "push"


@pytest.mark.parametrize(("repertoire", "course"), [(("talks",), "talks"), ((), "push")])
def test_a_leader_whose_strategy_falls_short_searches(repertoire: tuple[str, ...], course: str) -> None:
    """Among the strategies of its repertoire; without one it goes on."""
    rules = model.Aspirations(window=30 * DAY, patience=30 * DAY, switching=0.0)
    fails = push(aim="control[ARD]", floor=0.5)
    leader = {"repertoire": repertoire, "rationality": 1000.0}
    exercise = after(rivals(fails, rules, **leader), 150)
    assert exercise.context.offices.strategy["ARD"] == course
    assert [why for *_, why in turns(exercise)][:1] == (
        ["its results fall short of the aspiration"] if repertoire else []
    )


def test_a_leader_whose_strategy_succeeds_does_not_search() -> None:
    """Its progress is above the aspiration."""
    rules = model.Aspirations(window=30 * DAY, patience=30 * DAY, switching=0.0)
    works = push(aim="control[ARD]", floor=-0.5)
    exercise = after(rivals(works, rules, repertoire=("talks",), rationality=1000.0), 150)
    assert turns(exercise) == []


def test_switching_has_a_cost() -> None:
    """A strategy that is little better is not worth the change."""
    rules = model.Aspirations(window=30 * DAY, patience=30 * DAY, switching=5.0)
    fails = push(aim="control[ARD]", floor=0.5)
    exercise = after(rivals(fails, rules, repertoire=("talks",), rationality=1000.0), 150)
    assert turns(exercise) == []


@pytest.mark.parametrize(("strategies", "course"), [((), "talks"), ((("ARD", "push"),), "push")])
def test_an_arm_holds_the_strategy_that_it_sets(strategies: tuple[tuple[str, str], ...], course: str) -> None:
    """Neither an exit to another strategy nor a search ends it."""
    rules = model.Aspirations(window=30 * DAY, patience=30 * DAY, switching=0.0)
    way = StageExit(when="tension > 0.5", to="talks", why="too costly")
    for strategy in (push(way), push(aim="control[ARD]", floor=0.5)):
        base = rivals(strategy, rules, repertoire=("talks",), rationality=1000.0)
        assert after(base, 150, strategies=strategies).context.offices.strategy["ARD"] == course


UNKNOWN = "growth_plan[ARD]"
FORMULAS = {
    "the aim": {"aim": UNKNOWN},
    "the end of a stage": {"stages": (model.Stage(name="press", until=f"{UNKNOWN} > 0.5"),)},
    "an exit": {"stages": (model.Stage(name="press", exits=(StageExit(when=f"{UNKNOWN} > 0.5"),)),)},
    "an interest": {"stages": (model.Stage(name="press", interests={UNKNOWN: 1.0}),)},
}


@pytest.mark.parametrize("fields", FORMULAS.values(), ids=FORMULAS)
def test_an_arm_sets_no_strategy_that_rests_on_what_its_government_cannot_know(fields: dict[str, Any]) -> None:
    """What is known to Arda alone can be in a strategy of Arda; Brel cannot be given it."""
    base = rivals(push(**fields))
    own = replace(base.scenario.indicators["growth"], known="own")
    base = changed(base, indicators={**base.scenario.indicators, "growth_plan": own})
    assert after(base, 1, strategies=(("ARD", "push"),)).context.offices.strategy["ARD"] == "push"
    with pytest.raises(UsageFault, match=r"BRL cannot follow push: .* uses growth_plan\[ARD\], which"):
        after(base, 1, strategies=(("BRL", "push"),))


def test_the_stages_of_a_held_strategy_change() -> None:
    """They are part of the strategy."""
    way = StageExit(when="tension > 0.5", stage="strike", why="too slow")
    exercise = after(rivals(push(way)), 30, strategies=(("ARD", "push"),))
    assert turns(exercise)[1:] == [("push", "strike", "too slow")]


def test_a_held_strategy_ends_by_an_inject() -> None:
    """What the script says holds, and what it brings is not held."""
    way = StageExit(when="tension > 0.5", to="push", why="tests go on")
    base = rivals(push())
    talks = replace(TALKS, stages=(model.Stage(name="talk", exits=(way,)),))
    base = changed(base, strategies={"push": push(), "talks": talks})
    exercise = Exercise(base, 1, Settings(strategies=(("ARD", "push"),)))
    exercise.advance(DAY)
    exercise.governments["ARD"].follow("talks")
    exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.8}))
    exercise.advance(30 * DAY)
    assert [name for name, *_ in turns(exercise)] == ["push", "talks", "push"]


def test_a_stage_changes_what_a_leader_wants() -> None:
    """Prices follow; the reference point moves along, so that nothing is gained or lost by the change itself."""
    stages = (
        model.Stage(name="build", until="tension > 0.5"),
        model.Stage(name="harvest", interests={"control[ARD]": 0.0, "growth[ARD]": 4.0}),
    )
    exercise = Exercise(rivals(push(stages=stages)), 1, Settings())
    exercise.advance(20 * DAY)
    leadership = exercise.governments["ARD"].leadership
    assert leadership is not None
    control = exercise.context.world.slot("control", ("ARD",))
    assert leadership.prices[control] > 0.0
    exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.8}))
    shortfall = leadership._pricer.welfare() - leadership.reference
    assert leadership.review_strategy() == ""
    assert leadership.prices[control] == pytest.approx(0.0)
    assert leadership.welfare - leadership.reference == pytest.approx(shortfall)
