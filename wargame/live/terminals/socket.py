"""More terminals: a socket in the run folder that only its owner can open, with JSON lines both ways.

A terminal sends `{"role": ..., "seat": ...}` and then `{"line": ...}` for each line typed; it is sent
`{"show": [...]}`, with answers a `prompt` and what completes, and `{"at": prompt, "bar": ...}` as the clock moves.
`{"left": true}` tells it that it need not come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import UsageFault, WargameError
from wargame.journal.folder import Folder
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.registry import SCREEN, SEAT
from wargame.live.console.view_commands import place
from wargame.live.terminals.hub import Hub
from wargame.seat.brief import inbox
from wargame.seat.feed import clean

NAME = "console.sock"
MOST = 1 << 18
"""Bytes of one line on the socket."""
LONGEST = MOST // 8
"""Bytes of a line that is typed: written as JSON it may take six times as many."""
MOST_WAITING = 1 << 23
"""Bytes that may wait for a terminal to read them."""
LATELY = 12
"""Lines of what came before that a seat or a screen is shown when it joins."""


class NotThere(UsageFault):
    """Nobody runs this exercise at this moment."""


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Works in a folder: the address of a socket may have 100 characters, the path of a run may have more."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


class Server:
    """Lets terminals join an exercise."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._path = hub.session.folder.path / NAME
        self._server: asyncio.Server | None = None
        self._joined: set[asyncio.Task[None]] = set()

    async def open(self) -> bool:
        """Opens the socket for its owner alone; False where there is no such thing."""
        if not hasattr(socket, "AF_UNIX"):
            return False
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._path.unlink(missing_ok=True)
            with inside(self._path.parent):
                listener.bind(NAME)
        except OSError:
            listener.close()
            return False
        finally:
            os.umask(before)
        self._server = await asyncio.start_unix_server(self._accept, sock=listener, limit=MOST)
        return True

    async def close(self) -> None:
        """Nobody can join any more, and those who have are let go."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        for terminal in list(self._hub.room.joined) if self._hub.session.exercise.done else ():
            terminal.close()
        for task in list(self._joined):
            task.cancel()
        await asyncio.gather(*self._joined, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._joined.add(task)
        task.add_done_callback(self._joined.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        console: Console | None = None

        def show(lines: list[str]) -> None:
            _send(writer, {"show": lines})

        try:
            console = self._welcome(await _receive(reader), writer, show)
            if console is not None:
                self._hub.ticked[console] = _clock_of(console, writer)
            while console is not None and not console.over and (message := await _receive(reader)):
                await self._answer(console, str(message.get("line", "")), writer, show)
        except (OSError, ValueError, asyncio.CancelledError):
            return
        finally:
            if console is not None:
                self._hub.detach(console)
            with contextlib.suppress(OSError):
                await writer.drain()
                writer.close()

    def _welcome(self, hello: dict[str, Any], writer: asyncio.StreamWriter, show: Any) -> Console | None:
        if not _is_owner(writer):
            _send(writer, {"refused": "only the owner of the run folder can join"})
            return None
        try:
            role, seat = str(hello.get("role", "")), str(hello.get("seat", ""))
            console = self._hub.attach(role, seat, show, lambda: _let_go(writer))
        except UsageFault as error:
            _send(writer, {"refused": str(error)})
            return None
        _send(writer, {"show": [*console.greeting(), *self._lately(console)], **_state(console)})
        return console

    def _lately(self, console: Console) -> list[str]:
        """What came last, for those whose messages do not wait for them elsewhere."""
        if console.role not in (SEAT, SCREEN):
            return []
        session = self._hub.session
        received = inbox(session.exercise, session.records, console.seat) if console.role == SEAT else []
        told = [item.line for item in received]
        told = told or (console.news(session.records) if console.role == SCREEN else [])
        if console.role == SEAT:
            session.looked(console.seat, read=False)
        others = [each for each in self._hub.room.joined if each.console is not console]
        shared = console.role == SEAT and any(each.name == console.seat for each in others)
        warned = [f"! Another terminal has the seat of {console.seat} already: you share it."] if shared else []
        return [*told[-LATELY:], *warned]

    async def _answer(self, console: Console, line: str, writer: asyncio.StreamWriter, show: Any) -> None:
        try:
            lines = self._hub.run(console, line)
        except WargameError as error:
            lines = [clean(f"! {error}", lines=True)]
        console.errands.clear()
        del show
        _send(writer, {"show": lines, **_state(console), **({"left": True} if console.over else {})})
        await writer.drain()


def _state(console: Console) -> dict[str, Any]:
    return {"prompt": console.prompt(), "bar": place(console), "table": table(console)}


def _let_go(writer: asyncio.StreamWriter) -> None:
    """Sends a terminal away for good."""
    _send(writer, {"left": True})
    writer.close()


def _clock_of(console: Console, writer: asyncio.StreamWriter) -> Callable[[], None]:
    """Tells a terminal of its prompt and its bar when they have changed."""
    last = ("", "")

    def told() -> None:
        nonlocal last
        if (now := (console.prompt(), place(console))) != last:
            last = now
            _send(writer, {"at": now[0], "bar": now[1]})

    return told


def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    if writer.transport.get_write_buffer_size() > MOST_WAITING:
        writer.transport.abort()  # a terminal that reads no more must not fill the console's memory
    if not writer.is_closing():
        writer.write(msgspec.json.encode(message) + b"\n")


async def _receive(reader: asyncio.StreamReader) -> dict[str, Any]:
    """The next message, empty at the end; what is none counts as the end."""
    try:
        found = msgspec.json.decode(await reader.readuntil(b"\n"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_owner(writer: asyncio.StreamWriter) -> bool:
    """Whether the process at the other end runs as this one's user, where the system tells."""
    peer = writer.get_extra_info("socket")
    if peer is None or not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return bool(user == os.getuid())


async def connect(
    folder: Folder, role: str, seat: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, dict[str, Any]]:
    """Joins the exercise that runs in a folder; the first message is its welcome. UsageFault if it cannot be."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with inside(folder.path):
            line.connect(NAME)
    except OSError:
        line.close()
        call = shlex.quote(folder.call)
        remedy = f"wargame resume {call} runs it" if folder.is_live else "it is an unattended run"
        raise NotThere(f"{folder.name} is not being run at this moment ({remedy})") from None
    reader, writer = await asyncio.open_unix_connection(sock=line, limit=MOST * 16)
    _send(writer, {"role": role, "seat": seat})
    welcome = await _receive(reader)
    if "refused" in welcome or not welcome:
        writer.close()
        raise UsageFault(str(welcome.get("refused", "the exercise has closed")))
    return reader, writer, welcome


async def say(writer: asyncio.StreamWriter, line: str) -> None:
    """Sends a line that was typed."""
    _send(writer, {"line": line})
    with contextlib.suppress(OSError):
        await writer.drain()


receive = _receive
