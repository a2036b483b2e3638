"""The two forms of a module of package numbers: compiled, and the same source interpreted."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from wargame import numbers
from wargame.numbers import selection
from wargame.numbers.selection import COMPILED, ENGINE

ENGINE_FILE = f"{ENGINE}{EXTENSION_SUFFIXES[0]}"
"""The name of the module that is compiled for this interpreter."""


def compiled(name: str) -> ModuleType:
    """The compiled module; the test is skipped where package numbers is interpreted."""
    if numbers.PATH != selection.NATIVE:
        pytest.skip("package numbers is interpreted here")
    return import_module(f"wargame.numbers.{name}")


def interpreted(name: str) -> ModuleType:
    """The source of a module and of those that it imports, interpreted, whichever form this process uses."""
    needed = COMPILED[: COMPILED.index(name) + 1] if name in COMPILED else (name,)
    with patch.dict(sys.modules):
        for each in needed:
            full_name = f"wargame.numbers.{each}"
            spec = spec_from_file_location(full_name, selection.FOLDER / f"{each}.py")
            assert spec is not None
            assert spec.loader is not None
            module = sys.modules[full_name] = module_from_spec(spec)
            spec.loader.exec_module(module)
    return module


def copied_package(folder: Path) -> Path:
    """A copy of the source of package numbers in `folder`, without compiled modules."""
    for path in selection.FOLDER.glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "compiled").mkdir()
    return folder
