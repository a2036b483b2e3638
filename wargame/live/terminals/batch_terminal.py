"""A console without a terminal: lines from a file or standard input, answers as plain text."""

import asyncio
import contextlib
import os
import shlex
import stat
import sys
import threading
from collections.abc import AsyncIterator, Iterable
from typing import TextIO

from wargame.errors import UsageFault, WargameError
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.terminals.services import Service, opened
from wargame.live.terminals.shared_session import SharedSession

LONGEST = 1 << 20
"""Bytes of one line."""


def write(lines: Iterable[str], out: TextIO | None = None) -> None:
    """Print lines and flush, so that a reader of a pipe sees them at once."""
    out = out or sys.stdout
    for line in lines:
        out.write(line + "\n")
    out.flush()


async def from_stream(stream: TextIO) -> AsyncIterator[str]:
    """Yield the lines of a stream without blocking the event loop."""
    mode = os.fstat(stream.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)) or sys.platform == "win32":
        async for raw in lines_of(stream.fileno()):
            yield raw.decode("utf-8", "replace").rstrip("\r\n")
        return
    reader = asyncio.StreamReader(limit=LONGEST)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(stream.fileno()), "rb", buffering=0)
    )
    try:
        while raw := await _line_of(reader):
            yield raw.decode("utf-8", "replace").rstrip("\r\n")
    finally:
        transport.close()


async def lines_of(descriptor: int) -> AsyncIterator[bytes]:
    """Yield the lines that a thread reads, for which the process does not wait when it ends."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[bytes]()

    def read() -> None:
        file = open(descriptor, "rb", buffering=0, closefd=False)  # noqa: SIM115  # a buffer would be locked at the end
        with file, contextlib.suppress(RuntimeError, OSError):  # the loop has ended, or the terminal has gone
            while line := file.readline():
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, b"")

    threading.Thread(target=read, daemon=True).start()
    while line := await lines.get():
        yield line


async def _line_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        raise UsageFault(f"a line is longer than {LONGEST:,} bytes (the earlier lines are kept)") from None


async def play_plain(
    console: Console,
    lines: AsyncIterator[str],
    *,
    name: str = "",
    refused: list[int] | None = None,
    out: TextIO | None = None,
    service: Service | None = None,
    stays: bool = False,
) -> None:
    """Run all lines. An error in a line of the file `name` raises UsageFault; other errors are printed.

    With a list for the numbers of the lines that are `refused`, errors in a file are printed, too.

    If it `stays`, the exercise goes on after the last line until it is left or stopped, also without a reader of what
    the console prints; otherwise OSError ends it there.
    """

    def show(shown: Reply) -> None:
        write(shown.typed(), out)

    async with opened(console, show, service, ready=False) as (shared, notes, more):
        shared.show(console, Reply([*console.greeting(), *notes, *more]))
        number = 0
        async for line in lines:
            number += 1
            _check(shared, stays)
            try:
                shared.show(console, await shared.run_shared(console, line))
            except WargameError as error:
                if name and refused is None:
                    raise UsageFault(f"{name}:{number}: {error} ({_rest(shared, name, number)})") from None
                if refused is not None:
                    refused.append(number)
                with contextlib.suppress(OSError):
                    place = f"{name}:{number}" if name else f"line {number}"
                    write([clean(f"{place}: {error}", lines=True)], sys.stderr)
            await shared.carry_out_requests(console, lambda shown: shared.show(console, shown), wait=True)
            if console.over:
                break
        _check(shared, stays)
        if stays and not console.over:
            await asyncio.Event().wait()


def _rest(shared: SharedSession, name: str, number: int) -> str:
    """Return the way on after an error in a line of a file."""
    rest = f"tail -n +{number} {shlex.quote(name)} | wargame resume {shlex.quote(shared.session.folder.typed)}"
    return f"the earlier lines are kept; correct this one and go on with: {rest}; --keep-going leaves it out"


def _check(shared: SharedSession, stays: bool) -> None:
    """Raise OSError if nobody reads what the console prints, and nobody else takes part."""
    if shared.console_error is not None and not stays:
        raise shared.console_error


async def script_lines(text: str) -> AsyncIterator[str]:
    """Yield the lines of a script, and give other tasks a turn in between."""
    for line in text.splitlines():
        yield line
        await asyncio.sleep(0)
