"""Forums, agreements, demands, the ladder, procedures and outcomes, with people in both seats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import changed, loaded, run
from support.talks import begin, option, order, records, table, turns
from wargame.decision.menu import Candidate
from wargame.errors import UsageFault
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.simulation.actors.feasibility import UNLICENSED
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings
from wargame.simulation.mechanisms.joint_rounds import softmin

# --- forums ------------------------------------------------------------------------------------


def test_talks_from_proposal_to_agreement() -> None:
    """Proposed, committed, convened, rounds, agreed."""
    exercise = begin()
    order(exercise, "ARD", "propose_talks")
    assert exercise.context.world.get("committed", "talks") == 0.5
    order(exercise, "BRL", "accept_talks")
    assert exercise.context.world.get("convened", "talks") == 1.0
    exercise.advance(exercise.now + 100 * DAY)
    assert turns(exercise) == ["proposed", "proposed", "convened", "convened", "convened", "agreed"]


def test_a_proposal_without_commitments_lapses() -> None:
    """After its window; then it can be proposed again."""
    exercise = begin()
    order(exercise, "ARD", "propose_talks", days=91)
    assert turns(exercise) == ["proposed", "dormant"]
    order(exercise, "BRL", "propose_talks")
    assert turns(exercise)[-1] == "proposed"


def test_a_member_meets_more_often_after_an_invitation() -> None:
    """Three times in the first fortnight, although its routine meetings on the dossier are a month apart."""
    specs = table().scenario.governments
    desk = {"strait": replace(specs["BRL"].dossiers["strait"], every=30 * DAY)}
    exercise = begin(governments={**specs, "BRL": replace(specs["BRL"], dossiers=desk)})
    exercise.apply(Command(kind="seat", data={"government": "BRL", "kind": "model"}))
    order(exercise, "ARD", "propose_talks", days=14)
    assert [r[3] for r in records(exercise, "decision")].count("BRL") >= 3


def test_moves_that_the_state_does_not_allow_are_refused() -> None:
    """With the reason."""
    exercise = begin()
    for name in ("accept_talks", "leave_talks", "return_talks", "decline_talks"):
        with pytest.raises(UsageFault, match="does not allow"):
            order(exercise, "BRL", name)
    order(exercise, "ARD", "propose_talks")
    with pytest.raises(UsageFault, match="does not allow 'accept'"):
        order(exercise, "ARD", "accept_talks")


def test_the_worst_relation_limits_talks() -> None:
    """Talks convene only if the lowest trust reaches the floor, at the latest at the end of the window."""
    forum = replace(table().scenario.forums["talks"], floor=0.0)
    exercise = begin(forums={**table().scenario.forums, "talks": forum})
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "accept_talks")
    assert exercise.context.world.get("convened", "talks") == 0.0
    for pair in ("ARD, BRL", "BRL, ARD"):
        exercise.apply(Command(kind="set", data={"path": f"trust[{pair}]", "value": 0.2}))
    exercise.advance(exercise.now + 95 * DAY)
    assert "convened" in turns(exercise)


def test_a_severe_action_suspends_talks() -> None:
    """After a severe action the members return in time, or the talks collapse."""
    exercise = begin()
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "accept_talks")
    exercise.apply(
        Command(kind="order", data={"government": "ARD", "option": "strike", "target": "BRL", "forced": True})
    )
    assert turns(exercise)[-1] == "suspended"
    order(exercise, "BRL", "return_talks")
    assert turns(exercise)[-1] == "convened"
    order(exercise, "BRL", "leave_talks", days=121)
    assert turns(exercise)[-1] == "collapsed"
    exercise.advance(exercise.now + 181 * DAY)
    assert turns(exercise)[-1] == "dormant"


def test_talks_without_progress_collapse() -> None:
    """After the last round of the forum."""
    forum = replace(table().scenario.forums["talks"], offers="0")
    exercise = begin(forums={**table().scenario.forums, "talks": forum})
    order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "accept_talks", days=130)
    assert turns(exercise)[-1] == "collapsed"


def test_a_council_adopts_a_diluted_draft() -> None:
    """A diluted draft is adopted with three quarters of its strength."""
    strengths = []
    for dilute in (False, True):
        exercise = begin()
        exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.8}))
        order(exercise, "ARD", "propose_draft")
        if dilute:
            order(exercise, "BRL", "dilute_draft")
        order(exercise, "BRL", "accept_draft", days=2)
        assert turns(exercise, about="council")[-2:] == ["agreed", "dormant"]
        effect = next(r for r in records(exercise, "forum") if r[6]["to"] == "agreed")
        strengths.append(effect[6]["strength"])
    assert strengths == [1.0, 0.75]


def test_a_veto_ends_a_draft() -> None:
    """The forum is dormant again, and nothing was adopted."""
    exercise = begin()
    order(exercise, "ARD", "propose_draft")
    order(exercise, "BRL", "veto_draft")
    assert turns(exercise, about="council") == ["proposed", "dormant"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_soft_minimum_is_between_the_minimum_and_the_mean(values: list[float]) -> None:
    """It increases with each value."""
    soft = softmin(values)
    assert min(values) - 1e-9 <= soft <= sum(values) / len(values) + 1e-9
    assert softmin([v + 0.1 for v in values]) == pytest.approx(soft + 0.1)


# --- agreements --------------------------------------------------------------------------------


def test_an_agreement_from_offer_to_breach() -> None:
    """Offered, accepted by all who give something up, in force, verified, broken, offered again."""
    exercise = begin()
    order(exercise, "ARD", "offer_freeze", "BRL")
    order(exercise, "BRL", "accept_freeze", "ARD")
    world = exercise.context.world
    assert world.get("in_force", "freeze") == 1.0
    assert world.get("tension") == pytest.approx(0.1, abs=1e-6)
    order(exercise, "BRL", "verify_freeze", "ARD")
    assert (world.get("in_force", "freeze"), world.get("verified", "freeze")) == (1.0, 1.0)
    order(exercise, "ARD", "break_freeze", "BRL")
    assert (world.get("in_force", "freeze"), world.get("broken", "freeze")) == (0.0, 1.0)
    order(exercise, "BRL", "offer_freeze", "ARD")
    assert turns(exercise, "agreement", "freeze") == ["offered", "offered", "in_force", "verified", "broken", "offered"]


def test_an_agreement_rules_out_options() -> None:
    """Not while the agreement is in force; after a breach it can be chosen again."""
    exercise = begin()
    order(exercise, "ARD", "offer_freeze", "BRL")
    order(exercise, "BRL", "accept_freeze", "ARD")
    with pytest.raises(UsageFault, match="freeze rules it out"):
        order(exercise, "ARD", "patrol", "BRL")
    order(exercise, "ARD", "break_freeze", "BRL")
    exercise.apply(Command(kind="set", data={"path": "rung[ARD, BRL]", "value": 3}))
    order(exercise, "ARD", "patrol", "BRL")


def test_an_offer_lapses_or_is_withdrawn() -> None:
    """It lapses by time; only the government that made it can withdraw it."""
    exercise = begin()
    order(exercise, "ARD", "offer_freeze", "BRL")
    with pytest.raises(UsageFault, match="does not allow 'withdraw'"):
        order(exercise, "BRL", "withdraw_freeze", "ARD")
    order(exercise, "ARD", "withdraw_freeze", "BRL")
    assert turns(exercise, "agreement", "freeze") == ["offered", "none"]


def test_giving_up_an_option_has_a_cost() -> None:
    """Accepting is worth less, the more often a government used the option and the more that was worth."""
    exercise = begin()
    government, agreements = exercise.governments["ARD"], exercise.agreements
    idle = agreements.worth("freeze", government)
    assert idle == pytest.approx(0.2)
    for month in range(12):
        government.habits.did("patrol", month * 30 * DAY)
    government.habits.gains["patrol"] = 0.3
    exercise.advance(360 * DAY)
    assert agreements.worth("freeze", government) < idle - 1.0
    government.habits.gains["patrol"] = -0.3
    assert agreements.worth("freeze", government) == pytest.approx(idle)


def test_what_is_given_up_follows_from_meetings_and_actions() -> None:
    """Before its first trade an agreement that rules it out has no cost for a government; after it, it has."""
    base = table()
    terms = replace(
        base.scenario.agreements["freeze"], rules_out={"ARD": ("trade",)}, benefits={"ARD": 0.2, "BRL": 0.2}
    )
    exercise = Exercise(changed(base, agreements={"freeze": terms}), 1, Settings())
    exercise.advance(exercise.calendar.startex)
    worth = {name: [exercise.agreements.worth("freeze", exercise.governments[name])] for name in ("ARD", "BRL")}
    while not [r for r in records(exercise, "action") if (r[3], r[4]) == ("ARD", "trade")]:
        exercise.advance(exercise.now + DAY)
    exercise.advance(exercise.now + 10 * DAY)
    for name, values in worth.items():
        values.append(exercise.agreements.worth("freeze", exercise.governments[name]))
    assert worth["ARD"][1] < worth["ARD"][0] == 0.2
    assert worth["BRL"] == [0.2, 0.2]


def test_an_order_answers_only_a_record_that_there_is() -> None:
    """The check of the command says so, before anything happens."""
    exercise = begin()
    data = {"government": "ARD", "option": "trade", "target": "BRL", "answers": 999_999}
    with pytest.raises(UsageFault, match="there is no record 999999 that an order could answer"):
        exercise.check(Command(kind="order", data=data))
    exercise.check(Command(kind="order", data=data | {"answers": 0}))


# --- demands -----------------------------------------------------------------------------------


def test_a_demand_that_is_met_and_paid() -> None:
    """The inducement is due; carrying it out raises credibility."""
    exercise = begin()
    before = exercise.context.world.get("credibility", "ARD", "BRL")
    order(exercise, "ARD", "demand", "BRL")
    (ask,) = records(exercise, "demand")
    assert (ask[3], ask[6]["of"], ask[6]["wants"]) == ("ARD", "BRL", ["trade"])
    order(exercise, "BRL", "trade", "ARD", days=5)
    order(exercise, "ARD", "pay", "BRL")
    assert [(r[6]["how"], r[6]["owes"]) for r in records(exercise, "demand.settled")] == [
        ("met", "pay"),
        ("paid", "pay"),
    ]
    assert exercise.context.world.get("credibility", "ARD", "BRL") > before


def test_what_is_done_already_is_not_demanded() -> None:
    """Only the rest is; once all of it is done, no demand is put at all."""
    given = {
        name: option(to=("ARD",), by=("BRL",), effects={path: model.Effect(to=to)})
        for name, path, to in (("calm", "tension", 0.0), ("arm", "tension", 1.0))
    }
    wanted = []
    for wants in (("calm", "arm"), ("calm",)):
        stages = (model.Stage(name="one", demands=(model.Demand(of="BRL", wants=wants, within=60 * DAY),)),)
        strategies = {"push": model.Strategy(title="Push", stages=stages)}
        exercise = begin(options={**table().scenario.options, **given}, strategies=strategies)
        exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.0}))
        order(exercise, "ARD", "demand", "BRL", days=0.01)
        wanted.append([r[6]["wants"] for r in records(exercise, "demand")])
    assert wanted == [[["arm"]], []]


@pytest.mark.parametrize("visibility", ["public", "private", "covert"])
def test_a_demand_is_met_when_its_sender_learns_of_it(visibility: str) -> None:
    """A demand is met when its sender learns of the action, also of one that is not public."""
    trade = replace(table().scenario.options["trade"], visibility=visibility, goldstein=-1.0, lead=(0, 0, 0))
    exercise = begin(options={**table().scenario.options, "trade": trade})
    order(exercise, "ARD", "demand", "BRL")
    order(exercise, "BRL", "trade", "ARD", days=61)
    (action,) = (r for r in records(exercise, "action") if r[4] == "trade")
    (signal,) = (r for r in records(exercise, "signal") if r[4] == "trade")
    (settled,) = records(exercise, "demand.settled")
    assert (signal[3], signal[1] > action[1]) == ("ARD", True)
    assert (settled[6]["how"], settled[1], settled[5][0]) == ("met", signal[1], signal[0])


def test_a_demand_met_in_time_is_not_refused_while_the_signal_is_under_way() -> None:
    """BRL acts an hour before the deadline, and ARD learns of it after the deadline."""
    eyes = {
        name: replace(spec, perception=replace(spec.perception, delay=10 * HOUR))
        for name, spec in table().scenario.governments.items()
    }
    exercise = begin(governments=eyes)
    order(exercise, "ARD", "demand", "BRL")
    exercise.apply(Command(kind="order", data={"government": "BRL", "option": "trade", "target": "ARD"}))
    (standing,) = exercise.demands.put_to("BRL")
    while not any(r[4] == "trade" for r in records(exercise, "action")):
        exercise.advance(exercise.now + HOUR)
    standing.until = exercise.now
    exercise.demands._expire(standing)
    exercise.advance(exercise.now + 2 * DAY)
    assert [r[6]["how"] for r in records(exercise, "demand.settled")] == ["met"]


def test_the_target_learns_of_covert_help() -> None:
    """The target learns of a covert action in its favour even without detection, but not of a hostile one."""
    help_, harm = (option(to=("BRL",), by=("ARD",), visibility="covert", goldstein=w) for w in (5.0, -5.0))
    blind = {
        name: replace(spec, perception=replace(spec.perception, detection=0.0))
        for name, spec in table().scenario.governments.items()
    }
    exercise = begin(options={**table().scenario.options, "help": help_, "harm": harm}, governments=blind)
    order(exercise, "ARD", "help", "BRL", days=4)
    order(exercise, "ARD", "harm", "BRL", days=4)
    assert [(r[3], r[4]) for r in records(exercise, "signal")] == [("BRL", "help")]


def test_covert_actions_are_detected_as_often_as_the_receiver_detects() -> None:
    """With a detection of 0.2 about one covert action in five becomes a signal; with 1 every one, with 0 none."""
    shares = []
    for detection in (0.0, 0.2, 1.0):
        harm = option(to=("BRL",), by=("ARD",), visibility="covert", goldstein=-1.0)
        governments = {
            name: replace(spec, perception=replace(spec.perception, detection=detection))
            for name, spec in table().scenario.governments.items()
        }
        exercise = begin(options={**table().scenario.options, "harm": harm}, governments=governments)
        for _ in range(200):
            data = {"government": "ARD", "option": "harm", "target": "BRL", "forced": True}
            exercise.apply(Command(kind="order", data=data))
            exercise.advance(exercise.now + HOUR)
        exercise.advance(exercise.now + 30 * DAY)
        shares.append(sum(r[3] == "BRL" and r[4] == "harm" for r in records(exercise, "signal")) / 200)
    assert shares[0] == 0.0
    assert shares[1] == pytest.approx(0.2, abs=0.09)
    assert shares[2] == 1.0


def test_an_unpaid_inducement_lowers_credibility() -> None:
    """Once the time to deliver it is over."""
    exercise = begin()
    before = exercise.context.world.get("credibility", "ARD", "BRL")
    order(exercise, "ARD", "demand", "BRL")
    order(exercise, "BRL", "trade", "ARD", days=95)
    assert [r[6]["how"] for r in records(exercise, "demand.settled")] == ["met", "unpaid"]
    assert exercise.context.world.get("credibility", "ARD", "BRL") < before


def test_only_members_can_move_a_forum() -> None:
    """The error says so; a member can."""
    forums = dict(table().scenario.forums)
    forums["talks"] = replace(forums["talks"], members=("BRL", "CAL"))
    third = replace(table().scenario.governments["BRL"], name="Cal", leader="brel_premier")
    exercise = begin(forums=forums, governments={**table().scenario.governments, "CAL": third})
    with pytest.raises(UsageFault, match="the forum talks does not allow 'propose' now"):
        order(exercise, "ARD", "propose_talks")
    order(exercise, "BRL", "propose_talks")
    assert turns(exercise) == ["proposed"]


def test_the_last_stage_of_a_strategy_has_no_end() -> None:
    """Its condition becomes true, and the stage remains."""
    only = model.Strategy(title="Once", stages=(model.Stage(name="one", until="tension >= 0"),))
    base = changed(table(), strategies={"push": only})
    exercise = run(base, days=60, strategies=(("ARD", "push"),))
    leadership = exercise.governments["ARD"].leadership
    assert leadership is not None
    assert leadership.stage == 0
    assert not leadership.review_strategy()


def test_a_collapse_licenses_violence() -> None:
    """Without a collapse, an attack or an expired ultimatum a violent option is blocked."""
    rules = replace(table().scenario.rules, collapse="fall")
    down = model.Inject(id="fall", title="Brel falls apart", manual=True)
    options = table().scenario.options
    violent = {name: replace(spec, rung=9, requires=None) for name, spec in options.items() if name == "strike"}
    exercise = begin(rules=rules, injects=(down,), options={**options, **violent})
    feasibility, government = exercise.governments["ARD"]._feasibility, exercise.governments["ARD"]
    strike = Candidate("strike", "BRL")
    assert feasibility.obstacle(government, strike).startswith("violence requires")
    exercise.apply(Command(kind="release", data={"inject": "fall"}))
    assert feasibility.obstacle(government, strike) == ""


def test_a_refused_demand_ends_in_the_threat_or_an_empty_threat() -> None:
    """Carrying out the threat keeps credibility; leaving it lowers credibility."""
    carried, empty = begin(), begin()
    for exercise in (carried, empty):
        order(exercise, "ARD", "demand", "BRL", days=61)
    carried.apply(Command(kind="set", data={"path": "rung[ARD, BRL]", "value": 3}))
    order(carried, "ARD", "patrol", "BRL", days=4)
    for exercise in (carried, empty):
        exercise.advance(exercise.now + 95 * DAY)
    settled = [(r[6]["how"], r[6]["owes"]) for r in records(carried, "demand.settled")]
    assert settled == [("refused", "patrol"), ("carried_out", "patrol")]
    assert [r[6]["how"] for r in records(empty, "demand.settled")] == ["refused", "empty"]
    assert carried.context.world.get("credibility", "ARD", "BRL") > empty.context.world.get("credibility", "ARD", "BRL")


def pull_of_demand(exercise: Exercise) -> float:
    """What a demand of ARD adds to the score of what it wants, for BRL."""
    order(exercise, "ARD", "demand", "BRL", days=1)
    (standing,) = exercise.demands.put_to("BRL")
    government = exercise.governments["BRL"]
    assert government.leadership is not None
    government.leadership.estimate(exercise.now)
    return government.extra_terms.demand_pull(government, standing, government.leadership.worth_of)


def test_a_demand_without_a_threat_is_over_when_its_time_is() -> None:
    """It is refused, nothing is owed, and the same demand can be put again."""
    asks = (model.Demand(of="BRL", wants=("trade",), inducement="pay", within=60 * DAY),)
    exercise = begin(strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=asks),))})
    order(exercise, "ARD", "demand", "BRL", days=100)
    assert [(r[6]["how"], r[6]["owes"]) for r in records(exercise, "demand.settled")] == [("refused", None)]
    assert list(exercise.demands.put_to("BRL")) == []
    order(exercise, "ARD", "demand", "BRL", days=1)
    assert len(list(exercise.demands.put_to("BRL"))) == 1


def test_a_demand_that_promises_and_threatens_nothing_has_no_pull() -> None:
    """Whoever makes it."""
    asks = (model.Demand(of="BRL", wants=("trade",), within=60 * DAY),)
    exercise = begin(strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=asks),))})
    assert pull_of_demand(exercise) == 0.0


def test_a_demand_pulls_towards_what_it_wants_and_nothing_else() -> None:
    """The score of each wanted option has the pull of the demand as a term of its own; no other option has it."""
    exercise = begin()
    pull = pull_of_demand(exercise)
    (standing,) = exercise.demands.put_to("BRL")
    leadership = exercise.governments["BRL"].leadership
    assert leadership is not None
    found: dict[str, float] = {}
    for dossier, menu in exercise.governments["BRL"].menus.items():
        candidates = range(1, len(menu.candidates))
        appraisal = leadership.appraise(dossier, list(candidates))
        found |= {menu.candidates[i].option: appraisal.explain(i).get("demand", 0.0) for i in candidates}
    assert pull > 0
    assert found == {name: pytest.approx(pull if name in standing.spec.wants else 0.0, abs=1e-4) for name in found}
    assert set(standing.spec.wants) < set(found)


def test_credibility_and_trust_scale_a_demand() -> None:
    """Credibility and trust scale what the inducement and the threat add."""
    exercise = begin(
        options={
            **table().scenario.options,
            "pay": option(to=("BRL",), by=("ARD",), effects={"growth[target]": model.Effect(by=0.5)}),
        }
    )
    order(exercise, "ARD", "demand", "BRL", days=1)
    (standing,) = exercise.demands.put_to("BRL")
    government = exercise.governments["BRL"]
    assert government.leadership is not None
    government.leadership.estimate(exercise.now)
    pulls = []
    for credibility, trust in ((0.9, 0.5), (0.9, -0.5), (0.3, 0.5)):
        exercise.apply(Command(kind="set", data={"path": "credibility[ARD, BRL]", "value": credibility}))
        exercise.apply(Command(kind="set", data={"path": "trust[BRL, ARD]", "value": trust}))
        pulls.append(government.extra_terms.demand_pull(government, standing, government.leadership.worth_of))
    assert pulls[0] > pulls[1] > 0
    assert pulls[0] == pytest.approx(3 * pulls[2])


def test_the_pull_of_an_inducement_grows_in_proportion_to_its_size() -> None:
    """Its worth is the price of what it changes times the change."""
    pulls = []
    for size in (0.1, 0.2, 0.3):
        pay = option(to=("BRL",), by=("ARD",), effects={"growth[target]": model.Effect(by=size)})
        exercise = begin(options={**table().scenario.options, "pay": pay})
        pulls.append(pull_of_demand(exercise))
    assert 0 < pulls[0] < pulls[1] < pulls[2]
    assert pulls[2] - pulls[1] == pytest.approx(pulls[1] - pulls[0])


@pytest.mark.parametrize(
    ("stakes", "adds"), [({"growth[BRL]": 0.4}, True), ({"growth[BRL]": -0.4}, False), ({}, False)]
)
def test_what_a_demand_links_adds_to_its_pull(stakes: dict[str, float], adds: bool) -> None:
    """By its worth to the addressee, if it has any; what would harm it takes nothing away."""
    pulls = []
    for linked in ({}, {path: model.Effect(by=by) for path, by in stakes.items()}):
        asks = tuple(replace(each, stakes=linked) for each in table().scenario.strategies["push"].stages[0].demands)
        push = model.Strategy(title="Push", stages=(model.Stage(name="one", demands=asks),))
        exercise = begin(strategies={"push": push})
        pulls.append(pull_of_demand(exercise))
    assert (pulls[1] > pulls[0]) == adds
    assert pulls[1] >= pulls[0]


# --- the ladder --------------------------------------------------------------------------------


def test_violence_requires_a_licence() -> None:
    """A show of force does not license violence; an attack does once the seat knows of it, for some time."""
    exercise = begin()
    exercise.apply(Command(kind="set", data={"path": "rung[ARD, BRL]", "value": 6}))
    government = exercise.governments["ARD"]
    assert "violence requires" in exercise.feasibility.obstacle(government, Candidate("strike", "BRL"))
    exercise.apply(
        Command(kind="order", data={"government": "BRL", "option": "strike", "target": "ARD", "forced": True})
    )
    exercise.advance(exercise.now + 3 * DAY)
    assert exercise.feasibility.obstacle(government, Candidate("strike", "BRL")) == ""
    exercise.advance(exercise.now + 70 * DAY)
    assert "violence requires" in exercise.feasibility.obstacle(government, Candidate("strike", "BRL"))


@pytest.mark.parametrize("pacts", [(), (("BRL", "CAL"),)])
def test_an_attack_on_an_ally_licenses_violence(pacts: tuple[tuple[str, str], ...]) -> None:
    """ARD strikes CAL: BRL may strike back only if it has a pact with CAL."""
    base = table().scenario
    third = replace(base.governments["BRL"], name="Cal", leader="brel_premier")
    strike = replace(base.options["strike"], to=("ARD", "BRL", "CAL"), requires=None)
    governments = {**base.governments, "CAL": third}
    exercise = begin(governments=governments, pacts=pacts, options={**base.options, "strike": strike})
    data = {"government": "ARD", "option": "strike", "target": "CAL", "forced": True}
    exercise.apply(Command(kind="order", data=data))
    exercise.advance(exercise.now + 3 * DAY)
    obstacle = exercise.feasibility.obstacle(exercise.governments["BRL"], Candidate("strike", "ARD"))
    assert obstacle == ("" if pacts else UNLICENSED)


def test_a_refused_demand_licenses_the_violence_that_it_threatened() -> None:
    """The sender may carry out its threat once the demand is refused, against the addressee."""
    demand = model.Demand(of="BRL", wants=("trade",), threat="strike", within=20 * DAY)
    push = model.Strategy(title="Push", stages=(model.Stage(name="one", demands=(demand,)),))
    strike = replace(table().scenario.options["strike"], requires=None)
    exercise = begin(strategies={"push": push}, options={**table().scenario.options, "strike": strike})
    government, candidate = exercise.governments["ARD"], Candidate("strike", "BRL")
    order(exercise, "ARD", "demand", "BRL")
    assert exercise.feasibility.obstacle(government, candidate) == UNLICENSED
    exercise.advance(exercise.now + 21 * DAY)
    assert [r[6]["how"] for r in records(exercise, "demand.settled")] == ["refused"]
    assert exercise.feasibility.obstacle(government, candidate) == ""


def test_the_ladder_is_climbed_step_by_step() -> None:
    """An option too far above the present rung is blocked."""
    exercise = begin()
    government = exercise.governments["ARD"]
    assert "climbs at most" in exercise.feasibility.obstacle(government, Candidate("patrol", "BRL"))
    order(exercise, "ARD", "protest", "BRL", days=4)
    assert exercise.feasibility.obstacle(government, Candidate("patrol", "BRL")) == ""


def test_a_cancelled_order_does_not_end_a_cool_down() -> None:
    """The option was carried out by another order in the meantime; its cool-down counts from then."""
    exercise = begin()
    government = exercise.governments["ARD"]
    menu, protest = government.menus["strait"], Candidate("protest", "BRL")
    order(exercise, "ARD", "protest", "BRL", days=0)
    exercise.apply(
        Command(kind="order", data={"government": "ARD", "option": "protest", "target": "BRL", "forced": True})
    )
    exercise.advance(exercise.now + 5 * DAY)
    assert [r[4] for r in records(exercise, "order.cancelled")] == ["protest"]
    assert menu.place[protest] not in exercise.feasibility.feasible(government, menu, None)
    exercise.advance(exercise.now + 60 * DAY)
    assert menu.place[protest] in exercise.feasibility.feasible(government, menu, None)


# --- procedures and outcomes -------------------------------------------------------------------


def with_procedure(*forbid: str, **fields: Any) -> Exercise:
    """The model of BRL protests by standing procedure when ARD patrols."""
    base: dict[str, Any] = {
        "title": "Protest",
        "government": "BRL",
        "on": model.ActionPattern(options=("patrol",)),
        "does": "protest",
        "to": "actor",
        "after": DAY,
    }
    exercise = begin(*forbid, procedures={"answer": model.Procedure(**(base | fields))})
    exercise.apply(Command(kind="seat", data={"government": "BRL", "kind": "model"}))
    for _ in range(2):
        exercise.apply(
            Command(kind="order", data={"government": "ARD", "option": "patrol", "target": "BRL", "forced": True})
        )
        exercise.advance(exercise.now + 5 * DAY)
    return exercise


def test_a_procedure_responds_without_a_meeting() -> None:
    """A day after the signal, with the signal as its cause, and once within the cool-down."""
    exercise = with_procedure()
    (action,) = [r for r in records(exercise, "action") if r[6]["from"] == "procedure"]
    signal = next(r for r in records(exercise, "signal") if r[3] == "BRL")
    assert (action[3], action[4], action[6]["target"], action[5]) == ("BRL", "protest", "ARD", (signal[0],))
    assert action[1] - signal[1] == DAY


def test_a_procedure_with_a_condition() -> None:
    """The condition is evaluated over what the government knows."""
    assert not [r for r in records(with_procedure(when="tension > 0.99"), "action") if r[6]["from"] == "procedure"]


@pytest.mark.parametrize(("forbidden", "responds"), [("BRL protest", 0), ("BRL protest ARD", 0), ("ARD protest", 1)])
def test_a_procedure_does_nothing_that_is_forbidden(forbidden: str, responds: int) -> None:
    """Without it an arm that forbids an option would differ from the others by its choices alone."""
    exercise = with_procedure(forbidden)
    assert len([r for r in records(exercise, "action") if r[6]["from"] == "procedure"]) == responds


def test_an_exchange_of_attacks_is_a_war_and_ends_the_run() -> None:
    """One attack does not, nor does a counterattack that is too late."""
    exercise, late = begin(), begin()
    for wait, each in ((3, exercise), (9, late)):
        each.apply(
            Command(kind="order", data={"government": "ARD", "option": "strike", "target": "BRL", "forced": True})
        )
        each.advance(each.now + wait * DAY)
        each.apply(
            Command(kind="order", data={"government": "BRL", "option": "strike", "target": "ARD", "forced": True})
        )
        each.advance(each.now + DAY)
    assert exercise.done
    assert exercise.records()[-1][2:5:2] == ("run.end", "war")
    assert late.outcomes["war"] is None


def test_a_condition_must_be_true_without_interruption() -> None:
    """`hold` counts from the last time it became true."""
    exercise = begin()
    exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.1}))
    exercise.advance(50 * DAY)
    exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.5}))
    exercise.advance(60 * DAY)
    exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.1}))
    exercise.advance(exercise.end)
    assert exercise.outcomes["calm"] == 120 * DAY


@pytest.mark.slow
def test_two_rivals_settle() -> None:
    """With a spectral radius below 1 the second half of a run is not more hostile than the first."""
    base = loaded()
    assert base.sanity.radius < 1.0
    halves = [0, 0]
    for seed in range(30):
        exercise = run(base, seed)
        for record in records(exercise, "action"):
            halves[record[1] > exercise.end // 2] += record[6]["goldstein"] < 0
    assert halves[1] < 1.5 * halves[0]
