"""The review of all rooms behind one lobby: `wargame compare` writes it in a process of its own."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from wargame.errors import UsageFault

SOON = 2.0
"""Seconds for which a request waits for the review."""


class CohortReview:
    """The documents that are being written, by format."""

    def __init__(self) -> None:
        self._written: dict[str, asyncio.Task[bytes]] = {}

    async def document(self, rooms: Iterable[Path], form: str) -> bytes | None:
        """Return the review of rooms as of when it was first asked for; None while it is being written."""
        if form not in self._written:
            self._written[form] = asyncio.create_task(_write(rooms, form))
        task = self._written[form]
        await asyncio.wait([task], timeout=SOON)
        if task.done():
            self._written.pop(form, None)  # unless another request has it, too
        return task.result() if task.done() else None


async def _write(rooms: Iterable[Path], form: str) -> bytes:
    """Return the review of rooms in a format; UsageFault with the errors of the command."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rooms.{form}"
        words = (sys.executable, "-m", "wargame", "compare", *map(str, rooms), "--out", str(path))
        process = await asyncio.create_subprocess_exec(*words, stdout=DEVNULL, stderr=PIPE)
        _, errors = await process.communicate()
        if process.returncode:
            raise UsageFault(errors.decode(errors="replace").strip())
        return path.read_bytes()
