"""A formula has the same value, to the bit, as a Python function and as code of the stack machine."""

from __future__ import annotations

import struct
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.formulas import expressions
from wargame.language.compiler import compile_program
from wargame.language.expressions import Read, compile_expression, parse
from wargame.numbers.arithmetic import LIMIT
from wargame.numbers.curves import Curves, Instant
from wargame.numbers.levels import NEVER, Levels, Memory

NAMES = ("icbm_test", "strike")


def answer(function: str, *arguments: str) -> Any:
    """The result of an event function: 3 tests, the last one 12 hours ago, and no strike."""
    if function == "count":
        return 3.0 if arguments == ("icbm_test",) else 0.0
    if function == "days_since":
        return 0.5 if arguments == ("icbm_test",) else NEVER
    if function == "today":
        return 86400, {}
    return 1.5 if function == "day" else float(len(arguments))


def levels_of(values: list[float]) -> Levels:
    """Levels of slots with these values, at 12 hours after the last test."""
    memory = Memory(1)
    memory.note(NAMES.index("icbm_test"), 3.0, 0)
    size = len(values)
    zeros, wide = array("d", [0.0] * size), array("d", [LIMIT] * size)
    none = array("q", [0] * size)
    present = Instant()
    present.now = 43200
    curves = Curves((array("d", values), none, zeros, zeros), (zeros, wide), present, set())
    levels = Levels(curves, array("q", range(size)), [None] * size, answer, memory)
    levels.forget(43200)
    return levels


def both(text: str, values: list[float]) -> tuple[float, float]:
    """The value of an expression by its code and as a Python function."""
    expression = parse(text)

    def resolve(name: str, index: tuple[str, ...]) -> int:
        return expression.reads.index(Read(name, index))

    program = compile_program(expression, resolve, NAMES.index, coded=True)
    levels = levels_of(values[: len(expression.reads)])
    return program.run(levels), compile_expression(expression, resolve)(levels, answer)


@given(expressions, st.lists(st.floats(-LIMIT, LIMIT), min_size=3, max_size=3))
def test_a_formula_has_the_same_bits_as_code_and_as_a_function(text: str, values: list[float]) -> None:
    """Random expressions, with random levels of the slots that they read."""
    by_code, by_function = both(text, values)
    assert struct.pack("d", by_code) == struct.pack("d", by_function)


@pytest.mark.parametrize(
    "text",
    [
        "1 < tension < 3 and tension",
        "tension or 2",
        "tension - 2 or 5",
        "tension - 2 and 5",
        "tension - 1 and tension - 2 and 7 or 9",
        "min(tension, 3, 1, 2) + max(1, tension, 3)",
        "(-tension) ** -3",
        "(1 if tension > 2 else 3) * (4 if tension < 2 else 5)",
        "count(icbm_test) / days_since(icbm_test) + count(strike) + days_since(strike)",
        *(f"tension {sign} 2" for sign in ("<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "**")),
        "not tension - 2",
        "abs(tension - 2) + sqrt(tension) + exp(tension) + log(tension)",
    ],
)
@pytest.mark.parametrize("level", [1.0, 2.0, 3.0])
def test_each_form_of_an_expression_has_the_same_value(text: str, level: float) -> None:
    """Forms with jumps, several arguments or event functions, and every operator."""
    by_code, by_function = both(text, [level])
    assert by_code == by_function
