"""A discrete-event crisis wargame runner."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def __dir__() -> list[str]:
    """What is here, with what is only loaded when it is asked for."""
    return ["__version__", "batch"]


def __getattr__(name: str) -> Any:
    """`wargame.batch`, loaded when it is first asked for."""
    if name == "batch":
        from importlib import import_module

        return import_module("wargame.batch")
    raise AttributeError(f"module 'wargame' has no attribute '{name}'")
