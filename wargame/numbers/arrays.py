"""Arrays that only the engine reads: C arrays when compiled, lists when interpreted, which give numbers back faster."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any, cast

from wargame.numbers import typed as cython


def zeros(kind: str, count: int) -> array[Any]:
    """Return zeros of kind "d" or "q"."""
    if cython.compiled:
        return array(kind, bytes(8 * count))
    return cast("array[Any]", [0.0 if kind == "d" else 0] * count)


def doubles(numbers: Iterable[float]) -> array[float]:
    """Return numbers of kind "d"."""
    made = array("d", numbers)
    return made if cython.compiled else cast("array[float]", list(made))


def longs(numbers: Iterable[int]) -> array[int]:
    """Return numbers of kind "q"."""
    made = array("q", numbers)
    return made if cython.compiled else cast("array[int]", list(made))
