"""The way in, in a real browser: a scanned address, the lobby, the seat, and out again, also by the button."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from support.browsers import person
from support.web import run, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_a_person_is_let_in_and_removed_without_touching_the_page(tmp_path: Path) -> None:
    """The page opens by itself once the person is admitted, and says so once the person is removed."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, seats=(("ARD", "human"),)) as there:
            code = there.code("ARD")

            def scan_and_wait() -> None:
                sam.join(code, "Sam Lee")
                sam.wait_for_text("You have asked for the seat of Arda")
                assert code not in sam.script("return location.href")

            with person(there.url) as sam:
                await asyncio.to_thread(scan_and_wait)
                there.shared.run(there.shared.main, "admit all")
                await asyncio.to_thread(sam.wait, "document.body.dataset.screen === 'seat'")
                await asyncio.to_thread(sam.wait, "document.querySelector('.persons .here')")  # the stream is open
                there.shared.run(there.shared.main, 'kick "Sam Lee"')
                await asyncio.to_thread(sam.wait_for_text, "The facilitator has removed you")
                assert await asyncio.to_thread(sam.problems) == []

    run(steps())


def test_a_person_signs_out_with_the_button(tmp_path: Path) -> None:
    """The page for joining follows, and the seat is free."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            code = there.code("ARD")

            def come_and_go() -> None:
                sam.join(code, "Sam Lee")
                sam.wait("document.body.dataset.screen === 'seat'")
                sam.script("window.confirm = () => true; document.querySelector('[data-leave]').click()")
                sam.wait("document.querySelector('form[data-join]')")

            with person(there.url) as sam:
                await asyncio.to_thread(come_and_go)
                assert "Nobody has joined" in there.shared.run(there.shared.main, "people")[0]

    run(steps())
