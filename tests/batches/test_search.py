"""`wargame search`: what it finds on fresh draws, and that it says so if it finds nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from support.in_process import inside
from wargame.batches.decision import halving, searched
from wargame.batches.running.parts import RunTable
from wargame.batches.study.model import Search, Study
from wargame.scenario.model.measures import parse_measure
from wargame.scenario.model.questions import Arm
from wargame.statistics.intervals import Floats

STUDY = """
format: wargame-study/1
name: planted
scenario: two-rivals
until: 60d
arms:
  usual: {title: As usual}
  tense: {set: [tension=0.9]}
search:
  goals: [-mean(tension)]
  levers:
    patrols: {choices: [{title: as usual}, {title: none, forbid: [ARD patrol]}], title: Patrols}
    strain: {set: tension, range: [0.05, 0.9], title: Tension}
  policies: 8
  budget: 80
  holdout: 12
"""
NOTHING = STUDY.replace("{title: none, forbid: [ARD patrol]}", "{title: the same}").replace(
    "strain: {set: tension, range: [0.05, 0.9], title: Tension}", 'growth: {set: "growth[ARD]", range: [0.019, 0.021]}'
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and its search."""
    place = tmp_path_factory.mktemp("search")
    (place / "p.yaml").write_text(STUDY)
    done = inside("search", "p.yaml", "--out", "runs/p", "--jobs", "1", "--quiet", cwd=place)
    assert done.returncode == 0, done.stderr
    (place / "shown.txt").write_text(done.stdout)
    return place


def answer(folder: Path, *arguments: str) -> dict[str, Any]:
    """The JSON document of a search."""
    done = inside("search", *arguments, "--json", "--jobs", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_a_planted_optimum_is_found(folder: Path) -> None:
    """The goal is low tension, so the policy with the lowest tension at the start of all that were tried wins."""
    found, tried = answer(folder, "runs/p")["found"], json.loads((folder / "runs/p/inputs/study.yaml").read_text())
    starts = [float(arm["set"][0].partition("=")[2]) for name, arm in tried["arms"].items() if "tried" in name]
    assert len(starts) == 8
    assert float(found[0]["arm"]["set"][0].partition("=")[2]) == min(starts)
    shown = " ".join((folder / "shown.txt").read_text().split())
    assert "better than 'As usual' on draws that the search did not see" in shown
    page = (folder / "runs/p/search.html").read_text()
    assert "better than" in page
    assert re.search(r"<p[^>]*>wargame run \S+ --arm ARM --replication 0 shows the first run of each.</p>", page)


def test_numbers_agree_with_the_table_of_runs(folder: Path) -> None:
    """The fresh goal is the mean over replications that no policy but the best and the best arm has."""
    import wargame

    document, rows = answer(folder, "runs/p"), wargame.open_batch(folder / "runs/p").frame()
    late = rows[rows["replication"] >= document["rounds"][-1]["replications"]]
    assert sorted(late["arm"].unique()) == sorted([document["found"][0]["name"], "usual"])
    fresh = late.pivot_table(index="replication", columns="arm", values="-mean(tension)")
    goal = document["found"][0]["goals"][0]
    assert len(fresh) == 12
    assert goal["fresh"][0] == pytest.approx(fresh[document["found"][0]["name"]].mean())
    assert goal["gain"][0] == pytest.approx((fresh[document["found"][0]["name"]] - fresh["usual"]).mean())
    assert document["searched"] <= 80
    assert (document["searched"] + document["fresh"], document["failed"]) == (len(rows), 0)
    assert [row["left"] for row in document["rounds"]] == [4, 2, 1]


def test_resuming_and_reading_give_the_same_answer(folder: Path) -> None:
    """Also after runs were lost."""
    before = answer(folder, "runs/p")
    for part in (folder / "runs/p/runs").glob("*.parquet"):
        part.unlink()
    assert answer(folder, "runs/p", "--resume") == before


def test_a_search_that_finds_nothing_says_so(tmp_path: Path) -> None:
    """No lever of this study changes the goal for sure."""
    (tmp_path / "n.yaml").write_text(NOTHING)
    document = answer(tmp_path, "n.yaml")
    assert document["better"] == []
    assert document["answer"].startswith("Nothing better than 'As usual' was found")


@pytest.mark.parametrize(("seed", "other"), [("2", False), ("3", True)])
def test_a_lead_that_turns_on_fresh_draws_is_named(seed: str, other: bool, tmp_path: Path) -> None:
    """No lever changes the goal for sure, so the best policy leads by chance; the numbers are of the table of runs."""
    import wargame

    (tmp_path / "n.yaml").write_text(NOTHING)
    document = answer(tmp_path, "n.yaml", "--seed", seed, "--out", "n")
    (found,), seen = document["found"], document["rounds"][-1]["replications"]
    rows = wargame.open_batch(tmp_path / "n").frame().pivot(index="replication", columns="arm", values="-mean(tension)")
    ahead = rows[found["name"]] - rows[document["present"]]
    (goal,) = found["goals"]
    assert (goal["lead"][0], goal["gain"][0]) == pytest.approx((ahead[:seen].mean(), ahead[seen:].mean()))
    assert (goal["lead"][0] * goal["gain"][0] < 0) == other
    shown = " ".join(inside("search", "n", cwd=tmp_path).stdout.split())
    assert ("was ahead in the search" in shown, "the difference has the other sign" in shown) == (other, other)


def test_an_arm_may_have_any_name(tmp_path: Path) -> None:
    """An arm with a name like the ones that a search gives is an ordinary arm, and the search is made."""
    (tmp_path / "t.yaml").write_text(STUDY.replace("  tense: {set", "  tried_001: {set"))
    document = answer(tmp_path, "t.yaml", "--budget", "60", "--holdout", "6", "--goal", "-mean(tension)")
    assert (len(document["tried"]), document["present"]) == (8, "usual")
    assert "tried_001" not in [each["name"] for each in document["tried"]]
    (tmp_path / "u.yaml").write_text(STUDY.replace("  policies: 8", "  tried: [tried_001]"))
    refused = inside("search", "u.yaml", cwd=tmp_path)
    assert (refused.returncode, "there is no arm 'tried_001'" in refused.stderr) == (3, True), refused.stderr


def test_a_search_in_python_has_the_numbers_of_the_command(folder: Path) -> None:
    """From a batch, and from a study with another goal."""
    import wargame

    found = wargame.search(folder / "runs/p")
    assert found.text == answer(folder, "runs/p")["answer"]
    assert list(found.found["name"]) == [each["name"] for each in answer(folder, "runs/p")["found"]]
    study, place = folder / "p.yaml", folder / "runs/q"
    other = wargame.search(study, goal="-p(war)", budget=60, holdout=4, jobs=1, out=place, progress=False)
    assert other.numbers["goals"] == ["-p(war)"]
    assert other.numbers["better"] == []


def search_of(values: Floats, goals: int = 1) -> Any:
    """The result of a search over simulated numbers, policies × replications; the first policy is the present one."""
    names = ("tense", *(f"tried_{i:03d}" for i in range(1, len(values))))
    measured = {each.name: each for each in (parse_measure(f"{'-' * i}mean(tension)") for i in range(goals))}
    search = Search(levers={}, goals=tuple(measured), budget=600, tried=names[1:])
    study = Study(name="s", scenario="two-rivals", arms=dict.fromkeys(names, Arm()), search=search)
    prepared: Any = SimpleNamespace(study=study, names=names, measured=measured, points=None, replications=200)
    stopped: dict[str, int] = {}

    def table(count: int) -> RunTable:
        each = RunTable.__new__(RunTable)
        each.arms, each.shape, each.prepared = names, (len(names), count), prepared
        each.manifest = SimpleNamespace(stopped=dict(stopped))  # type: ignore[assignment]
        seen = np.arange(count) < np.array([stopped.get(name, count) for name in names])[:, None]
        each.there = each.ok = seen
        each.column = lambda _: np.where(seen, values[:, :count], np.nan)  # type: ignore[method-assign, assignment]
        return each

    race = halving(prepared)
    assert race.race is not None
    for count in race.looks:
        stopped.update(dict.fromkeys(race.race(table(count), 0), count))
    batch: Any = SimpleNamespace(
        table=table(values.shape[1]), prepared=prepared, manifest=SimpleNamespace(stopped=stopped), ended="complete"
    )
    return searched(batch)


def test_among_equal_policies_one_is_called_better_in_at_most_one_of_twenty() -> None:
    """With 16 policies, 400 trials; in the search itself the best of them looks better in most."""
    better, flattered = 0, 0
    for seed in range(400):
        result = search_of(np.random.default_rng(seed).normal(size=(17, 200)))
        better += bool(result["better"])
        flattered += result["found"][0]["goals"][0]["search"][0] > 0.1
    assert better <= 20
    assert flattered > 200


def test_a_policy_that_is_better_by_two_thirds_of_the_spread_is_found_in_four_of_five() -> None:
    """Among 16, 100 trials."""
    hits = 0
    for seed in range(100):
        values = np.random.default_rng(seed).normal(size=(17, 200))
        values[5] += 2 / 3
        hits += search_of(values)["better"] == ["tried_005"]
    assert hits >= 80


def test_goals_that_conflict_leave_nothing_better() -> None:
    """What is gained in one goal is lost in the other, so up to four policies are left and none is better."""
    values = np.random.default_rng(1).normal(size=(17, 200)) + np.arange(17)[:, None]
    result = search_of(values, goals=2)
    assert len(result["found"]) == 4


@pytest.mark.parametrize(
    ("written", "changed", "said"),
    [
        (", range: [0.05, 0.9]", "", "`range` or `levels` is missing"),
        ("set: tension,", "set: tensoin,", "tensoin"),
        ("forbid: [ARD patrol]", "forbid: [ARD patrol], turn: [{at: D+1}]", "government"),
        ("search:", "factors: {strain: {set: tension, range: [0.1, 0.3]}}\nsearch:", "'strain' already varies tension"),
        ("goals: [-mean(tension)]", "goals: [p(peace)]", "no outcome 'peace'"),
    ],
)
def test_a_search_with_faults(written: str, changed: str, said: str, tmp_path: Path) -> None:
    """The error has file and line."""
    (tmp_path / "p.yaml").write_text(STUDY.replace(written, changed, 1))
    done = inside("validate", "p.yaml", cwd=tmp_path)
    assert (done.returncode, "p.yaml:" in done.stderr, said in done.stderr) == (3, True, True), done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("two-rivals",), "add `search: {levers: ..."),
        (("runs/p", "--seed", "3"), "leave out --seed"),
        (("p.yaml", "-n", "5"), "the next ones are fresh"),
        (("few.yaml",), "8 policies need 60"),
        (("grid.yaml",), "a latin_hypercube, not grid"),
    ],
)
def test_a_search_that_cannot_be_made(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    """The message says what to change, and nothing is run."""
    factors = 'factors: {x: {set: "growth[ARD]", range: [0, 0.1]}}\ndesign: grid\nsearch:'
    (folder / "grid.yaml").write_text(STUDY.replace("search:", factors))
    (folder / "few.yaml").write_text(STUDY.replace("budget: 80", "budget: 20"))
    done = inside("search", *arguments, cwd=folder)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("command", ["search", "compare", "report"])
def test_a_search_without_a_run_is_said_not_to_be_complete(command: str, folder: Path, tmp_path: Path) -> None:
    """With the command that continues it."""
    copy = shutil.copytree(folder / "runs/p", tmp_path / "p")
    shutil.rmtree(copy / "runs")
    done = inside(command, "p", cwd=tmp_path)
    assert done.returncode == 3
    assert "this batch is not complete: no run has finished" in done.stderr
    assert "wargame search p --resume" in " ".join(done.stderr.split())
