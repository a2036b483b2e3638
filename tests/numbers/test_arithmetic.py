"""The arithmetic of expressions: compiled and interpreted it gives the same bits."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.twins import compiled, interpreted

ARGUMENTS = {
    "cut": 1,
    "divide": 2,
    "power": 2,
    "exponential": 1,
    "logarithm": 1,
    "square_root": 1,
    "within": 3,
    "sigmoid": 1,
}
"""The functions and their numbers of arguments."""
SOURCE = interpreted("arithmetic")
levels = st.floats(-1e9, 1e9) | st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-300, -1e9, 1e9, math.log(1e9)])


def bits(number: float) -> bytes:
    """A float as its eight bytes, so that 0.0 and -0.0 differ."""
    return struct.pack("<d", number)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@given(values=st.tuples(levels, levels, levels))
def test_compiled_arithmetic_has_the_same_bits(name: str, values: tuple[float, float, float]) -> None:
    """Each function, over all numbers that expressions can have and at the edges."""
    arguments = values[: ARGUMENTS[name]]

    assert bits(getattr(compiled("arithmetic"), name)(*arguments)) == bits(getattr(SOURCE, name)(*arguments))


@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan])
def test_what_is_too_large_or_not_a_number_is_cut(x: float) -> None:
    """Infinity is the limit, and what is not a number is 0."""
    assert SOURCE.cut(x) == {math.inf: 1e9, -math.inf: -1e9}.get(x, 0.0)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(0.0, -1.0, 0.0), (-0.0, -1.0, 0.0), (-8.0, 1 / 3, 0.0), (-1e9, 41.0, -1e9), (-1e9, 40.0, 1e9), (0.0, 0.0, 1.0)],
)
def test_powers_that_are_not_real_are_0_and_large_ones_are_cut(x: float, y: float, expected: float) -> None:
    """Division by 0, a root of a negative number, an overflow of either sign."""
    assert SOURCE.power(x, y) == expected


def test_a_quotient_raises_where_it_divides_by_0() -> None:
    """It finds divisions by 0 when a scenario is checked."""
    with pytest.raises(ZeroDivisionError):
        SOURCE.quotient(1.0, 0.0)


def test_a_compiled_quotient_raises_where_it_divides_by_0() -> None:
    """As the interpreted one."""
    with pytest.raises(ZeroDivisionError):
        compiled("arithmetic").quotient(1.0, 0.0)


near_ties = st.builds(
    lambda n, e: n / 20_000 + e, st.integers(-(10**8), 10**8), st.sampled_from([0.0, 1e-12, -1e-12, 1e-6])
)


@given(levels | near_ties)
def test_numbers_of_the_journal_are_rounded_as_python_rounds(number: float) -> None:
    """By the exact decimal value of the number, also next to a tie."""
    for digits in (3, 4, 6):
        each = number * 10.0 ** (4 - digits)
        assert bits(compiled("arithmetic").rounded(each, digits)) == bits(round(each, digits))


@given(
    value=st.floats(-1e5, 1e5) | st.floats(-1.0, 1.0),
    step=st.floats(1e-4, 1e3) | st.sampled_from([0.01, 0.05, 0.1, 0.35, 0.5, 1.0, 1.3, 2.0, 5.0]),
    low=st.sampled_from([-1e5, -1.0, 0.0]),
)
def test_the_nearest_multiple_of_a_step_is_the_decimal_that_python_rounds_to(
    value: float, step: float, low: float
) -> None:
    """To twelve decimals, within the range and without -0, compiled and interpreted."""
    expected = min(max(round(round(value / step) * step, 12), low), 1e5)

    for module in compiled("arithmetic"), SOURCE:
        assert bits(module.nearest_step(value, step, low, 1e5)) == bits(expected)
