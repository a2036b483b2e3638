"""Measures of welfare, and the report of whose interests an arm serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import wargame
from support.engine import loaded
from support.in_process import inside
from wargame.batches.running.observer import Observer, Sampling
from wargame.language.expressions import ExpressionError
from wargame.language.times import DAY
from wargame.scenario.model.measures import Checker, interest_texts, parse_measure
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


def observed(*formulas: str, **settings: Any) -> tuple[Exercise, list[float]]:
    """A run of two-rivals, and the values of these measures."""
    exercise = Exercise(loaded(), 1, Settings(until="D+100", journal="none", **settings))
    observer = Observer(exercise, [parse_measure(text) for text in formulas], Sampling(7 * DAY))
    observer.play()
    return exercise, observer.values()


def test_welfare_is_the_sum_of_interests_in_units_of_the_ranges() -> None:
    """At the end of the run, by the numbers of the scenario file."""
    exercise, (value, doubled) = observed("welfare(ARD)", "2 * welfare(ARD)")
    get = exercise.context.world.get
    expected = -1.5 * get("tension") + 2.0 * get("control", "ARD") + 1.5 * get("growth", "ARD")
    assert value == pytest.approx(expected)
    assert doubled == pytest.approx(2 * expected)


def test_welfare_over_time_is_between_its_extremes() -> None:
    """`mean`, `lowest` and `highest` take the welfare of a government like an indicator."""
    _, (low, mean, high, end) = observed(
        "lowest(welfare(BRL))", "mean( welfare( BRL ) )", "highest(welfare(BRL))", "welfare(BRL)"
    )
    assert low < mean < high
    assert low <= end <= high


def test_measuring_welfare_changes_no_run() -> None:
    """The decisions are those of a run without measures."""
    plain = Exercise(loaded(), 1, Settings(until="D+100", journal="none"))
    plain.advance(plain.end)
    exercise, _ = observed("mean(welfare(ARD))", "welfare(BRL)")
    assert exercise.context.world.levels() == plain.context.world.levels()
    assert exercise.context.log.next_seq == plain.context.log.next_seq


def test_a_leader_who_is_not_in_office_can_lend_the_interests() -> None:
    """The general's interests, with the premier in office and with the general."""
    _, (own, premier, general) = observed("welfare(BRL)", "welfare(BRL, brel_premier)", "welfare(BRL, brel_general)")
    assert own == premier != general
    _, (own, general) = observed("welfare(BRL)", "welfare(BRL, brel_general)", leaders=(("BRL", "brel_general"),))
    assert own == general


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("welfare(ARX)", "there is no government 'ARX'"),
        ("mean(welfare(ARX))", "there is no government 'ARX'"),
        ("welfare(ARD, brel_general)", "there is no leader of ARD 'brel_general'"),
        ("welfare()", "write welfare"),
        ("mean(welfare(ARD, a, b))", r"write mean\(welfare\(GOV\)\)"),
    ],
)
def test_a_wrong_name_is_refused(formula: str, message: str) -> None:
    """As in any other measure."""
    scenario = loaded()
    with pytest.raises(ExpressionError, match=message):
        Checker(scenario.scenario, scenario.injects).check(parse_measure(formula))


def test_each_leader_that_arms_install_is_measured() -> None:
    """Two scales for a government whose leaders differ between arms, one for the others."""
    scenario = loaded().scenario
    assert interest_texts(scenario)[:2] == ["welfare(ARD)", "mean(welfare(ARD))"]
    assert len(interest_texts(scenario)) == 4
    texts = interest_texts(scenario, {"brel_general"})
    assert [text for text in texts if text.startswith("welfare(BRL")] == [
        "welfare(BRL, brel_general)",
        "welfare(BRL, brel_premier)",
    ]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A batch in which Arda patrols all the time."""
    patrols = "; ".join(f"force D+{day} ARD patrol BRL" for day in range(1, 300, 10))
    arms = {"patrols": patrols, "same": "seat ARD=model"}
    out = tmp_path_factory.mktemp("interests") / "batch"
    return wargame.batch("two-rivals", 12, arms=arms, measures=["p(war)"], interests=True, jobs=1, out=out)


def test_the_rows_say_who_is_better_and_who_is_worse_off(batch: Any) -> None:
    """Patrols hurt Brel, whose control falls; the arm without a difference has no verdict."""
    rows = {(row.arm, row.government): row for row in batch.summary["interests"]}
    assert set(rows) == {(arm, name) for arm in ("patrols", "same") for name in ("ARD", "BRL")}
    assert rows["patrols", "BRL"].verdict == "worse"
    assert rows["patrols", "BRL"].name == "Brel"
    assert rows["patrols", "BRL"].at_end.estimate < 0
    assert rows["same", "ARD"].verdict == rows["same", "BRL"].verdict == ""


def test_the_text_and_the_report_have_the_section(batch: Any, tmp_path: Path) -> None:
    """On the screen after the differences, and in the report."""
    report = inside("report", batch.path, "--format", "md", "--out", str(tmp_path / "report.md"), cwd=tmp_path)
    assert report.returncode == 0, report.stderr
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "## By whose interests" in text
    assert "patrols: " in text
    assert "same: no significant difference for any government." in text
    assert "Welfare of Brel, mean over time" in text


def test_the_command_prints_the_table(tmp_path: Path) -> None:
    """With the baseline alone there is nothing to compare, and no table."""
    common = ("batch", "two-rivals", "-n", "3", "--until", "D+30", "--interests", "--jobs", "1")
    done = inside(*common, "--arm", "calm=set tension=0", "--out", "two", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Differences of welfare, with 95 % intervals" in done.stdout
    assert "Arda" in done.stdout
    alone = inside(*common, "--out", "one", cwd=tmp_path)
    assert "mean(welfare(ARD))" in alone.stdout
    assert "By whose interests" not in alone.stdout


def test_a_study_file_can_ask_for_interests(tmp_path: Path) -> None:
    """The key `interests` does what the option does; the frozen study gives the same batch again."""
    study = "format: wargame-study/1\nname: s\nscenario: two-rivals\nuntil: 30d\nreplications: 2\ninterests: true\n"
    (tmp_path / "s.yaml").write_text(study + "arms: {baseline: {}, calm: {set: [tension=0]}}\n", "utf-8")
    done = inside("batch", "s.yaml", "--jobs", "1", "--out", "b", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "By whose interests" in done.stdout
    again = inside("batch", "s.yaml", "--jobs", "1", "--out", "b", "--resume", "-n", "3", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "complete at 3 replications" in again.stdout
