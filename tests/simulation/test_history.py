"""History, STARTEX and the settings of a run."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import actions, changed, loaded, run
from wargame.errors import UsageFault
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise


def korea(seed: int = 1, **settings: Any) -> Exercise:
    """A run of the built-in scenario."""
    return run(loaded("korea-2017"), seed, **settings)


def replayed(exercise: Exercise) -> list[RawRecord]:
    """The rows of history that were replayed."""
    return [r for r in exercise.records() if r[2] == "history"]


def past(exercise: Exercise) -> list[RawRecord]:
    """All records before STARTEX except the first, which has the seed."""
    return [r for r in exercise.records()[1:] if r[1] < exercise.calendar.startex]


def test_before_startex_there_is_no_chance() -> None:
    """Two seeds share every record before STARTEX, including signals and trust."""
    one, two = (korea(seed, until="2017-06-15") for seed in (1, 2))
    assert past(one) == past(two)
    assert len(replayed(one)) > 80


def test_before_startex_there_are_no_decisions_and_outcomes() -> None:
    """No decision, hazard, inject or outcome, although the nuclear tests of 2016 are replayed."""
    exercise = korea(until="2017-06-02")
    kinds = {r[2] for r in past(exercise)}
    assert kinds.isdisjoint({"decision", "hazard", "inject.released", "outcome", "expected"})
    assert exercise.context.events.count("nuclear_test") == 2
    assert exercise.outcomes["nuclear_test"] is None


@pytest.mark.parametrize("date", ["2016-01-01", "2016-07-01", "2017-02-01", "2017-05-11"])
def test_startex_may_be_any_date_in_history(date: str) -> None:
    """Rows marked `decided` are replayed before STARTEX only, exogenous rows always."""
    exercise = korea(until="2017-05-30", startex=date)
    rows = replayed(exercise)
    assert all(r[6]["mark"] == "exogenous" for r in rows if r[1] >= exercise.calendar.startex)
    assert "E069" in {r[4] for r in rows}
    decided = [r for r in exercise.records() if r[2] == "decision"]
    assert decided
    assert all(r[1] >= exercise.calendar.startex for r in decided)


def test_leaders_change_whatever_the_startex_date() -> None:
    """Elections are exogenous: the presidents of January and May 2017 take office in a run from January 2016."""
    exercise = korea(until="2017-05-30", startex="2016-01-01")
    installed = {r[4] for r in exercise.records() if r[2] == "leader"}
    assert {"obama", "trump", "park", "hwang", "moon"} <= installed


def test_a_script_seat_follows_history_after_startex() -> None:
    """After STARTEX it acts as in history, and decides nothing."""
    exercise = korea(startex="2016-06-01", until="2017-05-30", seats=(("PRK", "script"),))
    done = [r for r in actions(exercise, "nuclear_test") if r[1] > exercise.calendar.startex]
    assert [(r[3], r[6]["from"]) for r in done] == [("PRK", "history")]
    assert not [r for r in exercise.records() if r[2] == "decision" and r[3] == "PRK"]


def test_a_row_of_history_can_be_skipped() -> None:
    """`--skip E069` leaves out an assassination."""
    with_it = korea(until="2017-06-02").context.world.get("trust", "CHN", "PRK")
    without = korea(until="2017-06-02", skip=("E069",)).context.world.get("trust", "CHN", "PRK")
    assert without > with_it


def test_an_event_with_a_window_happens_on_a_working_day_in_it() -> None:
    """The exercise of spring 2017: dates differ between seeds; before STARTEX or by script it is the recorded one."""
    begins = []
    for seed in range(8):
        exercise = korea(seed, startex="2016-12-15", until="2017-03-05")
        (time,) = [r[1] for r in actions(exercise, "joint_exercise") if r[1] > exercise.calendar.startex]
        begins.append(exercise.calendar.at(time))
    assert {(each.month, each.day) for each in begins} <= {(2, 27), (2, 28), (3, 1)}
    assert len({each.day for each in begins}) > 1
    for settings in ({"startex": "2017-03-03"}, {"startex": "2016-12-15", "seats": (("USA", "script"),)}):
        exercise = korea(until="2017-03-05", **settings)
        (time,) = [r[1] for r in replayed(exercise) if r[4] == "E073"]
        assert f"{exercise.calendar.at(time):%Y-%m-%d}" == "2017-03-01"


# --- settings ----------------------------------------------------------------------------------


def test_set_changes_value_and_baseline() -> None:
    """From STARTEX, or from the time in the setting."""
    exercise = run(loaded(), set=("tension=0.9", "growth[ARD]=0.1@D+100"), days=99)
    assert exercise.context.world.get("tension") > run(loaded(), days=99).context.world.get("tension") + 0.2
    assert exercise.context.world.get("growth", "ARD") > 0.2
    exercise.advance(101 * DAY)
    assert exercise.context.world.get("growth", "ARD") == pytest.approx(0.1, abs=0.02)


def test_forbidden_options_are_never_decided() -> None:
    """Not towards the named government, or towards none if none is named."""
    base = loaded()
    assert any(actions(run(base, s), "patrol") for s in range(5))
    for s in range(5):
        assert not [
            d
            for d in actions(run(base, s, forbid=("ARD patrol",)), "patrol")
            if d[3] == "ARD" and d[6]["from"] == "decision"
        ]


def test_forced_options_happen_at_their_time() -> None:
    """At the given time, independently of what the government decides."""
    exercise = run(loaded(), force=("D+10 ARD trade BRL",))
    (action,) = [d for d in actions(exercise, "trade") if d[6]["from"] == "order"]
    assert (action[1], action[3], action[6]["target"]) == (10 * DAY, "ARD", "BRL")


def test_leaders_and_strategies_of_an_arm() -> None:
    """Installed at STARTEX."""
    exercise = korea(until="2017-07-01", leaders=(("USA", "usa_dealmaker"),), strategies=(("USA", "five_party"),))
    assert exercise.context.offices.leader["USA"] == "usa_dealmaker"
    assert exercise.context.offices.strategy["USA"] == "five_party"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"set": ("trust[CHN, USA]",)}, "PATH=VALUE"),
        ({"set": ("trust[CHN, USA]=nan",)}, "PATH=VALUE"),
        ({"set": ("trust[CHN, USA]=7",)}, "must be between -1 and 1, not 7"),
        ({"set": ("trst[CHN, USA]=0",)}, "did you mean 'trust'"),
        ({"set": ("trust[CHN, USX]=0",)}, "did you mean 'trust"),
        ({"set": ("trust[CHN, USA]=0@never",)}, "is not a time"),
        ({"set": ("trust[CHN, USA]=0@D-3",)}, "not between STARTEX and ENDEX"),
        ({"force": ("2017-07-04 09:00 CHN halt_coal_imports PRK",)}, "T without spaces"),
        ({"forbid": ("CHN",)}, "GOV OPTION"),
        ({"forbid": ("CHN halt_coal_import",)}, "did you mean 'halt_coal_imports'"),
        ({"forbid": ("JPN halt_coal_imports",)}, "not an option of JPN"),
        ({"force": ("D+3 CHN",)}, "T GOV OPTION"),
        ({"force": ("D+3 CHN halt_coal_imports KOR",)}, "cannot be directed at KOR"),
        ({"skip": ("E96",)}, "there is no inject 'E96'"),
        ({"seats": (("CHM", "model"),)}, "did you mean 'CHN'"),
        ({"seats": (("CHN", "robot"),)}, "kind of seat"),
        ({"leaders": (("USA", "moon"),)}, "leader of USA"),
        ({"strategies": (("USA", "max_presure"),)}, "did you mean 'max_pressure'"),
        ({"startex": "2031-01-01"}, "STARTEX"),
        ({"startex": "yesterday"}, "STARTEX"),
        ({"until": "2015-01-01"}, "until|start"),
    ],
)
def test_a_wrong_setting_raises_an_error(settings: dict[str, Any], says: str) -> None:
    """With the nearest valid name, before the run starts."""
    with pytest.raises(UsageFault, match=says):
        korea(**settings)


def test_settings_survive_json() -> None:
    """Settings read back from the manifest are equal."""
    import json

    from wargame.simulation.kernel.settings import Settings

    settings = Settings(
        set=("tension=1",), seats=(("CHN", "script"),), until="D+3", replication=4, forbid=("CHN wait",)
    )
    assert Settings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings


def test_common_random_numbers_pair_the_arms() -> None:
    """With the same replications the difference between two similar arms varies less than with different ones."""
    import numpy as np

    base = loaded()
    other = changed(base, injects=base.injects[:-1])
    counts = np.array([[len(actions(run(arm, s))) for arm in (base, other)] for s in range(30)], dtype=float)
    paired = (counts[:, 1] - counts[:, 0]).var()
    unpaired = counts[:, 0].var() + counts[:, 1].var()
    assert paired < 0.7 * unpaired


@pytest.mark.parametrize("given", [True, False])
def test_a_standing_order_is_followed_only_once_it_has_been_given(given: bool) -> None:
    """Return fire follows each time from the row of the history with the order; without the row nobody returns fire."""
    fired = 0
    for seed in range(1, 9):
        settings = {} if given else {"skip": ("return_fire",)}
        exercise = korea(seed, days=183, startex="2016-07-01", **settings)
        exercise.actions.do("PRK", "border_artillery_attack", "KOR", source="hazard")
        exercise.advance(exercise.now + DAY)
        answers = [r for r in actions(exercise, "return_fire") if r[6]["from"] == "procedure"]
        fired += len(answers)
        orders = {r[0] for r in replayed(exercise) if r[4] == "return_fire"}
        assert all(orders & set(r[5]) for r in answers)
    assert fired == (8 if given else 0)
