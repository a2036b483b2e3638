"""Arrays that only the engine reads: C arrays when compiled, lists when interpreted."""

from __future__ import annotations

from array import array
from typing import Any, cast

from wargame.numbers import typed as cython


def zeros(kind: str, count: int) -> array[Any]:
    """Numbers of kind "d" or "q" that only the engine reads; interpreted, a list, which gives them back faster."""
    if cython.compiled:
        return array(kind, bytes(8 * count))
    return cast("array[Any]", [0.0 if kind == "d" else 0] * count)


def flat(numbers: array[Any]) -> array[Any]:
    """Numbers that are used through the result alone from now on; interpreted, a list of them."""
    return numbers if cython.compiled else cast("array[Any]", list(numbers))
