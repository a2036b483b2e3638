"""What users see of the order in the tables of `exercise.py`.

Each test fails if the neighbours that it names are swapped.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.engine import changed, loaded
from support.injects import fired, inject, play
from support.neighbours import COMMUTING, ORDERED, neighbours, order_matters
from support.talks import begin, option, order, records, table, turns
from wargame.decision.menu import Candidate
from wargame.language.times import DAY, HOUR, parse_time
from wargame.scenario import model
from wargame.scenario.model.governments import ForumMove, TermMove
from wargame.simulation import exercise as tables
from wargame.simulation.actors.government import GovernmentProcess
from wargame.simulation.actors.optional_parts import Plans, VisitEffects
from wargame.simulation.actors.procedures import Procedures
from wargame.simulation.control.seats import Seats
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.context import Observers
from wargame.simulation.kernel.settings import Command, Settings
from wargame.simulation.mechanisms.agreements import Agreements
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.expected_actions import ExpectedActions
from wargame.simulation.mechanisms.forums import Forums
from wargame.simulation.mechanisms.inject_contents import InjectContents
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.outcomes import Outcomes
from wargame.simulation.mechanisms.triggers import Triggers

DEED = model.ActionPattern(options=("deed",))
FIXED = (30 * DAY, 30 * DAY, 30 * DAY)


def test_each_pair_of_neighbours_has_a_test() -> None:
    """Two entries of a table that follow each other have a test of their order, or commute."""
    assert set(neighbours()) == {*ORDERED, *COMMUTING}


def test_the_tables_say_which_entries_commute() -> None:
    """An entry with this comment may change places with the one above it; the property is tested elsewhere."""
    lines = Path(tables.__file__).read_text(encoding="utf-8").splitlines()
    marked = [line.partition(",")[0].strip() for line in lines if line.endswith("commutes")]
    assert marked == [second.__qualname__ for _, second in COMMUTING]


# --- after an action -----------------------------------------------------------------------------


def idle(options: dict[str, model.Option], **parts: Any) -> Exercise:
    """An hour after STARTEX, between two governments that decide nothing; the strategy of Arda has demands."""
    base = table().scenario
    leaders = {name: replace(leader, threshold=9.0, tempo=9999 * DAY) for name, leader in base.leaders.items()}
    case = changed(table(), options={**base.options, **options}, leaders=leaders, **parts)
    exercise = Exercise(case, 1, Settings(strategies=(("ARD", "push"),)))
    exercise.advance(HOUR)
    return exercise


def demanding(threat: str) -> dict[str, model.Strategy]:
    """A strategy with one demand on Brel, whose threat is due after 30 days."""
    demand = model.Demand(of="BRL", wants=("trade",), inducement="pay", threat=threat, within=30 * DAY)
    return {"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=(demand,)),))}


@order_matters((Agreements.moved, Forums.moved))
def test_a_signature_meets_the_condition_of_talks() -> None:
    """An action that puts an agreement in force and accepts talks which need it convenes them."""
    base = table().scenario
    sign = option(
        to=("ARD", "BRL"),
        forum=ForumMove(name="talks", move="accept"),
        agreement=TermMove(name="freeze", move="accept"),
    )
    talks = replace(base.forums["talks"], needs="in_force[freeze] > 0")
    exercise = begin(options={**base.options, "sign": sign}, forums={**base.forums, "talks": talks})
    order(exercise, "ARD", "offer_freeze", "BRL")
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "sign", "ARD")
    assert turns(exercise)[-1] == "convened"


@order_matters(
    (Agreements.moved, Forums.moved),
    (Forums.moved, Outcomes.acted),
    (Outcomes.acted, ExpectedActions.acted),
    (Demands.acted, Plans.acted),
    (Plans.acted, VisitEffects.acted),
)
def test_the_journal_tells_the_consequences_of_an_action_in_order() -> None:
    """The agreement, the talks, the outcome, the expectation, the demand, the plan, the commitments of a visit."""
    deed = option(
        to=("BRL",),
        demands=True,
        forum=ForumMove(name="talks", move="propose"),
        agreement=TermMove(name="freeze", move="offer"),
    )
    exercise = idle(
        {"deed": deed, "help": option(to=("ARD", "BRL"), value="0.1")},
        plans={"series": model.Plan(title="A series", by=("ARD",), begins=DEED, steps=("deed",))},
        outcomes={"done": model.Outcome(title="Done", action=DEED)},
        rules=replace(table().scenario.rules, visits=model.Visits(after=("deed",), commitments=("help",))),
        injects=(inject("call", at=parse_time("D+0"), expected=(model.ExpectedAction(who="ARD", any_of=("deed",)),)),),
    )
    before = len(exercise.records())
    exercise.actions.do("ARD", "deed", "BRL", source="decision")
    assert [r[2] for r in exercise.records()[before:]] == [
        "action", "agreement", "forum", "outcome", "expected", "demand", "plan.begun", "commitment", "commitment",
    ]  # fmt: skip


@order_matters((Demands.acted, Plans.acted))
def test_a_plan_carries_out_the_threat_of_the_demand_that_it_began_with() -> None:
    """If both are due at the same second, the demand is refused before the step of the plan."""
    plan = model.Plan(title="A series", by=("ARD",), begins=DEED, steps=("warn",), spacing=FIXED, margin=9.0)
    options = {"deed": option(to=("BRL",), demands=True), "warn": option(to=("BRL",), goldstein=-4.0)}
    exercise = idle(options, plans={"series": plan}, strategies=demanding("warn"))
    exercise.actions.do("ARD", "deed", "BRL", source="decision")
    exercise.advance(40 * DAY)
    assert [r[6]["how"] for r in records(exercise, "demand.settled")] == ["refused", "carried_out"]


@order_matters((Plans.acted, VisitEffects.acted))
def test_a_plan_keeps_the_commitment_of_the_visit_that_it_began_with() -> None:
    """A step of the plan at the last second of a commitment honours it."""
    plan = model.Plan(title="A series", by=("ARD",), begins=DEED, steps=("help",), spacing=FIXED, margin=9.0)
    visits = model.Visits(after=("deed",), commitments=("help",), within=30 * DAY)
    options = {"deed": option(to=("BRL",)), "help": option(to=("ARD", "BRL"), value="0.1")}
    exercise = idle(options, plans={"series": plan}, rules=replace(table().scenario.rules, visits=visits))
    exercise.actions.do("ARD", "deed", "BRL", source="decision")
    exercise.advance(40 * DAY)
    assert [r[6]["how"] for r in records(exercise, "demand.settled") if r[3] == "ARD"] == ["honoured"]


def watched(*injects: model.Inject) -> tuple[Exercise, list[tuple[str, float]]]:
    """A quiet run of six days, and what an observer is told: the option or inject, and when something follows next."""
    told: list[tuple[str, float]] = []
    quiet = Settings(seats=(("ARD", "script"), ("BRL", "script")))
    exercise = Exercise(changed(loaded(), injects=injects), 1, quiet)
    exercise.observers.actions.append(lambda action: told.append((action.option, exercise.next_event())))
    exercise.observers.releases.append(lambda release: told.append((release.inject.id, exercise.next_event())))
    exercise.advance(6 * DAY)
    return exercise, told


@order_matters((Triggers.after_action, Observers.acted))
def test_an_observer_of_an_action_can_see_the_inject_that_follows_it() -> None:
    """It is told of an action after everything that the action leads to at once."""
    protest = model.ActionSpec(option="protest", by="ARD", to="BRL")
    after = model.After(action=model.ActionPattern(options=("protest",)), delay=60)
    begins = parse_time("D+5 H+1")
    _, told = watched(inject("a", at=begins, action=protest), inject("b", after=after))
    assert ("protest", 5 * DAY + HOUR + 60) in told


# --- after a signal ------------------------------------------------------------------------------


@order_matters((Demands.learned, GovernmentProcess.perceive))
def test_a_meeting_on_a_demand_that_was_met_is_about_what_is_owed() -> None:
    """The sender meets because of its deadline, and not because the news adds salience."""
    demand = model.Demand(of="BRL", wants=("halt",), inducement="pay", threat="patrol", within=60 * DAY)
    exercise = idle(
        {"deed": option(to=("BRL",), demands=True), "halt": option(to=("ARD",), goldstein=9.0)},
        strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=(demand,)),))},
        rules=replace(table().scenario.rules, salience_meeting=0.1, salience_crisis=99.0),
    )
    for name in ("strait", "economy"):
        exercise.governments["ARD"].desk.entries[name].due = exercise.end
    exercise.actions.do("ARD", "deed", "BRL", source="order")
    exercise.actions.do("BRL", "halt", "ARD", source="order")
    exercise.advance(20 * DAY)
    assert next(r[6]["meeting"] for r in records(exercise, "decision") if r[3] == "ARD") == "deadline"


def under_proof(**parts: Any) -> Exercise:
    """A freeze between two people is in force; a `show` of Arda lets Brel verify it."""
    base = table().scenario
    keeping = model.Indicator(title="Keeping", scope="government", start={"default": 0.5}, known="estimated")
    freeze = replace(base.agreements["freeze"], proof={"keeping[ARD]": 0.005})
    exercise = begin(
        options={**base.options, "show": option(by=("ARD",), reports={"keeping[ARD]": 0.003})},
        indicators={**base.indicators, "keeping": keeping},
        agreements={"freeze": freeze},
        **parts,
    )
    order(exercise, "ARD", "offer_freeze", "BRL")
    order(exercise, "BRL", "accept_freeze", "ARD")
    return exercise


def verified_at(exercise: Exercise) -> list[int]:
    """When the freeze was verified."""
    return [r[1] for r in records(exercise, "agreement") if r[6]["event"] == "verify"]


@order_matters((Procedures.respond, Agreements.check_proofs))
def test_a_procedure_responds_to_news_before_it_verifies_an_agreement() -> None:
    """A procedure for a freeze that is not verified is started by the report that verifies it."""
    procedure = model.Procedure(
        title="Ask for more", government="BRL", on=model.ActionPattern(options=("show",)), does="talk", to="actor",
        when="verified[freeze] < 1",
    )  # fmt: skip
    exercise = under_proof(procedures={"ask": procedure})
    order(exercise, "ARD", "show", days=10)
    assert [r[1] for r in records(exercise, "procedure.proposed")] == verified_at(exercise) != []


@order_matters((Agreements.check_proofs, Seats.perceived))
def test_a_standing_order_follows_the_verification_at_once() -> None:
    """A person whose order waits for a verified freeze does not lose time: it is given at that second."""
    exercise = under_proof()
    waiting = {"government": "BRL", "option": "talk", "target": "ARD", "when": "verified[freeze] > 0"}
    exercise.apply(Command(kind="standing_order", data=waiting))
    order(exercise, "ARD", "show", days=10)
    assert [r[1] for r in records(exercise, "standing_order")] == verified_at(exercise) != []


# --- after the release of an inject --------------------------------------------------------------


@order_matters((Observers.released, InjectContents.publish))
def test_an_observer_is_told_of_a_release_before_anything_follows() -> None:
    """Nothing is due at that second yet, also if another inject waits for this one."""
    injects = inject("a", at=parse_time("D+5 H+1")), inject("b", when="count(a) > 0")
    exercise, told = watched(*injects)
    assert fired(exercise)[1][0] == "b"
    assert dict(told)["a"] > 5 * DAY + HOUR


def successor(call: model.Inject, requires: str) -> Exercise:
    """Arda has ordered a march with this requirement; an inject installs a new leader, who reviews the order."""
    base = table().scenario
    keeping = model.Indicator(title="Keeping", scope="government", start={"default": 0.9}, bias=-0.5, known="estimated")
    options = {"march": option(to=("BRL",), requires=requires, value="1.0")}
    exercise = idle(
        options,
        rules=replace(base.rules, reviews=model.Reviews()),
        indicators={**base.indicators, "keeping": keeping},
        injects=(replace(call, at=parse_time("D+5"), installs=(model.Install(leader="arda_council"),)),),
    )
    march = Candidate("march", "BRL")
    exercise.governments["ARD"].order(march, 90 * DAY, exercise.records()[-1][0], "decision")
    exercise.advance(6 * DAY)
    return exercise


@order_matters((InjectContents.publish, InjectContents.install))
def test_a_new_leader_knows_of_the_inject_that_brought_it_into_office() -> None:
    """It keeps an order that requires this inject."""
    exercise = successor(inject("call"), "count(call) > 0")
    assert [r[6]["how"] for r in records(exercise, "order.reviewed")] == ["continued"]


@order_matters((InjectContents.install, InjectContents.deliver))
def test_a_new_leader_reviews_orders_before_it_reads_the_message() -> None:
    """It gives up an order by the estimate of its predecessor, although the same inject reports another value."""
    exercise = successor(inject("call", reports={"keeping[BRL]": 1e-6}), "keeping[BRL] > 0.7")
    assert [r[6]["reason"].partition(":")[0] for r in records(exercise, "order.cancelled")] == ["review"]


@order_matters((InjectContents.deliver, InjectContents.act))
def test_the_message_of_an_inject_reports_the_state_before_its_action() -> None:
    """An inspection tells what there was, and then the inspected government changes it."""
    base = table().scenario
    keeping = model.Indicator(title="Keeping", scope="government", start={"default": 0.2}, known="estimated")
    change = option(by=("BRL",), effects={"keeping[actor]": model.Effect(to=0.9)})
    act = model.ActionSpec(option="change", by="BRL")
    exercise = idle(
        {"change": change},
        indicators={**base.indicators, "keeping": keeping},
        injects=(inject("look", at=parse_time("D+5"), reports={"keeping[BRL]": 1e-9}, action=act),),
    )
    exercise.advance(5 * DAY + 1)
    view = exercise.context.views["ARD"]
    assert exercise.context.world.get("keeping", "BRL") == 0.9
    assert view.value(view.slot("keeping", ("BRL",))) == pytest.approx(0.2, abs=0.01)


@order_matters((Injector.disable_others, Injector.enable_others))
def test_an_inject_that_is_disabled_and_enabled_at_once_can_be_released() -> None:
    """An inject that is off from the start, and that another one names in both lists, is on."""
    off = inject("b", at=parse_time("D+9"), enabled=False)
    assert fired(play(inject("a", at=parse_time("D+5"), disables=("b",), enables=("b",)), off)) == [("a", 5), ("b", 9)]


@order_matters((Injector.enable_others, Triggers.after_release))
def test_an_inject_may_follow_the_one_that_enables_it() -> None:
    """Its delay starts with the release that enables it."""
    follower = inject("b", after=model.After(inject="a", delay=DAY), enabled=False)
    assert fired(play(inject("a", at=parse_time("D+5"), enables=("b",)), follower)) == [("a", 5), ("b", 6)]
