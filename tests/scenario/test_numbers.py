"""The numbers of a scenario by their paths: listed, given ranges, and changed in memory and in the files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.engine import loaded
from wargame.batches.study.parameters import expanded, rewritten, with_parameters
from wargame.errors import UsageFault
from wargame.evidence.claims.label_points import (
    RANDOM_POLICY,
    RANDOM_PREFERENCES,
    RANGES,
    LabelPoints,
    PointNumbers,
)
from wargame.scenario.building.numbers import ScenarioNumber, at, expand, matching, numbers, plausible
from wargame.scenario.loading.load import load
from wargame.scenario.model.questions import Spread

RIVALS = loaded()
KNOWN = numbers(RIVALS.scenario, RIVALS.injects)


def test_every_number_with_a_range_is_listed() -> None:
    """The numbers with a source are among all numbers."""
    korea = load("korea-2017")
    assert {each.path for each in korea.parameters} <= set(numbers(korea.scenario, korea.injects))


def test_a_star_matches_text_within_one_key() -> None:
    """It does not match several keys or none."""
    assert matching("leaders.*.horizon", KNOWN) == tuple(
        f"leaders.{name}.horizon" for name in ("arda_council", "brel_general", "brel_premier")
    )
    assert matching("leaders.brel_*.horizon", KNOWN) == ("leaders.brel_general.horizon", "leaders.brel_premier.horizon")
    assert matching("leaders.*", KNOWN) == ()


def test_the_more_specific_pattern_counts() -> None:
    """The pattern with the fewest stars counts, in any order."""
    values = expand({"leaders.brel_general.horizon": 5.0, "leaders.*.horizon": 7.0}, KNOWN)
    assert (values["leaders.brel_general.horizon"], values["leaders.brel_premier.horizon"]) == (5.0, 7.0)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(KNOWN)), st.floats(0.0, 1.0))
def test_a_number_changed_in_the_files_equals_one_changed_in_memory(path: str, share: float) -> None:
    """For written numbers and defaults, in long and short form; otherwise an error is raised."""
    number = KNOWN[path]
    value = number.fits(number.value * (0.5 + share) + (1.0 if number.whole else 0.01))
    try:
        from_files = rewritten(RIVALS, {path: value})
    except UsageFault as error:
        assert path in str(error)  # noqa: PT017 - either of two ways is right
        return
    in_memory = with_parameters(RIVALS, {path: value})
    assert (from_files.scenario, from_files.injects) == (in_memory.scenario, in_memory.injects)


def test_several_numbers_are_changed_in_the_files_at_once() -> None:
    """Next to each other, some of them in the same place."""
    values = {"governments.ARD.perception.noise": 1.5, "governments.ARD.perception.detection": 0.9}
    values |= {"leaders.arda_council.horizon": 86400.0 * 90, "options.talk.effects.tension.by": -0.2}
    values |= {"injects.collision.salience.strait": 7.5, "injects.coup.random.bound": 3.0}
    from_files, in_memory = rewritten(RIVALS, values), with_parameters(RIVALS, values)
    assert (from_files.scenario, from_files.injects) == (in_memory.scenario, in_memory.injects)
    assert from_files.injects != RIVALS.injects


@pytest.mark.parametrize(
    ("pattern", "value", "message"),
    [
        ("leaders.*.horizn", 3.0, "there is no number"),
        ("options.talk.rung", 2.5, "whole number"),
        ("options.talk.rung", 11.0, "between 0 and 10"),
        ("options.*.effects.tension.by", 1.5, "between -1 and 1"),
        ("indicators.tension.start", 1.5, "between 0 and 1"),
    ],
)
def test_an_impossible_number_is_refused(pattern: str, value: float, message: str) -> None:
    """The message says which values are possible."""
    with pytest.raises(UsageFault, match=message):
        expanded({pattern: value}, RIVALS)


def test_the_range_of_an_indicator_limits_its_levels_alone() -> None:
    """The variance of first estimates is a number of its own, which may be larger than the range."""
    changed = expanded({"indicators.tension.variance": 1.5}, RIVALS)
    assert changed == {"indicators.tension.variance": 1.5}


@given(st.floats(0.0, 1.0))
def test_a_factor_is_uniform_in_its_logarithm(share: float) -> None:
    """Its middle is the written value if its ends are inverse to each other."""
    number = ScenarioNumber("x", 3.0, -1e9, 1e9)
    spread = Spread(path="x", times=(0.5, 2.0))
    assert at(number, spread, share) * at(number, spread, 1.0 - share) == pytest.approx(9.0)


def test_drawn_numbers_stay_within_their_limits() -> None:
    """A probability of 0.9 times 2 is 1; a count is an integer."""
    spread = Spread(path="x", times=(0.5, 2.0))
    drawn = [
        at(ScenarioNumber("x", 0.9, 0.0, 1.0), spread, 0.99),
        at(ScenarioNumber("x", 3.0, 0.0, 9.0, whole=True), spread, 0.6),
    ]
    assert drawn == [1.0, 3.0]


def test_the_last_range_counts_and_numbers_of_one_pattern_share_a_draw() -> None:
    """Their name is the pattern."""
    first, second = (
        Spread(path="leaders.*.horizon", times=(0.5, 2.0)),
        Spread(path="leaders.brel_*.horizon", range=(1, 2)),
    )
    shared = Spread(path="options.*.lead.*", times=(0.5, 2.0), together=True)
    parameters = plausible([first, second, shared], KNOWN)
    assert parameters["leaders.arda_council.horizon"] == ("leaders.arda_council.horizon", first)
    assert parameters["leaders.brel_general.horizon"][1] is second
    assert parameters["options.talk.lead.2"][0] == "options.*.lead.*"


# --- points of labels ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def korea() -> PointNumbers:
    """The numbers of the built-in scenario at eight points, and eight with random policies."""
    return PointNumbers(load("korea-2017"), LabelPoints(8, 2, 1))


def test_points_fill_each_range_evenly(korea: PointNumbers) -> None:
    """There is one point in each eighth: a Latin hypercube."""
    path = "rules.trust_rate"
    low, high = 0.03, 0.12
    drawn = [korea.at(point)[path] for point in korea.points.of(RANGES)]
    assert sorted(int((value - low) / (high - low) * 8) for value in drawn) == list(range(8))


def test_random_policy_sets_rationality_to_zero(korea: PointNumbers) -> None:
    """For every leader; points of the ranges leave it above zero."""
    leaders = [f"leaders.{name}.rationality" for name in korea.loaded.scenario.leaders]
    assert {korea.at(korea.points.of(RANDOM_POLICY)[0])[path] for path in leaders} == {0.0}
    assert min(korea.at(0)[path] for path in leaders) > 0.0


def test_random_preferences_permute_the_weights(korea: PointNumbers) -> None:
    """The drawn sizes are permuted; subjects and signs stay."""
    point = korea.points.of(RANDOM_PREFERENCES)[0]
    drawn, dealt = korea.at(point % korea.points.draws), korea.at(point)
    paths = [path for path in korea.known if path.startswith("leaders.kim_jong_un.interests.")]
    before = [drawn.get(path, korea.known[path].value) for path in paths]
    after = [dealt.get(path, korea.known[path].value) for path in paths]
    assert sorted(map(abs, after)) == pytest.approx(sorted(map(abs, before)))
    assert after != before
