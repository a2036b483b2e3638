"""Compiled and interpreted numbers give the same runs to the byte."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.command_line import environment
from support.in_process import inside
from support.paths import Interpreter, computed, loaded
from support.twins import compiled
from wargame import numbers
from wargame.numbers.selection import COMPILED, INTERPRETED, NATIVE, SWITCH
from wargame.scenario.building.numbers import ScenarioNumber
from wargame.scenario.building.numbers import numbers as scenario_numbers

pytestmark = pytest.mark.slow

CASES: dict[str, dict[str, Any]] = {
    "two-rivals": {"scenario": "two-rivals", "seed": 1, "days": 200},
    "two-rivals with settings": {
        "scenario": "two-rivals",
        "seed": 2,
        "days": 200,
        "settings": {"set": ["trust[ARD, BRL]=-0.6", "tension=0.9@2030-05-01"], "forbid": ["ARD strike"]},
    },
    "cuba-1962": {"scenario": "cuba-1962", "seed": 3, "days": 4},
    "korea-2017": {"scenario": "korea-2017", "seed": 4, "days": 120},
    "a live exercise, rewound and forked": {"live": 5},
}


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    """A process that computes the same cases interpreted; without compiled modules the tests are skipped."""
    compiled(COMPILED[0])
    with Interpreter() as process:
        yield process


@lru_cache(maxsize=1)
def changeable() -> list[ScenarioNumber]:
    """The numbers of two-rivals that can change."""
    base = loaded("two-rivals")
    return [each for each in scenario_numbers(base.scenario, base.injects).values() if each.low < each.high]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Small runs of two-rivals with other numbers."""
    chosen = draw(st.lists(st.sampled_from(changeable()), max_size=30, unique_by=lambda each: each.path))
    factors = draw(st.lists(st.floats(0.3, 3.0), min_size=len(chosen), max_size=len(chosen)))
    parameters = {n.path: n.fits(n.value * factor) for n, factor in zip(chosen, factors, strict=True)}
    seed = draw(st.integers(0, 2**63))
    return {"scenario": "two-rivals", "seed": seed, "days": draw(st.integers(1, 90)), "parameters": parameters}


@pytest.mark.parametrize("name", CASES)
def test_a_run_has_the_same_bytes(name: str, interpreter: Interpreter) -> None:
    """Each built-in scenario, and an exercise that is simulated again for a rewind and a fork."""
    assert computed(CASES[name]) == interpreter.computed(CASES[name])


@given(case=cases())
@settings(max_examples=25, deadline=None)
def test_a_run_with_other_numbers_has_the_same_bytes(case: dict[str, Any], interpreter: Interpreter) -> None:
    """Whatever the numbers of the scenario are."""
    assert computed(case) == interpreter.computed(case)


@pytest.mark.exhaustive
@given(case=cases())
@settings(max_examples=2_000, deadline=None)
def test_many_runs_with_other_numbers_have_the_same_bytes(case: dict[str, Any], interpreter: Interpreter) -> None:
    """As above."""
    assert computed(case) == interpreter.computed(case)


@pytest.mark.exhaustive
def test_a_thousand_runs_of_korea_have_the_same_rows(tmp_path: Path) -> None:
    """All outcomes, measures, counts of events and decisions."""
    compiled(COMPILED[0])
    for path in (NATIVE, INTERPRETED):
        words = ("-m", "wargame", "batch", "korea-2017", "-n", "1000", "--out", path, "--quiet")
        subprocess.run([sys.executable, *words], cwd=tmp_path, env=environment(**{SWITCH: path}), check=True)
        assert json.loads((tmp_path / path / "manifest.json").read_text("utf-8"))["numbers"] == path

    assert rows(tmp_path / NATIVE) == rows(tmp_path / INTERPRETED)


def rows(batch: Path) -> list[dict[str, Any]]:
    """The rows of a batch, by replication."""
    import pyarrow.parquet as pq

    tables = [pq.read_table(path).to_pylist() for path in sorted((batch / "runs").glob("*.parquet"))]
    return sorted((row for table in tables for row in table), key=lambda row: row["replication"])


def test_verify_runs_a_run_again_by_the_other_path(tmp_path: Path) -> None:
    """A run whose manifest names the other path is identical, which needs no note; a run that differs has one."""
    other = "compiled" if numbers.PATH == INTERPRETED else INTERPRETED
    inside("run", "two-rivals", "--no-report", "--out", "run", cwd=tmp_path)
    manifest = json.loads((tmp_path / "run/manifest.json").read_text("utf-8"))
    (tmp_path / "run/manifest.json").write_text(json.dumps(manifest | {"numbers": other}), "utf-8")

    done = inside("verify", "run", cwd=tmp_path)

    assert (done.returncode, manifest["numbers"]) == (0, numbers.PATH)
    assert done.stderr == ""

    journal = tmp_path / "run/journal.jsonl"
    first, *rest = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([first, rest[0].replace(b'"t":0', b'"t":1'), *rest[1:]]))
    differs = inside("verify", "run", cwd=tmp_path)

    assert differs.returncode == 5
    note = (
        f"the run was made with {other} arithmetic, which this re-run has {numbers.PATH}; both should give the same run"
    )
    assert note in differs.stderr
