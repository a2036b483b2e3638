"""All supported versions of Python give the same runs, compiled and interpreted, as far as they are on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from support.pythons import VERSIONS
from wargame.numbers.selection import FOLDER, INTERPRETED, NATIVE, SWITCH

ROOT = FOLDER.parents[1]


def run(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command outside the project."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, words)), cwd="/", env=surroundings | variables, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hash of the journal from this version of Python."""
    out = tmp_path_factory.mktemp("here")
    return journal(Path(sys.executable), out, INTERPRETED, PYTHONPATH=str(ROOT))


def journal(python: Path, out: Path, path: str, **variables: str) -> str:
    """The hash of the journal of one run."""
    words = ("run", "korea-2017", "--until", "120d", "--seed", "3", "--no-report", "--quiet", "--out", out / path)
    done = run(python, "-m", "wargame", *words, **variables, **{SWITCH: path})
    assert done.returncode == 0, done.stderr
    return sha256((out / path / "journal.jsonl").read_bytes()).hexdigest()


@pytest.mark.exhaustive
@pytest.mark.parametrize("version", VERSIONS)
def test_another_python_gives_the_same_bytes(version: str, tmp_path: Path, expected: str) -> None:
    """The package is installed with that Python, compiled, and runs by both paths."""
    if run(f"python{version}", "--version", PYENV_VERSION=":".join(VERSIONS)).returncode:
        pytest.skip(f"there is no Python {version} here")
    made = run(f"python{version}", "-m", "venv", tmp_path / "venv", PYENV_VERSION=":".join(VERSIONS))
    assert made.returncode == 0, made.stderr
    python = tmp_path / "venv" / "bin" / "python"
    installed = run(python, "-m", "pip", "install", "--quiet", ROOT, WARGAME_COMPILE="yes")
    assert installed.returncode == 0, installed.stderr

    assert f"numbers {NATIVE}" in run(python, "-m", "wargame", "--version").stdout
    assert [journal(python, tmp_path, path) for path in (NATIVE, INTERPRETED)] == [expected, expected]
