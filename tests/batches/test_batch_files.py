"""The files of a batch folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.in_process import inside
from wargame import batch
from wargame.batches.api import Batch
from wargame.batches.running.store import store
from wargame.executor.campaign import CutShort


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A small batch on disk."""
    return batch("two-rivals", 6, until="20d", jobs=1, out=tmp_path_factory.mktemp("made") / "b")


def test_only_unfinished_files_are_removed(tmp_path: Path) -> None:
    """Other files in the folder stay."""
    place = store(str(tmp_path / "b"))
    (tmp_path / "b" / "runs").mkdir(parents=True)
    for name in (".gitignore", ".notes.txt", "runs/.000_005.parquet.4711"):
        (tmp_path / "b" / name).write_text("x")
    place.clean()
    left = sorted(path.name for path in (tmp_path / "b").rglob(".*"))
    assert left == [".gitignore", ".notes.txt"]


def test_a_full_disk_at_the_summary_is_reported(small: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to resume, and exit code 4: all runs are stored."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(small.place), "write", full)
    with pytest.raises(CutShort, match=r"No space left on device; all runs are kept: .* --resume") as fault:
        small.keep_summary()
    assert fault.value.exit_code == 4


def test_problems_of_frozen_inputs_name_the_file_in_the_folder(tmp_path: Path) -> None:
    """By a path that exists, also for a file that is missing."""
    words = ("batch", "two-rivals", "-n", "2", "--until", "10d", "--jobs", "1", "--out", "b", "-q")
    assert inside(*words, cwd=tmp_path).returncode == 0
    study = tmp_path / "b" / "inputs" / "study.yaml"
    content = study.read_text("utf-8")
    study.write_text(content + "[[[", encoding="utf-8")
    reading = (("compare", "b"), ("batch", "b", "--out", "b", "--resume"))
    for call in reading:
        done = inside(*call, cwd=tmp_path)
        assert (done.returncode, "b/inputs/study.yaml:" in done.stderr) == (3, True), done
    study.unlink()
    for call in reading:
        done = inside(*call, cwd=tmp_path)
        assert (done.returncode, "b/inputs/study.yaml: is missing" in done.stderr) == (3, True), done
