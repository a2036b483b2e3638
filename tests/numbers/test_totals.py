"""Sums: the same bits in all versions of Python."""

from __future__ import annotations

import pytest

from wargame.numbers.totals import total


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), 0.0),
        ((0.1, 0.2, 0.3), (0.1 + 0.2) + 0.3),
        ((1.0, 1e100, 1.0, -1e100), 0.0),  # a compensated sum is 2
    ],
)
def test_numbers_are_added_one_after_the_other(values: tuple[float, ...], expected: float) -> None:
    """No rounding error is compensated, as `sum()` does from Python 3.12 on."""
    assert total(values) == expected
