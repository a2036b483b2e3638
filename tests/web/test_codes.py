"""Codes that people type: short, random, and read as they are said aloud."""

from __future__ import annotations

import re

import pytest

from wargame.web.access.people import BITS, ONE_TIME_BITS, new_code, same_code


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("K701-2M1A", True),
        ("k7o1 2mla", True),
        (" k7-oi\t2-mi-a ", True),
        ("K7012M1A", True),
        ("K701-2M1B", False),
        ("K701-2M1", False),
        ("K701-2M1A0", False),
        ("", False),
    ],
)
def test_a_code_is_read_as_people_write_it_down(typed: str, same: bool) -> None:
    """In any case, with or without dashes and blanks, with O for 0, and I or L for 1."""
    assert same_code(typed, "K701-2M1A") is same


@pytest.mark.parametrize(("bits", "form"), [(BITS, r"(\w{4})-(\w{4})"), (ONE_TIME_BITS, r"\w{4}(-\w{4}){3}")])
def test_a_new_code_is_in_groups_of_four(bits: int, form: str) -> None:
    """Of letters and digits that are not mistaken for others; no two are the same."""
    codes = [new_code(bits) for _ in range(200)]
    assert all(re.fullmatch(form, code) for code in codes)
    assert len(set(codes)) == 200
    assert set("".join(codes)) == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")
