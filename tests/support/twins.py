"""The two forms of a module of package numbers: compiled, and the same source interpreted."""

from __future__ import annotations

from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from wargame import numbers
from wargame.numbers import selection

SUFFIX = EXTENSION_SUFFIXES[0]
"""How the name of a module that is compiled for this interpreter ends."""


def compiled(name: str) -> ModuleType:
    """The compiled module; the test is skipped where package numbers is interpreted."""
    if numbers.PATH != selection.NATIVE:
        pytest.skip("package numbers is interpreted here")
    return import_module(f"wargame.numbers.{name}")


def interpreted(name: str) -> ModuleType:
    """The source of a module, interpreted, whichever form this process uses."""
    spec = spec_from_file_location(f"interpreted_{name}", selection.FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copied_package(folder: Path) -> Path:
    """A copy of the source of package numbers in `folder`, without compiled modules."""
    for path in selection.FOLDER.glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "compiled").mkdir()
    return folder
