"""`wargame decide`: the best policy over states, when it fails, and what a reader can do with each number."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from support.in_process import inside
from wargame.batches.api import open_batch
from wargame.batches.decision import race
from wargame.batches.running.parts import RunTable
from wargame.scenario.model.measures import parse_measure
from wargame.statistics.intervals import Floats

STUDY = """
format: wargame-study/1
name: duel
title: Patrols or none
scenario: two-rivals
replications: 96
until: 120d
arms:
  calm: {title: No patrols, forbid: [ARD patrol]}
  same: {title: As it is}
  usual: {title: As usual}
baseline: usual
factors:
  strain: {set: tension, range: [0.05, 0.9], title: Strain}
  regard: {set: "trust[ARD, BRL]", range: [-0.9, 0.5]}
design: {kind: latin_hypercube, points: 48}
measures: [p(war), mean(tension) > 0.35]
decision:
  goal: -mean(tension)
  indifference: 0.005
  fails: count(patrol, ARD) > 3
  watch: {until: 30d, paths: [tension]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and the batch that answers its question."""
    place = tmp_path_factory.mktemp("decide")
    (place / "duel.yaml").write_text(STUDY)
    done = inside("decide", "duel.yaml", "--out", "runs/duel", "--jobs", "1", "--quiet", cwd=place)
    assert done.returncode == 0, done.stderr
    (place / "shown.txt").write_text(done.stdout)
    return place


def answer(folder: Path, *options: str) -> dict[str, Any]:
    """The JSON document of a decision from the batch."""
    done = inside("decide", "runs/duel", "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_answer_is_a_sentence_with_the_best_policy(folder: Path) -> None:
    """Then come regret, failures, what to watch, what to learn first, and the limits."""
    shown = (folder / "shown.txt").read_text()
    assert "'No patrols' is best in -mean(tension)" in shown
    sections = ["Policies and their regret", "Where each policy fails", "What to watch", "What it is worth to know"]
    places = [shown.index(each) for each in (*sections, "What the model cannot say")]
    assert places == sorted(places)
    assert (folder / "runs/duel/decision.html").read_text().count("No patrols") > 2


def test_policies_that_do_the_same_cannot_be_told_apart(folder: Path) -> None:
    """Two arms without a difference have equal goals, the same regret, and no gap."""
    policies = {each["name"]: each for each in answer(folder)["policies"]}
    assert policies["same"]["goal"] == policies["usual"]["goal"]
    assert policies["same"]["regret"] == policies["usual"]["regret"]
    assert all(each["regret"]["split"] >= each["behind"][0] - 1e-12 for each in policies.values())
    assert not policies["usual"]["equal"]
    without = answer(folder, "--indifference", "5")
    assert without["equal"] == ["same", "usual"]
    assert without["answer"].startswith("'No patrols', '")
    assert "cannot be told apart" in without["answer"]


def test_numbers_agree_with_the_table_of_runs(folder: Path) -> None:
    """The goal is the mean over states, a failing run fails in the table, and the gap is a mean of differences."""
    from wargame.batches.api import open_batch

    rows, document = open_batch(str(folder / "runs/duel")).frame(), answer(folder)
    by_arm = {arm: each.set_index("replication") for arm, each in rows.groupby("arm")}
    for policy in document["policies"]:
        assert policy["goal"] == pytest.approx(by_arm[policy["name"]]["-mean(tension)"].mean())
        failed = by_arm[policy["name"]]["count(patrol, ARD) > 3"]
        assert policy["satisfies"] == pytest.approx(1 - (failed > 0).mean())
    best, gap = document["policies"][0]["name"], document["policies"][-1]
    difference = by_arm[best]["-mean(tension)"] - by_arm[gap["name"]]["-mean(tension)"]
    assert gap["behind"][0] == pytest.approx(difference.mean())
    usual = next(each for each in document["fails_in"] if each["name"] == "usual")
    assert usual["runs"]
    assert (by_arm["usual"].loc[usual["runs"], "count(patrol, ARD) > 3"] > 0).all()


def test_outcomes_that_no_policy_changes_are_listed(folder: Path) -> None:
    """There is no war in any of these runs."""
    assert {"measure": "p(war)", "low": 0.0, "high": 0.0} in answer(folder)["unmoved"]
    assert "-mean(tension)" not in [each["measure"] for each in answer(folder)["unmoved"]]


def test_failing_runs_share_acts_that_others_lack(folder: Path) -> None:
    """Counts are runs with at least one such act."""
    usual = next(each for each in answer(folder)["fails_in"] if each["name"] == "usual")
    patrols = next(each for each in usual["acts"] if (each["who"], each["option"]) == ("ARD", "patrol"))
    assert patrols["inside"] == patrols["of_inside"]
    assert patrols["outside"] < patrols["of_outside"]


def test_another_question_is_answered_from_the_same_runs(folder: Path) -> None:
    """With any measure that the batch has; other ones are refused with what there is."""
    assert answer(folder, "--goal", "p(war)")["goal"] == "p(war)"
    for options, said in (
        (("--goal", "p(calm)"), "no measure 'p(calm)'"),
        (("--watch", "growth[ARD]"), "no measure 'seen(growth[ARD], until: 90d)'"),
        (("--seed", "3"), "leave out --seed"),
    ):
        refused = inside("decide", "runs/duel", *options, cwd=folder)
        assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr


@pytest.mark.slow
def test_a_box_is_an_object_with_its_limits_by_factor(folder: Path) -> None:
    """Readers of the JSON document find each number by its name."""
    boxes = [each["box"] for each in answer(folder, "--fails", "count(patrol, ARD) > 3")["fails_in"]]
    assert all(box is None or {"limits", "density", "coverage", "held_out", "shuffled"} <= set(box) for box in boxes)
    tense = answer(folder, "--fails", "mean(tension) > 0.35")["fails_in"]
    assert next(set(each["box"]["limits"]) for each in tense if each["box"]) == {"strain"}


@pytest.mark.slow
def test_the_report_has_pictures_of_regret_boxes_and_signs(folder: Path) -> None:
    """A sign has a threshold with the runs on both sides of it, which agree with the table of runs."""
    from wargame.batches.api import open_batch

    document = answer(folder, "--fails", "mean(tension) > 0.35")
    page = (folder / "runs/duel/decision.html").read_text()
    titles = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    assert [title.partition(":")[0] for title in titles[:2]] == ["Regret by policy and state", "No patrols"]
    assert "after STARTEX" in titles[-1]
    rows = open_batch(str(folder / "runs/duel")).frame()
    for each in document["watch"]:
        own = rows[rows["arm"] == each["arm"]].set_index("replication")
        seen, failed = own[f"seen({each['observable']}, until: 30d)"], own["mean(tension) > 0.35"]
        for side, inside_it in (("below", seen <= each["threshold"]), ("above", seen > each["threshold"])):
            assert each[side]["runs"] == inside_it.sum()
            assert each[side]["failures"] == failed[inside_it].sum()
        assert failed[each["runs"]].all()
    assert document["watch"]


def test_a_goal_that_is_the_same_in_all_runs_is_named(folder: Path) -> None:
    """It tells no policy from another; what no policy changes stands before everything else."""
    said = answer(folder, "--goal", "p(war)")["answer"]
    assert said.startswith("p(war) is 0 in all runs: as a goal it tells no policy from another")
    shown = (folder / "shown.txt").read_text()
    assert shown.index("No difference between policies") < shown.index("48 states")


@pytest.mark.slow
def test_a_race_stops_policies_that_are_surely_behind(folder: Path) -> None:
    """It has fewer runs and the same best policy; equal policies go on, and resuming changes nothing."""
    study = (folder / "duel.yaml").read_text().replace("  same: {title: As it is}", "  tense: {set: [tension=0.9@D+2]}")
    (folder / "race.yaml").write_text(study.replace("replications: 96", "replications: 144"))
    done = inside("decide", "race.yaml", "--until-clear", "--out", "runs/r", "--jobs", "1", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["policies"][0]["name"] == "calm"
    assert {"name": "tense", "runs": 30} in [{"name": r["name"], "runs": r["runs"]} for r in document["stopped"]]
    assert document["runs"] == 144 * 3 - sum(144 - row["runs"] for row in document["stopped"])
    assert "at most 5\N{NO-BREAK SPACE}%" in (folder / "runs/r/decision.html").read_text()
    again = inside("decide", "runs/r", "--resume", "--until-clear", "--json", cwd=folder)
    assert {**json.loads(again.stdout), "batch_dir": ""} == {**document, "batch_dir": ""}


class Simulated(RunTable):
    """A table of runs whose goals are these numbers."""

    def __init__(self, values: Floats) -> None:
        self.values, self.shape = values, values.shape
        self.arms = tuple(f"arm{i}" for i in range(len(values)))
        self.prepared = SimpleNamespace(points=None)  # type: ignore[assignment]
        self.manifest = SimpleNamespace(stopped={})  # type: ignore[assignment]

    def column(self, name: str) -> Floats:
        """Return all values."""
        del name
        return self.values


def test_a_race_stops_the_best_policy_in_at_most_one_of_twenty() -> None:
    """With five equal policies, seen five times in 300 trials, and it does stop one that is far behind."""
    measure, counts, wrong = parse_measure("mean(tension)"), (30, 60, 120, 240, 480), 0
    for seed in range(300):
        values = np.random.default_rng(seed).normal(size=(5, 480))
        wrong += any("arm0" in race(measure, 1e-9, Simulated(values[:, :n]), len(counts)) for n in counts)
    assert wrong <= 22
    values[4] -= 2.0
    assert race(measure, 0.5, Simulated(values[:, :30]), len(counts)) == ["arm4"]


@pytest.mark.slow
def test_answers_in_python_are_tables(folder: Path) -> None:
    """They have the numbers of the JSON document, by name."""
    import wargame

    found = wargame.decide(folder / "runs/duel")
    assert list(found.policies["name"]) == [each["name"] for each in answer(folder)["policies"]]
    assert found.text == answer(folder)["answer"]
    assert found.text in repr(found)
    assert wargame.decide(found.batch, goal="p(war)").numbers["goal"] == "p(war)"
    with pytest.raises(AttributeError, match="policies"):
        _ = found.polices


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("two-rivals",), "asks no question that has a goal"),
        (("two-rivals", "--fails", "p(war)"), "asks no question that has a goal"),
        (("two-rivals", "--government", "ARD", "-n", "2"), "at least two arms"),
        (("two-rivals", "--goal", "p(peace)"), "there is no outcome 'peace'"),
        (("two-rivals", "--goal", "p(war)", "--indifference", "0"), "greater than"),
        (("two-rivals", "--goal", "p(war)", "--government", "ARX"), "no government 'ARX' (did you mean 'ARD'?)"),
    ],
)
def test_a_question_that_cannot_be_answered(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """The message says what is missing."""
    done = inside("decide", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_without_a_goal_no_run_is_played(tmp_path: Path) -> None:
    """The question is read first, and nothing is written."""
    assert inside("decide", "two-rivals", cwd=tmp_path).returncode == 2
    assert [*tmp_path.iterdir()] == []


def test_fewer_runs_than_states_are_a_quick_look(folder: Path) -> None:
    """They spread over fewer states, as evenly, and both the decision and the batch say so; the full study does not."""
    done = inside("decide", "duel.yaml", "--out", "runs/quick", "--jobs", "1", "-n", "12", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "A quick look: 12 of the study's 48 states are run, so intervals are wide." in " ".join(done.stdout.split())
    shown = inside("show", "runs/quick", cwd=folder).stdout
    assert "A quick look: 12 of the 48 points of the study's design are run" in " ".join(shown.split())
    assert "quick look" not in (folder / "shown.txt").read_text()
    strain = open_batch(str(folder / "runs/quick")).frame().query("arm == 'calm'")["factor:strain"]
    assert sorted((strain - 0.05) // (0.85 / 12)) == [*range(12)]
    again = inside("decide", "runs/quick", "--resume", "-n", "24", "--jobs", "1", "--json", cwd=folder)
    assert (again.returncode, json.loads(again.stdout)["runs"]) == (0, 72), again.stderr


def test_policies_that_come_from_a_game_or_a_search_are_named(tmp_path: Path) -> None:
    """A game replaces the arms of its study, a search adds to them."""
    game = "game: {players: {ARD: [calm, usual], BRL: [calm, usual]}}\n"
    levers = "search: {levers: {strain: {set: tension, range: [0.1, 0.2]}}, goals: [-mean(tension)], "
    for name, added, said in (
        ("game", game, "Each policy is a profile of the game of the study, which replaces its arms, and is run"),
        ("search", f"{levers}policies: 2, budget: 20, holdout: 2}}\n", "or one of 2 that its search tries, and is run"),
    ):
        study = STUDY.replace("  strain: {set: tension, range: [0.05, 0.9], title: Strain}\n", "").replace("48", "4")
        (tmp_path / f"{name}.yaml").write_text(study.replace("\nname: duel", f"\nname: {name}") + added)
        done = inside("decide", f"{name}.yaml", "--jobs", "1", "-n", "4", cwd=tmp_path)
        assert (done.returncode, said in " ".join(done.stdout.split())) == (0, True), done.stdout + done.stderr


def test_resuming_a_complete_batch_changes_nothing(folder: Path) -> None:
    """No run is added, and the answer is the same."""
    before = answer(folder)
    done = inside("decide", "runs/duel", "--resume", "--json", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == before
