"""Verification by estimates, trust in expected responses, the reference point, agendas, forced actions, attention."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import changed, loaded, run
from wargame.batches.running.observer import Observer, Sampling
from wargame.language.expressions import ExpressionError
from wargame.language.times import DAY, HOUR
from wargame.numbers.prospects import shaded
from wargame.numbers.signals import COMPLY, IGNORE, RETALIATE
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.governments import TermMove
from wargame.scenario.model.measures import Checker, parse_measure
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

PEOPLE = (("ARD", "human"), ("BRL", "human"))
PRIOR, REPORT, PROOF = 0.06, 0.003, 0.005


def option(**fields: Any) -> model.Option:
    """An option of ARD on the strait, without lead time and cool-down."""
    base: dict[str, Any] = {"title": "moves", "dossier": "strait", "by": ("ARD",), "cameo": "036", "goldstein": 4.0}
    return model.Option(**(base | {"lead": (0, 0, 0), "cool_down": 0} | fields))


def terms(**fields: Any) -> Loaded:
    """A pact in which ARD gives up patrols. BRL cannot see whether it complies, except by reports."""
    base = loaded()
    move = {name: option(agreement=TermMove(name="pact", move=name)) for name in ("offer", "verify")}
    accept = option(agreement=TermMove(name="pact", move="accept"), by=("ARD", "BRL"))
    pact = model.Agreement(
        title="Pact",
        parties=("ARD", "BRL"),
        rules_out={"ARD": ("patrol",), "BRL": ("patrol",)},
        verified={"tension": model.Effect(by=-0.5)},
        benefits={"BRL": 0.4},
        **fields,
    )
    keeping = model.Indicator(
        title="Keeping", scope="government", start={"default": 0.5}, known="estimated", variance=PRIOR
    )
    return changed(
        base,
        injects=(),
        indicators={**base.scenario.indicators, "keeping": keeping},
        options={
            **base.scenario.options,
            "offer": move["offer"],
            "verify": move["verify"],
            "accept": accept,
            "note": option(),
            "show": option(reports={"keeping[ARD]": REPORT}),
        },
        agreements={"pact": pact},
    )


def in_force(**fields: Any) -> Exercise:
    """The pact is in force, with people in both seats."""
    return agreed(terms(**fields))


def agreed(loaded: Loaded) -> Exercise:
    """An exercise in which ARD has offered the pact and BRL has accepted it."""
    exercise = Exercise(loaded, 1, Settings(seats=PEOPLE))
    exercise.advance(HOUR)
    order(exercise, "ARD", "offer")
    order(exercise, "BRL", "accept")
    assert exercise.context.world.get("in_force", "pact") == 1.0
    return exercise


def order(exercise: Exercise, who: str, name: str) -> None:
    """Gives an order and lets a few days pass."""
    exercise.apply(Command(kind="order", data={"government": who, "option": name, "target": None}))
    exercise.advance(exercise.now + 4 * DAY)


def turns(exercise: Exercise) -> list[str]:
    """The events of the pact."""
    return [r[6]["event"] for r in exercise.records() if r[2] == "agreement"]


# --- verification by estimates -------------------------------------------------------------------


def test_terms_with_a_proof_are_verified_by_reports_only() -> None:
    """The move `verify` changes nothing; a report that narrows the other's estimate verifies the pact."""
    exercise = in_force(proof={"keeping[ARD]": PROOF})
    order(exercise, "ARD", "verify")
    assert exercise.context.world.get("verified", "pact") == 0.0
    order(exercise, "ARD", "show")
    assert exercise.context.world.get("verified", "pact") == 1.0


@pytest.mark.parametrize("high", [0.1, 10.0])
def test_a_proof_is_a_share_of_the_range_of_its_indicator(high: float) -> None:
    """In any unit of the indicator the same report verifies the pact."""
    base = terms(proof={"keeping[ARD]": PROOF})
    keeping = replace(base.scenario.indicators["keeping"], range=(0.0, high), start={"default": high / 2})
    exercise = agreed(changed(base, indicators={**base.scenario.indicators, "keeping": keeping}))
    assert exercise.context.world.get("verified", "pact") == 0.0
    order(exercise, "ARD", "show")
    assert exercise.context.world.get("verified", "pact") == 1.0


def test_terms_without_a_proof_are_verified_by_the_move() -> None:
    """Without `proof` the move `verify` is enough."""
    exercise = in_force()
    order(exercise, "ARD", "verify")
    assert exercise.context.world.get("verified", "pact") == 1.0


def test_an_agreement_is_in_doubt_when_estimates_widen_and_its_effects_apply_once() -> None:
    """Without reports the estimate widens: the pact stays in force, and verifying it again has no effects."""
    exercise = in_force(proof={"keeping[ARD]": PROOF})
    order(exercise, "ARD", "show")
    exercise.advance(exercise.now + 200 * DAY)
    order(exercise, "ARD", "note")
    assert turns(exercise)[-2:] == ["verify", "doubt"]
    assert exercise.context.world.get("in_force", "pact") == 1.0
    exercise.apply(Command(kind="set", data={"path": "tension", "value": 0.8}))
    order(exercise, "ARD", "show")
    assert turns(exercise)[-1] == "verify"
    assert exercise.context.world.get("tension") == pytest.approx(0.8)


def test_doubt_lowers_the_worth_of_an_agreement() -> None:
    """Less by the caution times the standard deviation of the proof; a report restores the worth."""
    sure, careful = (in_force(proof={"keeping[ARD]": PROOF}, caution=c) for c in (0.0, 0.5))
    worth = [e.agreements.worth("pact", e.governments["BRL"]) for e in (sure, careful)]
    assert worth[0] - worth[1] == pytest.approx(0.5 * sqrt(PRIOR))
    order(careful, "ARD", "show")
    assert careful.agreements.worth("pact", careful.governments["BRL"]) > worth[1] + 0.05
    assert careful.agreements.worth("pact", careful.governments["ARD"]) == pytest.approx(
        sure.agreements.worth("pact", sure.governments["ARD"])
    ), "its own keeping is no secret to ARD"


# --- trust in expected responses -----------------------------------------------------------------


@given(st.tuples(*[st.floats(0.01, 1.0)] * 3), st.floats(-1.0, 1.0), st.floats(0.0, 1.0))
def test_trusted_governments_are_expected_to_comply(raw: tuple[float, float, float], trust: float, by: float) -> None:
    """The chances still sum to 1; trust shifts them from retaliation to compliance, distrust the other way."""
    comply, ignore, retaliate = (each / sum(raw) for each in raw)
    prior = (comply, ignore, retaliate)
    adjusted = shaded(*prior, by * trust)
    assert min(adjusted) >= 0.0
    assert sum(adjusted) == pytest.approx(1.0)
    shift = adjusted[COMPLY] * retaliate - adjusted[RETALIATE] * comply
    assert shift * trust >= -1e-12
    assert shaded(*prior, 0.0) == pytest.approx(prior)
    assert adjusted[IGNORE] > 0.0


def test_trust_alone_changes_decisions_only_with_trust_responses() -> None:
    """Two worlds without forums and demands, which differ in one trust only."""
    base = loaded()

    def conduct(trusting: float, trust: float) -> list[Any]:
        modified = changed(base, rules=replace(base.scenario.rules, trust_responses=trusting), injects=())
        exercise = run(modified, 3, 120, set=(f"trust[ARD, BRL]={trust}",))
        return [(r[1], r[6].get("best"), r[6]["wait"]) for r in exercise.records() if r[2] == "decision"][:20]

    assert conduct(0.0, -0.9) == conduct(0.0, 0.9)
    assert conduct(0.5, -0.9) != conduct(0.5, 0.9)


# --- the reference -------------------------------------------------------------------------------


def test_the_reference_follows_the_status_quo_during_history() -> None:
    """A leader who took office several half-lives ago does not compare the present with that day."""
    base = loaded()
    leaders = {name: replace(leader, interests={"tension": 2.0}) for name, leader in base.scenario.leaders.items()}
    tension = replace(base.scenario.indicators["tension"], start=1.0, baseline=0.0, half_life=5 * DAY)
    modified = changed(
        base, leaders=leaders, indicators={**base.scenario.indicators, "tension": tension}, injects=(), options={
            name: replace(spec, effects={}) for name, spec in base.scenario.options.items()
        }
    )  # fmt: skip
    office = base.scenario.rules.reference_half_life
    quick = changed(modified, rules=replace(modified.scenario.rules, reference_half_life=10 * DAY))
    waits = []
    for each in (modified, quick):
        played = Exercise(each, 1, Settings(startex=_later(each, 60)))
        played.advance(80 * DAY)
        waits.append(next(r[6]["wait"] for r in played.records() if r[2] == "decision"))
    assert office > 100 * DAY
    assert waits[0] < -0.5
    assert -0.1 < waits[1] <= 0.0


def _later(base: Loaded, days: int) -> str:
    """The date so many days after the start, as a setting."""
    exercise = Exercise(base, 1, Settings())
    return f"{exercise.calendar.at(days * DAY):%Y-%m-%d}"


# --- agendas and forced actions ------------------------------------------------------------------


def test_an_agenda_adds_salience_for_actor_and_target() -> None:
    """On the desks of both, and for no other dossier."""
    base = loaded()
    visit = option(to=("BRL",), agenda={"strait": 2.0}, goldstein=0.5)
    exercise, plain = (
        Exercise(changed(base, options={**base.scenario.options, "visit": each}, injects=()), 1, Settings(seats=PEOPLE))
        for each in (visit, replace(visit, agenda={}))
    )
    for each in (exercise, plain):
        each.advance(HOUR)
        each.apply(Command(kind="order", data={"government": "ARD", "option": "visit", "target": "BRL"}))
        each.advance(each.now + 3 * DAY)
    for who in ("ARD", "BRL"):
        with_it, without = (e.governments[who].desk for e in (exercise, plain))
        for name, entry in with_it.entries.items():
            more = with_it.salience_of(entry, exercise.now) - without.salience_of(without.entries[name], plain.now)
            assert (more > 0.5) == (name == "strait"), (who, name)


def test_a_forbidden_option_can_be_forced() -> None:
    """The government never decides on it; the one forced order is carried out."""
    start = _later(loaded(), 10)
    exercise = run(loaded(), 2, 90, forbid=("ARD patrol",), force=(f"{start} ARD patrol BRL",))
    done = [r[6]["from"] for r in exercise.records() if r[2] == "action" and (r[3], r[4]) == ("ARD", "patrol")]
    assert done == ["order"]


# --- attention -----------------------------------------------------------------------------------


def test_attention_is_a_share_of_working_time() -> None:
    """The shares of a desk sum to 1."""
    base = loaded()
    desk = sorted(base.scenario.governments["ARD"].dossiers)
    measures = [parse_measure(f"attention(ARD, {name})") for name in desk]
    for measure in measures:
        Checker(base.scenario, base.injects).check(measure)
    observer = Observer(Exercise(base, 1, Settings(until=_later(base, 60))), measures, Sampling(7 * DAY))
    observer.play()
    shares = observer.values()
    assert sum(shares) == pytest.approx(1.0)
    assert all(share >= 0.0 for share in shares)


@pytest.mark.parametrize("text", ["attention(ARD)", "attention(ARD, nothing)", "attention(XXX, strait)"])
def test_attention_to_an_unknown_dossier_is_refused(text: str) -> None:
    """As an error in the measure."""
    with pytest.raises(ExpressionError):
        Checker(loaded().scenario, ()).check(parse_measure(text))
