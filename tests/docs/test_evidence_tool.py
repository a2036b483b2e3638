"""`tools/evidence.py`: its steps begin in new folders, and go on in old ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import evidence
import provenance
import pytest


def step(folder: Path, *words: str) -> evidence.Step:
    """A short step with one of the commands of the long ones."""
    run = evidence._resumable("claims", "cuba-1962", "--claim", "Q1", *words)
    return evidence.Step("cuba-short", "one claim", run, lambda: folder, "claims.json", lambda _: "")


@pytest.mark.slow
def test_a_step_begins_in_a_new_folder_and_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is to begin finds no file of ours in its folder; a later commit is noted too."""
    monkeypatch.setattr(provenance, "commit", lambda: "11111111")
    short = step(tmp_path / "claims", "-n", "2")
    assert evidence._run(short) == 0
    assert (tmp_path / "claims" / short.result).exists()
    assert evidence._run(short) == 0
    monkeypatch.setattr(provenance, "commit", lambda: "22222222")
    assert evidence._run(short) == 0
    assert [entry["commit"] for entry in provenance.read(tmp_path / "claims")] == ["11111111", "22222222"]


def test_the_commit_of_an_interrupted_step_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has computed is of that commit."""

    def interrupted(folder: Path) -> Any:
        folder.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(provenance, "commit", lambda: "11111111")
    short = evidence.Step("cuba-short", "", interrupted, lambda: tmp_path / "a", "", lambda _: "")
    assert evidence._run(short) == 130
    assert [entry["commit"] for entry in provenance.read(tmp_path / "a")] == ["11111111"]


def test_the_quick_size_has_folders_and_words_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Results of the quick size are in a separate folder, and their page says so."""
    folder = evidence._folder("claims", "two-rivals")
    whole = folder()
    monkeypatch.setattr(evidence.SIZE, "quick", True)
    assert folder() != whole
    quick = tmp_path / folder().name
    quick.mkdir()
    provenance.note(quick, {"commit": "11111111", "scripts": ["a"], "at": "2026-01-01"})
    assert "quick size" in provenance.text(quick)
