"""Libraries that a test file compares with and that take long to import: imported by the first test that uses them.

Each process of pytest collects all files, and runs few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """A module that is imported when one of its names is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        """The value of a name in the module; private names, for which pytest asks, are none of it."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(import_module(self._module), name)
