"""The journals of korea-2017 are plausible: actions have causes, shocks have responses, behaviour is varied.

A historian has read ten journals; these tests check for the worst implausibilities that were found. The quick ones use
three runs from the STARTEX of the scenario, the slow ones twelve, and twelve more from January 2016. Bounds are wide:
they exclude implausible runs and do not test a fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from math import log2

import pytest

from support.engine import loaded
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

YEAR = 365 * DAY
QUICK, MANY = range(1, 4), range(1, 13)
LAUNCHES = {"short_range_launch", "medium_range_launch", "overfly_japan", "icbm_test", "satellite_launch"}
TESTS = LAUNCHES | {"nuclear_test"}
THREATS = {"threaten_force", "threaten_wmd", "threaten_regime_change"}
CONSULTATIONS = {"leader_phone_call", "send_envoy", "raise_alert", "deploy_strategic_assets"}
COUNCIL = {"draft_unsc_resolution", "vote_unsc_sanctions", "dilute_unsc"}
FREEZES = ("freeze", "dual_freeze")


@cache
def played(seed: int, startex: str = "2017-06-01", until: str = "2019-06-01") -> Exercise:
    """A run to its end."""
    exercise = Exercise(loaded("korea-2017"), seed=seed, settings=Settings(startex=startex, until=until))
    exercise.advance(exercise.end)
    return exercise


def free(seed: int) -> Exercise:
    """A run of 2016 and 2017 in which the governments decide from the first day."""
    return played(seed, "2016-01-01", "2017-12-31")


def records_of(exercise: Exercise, kind: str) -> list[RawRecord]:
    """The records of a kind after STARTEX."""
    return [r for r in exercise.records() if r[2] == kind and r[1] >= exercise.calendar.startex]


def actions(exercise: Exercise) -> list[RawRecord]:
    """All actions after STARTEX."""
    return records_of(exercise, "action")


def own(exercise: Exercise, government: str) -> list[RawRecord]:
    """The actions of a government by decision or standing procedure."""
    return [r for r in actions(exercise) if r[3] == government and r[6]["from"] in ("decision", "procedure")]


def decided(exercise: Exercise, government: str) -> list[RawRecord]:
    """The actions of a government by decision: a standing procedure answers each launch in the same way."""
    return [r for r in own(exercise, government) if r[6]["from"] == "decision"]


def governments() -> list[str]:
    """The six governments."""
    return sorted(loaded("korea-2017").scenario.governments)


def entropy(counts: Counter[str]) -> float:
    """The entropy in bits."""
    total = sum(counts.values())
    return -sum(n / total * log2(n / total) for n in counts.values())


# --- variety: no action is repeated for months ----------------------------------------------------------------------


def check_variety(seeds: range) -> None:
    """Each government decides for many options (3 bits are eight, equally often), none in a third of acts."""
    for government in governments():
        counts = Counter(r[4] for seed in seeds for r in decided(played(seed), government))
        assert entropy(counts) >= 3.0, (government, entropy(counts))
        assert max(counts.values()) <= sum(counts.values()) / 3, (government, counts.most_common(3))


def check_repetition(seeds: range) -> None:
    """A government decides for one action against another at most four times in a row, and for at most half a year."""
    for seed in seeds:
        for government in governments():
            for _, run in groupby(decided(played(seed), government), key=lambda r: (r[4], r[6]["target"])):
                same = list(run)
                assert len(same) <= 4, (seed, government, same[0][4], len(same))
                assert same[-1][1] - same[0][1] <= YEAR / 2, (seed, government, same[0][4])


def check_activity(seeds: range) -> None:
    """Each government takes 3 to 90 actions in each year of every run."""
    for seed in seeds:
        exercise = played(seed)
        years = (exercise.now - exercise.calendar.startex) / YEAR
        for government in governments():
            assert 3 <= len(own(exercise, government)) / years <= 90, (seed, government)


@pytest.mark.slow
def test_governments_use_many_options() -> None:
    """Variety in three runs."""
    check_variety(QUICK)


@pytest.mark.slow
def test_no_government_repeats_one_action_for_months() -> None:
    """Repetition in three runs."""
    check_repetition(QUICK)


def test_all_governments_act() -> None:
    """Activity in three runs."""
    check_activity(QUICK)


@pytest.mark.slow
def test_variety_repetition_and_activity_over_twelve_runs() -> None:
    """The same checks in twelve runs."""
    check_variety(MANY)
    check_repetition(MANY)
    check_activity(MANY)


def test_governments_take_only_their_own_options() -> None:
    """Each action is possible for its government and its target."""
    options = loaded("korea-2017").scenario.options
    for seed in QUICK:
        for action in actions(played(seed)):
            option, target = options[action[4]], action[6]["target"]
            assert action[3] in option.by, action
            assert target is None if not option.to else target in option.to, action


# --- wars are rare and have visible causes ----------------------------------------------------------------------


def licences(exercise: Exercise, action: RawRecord) -> Iterator[RawRecord]:
    """The events that make violence available: an attack, an expired ultimatum, a collapse."""
    window = exercise.context.rules.violence_window + 40 * DAY
    for record in exercise.records():
        if record[0] >= action[0] or action[1] - record[1] > window:
            continue
        attack = record[2] == "action" and record[6]["rung"] >= exercise.context.rules.violent_rung
        refused = record[2] == "demand.settled" and record[6]["how"] == "refused"
        ultimatum = refused and (record[3], record[6]["owes"]) == (action[3], action[4])
        if (attack and record[3] != action[3]) or ultimatum or (record[2], record[4]) == ("outcome", "collapse"):
            yield record


def check_licences(exercises: list[Exercise]) -> None:
    """Each violent action that was decided follows a licence."""
    for exercise in exercises:
        violent = exercise.context.rules.violent_rung
        for action in actions(exercise):
            if action[6]["rung"] >= violent and action[6]["from"] in ("decision", "procedure"):
                assert any(licences(exercise, action)), action


def test_violence_has_a_cause() -> None:
    """In three runs."""
    check_licences([played(seed) for seed in QUICK])


@pytest.mark.slow
def test_wars_are_rare_and_licensed() -> None:
    """At most two wars occur in twelve runs, and each violent action follows its cause."""
    exercises = [played(seed) for seed in MANY]
    assert sum(e.outcomes["war"] is not None for e in exercises) <= 2
    assert sum(e.outcomes["collapse"] is not None for e in exercises) <= 2
    check_licences([*exercises, *(free(seed) for seed in MANY)])


# --- shocks are answered within days ----------------------------------------------------------------------------


def after(exercise: Exercise, action: RawRecord, days: float, options: set[str], *, from_day: float = 0) -> set[str]:
    """Governments that took any of these options within so many days after an action, except its author."""
    done = [r for r in actions(exercise) if r[4] in options and r[3] != action[3]]
    return {r[3] for r in done if from_day * DAY <= r[1] - action[1] <= days * DAY}


def shocks(exercise: Exercise, option: str, days: float) -> list[RawRecord]:
    """Actions of this option with so many days left in the run, without a recent or pending draft of the Council."""
    return [r for r in actions(exercise) if r[4] == option and exercise.now - r[1] > days * DAY]


def check_nuclear_tests(exercises: list[Exercise]) -> None:
    """Two governments denounce a nuclear test within five days, and two consult or raise their alert within ten.

    Reactions to a launch of the week before count.
    """
    tests = [(e, action) for e in exercises for action in shocks(e, "nuclear_test", 90)]
    assert tests
    for exercise, action in tests:
        assert len(after(exercise, action, 5, {"issue_denunciation", "accuse_of_aggression"}, from_day=-8)) >= 2, action
        assert len(after(exercise, action, 10, CONSULTATIONS, from_day=-8)) >= 2, action


def test_governments_respond_to_a_nuclear_test_within_days() -> None:
    """In three runs."""
    check_nuclear_tests([played(seed) for seed in QUICK] + [free(seed) for seed in QUICK])


@pytest.mark.slow
def test_the_council_takes_up_most_nuclear_tests() -> None:
    """Within six weeks a government drafts, dilutes or votes after nine of ten tests."""
    exercises = [free(seed) for seed in MANY]
    check_nuclear_tests(exercises)
    taken = [bool(after(e, action, 42, COUNCIL)) for e in exercises for action in shocks(e, "nuclear_test", 90)]
    assert sum(taken) >= 0.9 * len(taken)


@pytest.mark.parametrize("seed", QUICK)
def test_an_attack_on_an_ally_is_a_crisis(seed: int) -> None:
    """Within days of a shelling South Korea raises the alert or calls on its ally, and others telephone."""
    settings = Settings(until="2017-09-01", force=("2017-07-01T09:00 PRK border_artillery_attack KOR",))
    exercise = Exercise(loaded("korea-2017"), seed=seed, settings=settings)
    exercise.advance(exercise.end)
    attack = next(r for r in actions(exercise) if r[4] == "border_artillery_attack")
    answers = {"raise_alert", "invoke_pledge"}
    assert "KOR" in after(exercise, attack, 4, answers)
    assert after(exercise, attack, 0.3, {"return_fire"}) == {"KOR"}
    # A war ends the run at once.
    assert exercise.outcomes["war"] is not None or after(
        exercise, attack, 14, CONSULTATIONS | {"honour_defence_pledge"}
    )


# --- moves of talks follow talks --------------------------------------------------------------------------------


def before(exercise: Exercise, action: RawRecord, days: float, options: set[str], *, mutual: bool) -> bool:
    """Whether the target did any of these to the actor within so many days before, or either to the other."""
    pairs = {(action[6]["target"], action[3])} | ({(action[3], action[6]["target"])} if mutual else set())
    return any(
        r[4] in options and (r[3], r[6]["target"]) in pairs
        for r in exercise.records()
        if r[2] == "action" and 0 < action[1] - r[1] <= days * DAY
    )


def test_offers_are_refused_only_if_they_were_made() -> None:
    """A refusal of talks follows an offer by that government within two months."""
    for seed in QUICK:
        for action in (r for r in actions(played(seed)) if r[4] == "reject_talks"):
            assert before(played(seed), action, 60, {"propose_talks"}, mutual=False), action


def test_talks_are_held_after_an_offer_and_broken_off_after_a_round() -> None:
    """A round follows an offer or a round between the two, a breakdown follows a round."""
    for seed in QUICK:
        for action in actions(played(seed)):
            if action[4] == "hold_bilateral_round":
                assert before(played(seed), action, 180, {"propose_talks", "hold_bilateral_round"}, mutual=True), action
            if action[4] == "halt_negotiations":
                assert before(played(seed), action, 120, {"hold_bilateral_round"}, mutual=True), action


def spells(exercise: Exercise, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Start and end of the periods in which any of these agreements was in force."""
    periods, since = [], dict[str, int]()
    for record in exercise.records():
        if record[2] == "agreement" and record[4] in names:
            if record[6]["event"] == "enter":
                since[record[4]] = record[1]
            elif record[6]["event"] == "break" and record[4] in since:
                periods.append((since.pop(record[4]), record[1]))
    return periods + [(start, exercise.now) for start in since.values()]


def test_a_freeze_excludes_tests_and_threats() -> None:
    """While tests are frozen none occurs, and no government decides to threaten."""
    for exercise in [played(seed) for seed in QUICK] + [free(seed) for seed in QUICK]:
        for start, end in spells(exercise, FREEZES):
            within = [r for r in actions(exercise) if start < r[1] < end and r[6]["from"] == "decision"]
            assert not [r for r in within if r[4] in TESTS | THREATS]


def test_steps_of_missile_defence_are_a_month_apart() -> None:
    """Between a step of THAAD and a pause, and between two steps, there is a month."""
    for exercise in [played(seed) for seed in QUICK] + [free(seed) for seed in QUICK]:
        moves = [r for r in actions(exercise) if r[4] in ("advance_thaad", "pause_thaad")]
        steps = [r[1] for r in moves if r[4] == "advance_thaad"]
        assert not [r for r in moves if any(0 < r[1] - step < 29 * DAY for step in steps)]


@pytest.mark.slow
def test_freezes_occur_but_do_not_all_last() -> None:
    """Some of twelve runs have a freeze, and not all of them keep it for 90 days."""
    exercises = [played(seed) for seed in MANY]
    assert any(e.outcomes["freeze_begun"] is not None for e in exercises)
    assert sum(e.outcomes["freeze"] is not None for e in exercises) < 0.75 * len(MANY)


# --- figures, loosely -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_launches_and_actions_have_the_observed_order_of_magnitude() -> None:
    """Over 2016 and 2017: 0.7 to 2.5 launch days per month, 6 to 85 actions of each government per year."""
    exercises = [free(seed) for seed in MANY]
    months = sum((e.now - e.calendar.startex) / (30.44 * DAY) for e in exercises)
    days = sum(len({r[1] // DAY for r in actions(e) if r[4] in LAUNCHES}) for e in exercises)
    assert 0.7 <= days / months <= 2.5
    for government in governments():
        assert 6 <= sum(len(own(e, government)) for e in exercises) / (months / 12) <= 85, government


def test_no_leadership_is_overloaded() -> None:
    """Leaderships spend less than 0.8 of their time in meetings, including crises."""
    for seed in QUICK:
        exercise = played(seed)
        (end,) = records_of(exercise, "run.end")
        for government, spent in end[6]["attention"].items():
            assert sum(spent.values()) < 0.8 * (exercise.now - exercise.calendar.startex), government


def test_the_main_script_overloads_no_seat() -> None:
    """No seat gets more than eight injects in two weeks."""
    injects = {inject.id: inject for inject in loaded("korea-2017").injects}
    for seed in QUICK:
        released = records_of(played(seed), "inject.released")
        for government in governments():
            times = [r[1] for r in released if government in (injects[r[4]].audience or governments())]
            assert all(sum(0 <= t - start < 14 * DAY for t in times) <= 8 for start in times), government


@pytest.mark.slow
def test_model_governments_meet_half_of_the_expected_actions() -> None:
    """In time, for the main script, over twelve runs."""
    counts = Counter(r[6]["status"] for seed in MANY for r in records_of(played(seed), "expected"))
    assert counts["met"] >= 0.5 * sum(counts.values()), counts
