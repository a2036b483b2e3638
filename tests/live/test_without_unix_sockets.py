"""A platform without Unix sockets, such as Windows: the exercise runs, and the console says what is missing."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.live import console
from wargame.errors import UsageFault
from wargame.live.terminals import socket
from wargame.live.terminals.batch_terminal import play_plain


async def typed(*lines: str) -> AsyncIterator[str]:
    """Lines of a facilitator."""
    for line in lines:
        yield line


def test_the_facilitator_is_told_how_people_can_play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start; commands work as elsewhere."""
    monkeypatch.setattr(socket, "AVAILABLE", False)
    out = io.StringIO()
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    asyncio.run(play_plain(there, typed("advance 1d", "quit"), out=out))
    assert "other terminals can join on Linux and macOS only" in out.getvalue()
    assert "--serve" in out.getvalue()
    assert "D+1" in out.getvalue()


def test_join_says_what_to_do_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, and not as an internal error."""
    monkeypatch.setattr(socket, "AVAILABLE", False)
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault, match=r"Linux and macOS only; here, people play in browsers .wargame play"):
        asyncio.run(socket.connect(there.session.folder, {"role": "seat", "seat": "ARD"}))
