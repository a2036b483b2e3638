"""A discrete-event crisis wargame runner.

In Python and notebooks: `load` reads a scenario, `run` and `batch` simulate it, `decide`, `game` and `search` answer
the question of a study, `open_run` and `open_batch` read a folder, and `env` has governments as agents of reinforcement
learning.
Programs that embed the engine use `Exercise` with `Settings` and `Command`s, and the classes in `records`. Each is
loaded when it is first used.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
FUNCTIONS = "wargame.notebook.functions"
LOADED_LATER = {
    "Command": "wargame.simulation.kernel.settings",
    "Exercise": "wargame.simulation.exercise",
    "Invalid": "wargame.errors",
    "Loaded": "wargame.scenario.loading.load",
    "Settings": "wargame.simulation.kernel.settings",
    "UsageFault": "wargame.errors",
    "WargameError": "wargame.errors",
    "batch": FUNCTIONS,
    "decide": FUNCTIONS,
    "env": "wargame",
    "game": FUNCTIONS,
    "load": FUNCTIONS,
    "open_batch": FUNCTIONS,
    "open_run": FUNCTIONS,
    "records": "wargame.journal",
    "run": FUNCTIONS,
    "search": FUNCTIONS,
}
"""Names that are only loaded when they are first used, and the modules that define them.

`__init__.pyi` has their types."""


def __dir__() -> list[str]:
    """What is here, with what is only loaded when it is used."""
    return ["__version__", *LOADED_LATER]


def __getattr__(name: str) -> Any:
    """A name of `LOADED_LATER`."""
    if name in LOADED_LATER:
        from importlib import import_module

        place = LOADED_LATER[name]
        return import_module(f"{place}.{name}") if name in ("env", "records") else getattr(import_module(place), name)
    raise AttributeError(f"module 'wargame' has no attribute '{name}'")
