"""A discrete-event crisis wargame runner."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
LOADED_LATER = {"batch": "wargame.batches.api", "env": "wargame"}
"""Names that are only loaded when they are first asked for, and the modules that define them."""


def __dir__() -> list[str]:
    """What is here, with what is only loaded when it is asked for."""
    return ["__version__", *LOADED_LATER]


def __getattr__(name: str) -> Any:
    """A name of `LOADED_LATER`."""
    if name in LOADED_LATER:
        from importlib import import_module

        place = LOADED_LATER[name]
        return import_module(f"{place}.{name}") if place == __name__ else getattr(import_module(place), name)
    raise AttributeError(f"module 'wargame' has no attribute '{name}'")
