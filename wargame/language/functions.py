"""The functions of the expression language and their arithmetic.

Every function is total: for finite arguments it returns a finite number within ±`LIMIT` and never raises, so that no
state of the world can stop a run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

LIMIT = 1e9
"""Values beyond ±LIMIT are cut to it."""


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the function table; `least` and `most` are the permitted numbers of arguments."""

    name: str
    signature: str
    least: int
    most: int
    means: str


NUMERIC = {
    function.name: function
    for function in (
        Function("min", "min(x, y, ...)", 2, 20, "the least of 2 to 20 numbers"),
        Function("max", "max(x, y, ...)", 2, 20, "the greatest of 2 to 20 numbers"),
        Function("abs", "abs(x)", 1, 1, "x without its sign"),
        Function("exp", "exp(x)", 1, 1, "e to the power x"),
        Function("log", "log(x)", 1, 1, "natural logarithm; -1e9 for x <= 0"),
        Function("sqrt", "sqrt(x)", 1, 1, "square root; 0 for x < 0"),
        Function("clip", "clip(x, low, high)", 3, 3, "x, but at least low and at most high"),
        Function("sigmoid", "sigmoid(x)", 1, 1, "1 / (1 + exp(-x)), between 0 and 1"),
    )
}
"""Functions of numbers."""

EVENTS = {
    function.name: function
    for function in (
        Function("count", "count(id)", 1, 1, "how often this option, inject or outcome has happened"),
        Function("days_since", "days_since(id)", 1, 1, "days since it last happened; 1e6 if it never did"),
        Function("leads", "leads(leader)", 1, 1, "1 while this leader is in office, else 0"),
        Function(
            "follows",
            "follows(government, strategy)",
            2,
            2,
            "1 while the government has this strategy, else 0; others do not know it",
        ),
        Function(
            "yearly", 'yearly("MM-DD", "MM-DD")', 2, 2, "1 between these days of each year, both included, else 0"
        ),
    )
}
"""Functions of ids and dates, evaluated from past events."""

CALENDAR = {
    function.name: function
    for function in (
        Function("day", "day", 0, 0, "days since STARTEX, with fractions, negative before it"),
        Function("month", "month", 0, 0, "the month, 1 to 12, local time"),
        Function("year", "year", 0, 0, "the year, local time"),
    )
}
"""Names for the present date, written without parentheses."""


def cut(x: float) -> float:
    """`x` within ±LIMIT; 0 for what is not a number."""
    if -LIMIT <= x <= LIMIT:
        return x
    return LIMIT if x > LIMIT else -LIMIT if x < -LIMIT else 0.0


def divide(x: float, y: float) -> float:
    """Quotient x / y; 0 if y is 0."""
    return cut(x / y) if y else 0.0


def quotient(x: float, y: float) -> float:
    """Quotient x / y; ZeroDivisionError if y is 0."""
    return cut(x / y)


def power(x: float, y: float) -> float:
    """Power x ** y; 0 where that is not a real number. Floats throughout: no power takes long."""
    try:
        return cut(math.pow(x, y))
    except OverflowError:
        return -LIMIT if x < 0 and y % 2 == 1 else LIMIT
    except ValueError:
        return 0.0


def exponential(x: float) -> float:
    """Power of e, at most LIMIT."""
    return math.exp(x) if x < math.log(LIMIT) else LIMIT


def logarithm(x: float) -> float:
    """Natural logarithm; -LIMIT for x <= 0."""
    return math.log(x) if x > 0 else -LIMIT


def square_root(x: float) -> float:
    """Square root, at most LIMIT; 0 for x < 0."""
    return cut(math.sqrt(x)) if x > 0 else 0.0


def within(x: float, low: float, high: float) -> float:
    """x, at least low and at most high; high if low is greater than high."""
    x = max(x, low)
    return min(x, high)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), computed so that neither tail overflows."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small)


CALLED: dict[str, Callable[..., float]] = {
    "/": divide,
    "**": power,
    "cut": cut,
    "min": min,
    "max": max,
    "abs": abs,
    "exp": exponential,
    "log": logarithm,
    "sqrt": square_root,
    "clip": within,
    "sigmoid": sigmoid,
}
"""The Python function behind each operator and function."""
