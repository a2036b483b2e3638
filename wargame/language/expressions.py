"""The expression language: a small subset of Python's expression syntax for conditions, rates and derived indicators.

`docs/reference/language.md` describes it for authors. `parse` checks, `compile_expression` makes code, `compile_tests`
code for many conditions at once, `substitute` fills placeholders, `threshold` recognises what has a closed-form
crossing.
"""

from __future__ import annotations

from dataclasses import dataclass

from wargame.language.compiler import Compiled, Tests, compile_expression, compile_tests
from wargame.language.grammar import parse, parse_path, substitute
from wargame.language.tokens import ExpressionError
from wargame.language.tree import Compare, Constant, Expression, Read

__all__ = [
    "Compiled",
    "Expression",
    "ExpressionError",
    "Read",
    "SimpleComparison",
    "Tests",
    "compile_expression",
    "compile_tests",
    "parse",
    "parse_path",
    "substitute",
    "threshold",
]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class SimpleComparison:
    """One number compared with a constant: `name[index] op value`, op one of < <= > >=."""

    name: str
    index: tuple[str, ...]
    op: str
    value: float


def threshold(expression: Expression) -> SimpleComparison | None:
    """The expression as a threshold, whichever side the number stands on; None if it is anything else."""
    match expression.root:
        case Compare((op,), (Read(name, index), Constant(value))) if op in _MIRRORED:
            return SimpleComparison(name, index, op, value)
        case Compare((op,), (Constant(value), Read(name, index))) if op in _MIRRORED:
            return SimpleComparison(name, index, _MIRRORED[op], value)
    return None
