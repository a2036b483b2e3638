"""Draws by key for whole arrays of names."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wargame.numbers.draws import mix
from wargame.statistics.array_draws import mix_array, uniforms


@given(st.integers(0, 2**64 - 1), st.integers(1, 40))
def test_draws_of_many_names_are_those_of_each(key: int, count: int) -> None:
    """The draw of a name does not depend on the others."""
    names = np.arange(count, dtype=np.uint64)
    drawn = uniforms(names, key)
    assert ((drawn > 0) & (drawn < 1)).all()
    assert drawn[-1] == uniforms(names[-1:], key)[0]


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1))
def test_an_array_is_mixed_like_its_numbers(numbers: list[int]) -> None:
    """The arithmetic of arrays is that of single numbers."""
    assert mix_array(np.array(numbers, dtype=np.uint64)).tolist() == [mix(z) for z in numbers]
