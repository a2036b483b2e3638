"""All problems are reported at once, each at its place: settings, arms, designs and formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.in_process import inside
from wargame.statistics.scores import resamples


def places(text: str) -> list[str]:
    """Line and column of each problem, with its subject."""
    return [line.partition(" (")[0] for line in text.splitlines() if not line.endswith(("problem", "problems"))]


def test_every_wrong_setting_of_a_run_is_reported(tmp_path: Path) -> None:
    """Nothing is run and nothing is written."""
    words = ("--forbid", "ARD protst", "--set", "tensin=1", "--skip", "colision", "--seat", "AR=model")
    done = inside("run", "two-rivals", *words, "--startex", "1900-01-01", cwd=tmp_path)
    assert done.returncode == 2
    for wrong in ("'protst'", "'tensin'", "'colision'", "'AR'", "STARTEX 1900-01-01"):
        assert wrong in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_wrong_entry_of_every_arm_is_reported_with_its_place(tmp_path: Path) -> None:
    """Also beside a wrong parameter, and if other arms have problems too."""
    (tmp_path / "s.yaml").write_text(
        "format: wargame-study/1\nname: s\nscenario: two-rivals\narms:\n"
        '  a:\n    forbid: [ARD protst, AR talk]\n    set: ["tensin=1"]\n'
        "  b: {forbid: [ARD protst], parameters: {rules.foo: 3}}\n"
    )
    done = inside("validate", "s.yaml", cwd=tmp_path)
    assert (done.returncode, places(done.stderr)) == (
        3,
        [
            "s.yaml:6:14: arm 'a': there is no option 'protst'",
            "s.yaml:6:26: arm 'a': there is no government 'AR'",
            "s.yaml:7:11: arm 'a': there is no indicator 'tensin'",
            "s.yaml:8:16: arm 'b': there is no option 'protst'",
            "s.yaml:8:41: arm 'b': there is no number at 'rules.foo'",
        ],
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("tensio,foo\n0.2,1\n", ["1:1: there is no indicator 'tensio'", "1:8: there is no indicator 'foo'"]),
        (
            "tension\n0.2\n7\n9\n",
            [
                "3:1: tension must be between 0 and 1, not 7",
                "4:1: tension must be between 0 and 1, not 9",
            ],
        ),
        ("tension\nabc\n0.2\nxyz\n", ["2:1: 'abc' is not a number", "4:1: 'xyz' is not a number"]),
        (
            "tension,growth,tension\n0.1,0.2\n",
            ["1:16: there are two columns 'tension'", "2:1: 2 cells in this line, but 3 columns"],
        ),
    ],
)
def test_a_design_is_checked_cell_by_cell(text: str, wrong: list[str], tmp_path: Path) -> None:
    """All wrong cells of the file are reported with line and column, with exit code 3."""
    (tmp_path / "d.csv").write_text(text)
    words = ("-n", "4", "--until", "20d", "--measure", "mean(tension)", "--design", "d.csv", "--jobs", "1")
    done = inside("batch", "two-rivals", *words, cwd=tmp_path)
    assert (done.returncode, places(done.stderr)) == (3, [f"d.csv:{each}" for each in wrong])


def test_every_unknown_name_in_a_formula_is_reported_with_its_column(tmp_path: Path) -> None:
    """Also within the calls of functions; a name with a wrong definition is still suggested."""
    (tmp_path / "i.yaml").write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects:\n  - id: x\n    title: X\n"
        "    when: tensin > 0.5 and trust[ARD, BRLL] > 0 and count(fil) > 1 and leads(foo) > 0\n"
    )
    done = inside("validate", "i.yaml", cwd=tmp_path)
    assert places(done.stderr) == [
        "i.yaml:6:11: unknown indicator 'tensin'",
        "i.yaml:6:28: unknown government 'BRLL'",
        "i.yaml:6:59: unknown option, inject or outcome 'fil'",
        "i.yaml:6:78: unknown leader 'foo'",
    ]


def test_a_file_that_is_not_a_scenario_is_named_by_its_own_path(tmp_path: Path) -> None:
    """Not by the path that it would have in a run folder."""
    (tmp_path / "i.yaml").write_text("format: wargame-injects/1\nscenario: two-rivals\ninjects: []\n")
    done = inside("run", "i.yaml", cwd=tmp_path)
    assert (done.returncode, places(done.stderr)) == (3, ["i.yaml:1:1: this is not a scenario"])


def test_conflicting_options_of_a_fork_are_refused(tmp_path: Path) -> None:
    """Several futures cannot have one folder, and a fork has one moment."""
    assert inside("run", "two-rivals", "--until", "30d", "--out", "r", "-q", cwd=tmp_path).returncode == 0
    many = inside("fork", "r", "--at", "D+10", "-n", "3", "--out", "zz", cwd=tmp_path)
    assert (many.returncode, "--out: only a single future" in many.stderr) == (2, True)
    later = inside("fork", "r", "--at", "D+10", "--set", "tension=0.9@D+20", cwd=tmp_path)
    assert (later.returncode, "a fork sets it at the moment of --at" in later.stderr) == (2, True)


def test_the_seed_determines_the_resamples_of_a_backtest() -> None:
    """The same seed gives the same resamples, another seed others."""
    first, again, other = resamples(9, 3, 5), resamples(9, 3, 5), resamples(9, 3, 6)
    assert first is not None
    assert again is not None
    assert other is not None
    assert (first == again).all()
    assert (first != other).any()
