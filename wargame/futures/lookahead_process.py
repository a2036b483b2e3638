"""The look-ahead process of a console; the next one is started in advance, so that questions do not wait for it."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from wargame.errors import WargameError
from wargame.futures.lookahead import FuturesAnswer


class LookaheadProcess:
    """Asks each question of a new process.

    After `keep_ready`, the next process is always started in advance, and `prepare` has it re-simulate the exercise.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._ready: Process | None = None
        self._keeps_ready = False
        self._prepared: list[str] = []
        """The moment for which the process that is ready prepares."""

    async def keep_ready(self) -> None:
        """Start a process, and from now on a new one after each question."""
        self._keeps_ready = True
        if self._ready is None:
            self._ready = await self._start()

    def prepare(self, moment: list[str]) -> None:
        """Let the process that is ready re-simulate to a moment: a line of the command log and a second."""
        if self._ready is None or moment == self._prepared:
            return
        assert self._ready.stdin is not None
        self._ready.stdin.write(msgspec.json.encode(moment) + b"\n")
        self._prepared = moment

    async def _start(self) -> Process:
        command = [sys.executable, "-m", "wargame.futures.lookahead", str(self._run)]
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)

    async def ask(self, words: list[str]) -> AsyncIterator[FuturesAnswer]:
        """Yield the answers to a question; WargameError with the last line of the process's errors if it fails."""
        process, self._ready, self._prepared = self._ready or await self._start(), None, []
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            with contextlib.suppress(OSError):
                process.stdin.write(msgspec.json.encode(words) + b"\n")
                await process.stdin.drain()
                process.stdin.close()
            while line := await process.stdout.readline():
                yield msgspec.json.decode(line, type=FuturesAnswer)
            errors = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
            if await process.wait():
                raise WargameError("".join(errors[-1:]) or "the look-ahead process was terminated")
            if self._keeps_ready:
                await self.keep_ready()
        finally:
            await _end(process)

    async def close(self) -> None:
        """End the process that was started in advance."""
        self._keeps_ready = False
        if self._ready is not None:
            await _end(self._ready)


async def _end(process: Process) -> None:
    """Terminate a process if it is still running, and close its pipes."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - otherwise the loop warns of open pipes
