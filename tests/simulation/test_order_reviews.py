"""Orders are reviewed at milestones: continued, postponed or cancelled, each with a record."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import changed, loaded, run
from wargame.decision.menu import Candidate
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.governments import ForumMove, TermMove
from wargame.simulation.actors.orders import milestones
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

PATROL = Candidate("patrol", "BRL")


@lru_cache(maxsize=1)
def rivals() -> Loaded:
    """Two rivals who talk, and whom patrols offend; they never decide by themselves."""
    base = loaded()
    scenario = base.scenario
    leaders = {
        name: replace(leader, threshold=100.0, tempo=3650 * DAY, step=5) for name, leader in scenario.leaders.items()
    }
    talks = model.Forum(
        title="Talks", dossier="strait", members=("ARD", "BRL"), rounds=50, every=20 * DAY, pace=0.01, floor=-1.0,
        offences=(model.ActionPattern(options=("patrol",)),), restraint=2.0, resumes=30 * DAY,
    )  # fmt: skip
    moves = {
        f"{move}_talks": model.Option(
            title="moves", dossier="strait", by=("ARD", "BRL"), cameo="036", goldstein=4.0, lead=(0, 0, 0),
            cool_down=0, forum=ForumMove(name="talks", move=move),
        )
        for move in ("propose", "accept", "leave", "return")
    }  # fmt: skip
    rules = replace(scenario.rules, reviews=model.Reviews())
    return changed(
        base, leaders=leaders, forums={"talks": talks}, options={**scenario.options, **moves}, rules=rules, injects=()
    )


def ordered(lead: int, gain: float = 0.2, base: Loaded | None = None) -> Exercise:
    """Arda has ordered a patrol, with this lead time and score above waiting."""
    exercise = Exercise(base or rivals(), 1, Settings())
    exercise.advance(1)
    for government in exercise.governments.values():  # talks and reviews are all that happens
        government.desk.entries["economy"].due = exercise.end
        government.desk.entries["strait"].due = exercise.end
    exercise.governments["ARD"].order(PATROL, lead, exercise.records()[-1][0], "decision", gain=gain)
    return exercise


def of_kind(exercise: Exercise, kind: str) -> list[RawRecord]:
    """The records of a kind."""
    return [r for r in exercise.records() if r[2] == kind]


def convene(exercise: Exercise) -> None:
    """Both sides come to the talks."""
    for who, move in (("ARD", "propose_talks"), ("BRL", "accept_talks")):
        data = {"government": who, "option": move, "target": None, "forced": True}
        exercise.apply(Command(kind="order", data=data))
    assert exercise.context.world.get("convened", "talks") == 1.0


@given(st.integers(0, 900 * DAY), st.integers(1, 6), st.integers(DAY, 90 * DAY))
def test_milestones_are_within_the_lead_time(lead: int, parts: int, every: int) -> None:
    """Ascending, at most `every` apart, and none for a short order."""
    rules = model.Reviews(parts=parts, every=every)
    times = milestones((), rules, lead)
    assert times == sorted(set(times))
    assert all(0 < time < lead for time in times)
    if lead < rules.shortest:
        assert times == []
    elif times:
        assert max(b - a for a, b in zip([0, *times], [*times, lead], strict=True)) <= max(every, 1) + parts


def test_written_milestones_replace_the_parts_of_the_lead_time() -> None:
    """As far as they come before the action."""
    assert milestones((10 * DAY, 50 * DAY), model.Reviews(), 40 * DAY) == [10 * DAY]


def test_an_order_continues_with_a_record_at_each_milestone() -> None:
    """At thirds of its lead time; then it is carried out."""
    exercise = ordered(30 * DAY, gain=-5.0)
    exercise.advance(31 * DAY)
    reviews = of_kind(exercise, "order.reviewed")
    assert [(r[1] // DAY, r[6]["how"]) for r in reviews] == [(10, "continued"), (20, "continued")]
    assert [r[4] for r in of_kind(exercise, "action")] == ["patrol"]
    assert all(r[5] == (of_kind(exercise, "action")[0][5][0],) for r in reviews)


def test_an_order_that_has_lost_its_worth_is_cancelled() -> None:
    """Its score is below waiting and below that of the decision, by more than the margin."""
    exercise = ordered(30 * DAY)
    world = exercise.context.world
    world.put(world.slot("control", ("ARD",)), 1.0)  # nothing is left to gain
    world.put(world.slot("tension", ()), 0.0)
    exercise.advance(31 * DAY)
    (cancelled,) = of_kind(exercise, "order.cancelled")
    assert cancelled[1] == 10 * DAY + 1
    assert cancelled[6]["reason"].startswith("review: its score is -")
    assert of_kind(exercise, "action") == []


def test_an_order_against_which_something_stands_is_cancelled_at_its_milestone() -> None:
    """Not only when it is due."""
    base = rivals()
    patrol = replace(base.scenario.options["patrol"], requires="day < 5")
    exercise = ordered(30 * DAY, base=changed(base, options={**base.scenario.options, "patrol": patrol}))
    exercise.advance(11 * DAY)
    (cancelled,) = of_kind(exercise, "order.cancelled")
    assert cancelled[6]["reason"].startswith("review: its condition does not hold")


def test_an_order_that_only_talks_stand_against_is_postponed() -> None:
    """At its milestones and when it is due, as long as the talks last."""
    base = rivals()
    eager = replace(base.scenario.leaders["arda_council"], leanings={"patrol": 1.0})
    exercise = ordered(30 * DAY, base=changed(base, leaders={**base.scenario.leaders, "arda_council": eager}))
    convene(exercise)
    exercise.advance(70 * DAY)
    reviews = of_kind(exercise, "order.reviewed")
    assert {r[6]["how"] for r in reviews} == {"postponed"}
    assert "patrol" not in {r[4] for r in of_kind(exercise, "action")}
    assert exercise.governments["ARD"].pending[PATROL].until > exercise.now


def test_a_change_of_leader_reviews_the_orders() -> None:
    """At once, by the interests of the new leader."""
    base = rivals()
    peaceful = replace(base.scenario.leaders["arda_council"], interests={"tension": -9.0})
    exercise = ordered(30 * DAY, base=changed(base, leaders={**base.scenario.leaders, "arda_dove": peaceful}))
    exercise.advance(5 * DAY)
    exercise.governments["ARD"].install("arda_dove")
    (cancelled,) = of_kind(exercise, "order.cancelled")
    assert (cancelled[1], cancelled[6]["option"]) == (5 * DAY, "patrol")
    assert cancelled[6]["reason"].startswith("review: its score is")


def test_a_shock_reviews_the_orders_directed_at_its_author() -> None:
    """As soon as it is perceived, long before the first milestone."""
    exercise = ordered(30 * DAY, gain=-5.0)
    data = {"government": "BRL", "option": "strike", "target": "ARD", "forced": True}
    exercise.apply(Command(kind="order", data=data))
    exercise.advance(3 * DAY)
    assert [r[6]["occasion"] for r in of_kind(exercise, "order.reviewed")] == ["shock"]


def test_talks_that_convene_review_the_orders_directed_at_their_members() -> None:
    """On the same day."""
    exercise = ordered(30 * DAY, gain=-5.0)
    convene(exercise)
    assert [r[6]["occasion"] for r in of_kind(exercise, "order.reviewed")] == ["talks"]


def test_an_agreement_reviews_the_orders_directed_at_its_parties() -> None:
    """What it rules out is cancelled when it enters into force, not when it is due."""
    base = rivals()
    pact = model.Agreement(
        title="Pact", parties=("ARD", "BRL"), rules_out={"ARD": ("patrol",), "BRL": ("patrol",)}, holds=90 * DAY
    )
    terms = {
        f"{move}_pact": model.Option(
            title="moves", dossier="strait", by=("ARD", "BRL"), cameo="057", goldstein=4.0, lead=(0, 0, 0),
            cool_down=0, agreement=TermMove(name="pact", move=move),
        )
        for move in ("offer", "accept")
    }  # fmt: skip
    exercise = ordered(
        30 * DAY, base=changed(base, agreements={"pact": pact}, options={**base.scenario.options, **terms})
    )
    for who, move in (("ARD", "offer_pact"), ("BRL", "accept_pact")):
        data = {"government": who, "option": move, "target": None, "forced": True}
        exercise.apply(Command(kind="order", data=data))
    (cancelled,) = of_kind(exercise, "order.cancelled")
    assert (cancelled[1], cancelled[6]["option"]) == (exercise.now, "patrol")


def test_orders_of_people_are_not_reviewed() -> None:
    """Neither what a person ordered, nor what the model ordered before a person took the seat."""
    exercise = ordered(30 * DAY)
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": "human"}))
    exercise.advance(31 * DAY)
    assert of_kind(exercise, "order.reviewed") == of_kind(exercise, "order.cancelled") == []
    assert of_kind(exercise, "action")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_scenario_without_reviews_has_no_records_of_them(seed: int) -> None:
    """Nor of orders carried over."""
    kinds = {r[2] for r in run(loaded(), seed).records()}
    assert "decision" in kinds
    assert kinds.isdisjoint({"order.reviewed", "order.carried_over"})
