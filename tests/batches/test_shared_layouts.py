"""Scenarios that differ only in numbers share what is compiled, and no run is another for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from wargame.batches.study.parameters import with_parameters
from wargame.scenario.building.numbers import numbers
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.world import layout

SECTIONS = ("options", "rules", "indicators", "governments", "forums", "agreements", "leaders", "strategies", "hazards")


def changed(loaded: Loaded, section: str) -> Loaded:
    """The scenario with other values of many numbers of a section; ranges stay, since they are no number of a state."""
    known = {path: each for path, each in numbers(loaded.scenario).items() if path.startswith(f"{section}.")}
    picked = {path: each for path, each in known.items() if ".range." not in path and each.value}
    return with_parameters(loaded, {path: each.fits(each.value * 1.25) for path, each in picked.items()})


def journal(loaded: Loaded) -> list[object]:
    """All records of a run of 40 days, without the hash of the scenario."""
    exercise = Exercise(replace(loaded), 3, Settings(until="40d"))
    exercise.advance(exercise.end)
    return [str(each) for each in exercise.records()[1:]]


@pytest.fixture
def alone() -> Iterator[None]:
    """Nothing that was compiled before."""
    layout._COMMON.clear()
    layout._LAYOUTS.clear()
    yield
    layout._COMMON.clear()
    layout._LAYOUTS.clear()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("section", SECTIONS)
def test_a_run_does_not_depend_on_the_states_before_it(section: str) -> None:
    """After runs of the same scenario with other numbers, it is the run of a fresh process."""
    usual = load("two-rivals")
    other = changed(usual, section)
    fresh = journal(other)
    layout._COMMON.clear()
    layout._LAYOUTS.clear()
    before = journal(usual)
    assert journal(other) == fresh
    assert journal(replace(usual, scenario=replace(usual.scenario))) == before


@pytest.mark.usefixtures("alone")
def test_a_state_compiles_no_formula_again() -> None:
    """A scenario with other numbers uses the programs and menus of the first."""
    first = load("two-rivals")
    journal(first)
    (common,) = layout._COMMON.values()
    programs = len(common.programs)
    journal(changed(first, "rules"))
    assert list(layout._COMMON.values()) == [common]
    assert len(common.programs) == programs
