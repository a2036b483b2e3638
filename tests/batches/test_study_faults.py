"""Invalid studies, designs and arguments are refused before any run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside, inside_json
from support.study_files import CALM, GRID, study_file
from wargame import batch
from wargame.batches.running.opening import open_target
from wargame.batches.study.overrides import StudyOverrides
from wargame.errors import Invalid, UsageFault


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: 1\nseed: 2\n", "the key 'seed' is written twice"),
        (f"{GRID}arms: {{baseline: {{}}, hot: {{set: [tension=0.9]}}}}\n", "the arm sets tension=0.9"),
        (
            f"{CALM}  too: {{set: tension, levels: [0.1, 0.2]}}\ndesign: grid\n",
            "the factor 'calm' already varies tension",
        ),
        ("factors:\n  draws: {set: tension, levels: [0.1, 0.3]}\ndesign: grid\n", "no factor can be named 'draws'"),
        ("factors:\n  calm: {set: tension, range: [0.1, 4]}\ndesign: grid\n", "tension must be between 0 and 1, not 4"),
        (
            f"{CALM}design: {{kind: sobol, points: 4}}\nstopping: {{measure: actions(), width: 1}}\n",
            "cannot stop early",
        ),
        ("startex: 300 dais\narms: {baseline: {}, b: {}}\n", "study.yaml:5:10: "),
        ("series: [tension, tension]\n", "the series 'tension' is listed twice"),
    ],
)
def test_misleading_studies_are_refused(text: str, message: str, tmp_path: Path) -> None:
    """Before any run."""
    with pytest.raises(Invalid, match=message):
        open_target(study_file(tmp_path, text))


def test_an_arm_may_change_a_factor_later(tmp_path: Path) -> None:
    """A later setting is a valid experiment."""
    text = f"{GRID}arms: {{baseline: {{}}, hot: {{set: ['tension=0.9@D+10']}}}}\n"
    assert open_target(study_file(tmp_path, text)).study.factors


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("tension,draws\n0.1,1\n0.2,2\n", "no column can be named 'draws'"),
        ("tension,tension\n0.1,0.2\n0.2,0.3\n", "two columns 'tension'"),
        ("rules.foo\n0.1\n0.2\n", "there is no number at 'rules.foo'"),
        ("tension\n0.1\n7\n", "tension must be between 0 and 1"),
        ("tension,growth[ARD]\n0.1\n0.2,0.3\n", "1 cell in this line, but 2 columns"),
    ],
)
def test_an_impossible_design_is_refused(rows: str, message: str, tmp_path: Path) -> None:
    """Before any run."""
    (tmp_path / "d.csv").write_text(rows)
    done = inside("batch", "two-rivals", "-n", "4", "--design", "d.csv", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert message in done.stderr


def test_a_design_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """With a byte order mark before the first column."""
    (tmp_path / "d.csv").write_text("\ufefftension\n0.1\n0.2\n", encoding="utf-8")
    words = ("-n", "4", "--until", "20d", "--measure", "mean(tension)", "--design", "d.csv", "--jobs", "1")
    assert inside_json("batch", "two-rivals", *words, cwd=tmp_path)["runs"] == 4


def test_the_greatest_seed_is_valid(tmp_path: Path) -> None:
    """It is the limit that the message names."""
    assert open_target(study_file(tmp_path, f"seed: {2**63 - 1}\n")).study.seed == 2**63 - 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n": 0}, "n must be at least 1, not 0"),
        ({"n": 2.5}, "n must be a whole number, not 2.5"),
        ({"n": "5"}, "n must be a whole number, not '5'"),
        ({"n": 2, "seed": 1.5}, "seed must be a whole number"),
        ({"n": 2, "jobs": 0}, "jobs: at least one process"),
    ],
)
def test_invalid_numbers_from_a_notebook_are_refused(
    given: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder is left."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageFault, match=message):
        batch("two-rivals", **given)
    assert not list(tmp_path.iterdir())


def test_an_arm_with_a_used_name_is_refused(tmp_path: Path) -> None:
    """Otherwise the last one would silently replace the first."""
    arms = ("--arm", "a=set tension=0.1", "--arm", "a=set tension=0.2")
    assert "'a' is given twice" in inside("batch", "two-rivals", "-n", "2", *arms, cwd=tmp_path).stderr


def test_the_size_of_a_sobol_design_is_in_its_study(tmp_path: Path) -> None:
    """Another number of runs is refused; its own number is accepted."""
    study = study_file(tmp_path, f"{CALM}design: {{kind: sobol, points: 4}}\n")
    with pytest.raises(UsageFault, match="Sobol's design has 16 runs in each arm"):
        open_target(study, StudyOverrides(replications=7))
    assert open_target(study, StudyOverrides(replications=16)).replications == 16
