"""Factors that are no numbers of an indicator: STARTEX dates, leaders, bans, and any number of the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.in_process import inside

STUDY = """
format: wargame-study/1
name: choices
scenario: two-rivals
replications: 8
until: 2030-06-01
arms: {a: {}, b: {forbid: [ARD patrol]}}
factors:
  begins: {choices: [{startex: 2030-01-01}, {startex: 2030-03-01}], title: Beginning}
  premier: {choices: [{title: premier}, {title: general, leaders: {BRL: brel_general}}]}
  reason: {parameter: leaders.arda_council.rationality, range: [1, 3]}
design: {kind: latin_hypercube, points: 8}
measures: [mean(tension)]
events: true
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of the study."""
    place = tmp_path_factory.mktemp("choices")
    (place / "s.yaml").write_text(STUDY)
    done = inside("batch", "s.yaml", "--out", "b", "--jobs", "1", "--quiet", cwd=place)
    assert done.returncode == 0, done.stderr
    return place


def test_each_run_has_its_choices(folder: Path) -> None:
    """The date is that of the choice, in both arms, and the design has each choice equally often."""
    import wargame

    rows = wargame.open_batch(folder / "b").frame()
    for column in ("factor:begins", "factor:premier"):
        assert rows[rows["arm"] == "a"][column].value_counts().to_dict() == {0.0: 4, 1.0: 4}
    assert set(rows["days"].where(rows["factor:begins"] == 1.0).dropna()) == {92.0}
    assert set(rows["days"].where(rows["factor:begins"] == 0.0).dropna()) == {151.0}


def test_a_run_of_the_batch_has_its_choices(folder: Path) -> None:
    """Its manifest has the leader and the number of its point, and it is reproduced."""
    import wargame

    rows = wargame.open_batch(folder / "b").frame().query("arm == 'b'").set_index("replication")
    chosen = int(rows.index[rows["factor:premier"] == 1.0][0])
    inside("run", "b", "--arm", "b", "--replication", str(chosen), "--out", "one", "--quiet", cwd=folder)
    settings = json.loads((folder / "one/manifest.json").read_text())["settings"]
    assert settings["leaders"] == [["BRL", "brel_general"]]
    assert settings["forbid"] == ["ARD patrol"]
    assert inside("verify", "one", cwd=folder).returncode == 0


def test_a_batch_with_choices_is_opened_again(folder: Path) -> None:
    """Its inputs have the choices."""
    done = inside("batch", "b", "--resume", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("written", "changed", "said"),
    [
        ("rationality, range", "rationalit, range", "there is no number|has no number"),
        (", range: [1, 3]", "", "has no range in the scenario"),
        ("{startex: 2030-03-01}", "{startex: 2031-03-01}", "is not between the start and ENDEX"),
        ("b: {forbid: [ARD patrol]}", "b: {leaders: {BRL: brel_general}}", "the arm sets `leaders`"),
        ("[{startex: 2030-01-01}, {startex: 2030-03-01}]", "[{startex: 2030-01-01}]", "at least two `choices`"),
        ("brel_general}}]", "brel_genral}}]", "brel_genral"),
    ],
)
def test_an_impossible_factor(written: str, changed: str, said: str, tmp_path: Path) -> None:
    """The error has file and line."""
    (tmp_path / "s.yaml").write_text(STUDY.replace(written, changed))
    done = inside("validate", "s.yaml", cwd=tmp_path)
    assert (done.returncode, "s.yaml:" in done.stderr) == (3, True), done.stderr
    assert any(each in done.stderr for each in said.split("|")), done.stderr
