"""A discrete-event crisis wargame runner.

In Python and notebooks: `load` reads a scenario, `run` and `batch` simulate it, `decide`, `game` and `search` answer
the question of a study, `open_run` and `open_batch` read a folder, and `env` has governments as agents of reinforcement
learning.
Programs that embed the engine use `Exercise` with `Settings` and `Command`s, and the classes in `records`. Each is
loaded when it is first used.
"""

import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"
_NAME = re.compile(r"^from (\S+) import (\w+) as \2$", re.MULTILINE)


@cache
def listed(module: str) -> dict[str, str]:
    """Return the names that the stub of a module imports, with their modules. Type checkers read nothing else."""
    stub = Path(str(sys.modules[module].__file__)).with_suffix(".pyi").read_text("utf-8")
    return {name: place for place, name in _NAME.findall(stub)}


def load_listed(module: str, name: str) -> Any:
    """Return what a name in the stub of a module stands for, which may be a module; AttributeError for another name."""
    if (place := listed(module).get(name)) is None:
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    there = vars(import_module(place))
    return there[name] if name in there else import_module(f"{place}.{name}")


def __dir__() -> list[str]:
    """Return the names of this module, with those that are only loaded when they are used."""
    return ["__version__", *listed(__name__)]


def __getattr__(name: str) -> Any:
    """Return a name of `__init__.pyi`."""
    return load_listed(__name__, name)
