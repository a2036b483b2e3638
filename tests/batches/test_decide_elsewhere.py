"""`wargame decide` with a race and the trial of a sign: the same on a Dask cluster, and after it was killed twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from support.command_line import environment, wargame
from support.waiting import until
from wargame.batches.api import open_batch

pytestmark = pytest.mark.slow

STUDY = """
format: wargame-study/1
name: duel
scenario: two-rivals
replications: 130
until: 60d
arms:
  calm: {title: No patrols, forbid: [ARD patrol]}
  usual: {title: As usual}
  tense: {set: [tension=0.9@D+2]}
factors: {strain: {set: tension, range: [0.05, 0.9]}}
design: {kind: latin_hypercube, points: 130}
decision:
  government: ARD
  goal: -mean(tension)
  indifference: 0.005
  fails: mean(tension) > 0.4
  watch: {until: 20d, paths: [tension]}
  holdout: 60
"""
WORDS = ("decide", "duel.yaml", "--until-clear", "--out", "b")


def answer(folder: Path, *words: str) -> dict[str, Any]:
    """The JSON document of a decision, without the place of its batch."""
    done = wargame(*WORDS, *words, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return {name: value for name, value in document.items() if name != "batch_dir"}


def same_runs(folder: Path, other: Path) -> bool:
    """Whether two decisions have the same tables, of the policies and of the turn."""
    (turn,) = (each.relative_to(folder) for each in (folder / "b" / "turns").iterdir())
    return all(
        open_batch(str(folder / name)).frame().equals(open_batch(str(other / name)).frame())
        and open_batch(str(folder / name)).events(None).equals(open_batch(str(other / name)).events(None))
        for name in ("b", turn)
    )


def written(folder: Path, pattern: str, least: int) -> bool:
    """Whether at least this number of parts is there."""
    return len([*folder.glob(pattern)]) >= least


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the answer of one process."""
    place = tmp_path_factory.mktemp("peace")
    (place / "duel.yaml").write_text(STUDY)
    return place, answer(place, "--jobs", "1")


def test_a_policy_is_stopped_and_a_sign_is_tried(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    """So the other tests of this file are about both."""
    _, document = undisturbed
    assert [each["name"] for each in document["stopped"]] == ["tense"]
    assert [each["arm"] for each in document["watch"] if "gain" in each] == ["usual"]


def test_on_a_cluster_it_is_the_same(undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """Two workers of Dask."""
    place, document = undisturbed
    (tmp_path / "duel.yaml").write_text(STUDY)
    assert answer(tmp_path, "--executor", "dask", "--jobs", "2") == document
    assert same_runs(tmp_path, place)


def test_after_kills_it_is_the_same(undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """All processes are killed among the runs of the policies, and after resuming among those of the turn."""
    place, document = undisturbed
    (tmp_path / "duel.yaml").write_text(STUDY)
    for parts, least, more in (("b/runs", 3, ()), ("b/turns/*/runs", 1, ("--resume",))):
        with subprocess.Popen(
            [sys.executable, "-m", "wargame", *WORDS, "--jobs", "2", *more],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                until(partial(written, tmp_path, f"{parts}/*.parquet", least))
                assert process.poll() is None
            finally:
                os.killpg(process.pid, signal.SIGKILL)
    assert answer(tmp_path, "--jobs", "2", "--resume") == document
    assert same_runs(tmp_path, place)
