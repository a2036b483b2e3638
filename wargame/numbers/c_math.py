"""Functions of the C library `math.h`: Python's own, where the two agree to the bit, and the rest with its results.

The compiler takes them from the C library instead. `exp` and `exp2` are only for arguments with a finite result, `log`
and `sqrt` for positive ones: elsewhere Python raises an error where C returns infinity or what is not a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from math import cos, exp, exp2, fabs, log, sqrt, tanh

__all__ = ["cos", "exp", "exp2", "fabs", "log", "pow", "rint", "sqrt", "tanh"]


def pow(x: float, y: float) -> float:  # noqa: A001  # the name in C
    """x ** y; infinite where that is too large or divides by 0, not a number where it is not real."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:
        return math.inf if x == 0 else math.nan


rint: Callable[[float], float] = round
"""The nearest whole number; of two, the even one. Arithmetic with the whole number of Python gives the same bits."""
