"""Injects in quiet runs: governments decide nothing, so that only the script acts."""

from __future__ import annotations

from typing import Any

from support.engine import changed, loaded, run
from wargame.language.times import DAY
from wargame.scenario.model import Inject
from wargame.simulation.exercise import Exercise

Fired = list[tuple[str, float]]


def inject(name: str, **fields: Any) -> Inject:
    """An inject with only the given fields."""
    return Inject(id=name, title=name.upper(), **fields)


def play(*injects: Inject, seed: int = 1, **settings: Any) -> Exercise:
    """Runs two quiet rivals, who decide nothing, with these injects."""
    return run(changed(loaded(), injects=injects), seed, seats=(("ARD", "script"), ("BRL", "script")), **settings)


def fired(exercise: Exercise) -> Fired:
    """The released injects, with the days of their release."""
    return [(r[4], r[1] / DAY) for r in exercise.records() if r[2] == "inject.released"]


def skipped(exercise: Exercise) -> dict[str, str]:
    """The skipped injects, with the reasons."""
    return {r[4]: r[6]["reason"] for r in exercise.records() if r[2] == "inject.skipped"}
