"""Helpers for tests of the engine: scenarios changed in memory, runs, and records to compare."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@lru_cache(maxsize=8)
def loaded(name: str = "two-rivals") -> Loaded:
    """A built-in scenario."""
    return load(name)


def changed(base: Loaded, **parts: Any) -> Loaded:
    """The scenario with parts of it, or its `injects`, replaced."""
    injects = parts.pop("injects", base.injects)
    return replace(base, scenario=replace(base.scenario, **parts), injects=injects)


def run(base: Loaded, seed: int = 1, days: int | None = None, **settings: Any) -> Exercise:
    """A run to ENDEX, or for this number of days."""
    exercise = Exercise(base, seed, Settings(**settings))
    exercise.advance(exercise.end if days is None else days * DAY)
    return exercise


def story(exercise: Exercise, *without: str) -> list[RawRecord]:
    """All records but the first, without those of the kinds and about the names in `without`, renumbered.

    Numbers in `cause` and in `data["action"]` follow the new numbering, so that two runs that differ only in records
    left out here are equal.
    """
    records = [r for r in exercise.records()[1:] if not {r[2], r[4]} & {*without}]
    number = {record[0]: i for i, record in enumerate(records)}
    renumbered_records = []
    for seq, t, kind, who, about, cause, data in records:
        renumbered = {**data, "action": number[data["action"]]} if kind == "signal" else data
        renumbered_records.append(
            (number[seq], t, kind, who, about, tuple(number.get(c, -1) for c in cause), renumbered)
        )
    return renumbered_records


def actions(exercise: Exercise, *options: str) -> list[RawRecord]:
    """The actions of a run, all or those of some options."""
    return [r for r in exercise.records() if r[2] == "action" and (not options or r[4] in options)]
