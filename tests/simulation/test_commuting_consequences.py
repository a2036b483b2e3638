"""Neighbours in the tables of `exercise.py` whose order changes nothing, in runs in which both have something to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.engine import changed
from support.injects import inject, skipped
from support.neighbours import COMMUTING, Step, swapped
from support.talks import option, table
from wargame.journal.records import RawRecord
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.scenario.model.governments import TermMove
from wargame.scenario.model.injects import Questionnaire
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

TOGETHER = (
    ("action", "agreement"),
    ("action", "expected", "signal"),
    ("action", "demand", "signal"),
    ("action", "commitment", "inject.released"),
    ("decision", "order.inherited", "inject.released"),
    ("signal", "action"),
    ("inject.released", "expected", "questionnaire.closed"),
)
"""A kind of record, and kinds that all follow one such record at least: in each run, both neighbours do something."""
DEED = model.ActionPattern(options=("deed",))


@dataclass(frozen=True)
class Case:
    """What differs between the generated runs."""

    seed: int
    visibility: str
    agenda: float
    in_score: float
    delay: int
    days: int


CASES = st.builds(
    Case,
    seed=st.integers(1, 10_000),
    visibility=st.sampled_from(["public", "private"]),
    agenda=st.floats(0.1, 9.0),
    in_score=st.floats(0.0, 2.0),
    delay=st.integers(0, 3 * DAY),
    days=st.integers(1, 12),
)


def options(case: Case) -> dict[str, model.Option]:
    """A deed of Arda, after which nearly everything has something to do; and what the two promise each other."""
    deed = option(
        by=("ARD",),
        to=("BRL",),
        demands=True,
        agenda={"strait": case.agenda},
        visibility=case.visibility,
        reports={"keeping[BRL]": 0.003},
        agreement=TermMove(name="freeze", move="offer"),
    )
    others = {"help": option(to=("ARD", "BRL"), value="0.5"), "object": option(by=("BRL",), goldstein=-2.0)}
    return {"deed": deed, **others}


def injects(case: Case) -> tuple[model.Inject, ...]:
    """One that expects the deed, asks questions and disables another one; one after the deed, one after decisions."""
    questions = Questionnaire(questions=(model.Question(id="q", text="Why?"),), within=5 * DAY)
    expected = (model.ExpectedAction(who="ARD", any_of=("deed",)), model.ExpectedAction(who="BRL", any_of=("trade",)))
    orders = model.ActionPattern(options=(*table().scenario.options, *options(case)), by=("ARD",))
    return (
        inject("call", manual=True, expected=expected, questionnaire=questions, disables=("other",)),
        inject("other", manual=True),
        inject("follow", after=model.After(action=DEED, delay=case.delay), repeat=9),
        inject("echo", after=model.After(decision=orders, delay=case.delay), repeat=99),
    )


def busy(case: Case) -> Exercise:
    """Two months in which Arda does the deed, Brel answers, and the model decides for a person who is late."""
    base = table().scenario
    visits = model.Visits(after=("deed",), commitments=("help",))
    routine = model.Routine(in_score=case.in_score)
    keeping = model.Indicator(
        title="Keeping", scope="government", start=0.5, known="estimated", half_life=90 * DAY,
        baseline="0.5 + 0.4 * credibility[ARD, BRL]",
    )  # fmt: skip
    procedure = model.Procedure(title="Object", government="BRL", on=DEED, does="object")
    eager = {name: replace(leader, threshold=-9.0, tempo=DAY) for name, leader in base.leaders.items()}
    scenario = changed(
        table(),
        options={**base.options, **options(case)},
        rules=replace(base.rules, routine=routine, visits=visits),
        indicators={**base.indicators, "keeping": keeping},
        procedures={"object": procedure},
        leaders=eager,
        injects=injects(case),
    )
    exercise = Exercise(scenario, case.seed, Settings(strategies=(("ARD", "push"),)))
    exercise.advance(case.days * DAY + HOUR)
    exercise.apply(Command(kind="release", data={"inject": "call"}))
    for actor, name, target in (("ARD", "deed", "BRL"), ("BRL", "trade", "ARD"), ("ARD", "pay", "BRL")):
        exercise.actions.do(actor, name, target, source="order")
        exercise.advance(exercise.now + case.days * DAY)
    exercise.apply(Command(kind="deadline", data={"game": "1d", "default": "model"}))
    exercise.apply(Command(kind="seat", data={"government": "ARD", "kind": "human"}))
    exercise.advance(60 * DAY)
    return exercise


def together(records: list[RawRecord], kind: str, *following: str) -> bool:
    """Whether one record of this kind is a cause of records of all the kinds that follow."""
    causes = [{seq for r in records if r[2] == each for seq in r[5]} for each in following]
    return any(r[2] == kind and all(r[0] in named for named in causes) for r in records)


@pytest.mark.parametrize(("first", "second"), COMMUTING, ids=lambda step: step.__qualname__)
@settings(max_examples=3)
@given(case=CASES)
def test_commuting_neighbours_give_equal_journals_in_both_orders(first: Step, second: Step, case: Case) -> None:
    """All records are the same, and with them the digests of all values of the world."""
    plain = busy(case)
    assert [kinds for kinds in TOGETHER if not together(plain.records(), *kinds)] == []
    assert skipped(plain)["other"] == "disabled by another inject"
    with swapped(first, second):
        assert busy(case).records() == plain.records()
