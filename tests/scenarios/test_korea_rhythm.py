"""The rhythm of Pyongyang and of the islands, and what fixed dates bring, in runs of korea-2017 from 1 July 2016.

The oracle is the record of January 2016 to May 2017: failures on 10 of 21 days with medium-range launches, two to three
launch days a month while units do not train, statements at each exercise, one surge of ships, answered the same day, a
protest of Tokyo after each launch, and its ambassador called home 7 days after the statue of 30 December 2016.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from support.engine import actions, loaded, run
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise

SEEDS = range(300, 310)
ANSWERS = ("threaten_force", "threaten_wmd", "issue_denunciation")


@cache
def played(seed: int) -> Exercise:
    """A run of eight months."""
    return run(loaded("korea-2017"), seed, startex="2016-07-01", until="2017-03-01")


def done(seed: int, by: str, *options: str) -> list[RawRecord]:
    """What a government did after STARTEX."""
    exercise = played(seed)
    return [r for r in actions(exercise, *options) if r[3] == by and r[1] >= exercise.calendar.startex]


def test_four_medium_range_launches_in_ten_fail() -> None:
    """Between three and six in ten over ten runs."""
    succeeded = [r[6]["success"] for seed in SEEDS for r in done(seed, "PRK", "medium_range_launch")]
    assert len(succeeded) > 30
    assert 0.3 < 1 - sum(succeeded) / len(succeeded) < 0.6


def test_material_limits_series_of_launches() -> None:
    """Five to ten days of medium range in eight months on average, more than twelve in no run; the record has eight."""
    days = [len({r[1] // DAY for r in done(seed, "PRK", "medium_range_launch")}) for seed in SEEDS]
    assert 5 <= sum(days) / len(days) <= 10
    assert max(days) <= 12


def test_offers_of_talks_are_answered_within_about_two_weeks() -> None:
    """A round of talks or an envoy, or a refusal, of nine offers in ten."""
    answered = []
    for seed in SEEDS:
        exercise = played(seed)
        acts = actions(exercise, "hold_bilateral_round", "reject_talks", "send_envoy", "host_leader_visit")
        for offer in actions(exercise, "propose_talks"):
            if exercise.calendar.startex <= offer[1] < exercise.end - 18 * DAY:
                way = (offer[6]["target"], offer[3])
                answered.append(any(0 < r[1] - offer[1] < 18 * DAY and (r[3], r[6]["target"]) == way for r in acts))
    assert sum(answered) >= 0.9 * len(answered) > 0


def test_nobody_asks_within_two_months_for_talks_that_it_has_declined() -> None:
    """The same pair of governments, in either direction of the offer."""
    for seed in SEEDS:
        refusals = actions(played(seed), "reject_talks")
        for offer in (r for r in actions(played(seed), "propose_talks") if r[1] >= played(seed).calendar.startex):
            way = offer[3], offer[6]["target"]
            assert not any(0 < offer[1] - r[1] < 50 * DAY and (r[3], r[6]["target"]) == way for r in refusals), (
                seed,
                offer,
            )


@pytest.mark.slow
def test_moscow_takes_up_most_offers_of_pyongyang() -> None:
    """Over thirty runs."""
    answers = [r[4] for seed in range(300, 330) for r in done(seed, "RUS", "hold_bilateral_round", "reject_talks")]
    assert answers.count("hold_bilateral_round") > 2 * answers.count("reject_talks")


def test_the_government_in_pyongyang_collapses_at_about_one_percent_a_year() -> None:
    """At the stability that runs have; the source of the hazard names no collapse since 1994."""
    rates = []
    for seed in SEEDS:
        context = played(seed).context
        rate = context.scenario.hazards["regime_collapse"].rate
        rates.append(context.world.compile(rate)(context.world, context.events))
    assert sum(rates) / len(rates) == pytest.approx(0.01, rel=0.2)


def test_launches_pause_in_winter_and_not_in_summer() -> None:
    """July to mid-October has at least four times as many launches as mid-November to January, and few runs without."""
    summer, winter = [], []
    for seed in SEEDS:
        calendar = played(seed).calendar
        days = [f"{calendar.at(r[1]):%Y-%m-%d}" for r in done(seed, "PRK", "medium_range_launch")]
        summer.append(sum(day < "2016-10-15" for day in days))
        winter.append(sum("2016-11-15" < day < "2017-02-01" for day in days))
    assert sum(summer) > 4 * sum(winter)
    assert sum(count == 0 for count in summer) <= 2


def test_exercises_begin_on_the_days_of_the_record_and_bring_threats() -> None:
    """Ulchi on Monday 22 August, Foal Eagle by 1 March, each with a threat of Pyongyang within five days."""
    found = 0
    for seed in SEEDS:
        threats = [r[1] for r in done(seed, "PRK", "threaten_force", "threaten_wmd")]
        for r in done(seed, "USA", "joint_exercise"):
            assert local(seed, r) in ("2016-08-22", "2017-02-27", "2017-02-28", "2017-03-01"), seed
            if r[1] < played(seed).end - 4 * DAY:
                found += 1
                assert any(abs(threat - r[1]) < 5 * DAY for threat in threats), seed
    assert found >= len(SEEDS)


def test_the_killing_has_an_echo_among_the_allies() -> None:
    """Seoul speaks within three days, Washington and Tokyo within two weeks in most runs."""
    for by, days, least in (("KOR", 3, 9), ("USA", 14, 7), ("JPN", 14, 6)):
        echoes = 0
        for seed in SEEDS:
            (killing,) = done(seed, "PRK", "covert_assassination")
            said = [
                r
                for r in done(seed, by, "issue_denunciation")
                if r[6]["target"] == "PRK" and r[6]["from"] == "procedure"
            ]
            echoes += any(_from(played(seed), r, killing) and r[1] - killing[1] < days * DAY for r in said)
        assert echoes >= least, by


def _from(exercise: Exercise, record: RawRecord, cause: RawRecord) -> bool:
    """Whether a cause leads to a record through what others have learned of it."""
    records = {r[0]: r for r in exercise.records()}
    return cause[0] in record[5] or any(cause[0] in records[seq][5] for seq in record[5] if seq in records)


def test_pyongyang_denounces_tokyo_only_with_a_cause() -> None:
    """A launch or test, which Tokyo protests, sanctions, an exercise, or intelligence shared with Seoul."""
    causes = {"joint_exercise", "vote_unsc_sanctions", "unilateral_sanctions", "share_intelligence"}
    found = 0
    for seed in SEEDS:
        acts = [r for r in actions(played(seed)) if r[4] in causes or "launch" in r[4] or "test" in r[4]]
        for r in done(seed, "PRK", "issue_denunciation", "accuse_of_aggression"):
            if r[6]["target"] == "JPN":
                found += 1
                assert any(0 <= r[1] - c[1] < 21 * DAY for c in acts), r
    assert found


def test_pyongyang_answers_each_exercise_within_days() -> None:
    """A statement, or a threat of its army, within four days of each exercise."""
    answered = [
        any(each[1] <= r[1] + 4 * DAY for each in done(seed, "PRK", *ANSWERS) if each[1] > r[1])
        for seed in SEEDS
        for r in done(seed, "USA", "joint_exercise")
        if r[1] < played(seed).end - 4 * DAY
    ]
    assert answered
    assert all(answered)


def test_beijings_halt_of_coal_is_denounced_within_a_week() -> None:
    """As on 23 February 2017, five days after the notice."""
    exercise = run(loaded("korea-2017"), 1, days=350, startex="2016-12-15", until="2017-02-01")
    exercise.actions.do("CHN", "halt_coal_imports", "PRK", source="test")
    exercise.advance(exercise.now + 7 * DAY)
    said = [r for r in actions(exercise, "issue_denunciation") if r[3] == "PRK" and r[6]["target"] == "CHN"]
    assert any(r[1] >= exercise.now - 7 * DAY for r in said)


def test_ships_surge_in_august_and_are_answered_the_same_day() -> None:
    """No surge by decision at another time, a Japanese patrol or protest within 24 hours; entries are routine."""
    surges = 0
    for seed in SEEDS:
        for r in done(seed, "CHN", "senkaku_patrol_surge"):
            surges += 1
            assert "07-25" <= f"{played(seed).calendar.at(r[1]):%m-%d}" <= "08-31"
            answers = done(seed, "JPN", "patrol_disputed_waters", "issue_denunciation")
            assert any(r[1] < each[1] <= r[1] + DAY for each in answers)
    entries = sum(r[2] == "hazard" and r[4] == "senkaku_entry" for seed in SEEDS for r in played(seed).records())
    assert 0 < surges < len(SEEDS)
    assert 1.5 < entries / len(SEEDS) / 8 < 4.5


def test_tokyo_protests_within_two_days_of_each_launch_test_incident_and_statue() -> None:
    """Launches of medium range or longer, satellites, nuclear tests; incidents at the islands; a statue in Busan."""
    causes = {
        "PRK": ("medium_range_launch", "overfly_japan", "icbm_test", "satellite_launch", "nuclear_test"),
        "CHN": ("senkaku_patrol_surge", "confront_ships"),
        "KOR": ("permit_statue",),
    }
    for seed in SEEDS:
        protests = done(seed, "JPN", "issue_denunciation", "patrol_disputed_waters")
        for by, options in causes.items():
            for r in (r for r in done(seed, by, *options) if r[1] < played(seed).end - 2 * DAY):
                assert any(p[6]["target"] == by and 0 < p[1] - r[1] < 2 * DAY for p in protests), r


def test_incidents_at_the_islands_are_few() -> None:
    """At most two in eight months of nine runs in ten, surges among them, and some in ten runs."""
    counts = [len(done(seed, "CHN", "senkaku_patrol_surge", "confront_ships")) for seed in SEEDS]
    assert sum(count > 2 for count in counts) <= 1
    assert sum(counts) > 3


def test_tokyo_calls_its_ambassador_home_over_the_statue_in_busan() -> None:
    """Between 4 and 12 days after the statue of 30 December, not sooner by a working day, in each run."""
    for seed in SEEDS:
        (statue,) = done(seed, "KOR", "permit_statue")
        recalls = [r for r in done(seed, "JPN", "recall_ambassador") if r[6]["target"] == "KOR"]
        assert any(4 * DAY < r[1] - statue[1] < 12 * DAY for r in recalls), seed


def test_an_ambassador_returns_after_two_months_at_the_earliest() -> None:
    """Nobody sends back an ambassador who was not recalled, and Tokyo's returns by decision in some runs until June."""
    returned = 0
    for seed in range(300, 304):
        exercise = run(loaded("korea-2017"), seed, startex="2016-07-01", until="2017-06-01")
        away: dict[tuple[str, str], int] = {}
        for r in actions(exercise, "recall_ambassador", "return_ambassador"):
            pair = r[3], r[6]["target"]
            if r[4] == "recall_ambassador":
                assert pair not in away
                away[pair] = r[1]
            else:
                assert r[1] - away.pop(pair) > 60 * DAY
                returned += pair == ("JPN", "KOR")
    assert returned


def local(seed: int, record: RawRecord) -> str:
    """The date in Seoul."""
    return f"{played(seed).calendar.at(record[1]):%Y-%m-%d}"


def test_no_step_of_missile_defence_while_the_trial_of_the_president_begins() -> None:
    """The record has none from the impeachment of 9 December to the land swap of 27 February, and some before."""
    steps = [local(seed, r) for seed in SEEDS for by in ("KOR", "USA") for r in done(seed, by, "advance_thaad")]
    assert not [day for day in steps if "2016-12-10" <= day <= "2017-02-23"]
    assert sum(day < "2016-12-09" for day in steps) >= len(SEEDS) / 2


def test_missile_defence_goes_forward_after_the_decision() -> None:
    """Two to three steps from July 2016 to February 2017 in most runs (the record has two), and no pause."""
    steps = [sum(len(done(seed, by, "advance_thaad")) for by in ("KOR", "USA")) for seed in SEEDS]
    assert sum(2 <= n <= 3 for n in steps) >= 0.7 * len(SEEDS)
    assert not [r for seed in SEEDS for r in done(seed, "KOR", "pause_thaad")]


def test_the_president_elect_answers_a_threat_of_the_days_before() -> None:
    """He is silent in the runs without one."""
    for seed in SEEDS:
        threats = [r for by in ("PRK", "USA", "KOR") for r in done(seed, by, "threaten_force")]
        for r in (r for r in played(seed).records() if (r[2], r[4]) == ("history", "E060")):
            assert any(0 <= r[1] - threat[1] < 3 * DAY for threat in threats), seed


def test_a_washington_that_changes_hands_begins_nothing() -> None:
    """It demands nothing of Beijing from a month before the election; no vote and no sanctions at the inauguration.

    Sanctions may follow a resolution, or a great test of the fortnight before.
    """
    asked = 0
    for seed in SEEDS:
        for r in done(seed, "USA", "press_china", "secondary_sanctions"):
            asked += 1
            assert not "2016-10-09" <= local(seed, r) <= "2017-02-07", r
        votes = done(seed, "USA", "vote_unsc_sanctions")
        tests = done(seed, "PRK", "nuclear_test", "icbm_test", "satellite_launch")
        assert not [r for r in votes if "2017-01-11" <= local(seed, r) <= "2017-02-07"]
        for r in done(seed, "USA", "unilateral_sanctions"):
            if "2017-01-11" <= local(seed, r) <= "2017-02-07":
                assert any(0 < r[1] - cause[1] < 16 * DAY for cause in votes + tests), r
    assert asked


def test_leaders_telephone_a_handful_of_times() -> None:
    """At most five calls of two leaders in eight months, and Beijing and Tokyo hardly ever: none is on record."""
    neighbours = 0
    for seed in SEEDS:
        calls = Counter(frozenset((r[3], r[6]["target"])) for r in actions(played(seed), "leader_phone_call"))
        neighbours += calls.pop(frozenset(("CHN", "JPN")), 0)
        assert max(calls.values()) <= 5, (seed, calls)
    assert neighbours <= 2
