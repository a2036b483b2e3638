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
LOADED_LATER = {
    name: module
    for module, names in {
        "wargame": "env",
        "wargame.errors": "Invalid UsageFault WargameError",
        "wargame.journal": "records",
        "wargame.notebook.functions": "batch decide game load open_batch open_run run search",
        "wargame.scenario.loading.load": "Loaded",
        "wargame.simulation.exercise": "Exercise",
        "wargame.simulation.kernel.settings": "Command Settings",
    }.items()
    for name in names.split()
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
