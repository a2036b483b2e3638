"""The package as users install it: the contents of the wheel, and one version everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from wargame import __version__

Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """The built wheel, without the compiled modules, which tests/numbers has."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out],
        cwd=root,
        env=os.environ | {"WARGAME_COMPILE": "no"},
        check=True,
        capture_output=True,
    )
    with ZipFile(next(out.glob("*.whl"))) as wheel:
        yield wheel


def data_files(root: Path, folder: str) -> set[str]:
    """Paths of the YAML files under `folder`, relative to the project."""
    return {path.relative_to(root).as_posix() for path in (root / folder).rglob("*.yaml")}


def test_the_command_prints_the_version_of_the_package(process: Process) -> None:
    """`wargame --version` names the release to cite or reinstall."""
    assert __version__ in process("--version").stdout.split()


def test_the_citation_names_the_version(root: Path) -> None:
    """CITATION.cff has the version of the package, and its date."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))

    assert citation["version"] == __version__
    assert isinstance(citation["date-released"], date)


def test_the_changelog_starts_with_the_version(root: Path) -> None:
    """The newest heading of CHANGELOG.md is this release."""
    headings = re.findall(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert headings[0] == __version__


@pytest.mark.slow
def test_the_wheel_has_every_built_in_inject_file(root: Path, wheel: ZipFile) -> None:
    """Inject files are at the top of the project and inside the installed package."""
    written = {f"wargame/{path}" for path in data_files(root, "injects")}

    assert written
    assert written <= set(wheel.namelist())


@pytest.mark.slow
def test_the_wheel_has_every_built_in_scenario(root: Path, wheel: ZipFile) -> None:
    """Scenarios and the starter of `wargame init` are package data."""
    written = data_files(root, "wargame")

    assert written
    assert written <= set(wheel.namelist())


@pytest.mark.slow
def test_the_wheel_is_typed(wheel: ZipFile) -> None:
    """Users' type checkers see the annotations."""
    assert "wargame/py.typed" in wheel.namelist()


@pytest.mark.slow
def test_the_wheel_has_only_the_package(wheel: ZipFile) -> None:
    """An environment gets only `wargame` and the metadata of the wheel."""
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"wargame"}
