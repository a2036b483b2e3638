"""The Security Council and the allies after tests and launches in korea-2017, against the record up to May 2017."""

from __future__ import annotations

from functools import lru_cache

import pytest

from wargame.decision.menu import Candidate
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@lru_cache(maxsize=1)
def korea() -> Loaded:
    """The scenario."""
    return load("korea-2017")


def july(seed: int = 1) -> Exercise:
    """At 1 July 2016, half a year after the last nuclear test and four months after the last resolution."""
    exercise = Exercise(korea(), seed, Settings(startex="2016-07-01"))
    exercise.advance(exercise.calendar.startex + 3600)
    return exercise


def blocked(exercise: Exercise, who: str, option: str) -> bool:
    """Whether the government in office cannot choose an option now."""
    return exercise.feasibility.blocker(exercise.governments[who], Candidate(option)) is not None


def steps(exercise: Exercise, forum: str) -> list[tuple[float, str]]:
    """The steps of a forum since 1 July, each with the days since then."""
    zero = exercise.calendar.startex
    return [((r[1] - zero) / DAY, r[6]["event"]) for r in exercise.records() if (r[2], r[4]) == ("forum", forum)]


@pytest.mark.parametrize(
    ("act", "drafted"),
    [("medium_range_launch", False), ("short_range_launch", False), ("nuclear_test", True), ("satellite_launch", True)],
)
def test_a_draft_follows_a_test_or_satellite(act: str, drafted: bool) -> None:
    """Washington drafts, and not over missiles alone: resolutions 1718 to 2321."""
    exercise = july()
    assert blocked(exercise, "USA", "draft_unsc_resolution")
    exercise.actions.do("PRK", act, None, source="test", success=True)
    exercise.advance(exercise.now + DAY)
    assert blocked(exercise, "USA", "draft_unsc_resolution") is not drafted
    assert blocked(exercise, "JPN", "draft_unsc_resolution")


def test_a_failed_satellite_brings_no_draft() -> None:
    """None followed the failure of April 2012. Beijing and Moscow speak for themselves on the failure, too."""
    exercise = july()
    exercise.actions.do("PRK", "satellite_launch", None, source="test", success=False)
    zero = exercise.now
    exercise.advance(zero + 3 * DAY)
    assert blocked(exercise, "USA", "draft_unsc_resolution")
    said = {r[3] for r in exercise.records() if (r[2], r[4]) == ("action", "issue_denunciation") and r[1] > zero}
    assert {"CHN", "RUS", "JPN", "KOR"} <= said


@pytest.mark.parametrize(("success", "low", "high"), [(True, 17, 20), (False, 6, 18)])
def test_washington_turns_to_the_council_over_failed_launches_less_often(success: bool, low: int, high: int) -> None:
    """Within five days of a launch, in 20 runs."""
    turned = 0
    for seed in range(1, 21):
        exercise = july(seed)
        exercise.actions.do("PRK", "medium_range_launch", None, source="test", success=success)
        exercise.advance(exercise.now + 5 * DAY)
        turned += any(event == "propose" for _, event in steps(exercise, "unsc_press"))
    assert low <= turned <= high


@pytest.mark.parametrize("who", ["CHN", "RUS"])
def test_no_veto_after_a_test(who: str) -> None:
    """The text is negotiated until both agree: no resolution on North Korea was vetoed by May 2017."""
    exercise = july()
    exercise.actions.do("PRK", "nuclear_test", None, source="test")
    exercise.actions.do("USA", "draft_unsc_resolution", None, source="test")
    assert exercise.context.world.get("proposed", "unsc") == 1.0
    assert blocked(exercise, who, "veto_unsc")
    assert not blocked(exercise, who, "dilute_unsc")


def test_a_draft_is_weakened_before_beijing_and_moscow_accept_it() -> None:
    """Each resolution was; at half its scope they like the text better than waiting."""
    exercise = july()
    exercise.actions.do("PRK", "nuclear_test", None, source="test")
    exercise.actions.do("USA", "draft_unsc_resolution", None, source="test")
    assert [blocked(exercise, who, "vote_unsc_sanctions") for who in ("CHN", "RUS", "JPN")] == [True, True, False]
    for who in ("CHN", "RUS"):
        exercise.actions.do(who, "dilute_unsc", None, source="test")
    for who in ("CHN", "RUS"):
        gain = exercise.governments[who].gain(Candidate("vote_unsc_sanctions"))
        assert not blocked(exercise, who, "vote_unsc_sanctions")
        assert gain is not None
        assert gain > 0.0


@pytest.mark.parametrize(("act", "within", "least"), [("nuclear_test", 2.0, 8), ("medium_range_launch", 4.5, 4)])
def test_a_press_statement_follows_a_test_or_launch(act: str, within: float, least: int) -> None:
    """By the next day after each test; after most launches within 4 days: 13 of 19 from March 2016 to May 2017."""
    agreed = 0
    for seed in range(1, 9):
        exercise = july(seed)
        exercise.actions.do("PRK", act, None, source="test")
        exercise.advance(exercise.now + round(within * DAY))
        agreed += "agree" in [event for _, event in steps(exercise, "unsc_press")]
        assert "agree" not in [event for days, event in steps(exercise, "unsc_press") if days < 0.25]
    assert least <= agreed
    assert agreed < 8 or act == "nuclear_test"


def did(exercise: Exercise, who: str, option: str) -> int:
    """How often a government has done something since 1 July."""
    zero = exercise.calendar.startex
    return sum(r[1] > zero and r[2:5] == ("action", who, option) for r in exercise.records())


@pytest.mark.parametrize("thaad", [False, True])
def test_beijing_holds_up_a_press_statement_over_missile_defence_alone(thaad: bool) -> None:
    """None from the decision of July 2016 to late August. Moscow held one up, in April 2017."""
    proposed, agreed = 0, {"CHN": 0, "RUS": 0}
    for seed in range(1, 21):
        exercise = july(seed)
        if thaad:
            exercise.actions.do("KOR", "advance_thaad", None, source="test")
        exercise.actions.do("PRK", "medium_range_launch", None, source="test", success=True)
        exercise.advance(exercise.now + 5 * DAY)
        proposed += did(exercise, "USA", "propose_press_statement") > 0
        for who in agreed:
            agreed[who] += did(exercise, who, "join_press_statement") > 0
    assert proposed >= 17
    assert agreed["CHN"] == (0 if thaad else proposed)
    assert 0.75 * proposed <= agreed["RUS"] <= proposed


@pytest.mark.parametrize(("success", "low", "high"), [(True, 12, 20), (False, 6, 17)])
def test_washington_speaks_on_launches(success: bool, low: int, high: int) -> None:
    """Within two days, as on 12 February 2017; on failures less often, as on 15 and 20 October 2016."""
    spoke = 0
    for seed in range(1, 21):
        exercise = july(seed)
        exercise.actions.do("PRK", "medium_range_launch", None, source="test", success=success)
        exercise.advance(exercise.now + 2 * DAY)
        spoke += did(exercise, "USA", "issue_denunciation") > 0
    assert low <= spoke <= high


def test_allies_add_their_measures_to_a_resolution_together() -> None:
    """Within ten days: Washington, Tokyo and Seoul on 2 December 2016, two days after resolution 2321."""
    acted: list[set[str]] = []
    for seed in range(1, 7):
        exercise = july(seed)
        for who in ("USA", "CHN", "RUS", "JPN"):
            exercise.actions.do(who, "vote_unsc_sanctions", None, source="test")
        voted = exercise.now
        exercise.advance(voted + 12 * DAY)
        measures = [r for r in exercise.records() if (r[2], r[4]) == ("action", "unilateral_sanctions")]
        acted.append({r[3] for r in measures if r[1] > voted})
    assert sum(map(len, acted)) >= 0.75 * 3 * len(acted)


def test_the_answer_to_a_nuclear_test_is_complete() -> None:
    """Seoul's alert on the same day, American bombers after 2 to 6 days or 7 with a weekend."""
    for seed in range(1, 5):
        exercise = july(seed)
        tested = exercise.now
        exercise.actions.do("PRK", "nuclear_test", None, source="test")
        exercise.advance(tested + 8 * DAY)
        done = {(r[3], r[4]): (r[1] - tested) / DAY for r in exercise.records() if r[2] == "action" and r[1] > tested}
        assert done["KOR", "raise_alert"] < 1.0
        assert 2.0 < done.get(("USA", "deploy_strategic_assets"), 3.0) < 7.5


def test_a_procedure_votes_in_the_sitting() -> None:
    """Tokyo is ready after its procedure; its vote is cast with the others, not before."""
    exercise = july()
    exercise.actions.do("PRK", "nuclear_test", None, source="test")
    exercise.actions.do("USA", "draft_unsc_resolution", None, source="test")
    drafted = exercise.now
    exercise.advance(drafted + 100 * DAY)
    votes = {
        r[3]: r[1] for r in exercise.records() if (r[2], r[4]) == ("action", "vote_unsc_sanctions") and r[1] > drafted
    }
    assert {"USA", "CHN", "JPN"} <= set(votes)
    assert len(set(votes.values())) == 1


def test_breaches_are_secret_rest_after_a_test_and_washington_objects_once_they_are_known() -> None:
    """Panels of the Council report them months later; the answer is a statement within days."""
    exercise = july()
    spec = exercise.context.scenario.options["supply_fuel_loophole"]
    assert spec.visibility == "covert"
    exercise.actions.do("PRK", "nuclear_test", None, source="test")
    exercise.advance(exercise.now + 40 * DAY)
    blocker = exercise.feasibility.blocker(exercise.governments["RUS"], Candidate("supply_fuel_loophole", "PRK"))
    assert blocker is not None
    exercise.actions.do("RUS", "breach_reported", "PRK", source="test")
    zero = exercise.now
    exercise.advance(zero + 4 * DAY)
    said = [r for r in exercise.records() if (r[2], r[4]) == ("action", "issue_denunciation") and r[1] > zero]
    assert ("USA", "RUS") in {(r[3], r[6]["target"]) for r in said}
