"""The process that looks ahead: one stands ready, so that a question waits for no start of Python and no reading."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from wargame.errors import WargameError
from wargame.futures.lookahead import Answer


class Helper:
    """Asks one question of one process each; `keep_ready` has the next one started before it is needed."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._ready: Process | None = None
        self._keeps = False

    async def keep_ready(self) -> None:
        """From now on a process stands ready."""
        self._keeps = True
        if self._ready is None:
            self._ready = await self._start()

    async def _start(self) -> Process:
        command = [sys.executable, "-m", "wargame.futures.lookahead", str(self._run)]
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)

    async def ask(self, words: list[str]) -> AsyncIterator[Answer]:
        """The answers to a question as they come; WargameError with what the process said if it fails."""
        process, self._ready = self._ready or await self._start(), None
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            with contextlib.suppress(OSError):
                process.stdin.write(msgspec.json.encode(words) + b"\n")
                await process.stdin.drain()
                process.stdin.close()
            while raw := await process.stdout.readline():
                yield msgspec.json.decode(raw, type=Answer)
            said = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
            if await process.wait():
                raise WargameError("".join(said[-1:]) or "the process that looks ahead was ended")
            if self._keeps:
                await self.keep_ready()
        finally:
            await _end(process)

    async def close(self) -> None:
        """Nothing stands ready any more."""
        self._keeps = False
        if self._ready is not None:
            await _end(self._ready)


async def _end(process: Process) -> None:
    """Ends a process that nobody waits for any more."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - its pipes, or the loop warns of them
