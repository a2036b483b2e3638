"""The history and the scripts of korea-2017: complete, marked, and with every feature of the format."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model import HistoryRow, Inject

SCRIPTS = (
    *("assassination", "collapse", "clash-at-sea", "summit-offer", "icbm-surprise", "election-upset"),
    "later-history",
)
DATA = Path(__file__).resolve().parents[1] / "data"
LAUNCHES = {"short_range_launch", "medium_range_launch", "satellite_launch"}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a data file; its first line has their source."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def day(row: HistoryRow) -> date:
    """The date of a row of the history."""
    assert row.at.local is not None
    return row.at.local.date()


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The scenario with all its scripts."""
    return load("korea-2017", injects=[f"korea-2017/{name}" for name in SCRIPTS])


@pytest.fixture(scope="module")
def history(loaded: Loaded) -> dict[str, HistoryRow]:
    """The rows of the history by id."""
    return {row.id: row for row in loaded.scenario.history}


@pytest.fixture(scope="module")
def injects(loaded: Loaded) -> tuple[Inject, ...]:
    """The injects of all scripts together."""
    return loaded.injects


def test_every_event_of_the_chronology_is_in_the_history_on_its_day(history: dict[str, HistoryRow]) -> None:
    """All events from January 2016 to May 2017 are replayed, with their ids and dates."""
    events = {row["id"]: date.fromisoformat(row["date"]) for row in rows("korea_timeline.csv")}
    assert {name: day(history[name]) for name in events if name in history} == events


def test_other_rows_of_the_history_end_events_of_the_chronology(history: dict[str, HistoryRow]) -> None:
    """Such a row is named after the row that it ends."""
    extra = set(history) - {row["id"] for row in rows("korea_timeline.csv")}
    assert {name.removesuffix("E") for name in extra} <= set(history)


def test_every_row_of_the_history_has_an_origin_and_a_source(history: dict[str, HistoryRow]) -> None:
    """Every row says whether a government decided it and where it is reported."""
    assert history
    assert all(row.mark in {"decided", "exogenous"} and row.source != "judgement" for row in history.values())


def test_changes_of_leader_and_the_killing_are_exogenous(history: dict[str, HistoryRow]) -> None:
    """They happen for any STARTEX: elections, and the killing of 13 February 2017."""
    leaders = {row.leader: str(day(row)) for row in history.values() if row.leader}
    assert leaders == {"hwang": "2016-12-09", "trump": "2017-01-20", "moon": "2017-05-10"}
    assert {row.mark for row in history.values() if row.leader} | {history["E069"].mark} == {"exogenous"}


def test_tests_and_launches_are_decisions_of_north_korea(history: dict[str, HistoryRow]) -> None:
    """After an early STARTEX the model decides on them; they are not replayed."""
    tests = [row for row in history.values() if row.option in LAUNCHES | {"nuclear_test"}]
    assert {(row.by, row.mark) for row in tests} == {(("PRK",), "decided")}


def test_failed_launches_agree_with_the_chronology_of_launches(history: dict[str, HistoryRow]) -> None:
    """A launch failed if every missile of that day did; a local morning may be the day before in UTC."""
    outcomes: dict[date, list[bool]] = {}
    for launch in rows("korea_launches.csv"):
        outcomes.setdefault(date.fromisoformat(launch["date_utc"]), []).append(launch["outcome"] == "success")
    for row in history.values():
        if row.option in LAUNCHES:
            observed = outcomes.get(day(row), []) + outcomes.get(day(row) - timedelta(days=1), [])
            assert row.success == (any(observed) or not observed), row.id


def test_thaad_has_the_steps_of_the_history(history: dict[str, HistoryRow]) -> None:
    """Consultations, decision, site, first launchers: four steps up to STARTEX."""
    steps = [str(day(row)) for row in history.values() if row.option == "advance_thaad"]
    assert steps == ["2016-02-07", "2016-07-08", "2016-07-13", "2017-03-07"]


def test_the_main_msel_has_at_least_35_injects() -> None:
    """They include all four kinds."""
    main = load("korea-2017").injects
    assert len(main) >= 35
    assert {inject.kind for inject in main} == {"inject", "information", "contingency", "facilitation"}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_can_be_added_alone(name: str) -> None:
    """Each further script is valid together with the main one and adds injects."""
    assert len(load("korea-2017", injects=[f"korea-2017/{name}"]).injects) > len(load("korea-2017").injects)


def test_the_main_msel_acts_only_where_the_calendar_of_may_2017_does() -> None:
    """Its actions are annual exercises and an announced visit; other effects are approval after votes, and theft."""
    main = load("korea-2017").injects
    actions = {(inject.action.option, inject.action.by, inject.action.to) for inject in main if inject.action}
    assert actions == {("joint_exercise", "USA", "PRK"), ("host_leader_visit", "USA", "KOR")}
    effects = {name.partition("[")[0] for inject in main for name in inject.effects}
    assert effects == {"approval", "untested"}


def test_later_history_is_a_script_of_its_own() -> None:
    """Nothing in it is in the main MSEL, whose events it may follow and whose groups it may join."""
    main = {inject.id for inject in load("korea-2017").injects}
    both = [inject.id for inject in load("korea-2017", injects=["korea-2017/later-history"]).injects]
    later = set(both) - main
    assert len(both) == len(set(both))
    assert {"new_year_olive", "olympic_delegation", "accord_task_force", "coal_ban_expires", "abe_in_beijing"} <= later


TRIGGERS: dict[str, Callable[[Inject], bool]] = {
    "a date": lambda i: i.at is not None and i.at.local is not None,
    "D+n": lambda i: i.at is not None and i.at.offset is not None and i.at.offset % 86400 == 0,
    "D+n H+m": lambda i: i.at is not None and i.at.offset is not None and i.at.offset % 86400 > 0,
    "repeated at a date": lambda i: i.at is not None and i.every is not None and i.repeat > 1,
    "after an inject": lambda i: i.after is not None and i.after.inject is not None and i.after.delay > 0,
    "after an action": lambda i: i.after is not None and i.after.action is not None and i.after.delay > 0,
    "after a decision": lambda i: i.after is not None and i.after.decision is not None and i.after.delay > 0,
    "when, once": lambda i: i.when is not None and i.repeat == 1,
    "when, repeated": lambda i: i.when is not None and i.repeat > 1 and i.cool_down > 0,
    "a random window": lambda i: i.random is not None and i.random.between is not None,
    "a window with a shape": lambda i: i.random is not None and i.random.shape != "uniform",
    "a rate": lambda i: i.random is not None and i.random.rate is not None and i.random.bound is not None,
    "by hand": lambda i: i.manual,
    "a chance": lambda i: i.chance < 1,
    "until": lambda i: i.until is not None,
    "provided": lambda i: i.provided is not None,
    "waits to be enabled": lambda i: not i.enabled,
    "enables": lambda i: bool(i.enables),
    "disables": lambda i: bool(i.disables),
    "changes a leader": lambda i: any(change.leader for change in i.installs),
    "changes a strategy": lambda i: any(change.strategy for change in i.installs),
    "an action": lambda i: i.action is not None,
    "effects": lambda i: bool(i.effects),
    "salience": lambda i: bool(i.salience),
    "an audience": lambda i: bool(i.audience),
    "an expected action with an objective": lambda i: any(action.objective for action in i.expected),
}


@pytest.mark.parametrize("what", TRIGGERS)
def test_the_scripts_use_every_feature_of_the_format(what: str, injects: tuple[Inject, ...]) -> None:
    """Each kind of trigger and each content of an inject occurs, so that authors find an example."""
    assert any(TRIGGERS[what](inject) for inject in injects)


def test_groups_have_alternatives(injects: tuple[Inject, ...]) -> None:
    """Exclusive alternatives are in groups of at least two."""
    groups = [inject.group for inject in injects if inject.group]
    assert groups
    assert all(groups.count(group) >= 2 for group in groups)


def test_missile_tests_assassinations_and_elections_occur_as_injects(injects: tuple[Inject, ...]) -> None:
    """The scripts have these three kinds of shocks, the last with a new leader."""
    actions = {inject.action.option for inject in injects if inject.action}
    assert {"icbm_test", "medium_range_launch", "nuclear_test", "covert_assassination"} <= actions
    assert any("election" in inject.title.lower() and inject.storyline == "elections" for inject in injects)


def test_every_objective_has_an_expected_action(loaded: Loaded) -> None:
    """Each objective of the exercise can be met or missed."""
    served = {action.objective for inject in loaded.injects for action in inject.expected}
    assert set(loaded.scenario.objectives) <= served


def test_allied_exercises_are_called_off_by_a_freeze(injects: tuple[Inject, ...]) -> None:
    """The condition of scheduled exercises is that the mutual suspension is not in force."""
    exercises = [inject for inject in injects if inject.action and inject.action.option == "joint_exercise"]
    assert len(exercises) == 4
    assert all("in_force[dual_freeze] < 1" in (inject.provided or "") for inject in exercises)


def test_messages_are_short_and_have_no_markings(injects: tuple[Inject, ...]) -> None:
    """A message has a few sentences that fit a card; the engine adds the markings of an exercise."""
    assert injects
    for inject in injects:
        assert 40 <= len(inject.message) <= 330, inject.id
        assert "EXERCISE" not in inject.message, inject.id


def test_the_msel_page_is_up_to_date(root: Path) -> None:
    """`tools/make_msel.py` generates the page of the documentation from the files."""
    spec = importlib.util.spec_from_file_location("make_msel", root / "tools" / "make_msel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page()
