"""The picture of the packages on the page on the architecture: its arrows are the imports of the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {path.name for path in (ROOT / "wargame").iterdir() if (path / "__init__.py").exists()}


def imported_by(package: str) -> set[str]:
    """The other packages that the modules of a package import, some of them when a name of a stub is first used."""
    names: set[str] = set()
    folder = ROOT / "wargame" / package
    for path in (*folder.rglob("*.py"), *folder.rglob("*.pyi")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
            elif isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
    parts = [name.split(".") for name in names]
    return {each[1] for each in parts if each[0] == "wargame" and len(each) > 1} & PACKAGES - {package}


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """The imports between packages, read from the code."""
    return {package: imported_by(package) for package in PACKAGES}


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    """The arrows of the first picture on the page."""
    page = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    picture = page.partition("```mermaid\nflowchart TD\n")[2].partition("```")[0]
    drawn: dict[str, set[str]] = {}
    for start, end in re.findall(r"^ *(\w+)(?:\[.*?\])? --> (\w+)", picture, re.MULTILINE):
        drawn.setdefault(start, set()).add(end)
    return drawn


def reached(start: str, arrows: dict[str, set[str]]) -> set[str]:
    """The packages that one gets to along arrows."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for each in arrows.get(ahead.pop(), set()) - found:
            found.add(each)
            ahead.append(each)
    return found


@pytest.mark.slow
def test_each_arrow_is_an_import(arrows: dict[str, set[str]], imports: dict[str, set[str]]) -> None:
    """No arrow stands for a layer alone."""
    drawn = {(start, end) for start, ends in arrows.items() for end in ends}
    assert drawn - {(start, end) for start, ends in imports.items() for end in ends} == set()
    assert len(drawn) > len(PACKAGES) / 2


def test_each_import_follows_the_arrows(arrows: dict[str, set[str]], imports: dict[str, set[str]]) -> None:
    """A package imports only packages that arrows lead to."""
    missing = {(start, end) for start, ends in imports.items() for end in ends - reached(start, arrows)}
    assert missing == set()
