"""Injects: triggers, conditions on release, effects, expected actions; and hazards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from support.engine import actions, changed, loaded, run
from support.injects import fired, inject, play, skipped
from wargame.language.times import DAY, HOUR, parse_time
from wargame.scenario.model import (
    ActionPattern,
    ActionSpec,
    After,
    Effect,
    ExpectedAction,
    Hazard,
    Indicator,
    Install,
    Outcome,
    RandomTime,
)
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command

# --- triggers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "day"), [("2030-01-11", 10.0), ("D+2 H+12", 2.5), ("2030-01-02 06:00", 1.25)])
def test_at_a_date(text: str, day: float) -> None:
    """To the second, for dates and for days from STARTEX."""
    assert fired(play(inject("a", at=parse_time(text)))) == [("a", day)]


def test_at_a_date_with_repeats() -> None:
    """`every` is the interval, `repeat` the number of releases."""
    exercise = play(inject("a", at=parse_time("D+1"), repeat=3, every=10 * DAY))
    assert fired(exercise) == [("a", 1.0), ("a", 11.0), ("a", 21.0)]


def test_after_an_inject() -> None:
    """After its delay, and at no other time."""
    first, second = inject("a", at=parse_time("D+3")), inject("b", after=After(inject="a", delay=36 * HOUR))
    assert fired(play(first, second)) == [("a", 3.0), ("b", 4.5)]


def test_after_an_action() -> None:
    """Whatever caused the action: here another inject."""
    patrol = inject("a", at=parse_time("D+3"), action=ActionSpec(option="patrol", by="ARD", to="BRL"))
    after = inject("b", after=After(action=ActionPattern(options=("patrol",), by=("ARD",)), delay=DAY))
    other = inject("c", after=After(action=ActionPattern(options=("patrol",), by=("BRL",))))
    exercise = play(patrol, after, other)
    assert fired(exercise) == [("a", 3.0), ("b", 4.0)]
    assert skipped(exercise)["c"]


def test_after_a_decision() -> None:
    """At the time of the decision, before the action is carried out."""
    watch = inject("a", after=After(decision=ActionPattern(options=("patrol", "talk", "trade"))), repeat=50)
    exercise = run(changed(loaded(), injects=(watch,)), 3)
    decided = [r[1] for r in exercise.records() if r[2] == "decision" and r[4] in ("patrol", "talk", "trade")]
    assert decided
    assert [round(day * DAY) for _, day in fired(exercise)] == decided


def test_when_a_condition_becomes_true() -> None:
    """Once, at the crossing in closed form: tension falls from 0.3 to 0.2 in one half-life, 45 days."""
    exercise = play(inject("a", when="tension < 0.2"))
    ((name, day),) = fired(exercise)
    assert name == "a"
    assert day == pytest.approx(45.0, abs=1e-3)


def test_when_repeated_with_a_cool_down() -> None:
    """It fires each time the condition becomes true, unless the cool-down is not over."""
    bumps = [inject(f"b{d}", at=parse_time(f"D+{d}"), effects={"tension": Effect(to=0.9)}) for d in (10, 100, 110, 200)]
    calms = [inject(f"c{d}", at=parse_time(f"D+{d}"), effects={"tension": Effect(to=0.1)}) for d in (20, 105, 120)]
    alarm = inject("alarm", when="tension > 0.6", repeat=9, cool_down=30 * DAY)
    exercise = play(*bumps, *calms, alarm)
    assert [day for name, day in fired(exercise) if name == "alarm"] == [10.0, 100.0, 200.0]


def test_a_condition_that_is_true_at_startex_fires_then() -> None:
    """At STARTEX itself, not before."""
    assert fired(play(inject("a", when="tension > 0.2"))) == [("a", 0.0)]


@pytest.mark.slow
def test_at_a_random_time_in_a_window() -> None:
    """Within the window; the shape moves the mean."""
    between = (parse_time("D+100"), parse_time("D+200"))
    means = {}
    for shape in ("uniform", "early", "middle", "late"):
        days = [
            fired(play(inject("a", random=RandomTime(between=between, shape=shape)), seed=s, until="D+201"))[0][1]
            for s in range(40)
        ]
        assert min(days) >= 100
        assert max(days) <= 200
        means[shape] = np.mean(days)
    assert means["uniform"] == pytest.approx(150, abs=10)
    assert means["early"] == pytest.approx(133.3, abs=8)
    assert means["middle"] == pytest.approx(150, abs=8)
    assert means["late"] == pytest.approx(166.7, abs=8)


@pytest.mark.slow
def test_at_a_rate_the_counts_are_right() -> None:
    """6 a year while tension is below a half and 0 otherwise, for any bound, with the variance of a Poisson process."""
    for bound in (6.0, 40.0):
        flow = inject("a", random=RandomTime(rate="6 * (tension < 0.5)", bound=bound), repeat=1000)
        counts = [len(fired(play(flow, seed=s))) for s in range(60)]
        assert np.mean(counts) == pytest.approx(6.0, abs=0.7)
        assert np.var(counts) / np.mean(counts) == pytest.approx(1.0, abs=0.4)
    never = inject("a", random=RandomTime(rate="6 * (tension > 0.5)", bound=6.0), repeat=1000)
    assert fired(play(never)) == []


def test_a_rate_above_its_bound_is_noted() -> None:
    """A warning in the journal says so."""
    exercise = play(inject("a", random=RandomTime(rate="50", bound=5.0), repeat=1000))
    notes = [r[6] for r in exercise.records() if r[2] == "note" and "above its bound" in r[6]["text"]]
    assert {note["tag"] for note in notes} == {"warning"}


def test_by_hand() -> None:
    """A manual inject waits for the white cell; `release` is immediate."""
    exercise = Exercise(changed(loaded(), injects=(inject("a", manual=True),)), 1)
    exercise.advance(10 * DAY + 5)
    exercise.apply(Command(kind="release", data={"inject": "a"}))
    exercise.advance(20 * DAY)
    assert [(r[4], r[1]) for r in exercise.records() if r[2] == "inject.released"] == [("a", 10 * DAY + 5)]


# --- conditions on release ---------------------------------------------------------------------


@pytest.mark.slow
def test_chance_decides_on_release() -> None:
    """With a chance of 0.3 about three in ten are released, and the journal says why the others were not."""
    outcomes = [play(inject("a", at=parse_time("D+1"), chance=0.3), seed=s, until="3d") for s in range(300)]
    assert np.mean([len(fired(e)) for e in outcomes]) == pytest.approx(0.3, abs=0.08)
    assert {skipped(e)["a"] for e in outcomes if not fired(e)} == {"the draw for its chance failed"}


def test_one_inject_of_a_group_is_released() -> None:
    """The first one that is due is released; the others of the group are skipped."""
    a, b = (inject(n, at=parse_time(f"D+{d}"), group="g") for n, d in (("a", 5), ("b", 6)))
    exercise = play(a, b)
    assert fired(exercise) == [("a", 5.0)]
    assert "another inject of 'g'" in skipped(exercise)["b"]


def test_enabling_and_disabling() -> None:
    """An inject with `enabled: false` waits until another enables it; one that another disables is skipped."""
    exercise = play(
        inject("a", at=parse_time("D+5"), enables=("b",), disables=("c",)),
        inject("b", at=parse_time("D+8"), enabled=False),
        inject("c", at=parse_time("D+9")),
        inject("d", at=parse_time("D+9"), enabled=False),
    )
    assert fired(exercise) == [("a", 5.0), ("b", 8.0)]
    assert skipped(exercise) == {"c": "disabled by another inject", "d": "never enabled"}


def test_provided_and_until() -> None:
    """Both are checked when the trigger fires."""
    exercise = play(
        inject("a", at=parse_time("D+5"), provided="tension > 0.9"),
        inject("b", when="tension < 0.2", until=parse_time("D+10")),
    )
    assert fired(exercise) == []
    assert skipped(exercise)["a"] == "its condition was not true: tension > 0.9"


def test_holding_an_inject() -> None:
    """A held inject does not fire at its time. At the end of the hold it fires if its time has passed."""
    base = changed(loaded(), injects=(inject("a", at=parse_time("D+5")),))
    late, same = Exercise(base, 1), Exercise(base, 1)
    for exercise in (late, same):
        exercise.advance(2 * DAY)
        exercise.apply(Command(kind="hold", data={"inject": "a"}))
    same.apply(Command(kind="unhold", data={"inject": "a"}))
    for exercise in (late, same):
        exercise.advance(9 * DAY)
    late.apply(Command(kind="unhold", data={"inject": "a"}))
    assert (fired(same), fired(late)) == ([("a", 5.0)], [("a", 9.0)])


def test_skipped_by_setting() -> None:
    """`--skip` leaves it out, with a record."""
    exercise = play(inject("a", at=parse_time("D+5")), skip=("a",))
    assert (fired(exercise), skipped(exercise)) == ([], {"a": "skipped by setting"})


# --- what they do ------------------------------------------------------------------------------


def test_effects_action_and_message() -> None:
    """The world changes, the action is carried out, the record has the message."""
    spec = inject(
        "a",
        at=parse_time("D+5"),
        effects={"tension": Effect(to=0.8)},
        action=ActionSpec(option="protest", by="ARD", to="BRL"),
        message="A collision in the strait.",
        audience=("BRL",),
        salience={"strait": 6.0},
    )
    exercise = play(spec)
    released = next(r for r in exercise.records() if r[2] == "inject.released")
    assert released[6]["effects"] == {"tension": [pytest.approx(0.285, abs=0.002), 0.8]}
    assert released[6]["message"] == "A collision in the strait."
    (action,) = actions(exercise)
    assert (action[4], action[5], action[6]["from"]) == ("protest", (released[0],), "inject")


def test_salience_calls_a_meeting() -> None:
    """The audience meets on the dossier at once, and the record of the decision has the inject as a cause."""
    spec = inject("a", at=parse_time("D+10 H+1"), audience=("BRL",), salience={"strait": 20.0})
    exercise = run(changed(loaded(), injects=(spec,)), 1)
    released = next(r for r in exercise.records() if r[2] == "inject.released")
    met = next(r for r in exercise.records() if r[2] == "decision" and released[0] in r[5])
    assert met[3] == "BRL"
    assert met[6]["meeting"] == "salience"
    assert met[1] - released[1] < DAY


def test_leaders_and_strategies_are_installed() -> None:
    """An election puts another leader in office, who decides from then on."""
    spec = inject("a", at=parse_time("D+10"), installs=(Install(leader="brel_general"),))
    exercise = play(spec)
    record = next(r for r in exercise.records() if r[2] == "leader" and r[4] == "brel_general")
    assert (record[1], record[3], record[6]["from"]) == (10 * DAY, "BRL", "brel_premier")
    assert exercise.context.events("leads", "brel_general") == 1.0


# --- expected actions --------------------------------------------------------------------------


def expect(days: int, **fields: Any) -> tuple[Any, ...]:
    """BRL protests some days after the inject: (day of the record, status, latency in days)."""
    action = ExpectedAction(who="BRL", any_of=("protest",), within=5 * DAY, late=5 * DAY, **fields)
    exercise = play(
        inject("a", at=parse_time("D+10"), expected=(action,)),
        force=(f"D+{10 + days} BRL protest ARD",),
    )
    record = next(r for r in exercise.records() if r[2] == "expected")
    return record[1] / DAY, record[6]["status"], record[6].get("latency", 0) / DAY


def test_expected_actions_are_met_late_or_missed() -> None:
    """By the time of the action; it is missed when the time for a late action is over."""
    assert expect(3) == (13.0, "met", 3.0)
    assert expect(8) == (18.0, "late", 8.0)
    assert expect(30) == (20.0, "missed", 0.0)


def test_an_expected_action_towards_another_does_not_count() -> None:
    """`to` is part of what is expected."""
    assert expect(3, to="BRL")[1] == "missed"
    assert expect(3, to=("BRL", "ARD"))[1] == "met"


def test_the_action_of_an_inject_meets_no_expectation() -> None:
    """It does not count, because the government did not decide on it."""
    action = ExpectedAction(who="BRL", any_of=("protest",), within=5 * DAY, late=5 * DAY)
    exercise = play(
        inject("a", at=parse_time("D+10"), expected=(action,)),
        inject("b", at=parse_time("D+13"), action=ActionSpec(option="protest", by="BRL", to="ARD")),
    )
    assert [r[6]["status"] for r in exercise.records() if r[2] == "expected"] == ["missed"]


def test_an_inject_can_report_on_a_hidden_indicator() -> None:
    """The audience's estimate moves to the true value; without the inject it does not."""
    stores = Indicator(title="Stores", scope="government", start={"default": 0.9}, known="estimated", variance=0.05)
    base = changed(loaded(), indicators={**loaded().scenario.indicators, "stores": stores})
    report = inject("a", at=parse_time("D+10"), audience=("BRL",), reports={"stores[ARD]": 0.0001})
    seats = (("ARD", "script"), ("BRL", "script"))
    quiet, heard = (
        run(changed(base, injects=i), 1, 11, seats=seats, set=("stores[ARD]=0.2",)) for i in ((), (report,))
    )
    slot = quiet.context.world.slot("stores", ("ARD",))
    believed, known = (exercise.context.views["BRL"].value(slot) for exercise in (quiet, heard))
    assert abs(known - 0.2) < 0.05 < abs(believed - 0.2)


# --- hazards -----------------------------------------------------------------------------------


def test_hazards_depend_on_the_state_of_the_world() -> None:
    """Collisions occur at 12 a year while tension is high, and stop when it has fallen."""
    hazard = Hazard(title="Collision", rate="12 * (tension > 0.2)", bound=12.0)
    base = changed(loaded(), injects=(), hazards={"collision": hazard})
    days: list[float] = []
    for seed in range(60):
        exercise = run(base, seed, seats=(("ARD", "script"), ("BRL", "script")))
        days += [r[1] / DAY for r in exercise.records() if r[2] == "hazard"]
    assert len(days) / 60 == pytest.approx(12 * 45 / 365.25, rel=0.3)
    assert max(days) < 45.1


def test_a_hazard_that_occurs_once() -> None:
    """With `once` it occurs at most once."""
    hazard = Hazard(title="Collapse", rate="20", bound=20.0, once=True, effects={"tension": Effect(by=0.3)})
    exercise = run(changed(loaded(), injects=(), hazards={"collapse": hazard}), 1)
    assert sum(r[2] == "hazard" for r in exercise.records()) == 1


@pytest.mark.parametrize("name", ["tense", "collapse"])
def test_conditions_count_outcomes_and_hazards(name: str) -> None:
    """`count` of an outcome or a hazard is 1 once it has occurred, so that an inject can follow it."""
    push = inject("push", at=parse_time("D+5"), effects={"tension": Effect(to=0.9)})
    follow = inject("follow", when=f"count({name}) > 0")
    base = changed(
        loaded(),
        injects=(push, follow),
        outcomes={"tense": Outcome(title="Tense", when="tension > 0.8")},
        hazards={"collapse": Hazard(title="Collapse", rate="20", bound=20.0, once=True)},
    )
    exercise = run(base, 1, seats=(("ARD", "script"), ("BRL", "script")))
    occurred = [r[1] / DAY for r in exercise.records() if r[4] == name and r[2] in ("outcome", "hazard")]
    assert len(occurred) == 1
    assert [day for inject_id, day in fired(exercise) if inject_id == "follow"] == occurred


def test_injects_that_cause_one_another_without_time_are_stopped() -> None:
    """An endless cascade within one second raises an error."""
    up = inject("up", when="tension < 0.5", repeat=10**6, effects={"tension": Effect(to=0.9)})
    down = inject("down", when="tension > 0.5", repeat=10**6, effects={"tension": Effect(to=0.1)})
    with pytest.raises(Exception, match="in one second"):
        play(up, down)


def test_injects_are_deterministic() -> None:
    """Two runs of two-rivals with the same seed have the same records."""
    base = replace(loaded())
    assert run(base, 5).records() == run(base, 5).records()
