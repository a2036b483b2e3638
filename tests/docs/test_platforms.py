"""What is said of platforms is what is tested: classifiers, the installation page, the workflow and the tests agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from support.pythons import VERSIONS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PAGE = (ROOT / "docs" / "start" / "installation.md").read_text("utf-8").partition("## Platforms")[2]
ROWS = [line.split("|")[1:4] for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| |")]


def test_the_versions_of_python_are_those_of_the_tests() -> None:
    """The classifiers and the page name those with which the package is installed and run."""
    named = {each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.fullmatch(r".*Python :: 3\.\d+", each)}
    tested = {
        version for _, versions, tests in ROWS if "untested" not in tests for version in re.findall(r"3\.\d+", versions)
    }
    assert named == tested == set(VERSIONS)


def test_systems_that_are_not_tested_are_called_so() -> None:
    """The classifiers have Linux alone, and the page calls the others untested."""
    systems = [each for each in PROJECT["classifiers"] if each.startswith("Operating System")]
    assert systems == ["Operating System :: POSIX :: Linux"]
    (untested,) = (system for system, _, tests in ROWS if "untested" in tests)
    assert {"macOS", "Windows"} <= set(re.findall(r"\w+", untested))


def test_all_tests_run_with_the_python_that_the_page_names() -> None:
    """The one of `.ci/run`."""
    (version,) = (versions.strip() for _, versions, tests in ROWS if tests.strip() == "all")
    assert f"python{version} -c" in (ROOT / ".ci" / "run").read_text("utf-8")
