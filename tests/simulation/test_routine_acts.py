"""Minor acts below the threshold of decision, and the stance that they express."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from support.engine import changed, loaded, run, story
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@lru_cache(maxsize=4)
def rivals(**fields: Any) -> Loaded:
    """Two rivals with minor acts."""
    base = loaded()
    return changed(base, rules=replace(base.scenario.rules, routine=model.Routine(**fields)), injects=())


def acts(exercise: Exercise) -> list[RawRecord]:
    """The records of minor acts."""
    return [r for r in exercise.records() if r[2] == "routine"]


def weights(exercise: Exercise, actor: str) -> list[float]:
    """The mean weight of an actor's acts, by week."""
    return [total / count for r in acts(exercise) if r[3] == actor for count, total in r[6]["acts"].values()]


def test_acts_are_weekly_and_as_many_as_written() -> None:
    """A record for each government and week, with number and sum of weights by receiver."""
    exercise = run(rivals(), days=365)
    counts = [count for r in acts(exercise) for count, _ in r[6]["acts"].values()]
    assert len(counts) > 90
    assert sum(counts) / (2 * 52) == pytest.approx(3.0, abs=0.5)
    assert {r[1] % (7 * DAY) for r in acts(exercise)} == {0}


def test_acts_follow_the_stance() -> None:
    """A hostile stance gives hostile acts, within the range of minor acts."""
    exercise = Exercise(rivals(half_life=36500 * DAY, surprise=0.0, own=0.0), 1, Settings())
    exercise.advance(1)
    world = exercise.context.world
    world.put(world.slot("stance", ("ARD", "BRL")), -0.8)
    world.put(world.slot("stance", ("BRL", "ARD")), 0.8)
    exercise.advance(120 * DAY)
    assert max(weights(exercise, "ARD")) < 0 < min(weights(exercise, "BRL"))
    assert min(weights(exercise, "ARD")) >= -4.0
    assert max(weights(exercise, "BRL")) <= 3.4


def test_actions_and_surprises_move_the_stance() -> None:
    """A government that acts hostilely becomes hostile; so does the one that is surprised."""
    exercise = Exercise(rivals(acts=0.0), 1, Settings(until="40d"))
    exercise.advance(1)
    exercise.actions.do("ARD", "patrol", "BRL", source="order")
    world = exercise.context.world
    assert world.get("stance", "ARD", "BRL") == pytest.approx(-0.3 * 0.72, abs=0.01)
    assert world.get("stance", "BRL", "ARD") == 0.0
    exercise.advance(3 * DAY)
    assert world.get("stance", "BRL", "ARD") < 0.0


def test_the_stance_is_a_term_of_the_score() -> None:
    """It favours friendly actions towards those to whom a government is friendly."""
    exercise = Exercise(rivals(in_score=0.2), 1, Settings())
    exercise.advance(1)
    exercise.context.world.put(exercise.context.world.slot("stance", ("ARD", "BRL")), 0.5)
    government = exercise.governments["ARD"]
    menu = government.menus["strait"]
    assert government.leadership is not None
    appraisal = government.leadership.appraise("strait", list(range(1, len(menu.candidates))))
    terms = {c.option: appraisal.explain(i).get("stance", 0.0) for i, c in enumerate(menu.candidates) if i}
    assert terms["talk"] == pytest.approx(0.2 * 0.5 * 0.4)
    assert terms["patrol"] == pytest.approx(-0.2 * 0.5 * 0.72)


def test_the_staff_of_a_person_does_nothing_unasked() -> None:
    """A government with a person in its seat has no minor acts."""
    exercise = Exercise(rivals(), 1, Settings(seats=(("ARD", "human"),), until="60d"))
    exercise.advance(60 * DAY)
    assert {r[3] for r in acts(exercise)} == {"BRL"}


def test_without_acts_and_score_the_decisions_are_those_without_the_mechanism() -> None:
    """The stance alone changes nothing, and no draw is shared with another part."""
    base = loaded()
    plain = run(changed(base, injects=()), days=200)
    silent = run(rivals(acts=0.0), days=200)
    assert [r[:6] for r in story(plain, "")] == [r[:6] for r in story(silent, "")]
