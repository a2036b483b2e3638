"""Comparison of batches, and addresses that cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.command_line import python
from support.in_process import inside
from support.study_files import study_file
from wargame.batches.api import Batch, BatchOptions, play
from wargame.batches.comparison import compare
from wargame.batches.running.opening import open_target
from wargame.batches.study.overrides import StudyOverrides
from wargame.errors import UsageFault

KEPT = StudyOverrides(replications=24, until="60d", events=True, measures=("mean(tension)", "actions()"))


def played(folder: Path, overrides: StudyOverrides = KEPT, *, resume: bool = False) -> Batch:
    """A batch of two rivals."""
    return play(open_target("two-rivals", overrides), BatchOptions(out=str(folder), resume=resume))


def batch_of(folder: Path, **settings: Any) -> str:
    """A small batch in a folder."""
    overrides = StudyOverrides(**{"replications": 8, "until": "20d", "measures": ("actions()",), **settings})
    return played(folder, overrides).path


def test_differences_between_the_settings_of_batches_are_reported(tmp_path: Path) -> None:
    """Also settings that a study has for all its arms."""
    short, long = batch_of(tmp_path / "a"), batch_of(tmp_path / "b", until="30d")
    assert {"what": "until", "values": {"a": "20d", "b": "30d"}} in compare([short, long]).differs


def test_only_the_settings_that_differ_are_reported(tmp_path: Path) -> None:
    """A later STARTEX and another seed, each under the name that the study file has for it."""
    early, late = batch_of(tmp_path / "a", seed=1), batch_of(tmp_path / "b", seed=2, startex="2030-01-02")
    assert compare([early, late]).differs == (
        {"what": "seed", "values": {"a": 1, "b": 2}},
        {"what": "STARTEX", "values": {"a": None, "b": "2030-01-02"}},
    )


def test_one_name_is_one_measure(tmp_path: Path) -> None:
    """Two formulas with one name are not subtracted."""
    folders = []
    for i, formula in enumerate(("actions()", "mean(tension)")):
        (tmp_path / str(i)).mkdir()
        text = f"measures: [{{name: m, formula: '{formula}'}}]\nreplications: 4\n"
        folders.append(
            play(open_target(study_file(tmp_path / str(i), text)), BatchOptions(out=str(tmp_path / f"b{i}"))).path
        )
    with pytest.raises(UsageFault, match="'m' is a different measure"):
        compare(folders)


def test_batches_of_other_designs_have_nothing_in_common(tmp_path: Path) -> None:
    """The output says so instead of an empty table."""
    folders = []
    for i, levels in enumerate(("[0.1, 0.2]", "[0.3, 0.4]")):
        (tmp_path / str(i)).mkdir()
        text = f"factors: {{calm: {{set: tension, levels: {levels}}}}}\ndesign: grid\nmeasures: [actions()]\n"
        study = study_file(tmp_path / str(i), text + "replications: 4\n")
        folders.append(play(open_target(study), BatchOptions(out=str(tmp_path / f"b{i}"))).path)
    with pytest.raises(UsageFault, match="there is nothing to compare"):
        compare(folders)


def test_an_address_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    """It is not an internal error."""
    done = inside("batch", "two-rivals", "-n", "2", "--out", "ftp://127.0.0.1:9/x", cwd=tmp_path)
    assert (done.returncode, "cannot be reached" in done.stderr) == (2, True)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted where Linux lists them")
def test_reading_a_batch_leaves_no_thread_behind(tmp_path: Path) -> None:
    """A thread that is starting when the process ends aborts it with exit code 134."""
    batch_of(tmp_path / "b")
    code = (
        "import os, pandas, pyarrow.parquet\n"
        "from wargame.batches.api import open_batch\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "open_batch('b').frame()\n"
        "assert len(os.listdir('/proc/self/task')) == before\n"
    )
    assert python("-c", code, cwd=tmp_path).returncode == 0
