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
from wargame.language.tree import Constant, Node
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
    curves = Curves(array("d", values), none, zeros, zeros, zeros, wide, present, set(), none)
    levels = Levels(curves, array("q", range(size)), [None] * size, answer, memory)
    levels.forget(43200)
    return levels


def both(text: str, *series: list[float]) -> tuple[list[float], list[float]]:
    """The values of an expression at several levels one after the other, by its code and as a Python function."""
    expression = parse(text)

    def resolve(name: str, index: tuple[str, ...]) -> int:
        return expression.reads.index(Read(name, index))

    program = compile_program(expression, resolve, NAMES.index, coded=True)
    function, levels = compile_expression(expression, resolve), [levels_of(each) for each in series]
    return [program.run(each) for each in levels], [function(each, answer) for each in levels]


LEVELS = st.lists(st.floats(-LIMIT, LIMIT), min_size=3, max_size=3)


@given(expressions, LEVELS)
def test_a_formula_has_the_same_bits_as_code_and_as_a_function(text: str, values: list[float]) -> None:
    """Random expressions, with random levels of the slots that they read."""
    (by_code,), (by_function,) = both(text, values)
    assert struct.pack("d", by_code) == struct.pack("d", by_function)


@given(st.lists(expressions, min_size=2, max_size=4), st.lists(LEVELS, min_size=2, max_size=6))
def test_which_condition_was_false_the_last_time_changes_no_value(texts: list[str], series: list[list[float]]) -> None:
    """Conditions that must all be true, at one level after the other: each is as true as its Python function says."""
    by_code, by_function = both(" and ".join(f"({text})" for text in texts), *series)
    assert by_code == by_function


@given(expressions, LEVELS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_what_is_constant_has_the_same_value(text: str, values: list[float], constant: list[bool]) -> None:
    """Numbers of which some are read and others are known before."""
    expression = parse(text)

    def resolve(name: str, index: tuple[str, ...]) -> int | Node:
        slot = expression.reads.index(Read(name, index))
        return Constant(values[slot]) if constant[slot] else slot

    levels = levels_of(values[: len(expression.reads)])
    assert both(text, values) == ([compile_expression(expression, resolve)(levels, answer)],) * 2


def test_another_condition_may_be_false_each_time() -> None:
    """Three conditions: none is true alone, any of them is false alone, and in the end all are true again."""
    levels = [[float(each == k) for each in range(3)] for k in (0, 1, 2)] + [
        [float(each != k) for each in range(3)] for k in (2, 0, 1)
    ]
    by_code, by_function = both("tension and threat and (fear > 0.5)", [1.0, 1.0, 1.0], *levels, [1.0, 1.0, 1.0])
    assert by_code == by_function == [1.0, *[0.0] * 6, 1.0]


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
        "-(tension - 2) and tension",
        "abs(tension - 2) + sqrt(tension) + exp(tension) + log(tension)",
    ],
)
@pytest.mark.parametrize("level", [1.0, 2.0, 3.0])
def test_each_form_of_an_expression_has_the_same_value(text: str, level: float) -> None:
    """Forms with jumps, several arguments or event functions, and every operator."""
    (by_code,), (by_function,) = both(text, [level] * 3)
    assert struct.pack("d", by_code) == struct.pack("d", by_function)
