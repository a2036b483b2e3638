"""The arithmetic of expressions. Every function is total: for finite arguments it returns a number within ±`LIMIT`.

No state of the world can stop a run. The one exception is `quotient`, which raises ZeroDivisionError.
"""

from __future__ import annotations

import math

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp, log, pow, sqrt  # noqa: A004  # the name in C

LIMIT = 1e9
"""Values beyond ±LIMIT are cut to it."""
_LIMIT: cython.double = LIMIT
_MOST: cython.double = math.log(LIMIT)


@cython.ccall
def cut(x: cython.double) -> cython.double:
    """`x` within ±LIMIT; 0 for what is not a number."""
    if -_LIMIT <= x <= _LIMIT:
        return x
    return _LIMIT if x > _LIMIT else -_LIMIT if x < -_LIMIT else 0.0


@cython.ccall
def divide(x: cython.double, y: cython.double) -> cython.double:
    """Quotient x / y; 0 if y is 0."""
    return cut(x / y) if y else 0.0


@cython.ccall
def quotient(x: cython.double, y: cython.double) -> cython.double:
    """Quotient x / y; ZeroDivisionError if y is 0."""
    if y == 0:
        raise ZeroDivisionError("division by 0")
    return cut(x / y)


@cython.ccall
def power(x: cython.double, y: cython.double) -> cython.double:
    """Power x ** y; 0 where that is not a real number. Floats throughout: no power takes long."""
    return 0.0 if x == 0 and y < 0 else cut(pow(x, y))


@cython.ccall
def exponential(x: cython.double) -> cython.double:
    """Power of e, at most LIMIT."""
    return exp(x) if x < _MOST else _LIMIT


@cython.ccall
def logarithm(x: cython.double) -> cython.double:
    """Natural logarithm; -LIMIT for x <= 0."""
    return log(x) if x > 0 else -_LIMIT


@cython.ccall
def square_root(x: cython.double) -> cython.double:
    """Square root, at most LIMIT; 0 for x < 0."""
    return cut(sqrt(x)) if x > 0 else 0.0


@cython.ccall
def within(x: cython.double, low: cython.double, high: cython.double) -> cython.double:
    """x, at least low and at most high; high if low is greater than high."""
    x = max(x, low)
    return min(x, high)


@cython.ccall
def sigmoid(x: cython.double) -> cython.double:
    """1 / (1 + exp(-x)), computed so that neither tail overflows."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    small = exp(x)
    return small / (1.0 + small)
