"""The names of classes: each stands for one thing in the whole package."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import wargame

PACKAGE = Path(wargame.__file__).parent
OPTIONS = {"cli/options.py", "cli/brain_options.py", "notebook/functions.py"}
"""Modules whose names are the arguments of people: `options.Scenario` is the scenario that somebody types."""
WRITTEN = "Moment"
"""A time as it is written in a file, and the place of an event in the queue of the engine."""


def _named(pattern: str) -> dict[str, list[str]]:
    places = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        for name in re.findall(pattern, path.read_text("utf-8"), re.MULTILINE):
            places[name].append(path.relative_to(PACKAGE).as_posix())
    assert len(places) > 100
    return places


def test_no_two_classes_have_the_same_name() -> None:
    """A reader who searches for a class finds it in one place."""
    assert {name: modules for name, modules in _named(r"^ *class (\w+)[(:]").items() if len(modules) > 1} == {}


def test_no_type_alias_has_the_name_of_a_class() -> None:
    """A name in an annotation stands for one thing."""
    classes, aliases = _named(r"^ *class (\w+)[(:]"), _named(r"^([A-Z][a-z]\w*)(?:: TypeAlias)? = ")
    both = {name: {*aliases[name]} - OPTIONS for name in aliases if name in classes and name != WRITTEN}
    assert {name: modules for name, modules in both.items() if modules} == {}
