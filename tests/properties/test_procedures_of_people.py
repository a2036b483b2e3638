"""Standing procedures over random scripts: nothing is done for a person that was refused or never asked."""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path

import pytest

from wargame.errors import UsageFault
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

SMALL = Path(__file__).resolve().parents[1] / "data" / "small.yaml"
STEPS = 40
MODES = ("act", "act", "propose", "propose", "off")
KINDS = ("test", "answer", "answer", "mode", "seat", "wait", "wait", "wait")


def command(draws: random.Random) -> Command | None:
    """A random command about the procedure of CCC, or what triggers it; None to let time pass."""
    kind = draws.choice(KINDS)
    if kind == "test":
        return Command(kind="order", data={"government": "BBB", "option": "test", "forced": True})
    if kind == "answer":
        data = {"government": "CCC", "number": draws.randint(1, 6), "answer": draws.choice(("accept", "refuse"))}
        return Command(kind="procedure.answer", data=data)
    if kind == "mode":
        data = {"government": "CCC", "procedure": draws.choice(("", "note")), "mode": draws.choice(MODES)}
        return Command(kind="procedures", data=data)
    if kind == "seat":
        return Command(kind="seat", data={"government": "CCC", "kind": draws.choice(("human", "human", "model"))})
    return None


def played(seed: int) -> Exercise:
    """A random exercise with a person in the seat of CCC."""
    draws = random.Random(seed)  # noqa: S311 - no cryptography
    seats = (("AAA", "script"), ("BBB", "script"), ("CCC", "human"))
    exercise = Exercise(load(str(SMALL)), seed, Settings(seats=seats))
    exercise.advance(exercise.calendar.startex + 1)
    exercise.apply(Command(kind="set", data={"path": "trust[CCC, BBB]", "value": -0.5}))
    for _ in range(STEPS):
        given = command(draws)
        try:
            if given is not None:
                exercise.apply(given)
        except UsageFault:
            continue
        exercise.advance(exercise.now + draws.choice((0, 3600, DAY // 2, 3 * DAY)))
    exercise.advance(exercise.now + 3 * DAY)
    return exercise


def chain(exercise: Exercise, record: RawRecord) -> list[RawRecord]:
    """The record and its triggers, the latest first."""
    index, steps = {each[0]: each for each in exercise.records()}, [record]
    while steps[-1][5]:
        steps.append(index[steps[-1][5][0]])
    return steps


def kind_of_seat(exercise: Exercise, before: int) -> str:
    """Who played CCC before a record."""
    changes = [r for r in exercise.records()[:before] if r[2] == "command" and r[4] == "seat"]
    return str(changes[-1][6]["kind"]) if changes else "human"


@lru_cache(maxsize=1)
def exercises() -> tuple[Exercise, ...]:
    """Random exercises."""
    return tuple(played(seed) for seed in range(120))


@pytest.mark.slow
def test_an_action_by_procedure_was_accepted_or_could_be_refused() -> None:
    """Its cause is an acceptance, an announcement without a refusal, or a signal while the model acted."""
    causes = set()
    for exercise in exercises():
        for action in [r for r in exercise.records() if r[2] == "action" and r[6].get("from") == "procedure"]:
            cause = chain(exercise, action)[1]
            causes.add(cause[2])
            if cause[2] == "procedure.answer":
                assert cause[6]["answer"] == "accept"
            elif cause[2] == "procedure.proposed":
                assert cause[6]["mode"] == "act" or kind_of_seat(exercise, action[0]) == "model"
            else:
                assert (cause[2], kind_of_seat(exercise, action[0])) == ("signal", "model")
    assert causes == {"procedure.answer", "procedure.proposed", "signal"}


def test_every_proposal_ends_once() -> None:
    """It is carried out, cancelled, refused or withdrawn, or it expires, and nothing of it happens after that."""
    ends = ("action", "order.cancelled", "procedure.expired")
    kinds = set()
    for exercise in exercises():
        ended = [r for r in exercise.records() if r[2] in ends and r[3] == "CCC"]
        kinds |= {r[2] for r in ended}
        roots = [step[0] for r in ended for step in chain(exercise, r) if step[2] == "procedure.proposed"]
        assert len(roots) == len(set(roots))
        assert not exercise.procedures.pending
    assert {"action", "procedure.expired"} <= kinds
