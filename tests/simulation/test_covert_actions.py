"""Covert actions: how often each government detects them, and with what effects."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest

from support.engine import changed, loaded
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.scenario.model.governments import Perception
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

TIMES = 300


def detected(probability: float, goldstein: float = -4.0, target: str | None = None) -> float:
    """Share of the covert actions of ARD of which BRL gets a signal."""
    base = loaded()
    covert = model.Option(
        title="listens in",
        dossier="strait",
        by=("ARD",),
        to=("BRL",) if target else (),
        cameo="150",
        goldstein=goldstein,
        visibility="covert",
        lead=(0, 0, 0),
        cool_down=0,
    )
    brl = base.scenario.governments["BRL"]
    brl = replace(brl, perception=Perception(delay=HOUR, detection=probability))
    modified = changed(
        base,
        injects=(),
        options={**base.scenario.options, "listen": covert},
        governments=base.scenario.governments | {"BRL": brl},
    )
    exercise = Exercise(modified, 1, Settings(seats=(("ARD", "human"), ("BRL", "human"))))
    exercise.advance(HOUR)
    for _ in range(TIMES):
        exercise.apply(Command(kind="order", data={"government": "ARD", "option": "listen", "target": target}))
        exercise.advance(exercise.now + HOUR)
    exercise.advance(exercise.now + DAY)
    done = [record for record in exercise.records() if record[2] == "action" and record[4] == "listen"]
    signals = [record for record in exercise.records() if record[2] == "signal" and record[4] == "listen"]
    assert len(done) == TIMES
    assert {record[3] for record in signals} <= {"BRL"}
    return len(signals) / TIMES


@pytest.mark.parametrize("probability", [0.1, 0.4, 0.9])
def test_the_share_of_detected_covert_actions_is_the_probability_of_detection(probability: float) -> None:
    """Within four standard errors of the binomial share."""
    error = sqrt(probability * (1 - probability) / TIMES)
    assert detected(probability) == pytest.approx(probability, abs=4 * error)


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_detection_can_be_impossible_or_certain(probability: float) -> None:
    """With the probabilities 0 and 1."""
    assert detected(probability) == probability


def test_a_hostile_target_needs_detection_and_a_friendly_one_does_not() -> None:
    """A government that is helped in secret knows it; one that is harmed in secret may not."""
    assert detected(0.0, goldstein=-4.0, target="BRL") == 0.0
    assert detected(0.0, goldstein=4.0, target="BRL") == 1.0
