"""Which code computes the numbers: compiled modules that fit the source, or the source itself with one message."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.twins import ENGINE_FILE, compiled, copied_package
from wargame.numbers import selection
from wargame.numbers.selection import COMPILED, INTERPRETED, NATIVE, SWITCH, NotCompiled, select

PACKAGE = "copy_of_numbers"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has decided nothing, and afterwards one as before."""
    monkeypatch.setenv(SWITCH, "")
    yield
    for name in COMPILED:
        sys.modules.pop(f"{PACKAGE}.{name}", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the package with its compiled module."""
    copied = copied_package(tmp_path)
    shutil.copy(str(compiled(COMPILED[0]).__file__), copied / "compiled")
    return copied


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the package with a file that is not a compiled module."""
    copied = copied_package(tmp_path)
    (copied / "compiled" / ENGINE_FILE).write_text("not a module")
    return copied


def test_a_compiled_module_of_the_same_source_is_used(folder: Path) -> None:
    """It takes the place of all interpreted ones."""
    assert select(PACKAGE, folder) == NATIVE
    assert {sys.modules[f"{PACKAGE}.{name}"].__file__ for name in COMPILED} == {str(folder / "compiled" / ENGINE_FILE)}


def test_an_edited_source_never_runs_as_it_was_compiled(folder: Path) -> None:
    """One message, then the interpreted path."""
    path = folder / f"{COMPILED[-1]}.py"
    path.write_text(path.read_text("utf-8") + "\n# edited\n", "utf-8")

    with pytest.warns(NotCompiled, match="it was compiled from other source"):
        selected = select(PACKAGE, folder)

    assert (selected, f"{PACKAGE}.{COMPILED[0]}" in sys.modules) == (INTERPRETED, False)


def test_line_ends_of_another_system_are_the_same_source(folder: Path) -> None:
    """A checkout may convert them."""
    for name in COMPILED:
        path = folder / f"{name}.py"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert select(PACKAGE, folder) == NATIVE


def test_a_damaged_module_is_not_used(broken: Path) -> None:
    """One message says why and what to do."""
    with pytest.warns(NotCompiled, match=r"is not used: .*install wargame again") as noted:
        selected = select(PACKAGE, broken)

    assert (selected, len(noted)) == (INTERPRETED, 1)


def test_processes_started_later_inherit_the_decision(broken: Path) -> None:
    """They print no further message, and compute by the same path."""
    with pytest.warns(NotCompiled):
        select(PACKAGE, broken)

    assert (os.environ[SWITCH], select(PACKAGE, broken)) == (INTERPRETED, INTERPRETED)


def test_without_compiled_modules_the_source_runs_without_a_message(tmp_path: Path) -> None:
    """Nothing is wrong with an installation without a compiler."""
    assert select(PACKAGE, copied_package(tmp_path)) == INTERPRETED


def test_the_switch_leaves_compiled_modules_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WARGAME_NUMBERS=interpreted compares the two."""
    monkeypatch.setenv(SWITCH, INTERPRETED)

    assert select(PACKAGE, folder) == INTERPRETED


@pytest.mark.slow
def test_a_command_prints_one_message_and_runs(tmp_path: Path) -> None:
    """A run with a damaged module ends as usual; its message is one line."""
    root = selection.FOLDER.parents[1]
    for part in ("wargame", "injects"):
        shutil.copytree(root / part, tmp_path / part, ignore=shutil.ignore_patterns("compiled", "__pycache__"))
    compiled_folder = tmp_path / "wargame" / "numbers" / "compiled"
    compiled_folder.mkdir()
    (compiled_folder / ENGINE_FILE).write_text("not a module")

    done = subprocess.run(
        [sys.executable, "-m", "wargame", "run", "two-rivals", "--quiet", "--no-report", "--out", "run"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr.count("wargame: the compiled package numbers is not used")) == (0, 1)
