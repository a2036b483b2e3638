"""The names of classes: each stands for one thing in the whole package."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import wargame

PACKAGE = Path(wargame.__file__).parent


def test_no_two_classes_have_the_same_name() -> None:
    """A reader who searches for a class finds it in one place."""
    places = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        for name in re.findall(r"^ *class (\w+)[(:]", path.read_text("utf-8"), re.MULTILINE):
            places[name].append(path.relative_to(PACKAGE).as_posix())
    assert len(places) > 100
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}
