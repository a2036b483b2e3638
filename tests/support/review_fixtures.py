"""Runs of the small scenario for the tests of the review."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from wargame.executor.run import Destination, simulate
from wargame.review.findings.source import RunSource, open_run
from wargame.scenario.loading.load import load


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two-rivals, seed 3, on disk. Tests do not change it."""
    return simulate(
        load("two-rivals"), 3, place=Destination(out=tmp_path_factory.mktemp("runs") / "shared-run")
    ).folder.path


@pytest.fixture(scope="session")
def lines(folder: Path) -> list[dict[str, Any]]:
    """The journal of the run, read without any code of the project."""
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def source(folder: Path) -> RunSource:
    """The run, opened for review."""
    return open_run(folder)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy of the run folder, which a test may change."""
    return Path(shutil.copytree(folder, tmp_path / "copy"))
