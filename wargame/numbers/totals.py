"""Sums whose bits are the same in all versions of Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add


def total(values: Iterable[float]) -> float:
    """Return the sum of numbers, added one after the other.

    From version 3.12 on, `sum()` of Python compensates rounding errors, so that its result may differ in the last bit.
    """
    return reduce(add, values, 0.0)
