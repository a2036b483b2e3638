"""Reasons of a decision: scores, noise and probabilities are consistent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.in_process import inside

ASHORE = ("two-rivals", "--no-report", "--until", "200d")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small scenario in `runs/one`, with one script seat."""
    place = tmp_path_factory.mktemp("made")
    assert inside("run", *ASHORE, "--seat", "ARD=script", "--out", "runs/one", cwd=place).returncode == 0
    return place


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(original, tmp_path / "made"))


def test_score_and_noise_add_up(place: Path) -> None:
    """They have the same unit: the chosen candidate has the largest sum of those listed."""
    lines = (place / "runs" / "one" / "journal.jsonl").read_text("utf-8").splitlines()
    decisions = [r for r in map(json.loads, lines) if r["kind"] == "decision" and "candidates" in r["data"]]
    assert len(decisions) >= 3
    for decision in decisions:
        data = decision["data"]
        best = max(data["candidates"], key=lambda each: each["score"] + each["noise"])
        assert (best["option"], best["target"]) == (data["choice"], data["target"])


@pytest.mark.slow
def test_a_choice_without_alternatives_has_no_probability(tmp_path: Path) -> None:
    """The probability of the choice is not that of acting."""
    done = inside("run", "korea-2017", "--until", "2018-06-01", "--no-report", cwd=tmp_path)
    assert "decided at" in done.stdout
    assert "(100 % among" not in " ".join(done.stdout.split())
