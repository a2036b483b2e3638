"""The functions of the expression language. Their arithmetic is in `wargame.numbers.arithmetic`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wargame.numbers.arithmetic import cut, divide, exponential, logarithm, power, sigmoid, square_root, within


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
