"""`wargame conduct`: a planted case of each kind, and one like it that is plausible; the history; runs and batches."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.in_process import wargame, wargame_json
from support.records import made
from wargame.evidence.conduct.run_cases import cases_of, kind_titles
from wargame.evidence.conduct.sequences import chronicle
from wargame.journal.records import Record, Stamps
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model import Absurdity, ActionPattern
from wargame.simulation.exercise import Exercise
from wargame.statistics.draws import Draws

START = datetime.fromisoformat("2016-01-01T00:00:00+09:00")
DAY = 86_400


@cache
def korea() -> Loaded:
    """The main scenario."""
    return load("korea-2017")


class Journal(list[Record]):
    """Records of a run of korea-2017, written by hand; days count from 1 January 2016."""

    def add(self, day: float, kind: str, who: str, about: str, *cause: int, **data: Any) -> Journal:
        """Write one record."""
        at = (START + timedelta(days=day)).isoformat()
        self.append(made(len(self), round(day * DAY), at, kind, who, about, cause, data))
        return self

    def act(self, day: float, who: str, option: str, target: str | None = None, *cause: int, **data: Any) -> Journal:
        """Write an action, by decision unless `source` says otherwise."""
        return self.add(
            day, "action", who, option, *cause, target=target, **{"from": data.pop("source", "decision")}, **data
        )

    def kinds(self) -> set[str]:
        """The kinds of the cases that are found."""
        return {kind for kind, _ in cases_of(chronicle(korea().scenario, self))}


def promise(target: str) -> Journal:
    """South Korea promises China something about a third."""
    return Journal().add(500, "commitment", "KOR", "share_intelligence", of="CHN", target=target)


def demand(*, resumed: bool) -> Journal:
    """A demand for a halt of imports after a halt, and perhaps after their resumption."""
    story = Journal().act(400, "CHN", "halt_coal_imports", "PRK", effects={"coal_trade": [1.0, 0.0]})
    if resumed:
        story.act(450, "CHN", "resume_coal_imports", "PRK", effects={"coal_trade": [0.0, 0.5]})
    return story.add(500, "demand", "USA", "CHN", of="CHN", wants=["tighten_enforcement", "halt_coal_imports"])


def pauses(*, step: bool) -> Journal:
    """A deployment is paused twice, and perhaps continued between."""
    story = Journal().act(400, "KOR", "pause_thaad")
    if step:
        story.act(600, "USA", "advance_thaad")
    return story.act(700, "KOR", "pause_thaad")


def plans(*, new_leader: bool) -> Journal:
    """China plans for a collapse twice within a year, and perhaps has a new leader."""
    story = Journal().act(100, "CHN", "collapse_contingency_planning")
    if new_leader:
        story.add(200, "leader", "CHN", "xi")
    return story.act(350, "CHN", "collapse_contingency_planning")


def two(first: tuple[str, str, str | None], second: tuple[str, str, str | None], days: float) -> Journal:
    """Two actions, some days apart."""
    return Journal().act(500, *first).act(500 + days, *second)


def visits(days: float) -> Journal:
    """Two meetings of the same leaders."""
    return two(("USA", "host_leader_visit", "JPN"), ("JPN", "summit_third_location", "USA"), days)


def two_capitals(days: float) -> Journal:
    """Two meetings of the leader of Japan."""
    return two(("USA", "host_leader_visit", "JPN"), ("KOR", "summit_third_location", "JPN"), days)


def received(days: float) -> Journal:
    """A state visit after a nuclear test."""
    return two(("PRK", "nuclear_test", None), ("CHN", "host_leader_visit", "PRK"), days)


def moratorium(days: float) -> Journal:
    """A moratorium after a test."""
    return two(("PRK", "icbm_test", None), ("PRK", "declare_test_moratorium", None), days)


def launch(days: float) -> Journal:
    """A launch after talks."""
    return two(("KOR", "hold_bilateral_round", "PRK"), ("PRK", "medium_range_launch", None), days)


def launch_in_session(option: str) -> Journal:
    """A test while Chinese and North Korean talks, which short-range launches do not offend, are in session."""
    story = Journal().add(500, "forum", "", "chn_prk", to="convened", event="convene", committed=["CHN", "PRK"])
    return story.act(504, "PRK", option)


def bombers(days: float) -> Journal:
    """Bombers after a proposal of talks."""
    return two(("USA", "propose_usa_prk_outside", None), ("USA", "deploy_strategic_assets", "PRK"), days)


def threat(*, provoked: bool) -> Journal:
    """A threat after one's own moratorium, and perhaps after a threat from the other."""
    story = Journal().act(500, "PRK", "declare_test_moratorium")
    if provoked:
        story.act(505, "USA", "threaten_force", "PRK")
    return story.act(510, "PRK", "threaten_force", "USA")


def concession(*, answered: bool) -> Journal:
    """A concession after one's own sanctions, and perhaps after a concession from the other."""
    story = Journal().act(500, "USA", "secondary_sanctions", "CHN")
    if answered:
        story.act(503, "CHN", "trade_concession", "USA")
    return story.act(506, "USA", "trade_concession", "CHN")


def relief_after_vote(days: float) -> Journal:
    """Relief for the government about which one has voted."""
    story = Journal().act(500, "CHN", "vote_unsc_sanctions", effects={"trust[PRK, CHN]": [0.2, 0.1]})
    return story.act(500 + days, "CHN", "relax_sanctions", "PRK")


def trials(ordered: float) -> Journal:
    """Two tests within hours, the second ordered on day 450, the first on another day."""
    story = Journal().add(ordered, "decision", "PRK", "nuclear_test").add(450, "decision", "PRK", "icbm_test")
    return story.act(500, "PRK", "nuclear_test", None, 0).act(500.3, "PRK", "icbm_test", None, 1)


def war(source: str, *, ordered: bool = False) -> Journal:
    """Artillery fire by chance, and its answer, perhaps by an order given on the first day."""
    story = Journal().add(0, "history", "KOR", "return_fire", title="may return fire")
    story.act(500, "PRK", "border_artillery_attack", "KOR", source="hazard")
    return story.act(500.1, "KOR", "border_artillery_attack", "PRK", *([1, 0] if ordered else [1]), source=source)


def session(state: str) -> Journal:
    """A threat after American and North Korean talks have come into a state."""
    story = Journal().add(500, "forum", "", "usa_prk_outside", to=state, event="x", committed=["PRK", "USA"])
    return story.act(540, "USA", "threaten_force", "PRK")


def bargain(state: str) -> Journal:
    """A step by an ally after the bargain that forbids it to its host has come into a state."""
    story = Journal().add(500, "agreement", "CHN", "missile_defence_bargain", to=state, event="x")
    return story.act(600, "USA", "advance_thaad")


def turn(days: float, stage: str = "") -> Journal:
    """A strategy that is given up after some days, perhaps after a further stage of it."""
    story = Journal().add(100, "leader", "USA", "trump", strategy="china_only")
    story.add(400, "strategy", "USA", "max_pressure", strategy="max_pressure", stage="a")
    if stage:
        story.add(390 + days, "strategy", "USA", "max_pressure", strategy="max_pressure", stage=stage)
    return story.add(400 + days, "strategy", "USA", "engagement", strategy="engagement", stage="approach")


def exercise(day: float) -> Journal:
    """An exercise on a day."""
    return Journal().act(day, "USA", "joint_exercise", "PRK")


PLANTED = [
    ("third_party_promise", promise("USA"), promise("CHN")),
    ("demand_already_met", demand(resumed=False), demand(resumed=True)),
    ("state_set_again", pauses(step=False), pauses(step=True)),
    ("undertaking_repeated", plans(new_leader=False), plans(new_leader=True)),
    ("visit_repeated", visits(5), visits(30)),
    ("leader_in_two_places", two_capitals(0.4), two_capitals(3)),
    ("tester_received", received(4), received(20)),
    ("restraint_after_test", moratorium(9), moratorium(40)),
    ("test_after_talks", launch(10), launch(30)),
    ("test_after_talks", launch_in_session("nuclear_test"), launch_in_session("short_range_launch")),
    ("escalation_after_first_move", bombers(2), bombers(9)),
    ("force_against_own_restraint", threat(provoked=False), threat(provoked=True)),
    ("reward_after_penalty", concession(answered=False), concession(answered=True)),
    ("reward_after_penalty", relief_after_vote(5), relief_after_vote(40)),
    ("tests_in_one_day", trials(420), trials(450)),
    ("war_without_decision", war("procedure"), war("decision")),
    ("war_without_decision", war("procedure"), war("procedure", ordered=True)),
    ("threat_in_session", session("convened"), session("suspended")),
    ("agreement_circumvented", bargain("in_force"), bargain("broken")),
    ("strategy_given_up", turn(40), turn(300, stage="b")),
    ("out_of_season", exercise(700), exercise(430)),
]


@pytest.mark.parametrize(("kind", "absurd", "plausible"), PLANTED, ids=[f"{n}-{p[0]}" for n, p in enumerate(PLANTED)])
def test_a_planted_case_is_found_and_its_plausible_twin_is_not(kind: str, absurd: Journal, plausible: Journal) -> None:
    """Each kind finds what it describes, and nothing in a story that differs in the one point that matters."""
    assert kind in absurd.kinds()
    assert plausible.kinds() == set()


def test_every_general_kind_has_a_planted_case() -> None:
    """The table above has all general kinds."""
    assert {kind for kind, *_ in PLANTED} == set(kind_titles(load("two-rivals").scenario))


def test_two_events_are_one_case() -> None:
    """A moratorium a day after a launch is restraint after a test; the same pair is no case of another kind."""
    found = list(cases_of(chronicle(korea().scenario, moratorium(1))))
    assert [kind for kind, _ in found] == ["restraint_after_test"]


def test_a_scenario_can_declare_a_kind() -> None:
    """A veto soon after a nuclear test is a case of the kind that korea-2017 declares; a late one is not."""
    soon, late = (two(("PRK", "nuclear_test", None), ("CHN", "veto_unsc", None), days) for days in (30, 200))
    assert (soon.kinds(), late.kinds()) == ({"resolution_vetoed_after_nuclear_test"}, set())


def before_a_launch() -> Journal:
    """Something of each kind that a condition can read, on day 500."""
    story = Journal().add(0, "leader", "USA", "trump", strategy="china_only")
    story.add(500, "inject.released", "EXCON", "startex")
    story.add(500, "strategy", "USA", "engagement", strategy="engagement", stage="approach")
    story.add(500, "forum", "", "usa_prk_outside", to="convened", event="convene", committed=["PRK", "USA"])
    return story.add(500, "agreement", "", "freeze", to="verified", event="verify")


@pytest.mark.parametrize(
    "condition",
    [
        "days_since(startex) < 4 and days_since(startex) > 2",
        "leads(trump) > 0",
        "follows(USA, engagement) > 0 and follows(USA, china_only) < 1",
        "convened[usa_prk_outside] > 0 and proposed[usa_prk_outside] < 1",
        "in_force[freeze] > 0 and verified[freeze] > 0",
        'yearly("05-10", "05-20") > 0 and year > 2016 and month < 6',
        "count(short_range_launch) < 1",
    ],
)
def test_conditions_read_what_was_recorded_before_the_action(condition: str) -> None:
    """On 18 May 2017 each condition holds; without the earlier records those about them do not."""
    pattern = ActionPattern(options=("short_range_launch",))
    kind = Absurdity(title="launches", action=pattern, when=condition)
    scenario = replace(korea().scenario, absurdities={"launches": kind})
    stories = [story.act(503, "PRK", "short_range_launch") for story in (before_a_launch(), Journal())]
    found = [[kind for kind, _ in cases_of(chronicle(scenario, story))] for story in stories]
    assert found == [["launches"], ["launches"] if "yearly" in condition or "count" in condition else []]


# --- the history ------------------------------------------------------------------------------------


def in_history(loaded: Loaded) -> int:
    """The cases in the history that a run replays."""
    run = Exercise(loaded, 1)
    run.advance(run.calendar.startex)
    return len(list(cases_of(chronicle(loaded.scenario, Stamps(run.calendar.iso).records(run.records())))))


def dealt_anew(loaded: Loaded, number: int) -> Loaded:
    """The scenario with the dates of its history dealt anew among the same events."""
    rows = loaded.scenario.history
    order = sorted(rows, key=lambda row: Draws(number).uniform("test.permutation", row.id))
    history = tuple(replace(row, at=date.at) for row, date in zip(order, rows, strict=True))
    return replace(loaded, scenario=replace(loaded.scenario, history=history))


@pytest.mark.parametrize("scenario", ["korea-2017", "cuba-1962"])
def test_the_history_has_no_case(scenario: str) -> None:
    """What happened until STARTEX is not absurd."""
    assert in_history(load(scenario)) == 0


@pytest.mark.slow
def test_the_history_in_another_order_has_cases() -> None:
    """The same events on each other's dates are."""
    assert min(in_history(dealt_anew(korea(), number)) for number in range(2)) > 0


@pytest.mark.exhaustive
def test_no_order_of_the_history_passes_by_chance() -> None:
    """Of a hundred permutations of its dates, at most five have no case."""
    assert [in_history(dealt_anew(korea(), number)) for number in range(100)].count(0) <= 5


@pytest.mark.exhaustive
def test_a_hundred_runs_are_read(tmp_path: Path) -> None:
    """A batch of a hundred runs is read whole: each case has dated records in order, and none is in the history."""
    wargame("batch", "korea-2017", "-n", "100", "--out", "many", "--quiet", cwd=tmp_path)
    data = wargame_json("conduct", "many", cwd=tmp_path)
    dates = [[record["at"] for record in case["records"]] for run in data["by_run"] for case in run["cases"]]
    assert data["runs"] == 100
    assert all(each[0] == max(each) and each[0] >= "2017-06-01" for each in dates)


# --- the command ------------------------------------------------------------------------------------

RIVALS = """format: wargame-scenario/1
absurdities:
  peace_in_a_blockade:
    title: offers talks within a day of its own blockade
    action: {options: [talk], by: [ARD]}
    when: days_since(blockade) < 1
"""
FORCED = ("--force", "2030-02-01 ARD blockade BRL", "--force", "2030-02-01T12:00 ARD talk BRL")


def declared(place: Path, text: str = RIVALS) -> str:
    """A copy of two rivals that declares a kind."""
    folder = place / "rivals"
    folder.mkdir()
    for name, data in load("two-rivals").files.items():
        (folder / Path(name).name).write_bytes(data.replace(b"injects: [two-rivals/msel]\n", b""))
    (folder / "msel.yaml").unlink()
    (folder / "absurdities.yaml").write_text(text, "utf-8")
    return "rivals"


def test_the_cases_of_a_run_name_records_and_the_command_that_explains_them(tmp_path: Path) -> None:
    """A forced absurdity is found in the run; `wargame why` accepts the number of its record."""
    wargame("run", declared(tmp_path), *FORCED, "--until", "2030-03-01", "--out", "one", "--no-report", cwd=tmp_path)
    (case,) = wargame_json("conduct", "one", "--kind", "peace_in_a_blockade", cwd=tmp_path)["by_run"][0]["cases"]
    assert (case["governments"], case["at"][:13]) == (["ARD", "BRL"], "2030-02-01T12")
    (command,) = case["why"]
    assert wargame(*command.split()[1:], cwd=tmp_path).returncode == 0


def test_a_batch_has_the_cases_of_its_runs(tmp_path: Path) -> None:
    """A batch is simulated again: a replication has the cases that its own run folder has."""
    scenario = declared(tmp_path)
    arm = ("--arm", "odd=force 2030-02-01 ARD blockade BRL; force 2030-02-01T12:00 ARD talk BRL")
    wargame("batch", scenario, "-n", "2", *arm, "--jobs", "1", "--out", "many", "--quiet", cwd=tmp_path)
    data = wargame_json("conduct", "many", "--jobs", "1", "--kind", "peace_in_a_blockade", cwd=tmp_path)
    found = {run["run"]: [case["records"][0]["seq"] for case in run["cases"]] for run in data["by_run"]}
    repeat = next(
        case["why"][0] for run in data["by_run"] if run["run"] == "odd, replication 1" for case in run["cases"]
    )
    wargame("run", "many", "--arm", "odd", "--replication", "1", "--out", "one", "--no-report", cwd=tmp_path)
    (alone,) = wargame_json("conduct", "one", "--kind", "peace_in_a_blockade", cwd=tmp_path)["by_run"]
    assert repeat == "wargame run many --arm odd --replication 1"
    assert found["odd, replication 1"] == [case["records"][0]["seq"] for case in alone["cases"]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("one", "--kind", "third_party"), "did you mean 'third_party_promise'"),
        (("silent",), "has no journal"),
        (("nowhere",), "there is no run 'nowhere'"),
    ],
)
def test_what_cannot_be_read_is_a_usage_error(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    """An unknown kind, a run without a journal and a run that is not there: exit code 2 and a remedy."""
    for name, level in (("one", "full"), ("silent", "none")):
        until = ("--until", "2030-01-10", "--no-report")
        wargame("run", "two-rivals", *until, "--journal", level, "--out", name, cwd=tmp_path)
    done = wargame("conduct", *words, cwd=tmp_path)
    assert (done.returncode, says in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("days_since(blockade) < 1", "tension > 0.5", "a journal does not show `tension` at each action"),
        ("days_since(blockade) < 1", "day > 3", "`day` depends on the STARTEX of a run"),
        ("days_since(blockade) < 1", "days_since(blokade) < 1", "did you mean 'blockade'"),
        ("options: [talk]", "options: [talks]", "did you mean 'talk'"),
        ("by: [ARD]", "by: [ARD], to: [ARD], on: 1", "unknown key 'on'"),
    ],
)
def test_an_invalid_kind_is_reported_with_its_line(tmp_path: Path, written: str, instead: str, says: str) -> None:
    """`validate` names file, line and remedy of a kind that cannot work."""
    line = RIVALS[: RIVALS.index(written)].count("\n") + 1
    done = wargame("validate", declared(tmp_path, RIVALS.replace(written, instead)), cwd=tmp_path)
    assert (done.returncode, says in done.stderr, f"absurdities.yaml:{line}:" in done.stderr) == (3, True, True)


def test_a_kind_that_a_scenario_declares_does_not_change_its_hash(tmp_path: Path) -> None:
    """Runs do not depend on it, so that a folder verifies with and without."""
    with_kind = load(str(tmp_path / declared(tmp_path)))
    assert with_kind.scenario_sha256 == load("two-rivals").scenario_sha256
