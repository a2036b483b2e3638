"""What commands use of the package. Each name is loaded when it is first used: help and completion do without.

`lib.pyi` lists the names. Type checkers read it as this module, and `__getattr__` as the place of each name.
"""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_NAME = re.compile(r"^from (\S+) import (\w+) as \2$", re.MULTILINE)


@cache
def places() -> dict[str, str]:
    """Return the module of each name."""
    listed = Path(__file__).with_suffix(".pyi").read_text("utf-8")
    return {name: module for module, name in _NAME.findall(listed)}


def __getattr__(name: str) -> Any:
    """A name of `lib.pyi`, which may be a module."""
    if (place := places().get(name)) is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    module = import_module(place)
    return getattr(module, name) if hasattr(module, name) else import_module(f"{place}.{name}")
