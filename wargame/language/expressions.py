"""The expression language: a small subset of Python's expression syntax for conditions, rates and derived indicators.

`docs/reference/language.md` describes it for authors. `parse` checks a text, `compile_expression` compiles it,
`compile_tests` compiles many conditions at once, `substitute` fills in placeholders, and `threshold` recognises
conditions with a closed-form crossing.
"""

from __future__ import annotations

from dataclasses import dataclass

from wargame.language.compiler import Compiled, Tests, compile_expression, compile_tests
from wargame.language.grammar import parse, parse_path, substitute
from wargame.language.tree import Compare, Constant, Expression, ExpressionError, Read

__all__ = ["Compiled", "Expression", "ExpressionError", "Read", "SimpleComparison", "Tests"]
__all__ += ["compile_expression", "compile_tests", "parse", "parse_path", "substitute", "threshold"]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class SimpleComparison:
    """One number compared with a constant: `name[index] op value`, op one of < <= > >=."""

    name: str
    index: tuple[str, ...]
    op: str
    value: float


def threshold(expression: Expression) -> SimpleComparison | None:
    """The expression as a comparison of one number with a constant, on either side; None for other expressions."""
    match expression.root:
        case Compare((op,), (Read(name, index), Constant(value))) if op in _MIRRORED:
            return SimpleComparison(name, index, op, value)
        case Compare((op,), (Constant(value), Read(name, index))) if op in _MIRRORED:
            return SimpleComparison(name, index, _MIRRORED[op], value)
    return None
