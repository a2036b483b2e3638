"""Names of the package that commands use. Each is loaded when it is first used; help and completion do not need them.

`lib.pyi` lists the names. Type checkers read it as this module, and `__getattr__` as the place of each name.
"""

from typing import Any

from wargame import load_listed


def __getattr__(name: str) -> Any:
    """Return a name of `lib.pyi`, which may be a module."""
    return load_listed(__name__, name)
