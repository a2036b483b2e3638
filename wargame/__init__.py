"""A discrete-event crisis wargame runner."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
LOADED_LATER = ("batch", "env")


def __dir__() -> list[str]:
    """What is here, with what is only loaded when it is asked for."""
    return ["__version__", *LOADED_LATER]


def __getattr__(name: str) -> Any:
    """`wargame.batch` and `wargame.env`, loaded when they are first asked for."""
    if name in LOADED_LATER:
        from importlib import import_module

        return import_module(f"wargame.{name}")
    raise AttributeError(f"module 'wargame' has no attribute '{name}'")
