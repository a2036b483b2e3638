"""The null model in which nothing counts that an author wrote about the worth of single options."""

from __future__ import annotations

import pytest

from wargame.batches.study.parameters import with_parameters
from wargame.evidence.claims.label_points import (
    ABLATIONS,
    KINDS,
    NOTHING_WRITTEN,
    RANDOM_PREFERENCES,
    LabelPoints,
    PointNumbers,
)
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

POINTS = LabelPoints(draws=4, each=1, seed=3)


@pytest.fixture(scope="module")
def korea() -> Loaded:
    """The scenario with favours, values, benefits and stakes."""
    return load("korea-2017")


@pytest.fixture(scope="module")
def numbers(korea: Loaded) -> PointNumbers:
    """Its numbers at each point."""
    return PointNumbers(korea, POINTS)


def at(numbers: PointNumbers, kind: str, place: int = 0) -> Loaded:
    """The scenario at a point of a kind."""
    point = POINTS.of(kind)[place]
    return numbers.rewritten(with_parameters(numbers.loaded, numbers.at(point)), point)


def test_half_as_many_points_are_of_each_random_kind() -> None:
    """As many as needed, rounded up, at most twelve; two are of each ablation."""
    assert [len(POINTS.of(kind)) for kind in KINDS] == [4, 0, 2, 2, 2]
    assert [len(LabelPoints(draws=3, each=1, seed=3).of(kind)) for kind in KINDS] == [3, 0, 2, 2, 2]
    many = LabelPoints(draws=60, each=1, seed=3, ablations=("calm", "loud", "late"))
    assert [len(many.of(kind)) for kind in KINDS] == [60, 6, 12, 12, 12]
    assert [many.ablation(point) for point in many.of(ABLATIONS)] == 2 * ["calm", "loud", "late"]


def test_an_ablation_changes_its_numbers_on_top_of_the_drawn_ones(korea: Loaded) -> None:
    """At each of its points; the other numbers are those of a point of the ranges."""
    points = LabelPoints(draws=4, each=1, seed=3, ablations=("no_attribution", "no_triangles"))
    numbers = PointNumbers(korea, points)
    for point in points.of(ABLATIONS):
        drawn, at = numbers.at(point % 4), numbers.at(point)
        path = {"no_attribution": "rules.attribution", "no_triangles": "rules.triangle"}[points.ablation(point)]
        assert at[path] == 0.0 != drawn[path]
        assert at | {path: drawn[path]} == drawn


def test_formulas_of_worth_are_others_and_keep_their_variables(korea: Loaded, numbers: PointNumbers) -> None:
    """A formula replaces one of an option of the same governments, with or without a target; its sign is random."""
    before = {name: each.value for name, each in korea.scenario.options.items() if each.value}
    after = {name: each.value for name, each in at(numbers, NOTHING_WRITTEN).scenario.options.items() if each.value}
    assert set(before) == set(after)
    assert sum(before[name] != after[name] for name in before) > 0.4 * len(before)
    by = {name: each.by for name, each in korea.scenario.options.items()}
    for name, text in after.items():
        bare = text.removeprefix("-(").removesuffix(")") if text.startswith("-(") else text
        assert any(bare == old and by[name] == by[other] for other, old in before.items())
        assert ("target" in before[name]) is ("target" in text)


def test_agreements_are_worth_something_else(korea: Loaded, numbers: PointNumbers) -> None:
    """To the same parties."""
    after = at(numbers, NOTHING_WRITTEN).scenario.agreements
    for name, each in korea.scenario.agreements.items():
        assert set(after[name].benefits) == set(each.benefits)
    assert any(after[name].benefits != each.benefits for name, each in korea.scenario.agreements.items())


@pytest.mark.slow
def test_only_this_null_touches_what_strategies_favour(korea: Loaded, numbers: PointNumbers) -> None:
    """With random preferences they keep their signs; here about half of them have the other one."""

    def turned(kind: str) -> float:
        pairs = [
            (value, now.favours[key])
            for name, strategy in korea.scenario.strategies.items()
            for stage, now in zip(strategy.stages, at(numbers, kind).scenario.strategies[name].stages, strict=True)
            for key, value in stage.favours.items()
        ]
        return sum(old * new < 0 for old, new in pairs) / len(pairs)

    assert turned(RANDOM_PREFERENCES) == 0.0
    assert turned(NOTHING_WRITTEN) == pytest.approx(0.5, abs=0.15)


def test_a_point_is_the_same_each_time_and_other_points_differ(korea: Loaded, numbers: PointNumbers) -> None:
    """Draws have keys, so that labels can be resumed and repeated."""
    again = PointNumbers(korea, POINTS)
    assert at(numbers, NOTHING_WRITTEN).scenario == at(again, NOTHING_WRITTEN).scenario
    assert at(numbers, NOTHING_WRITTEN).scenario != at(numbers, NOTHING_WRITTEN, 1).scenario


@pytest.mark.slow
def test_runs_with_nothing_written_play_to_their_end(numbers: PointNumbers) -> None:
    """Every permuted formula can be evaluated wherever it was put."""
    for place in range(2):
        exercise = Exercise(at(numbers, NOTHING_WRITTEN, place), 1, Settings(until="365d", journal="decisions"))
        exercise.advance(exercise.end)
        assert exercise.done
