"""The review of all rooms, which a process writes while pages ask for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from support.live import console, output_of
from wargame.errors import UsageFault
from wargame.web.review_desk import CohortReview


@pytest.mark.slow
def test_pages_that_ask_at_the_same_time_get_the_same_review(tmp_path: Path) -> None:
    """Each waits for the one process; a page that asks again after it has ended starts another one."""
    for room in ("a", "b"):
        there = console(tmp_path / room)
        output_of(there, "advance 1d", "endex")
        there.session.close()

    async def ask() -> list[bytes]:
        review, rooms = CohortReview(), (tmp_path / "a", tmp_path / "b")
        found: list[bytes | None] = [None]
        while None in found:
            found = await asyncio.gather(*(review.document(rooms, "md") for _ in range(3)))
        return [each for each in found if each is not None]

    first, *others = asyncio.run(ask())
    assert b"Cohort review: a and b" in first
    assert others == [first, first]


def test_a_page_is_told_why_there_is_no_review(tmp_path: Path) -> None:
    """With the words of the command."""

    async def ask() -> None:
        review = CohortReview()
        while await review.document((tmp_path / "nope", tmp_path / "b"), "md") is None:
            pass

    with pytest.raises(UsageFault, match="nope"):
        asyncio.run(ask())
