"""Arithmetic of formulas: total functions, finite for finite arguments.

One source runs in two ways. As plain Python, formulas are Python functions (`wargame.language.compiler`). Compiled, the
arrays are C arrays and formulas are code of the stack machine (`levels.Program.run`). Both give the same bits: the
functions of `c_math` are the same, sums run in the same order, and nothing is summed with compensation.

The numbers of this package have no names. Which indicator a slot is, which option a candidate is and which event has a
number is decided by those that build the tables (`wargame.world.layout`, `wargame.decision.menu`).
"""

from __future__ import annotations

import math
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp, fabs, log, pow, rint, sqrt  # noqa: A004  # the name in C

COMPILED = cython.compiled
"""Whether this module is compiled."""
LIMIT = 1e9
"""Values of formulas beyond ±LIMIT are cut to it."""

# The same as numbers of C.
_LIMIT = cython.declare(cython.double, LIMIT)
_LOG_LIMIT = cython.declare(cython.double, math.log(LIMIT))


@cython.ccall
@cython.exceptval(check=False)
def cut(x: cython.double) -> cython.double:
    """`x` within ±LIMIT; 0 for what is not a number."""
    if -_LIMIT <= x <= _LIMIT:
        return x
    return _LIMIT if x > _LIMIT else -_LIMIT if x < -_LIMIT else 0.0


@cython.ccall
def rounded(x: cython.double, digits: cython.longlong = 4) -> float:
    """`round(x, digits)`, which is slow, for the journal. Only near a tie it matters which decimals x stands for."""
    if cython.compiled and -1e6 < x < 1e6:
        scale: cython.double = 1e4 if digits == 4 else pow(10.0, digits)
        nearest: cython.double = rint(x * scale)
        if fabs(x * scale - nearest) < 0.4999:
            return nearest / scale
    return round(x, digits)


@cython.ccall
def nearest_step(value: cython.double, step: cython.double, low: cython.double, high: cython.double) -> cython.double:
    """Return the nearest multiple of a step within a range, to twelve decimals."""
    x = (rint(value / step) + 0.0) * step
    nearest = rint(x * 1e12)
    if cython.compiled and -1e3 < x < 1e3 and fabs(x * 1e12 - nearest) < 0.4:
        x = nearest / 1e12
    else:
        x = round(x, 12)
    return low if x < low else min(x, high)


def rounded_by(paths: list[Any], levels: cython.doubles, known: dict[Any, Any] | None) -> dict[str, float]:
    """Return rounded levels by path: those that are not 0, or those that are not `known`, which lacks zeros."""
    found = {}
    for k in range(len(levels)):
        level = levels[k]
        if known is not None:
            value = rounded(level) + 0.0
            if value != known.get(paths[k], 0.0):
                found[paths[k]] = value
        elif level != 0.0 and paths[k]:
            found[paths[k]] = rounded(level)
    return found


@cython.ccall
@cython.exceptval(check=False)
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
@cython.exceptval(check=False)
def exponential(x: cython.double) -> cython.double:
    """Power of e, at most LIMIT."""
    return exp(x) if x < _LOG_LIMIT else _LIMIT


@cython.ccall
@cython.exceptval(check=False)
def logarithm(x: cython.double) -> cython.double:
    """Natural logarithm; -LIMIT for x <= 0."""
    return log(x) if x > 0 else -_LIMIT


@cython.ccall
@cython.exceptval(check=False)
def square_root(x: cython.double) -> cython.double:
    """Square root, at most LIMIT; 0 for x < 0."""
    return cut(sqrt(x)) if x > 0 else 0.0


@cython.ccall
@cython.exceptval(check=False)
def within(x: cython.double, low: cython.double, high: cython.double) -> cython.double:
    """x, at least low and at most high; high if low is greater than high."""
    if x > high or low > high:
        return high
    return low if x < low else x


@cython.ccall
@cython.exceptval(check=False)
def sigmoid(x: cython.double) -> cython.double:
    """1 / (1 + exp(-x)), computed so that neither tail overflows."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    small = exp(x)
    return small / (1.0 + small)


@cython.cfunc
@cython.exceptval(-1.0, check=True)
def of_one(operation: cython.Py_UCS4, x: cython.double) -> cython.double:
    """Return an operation of the stack machine on one number, by its letter (`levels.Program`)."""
    if operation == "n":
        return -x
    if operation == "~":
        return 1.0 if x == 0.0 else 0.0
    if operation == "a":
        return fabs(x)
    if operation == "u":
        return cut(x)
    if operation == "x":
        return exponential(x)
    if operation == "l":
        return logarithm(x)
    if operation == "s":
        return square_root(x)
    return sigmoid(x)


@cython.cfunc
@cython.exceptval(-1.0, check=True)
def of_two(operation: cython.Py_UCS4, x: cython.double, y: cython.double) -> cython.double:
    """Return an operation of the stack machine on two numbers, by its letter (`levels.Program`)."""
    if operation == "+":
        return x + y
    if operation == "-":
        return x - y
    if operation == "*":
        return x * y
    if operation == "/":
        return divide(x, y)
    if operation == "m":
        return min(x, y)
    if operation == "M":
        return max(x, y)
    if operation == "p":
        return power(x, y)
    true: cython.bint = (
        x < y
        if operation == "<"
        else x <= y
        if operation == "["
        else x > y
        if operation == ">"
        else x >= y
        if operation == "]"
        else x == y
        if operation == "="
        else x != y
    )
    return 1.0 if true else 0.0
