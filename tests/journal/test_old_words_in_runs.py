"""Run folders of earlier versions get one clear error: the new word, the file and the line."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from support.in_process import inside
from support.live import console, output_of
from wargame.journal.folder import Folder


@cache
def run_of_today() -> Path:
    """A run folder as this version writes it."""
    top = Path(mkdtemp())
    there = console(top / "run")
    output_of(there, "advance 3d", 'action ARD "closes the harbour" --to BRL --goldstein -4', "advance 2d")
    there.session.close()
    return top / "run"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(run_of_today(), tmp_path / "run")
    return tmp_path / "run"


def replaced(path: Path, old: str, new: str) -> int:
    """Replaces the first occurrence in a file; the number of its line."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "today", "old", "new"),
    [
        ("manifest.json", '"startex": "', "hand_over", "startex"),
        ("manifest.json", '"forbid"', "bar", "forbid"),
        ("journal.jsonl", '"kind":"startex"', "hand_over", "startex"),
        ("journal.jsonl", '"kind":"action"', "deed", "action"),
        ("journal.jsonl", '"kind":"snapshot"', "state", "snapshot"),
        ("commands.jsonl", '"kind":"action"', "deed", "action"),
        ("commands.jsonl", '"goldstein"', "weight", "goldstein"),
    ],
)
def test_an_old_word_is_named_with_the_new_one_and_its_place(
    run: Path, name: str, today: str, old: str, new: str
) -> None:
    """Exit code 3 and a single line, for every command that reads the folder."""
    line = replaced(run / name, today, today.replace(new, old))
    done = inside("verify" if name == "commands.jsonl" else "show", str(run), cwd=run.parent)
    assert done.returncode == 3, done.stderr
    problem = (
        f"{name}:{line}:1: '{old}' is now called '{new}' (an earlier version wrote this run; run the scenario again"
    )
    assert problem in " ".join(done.stderr.split())
    assert done.stderr.count("is now called") == 1


def test_a_new_run_has_no_old_words(run: Path) -> None:
    """The words that are checked have no other use."""
    assert inside("show", str(run), cwd=run.parent).returncode == 0
    assert json.loads(Folder(run).journal.read_text("utf-8").splitlines()[0])["kind"] == "run.start"
