"""Joining an exercise from another terminal: a Unix socket in the run folder, open to its owner alone.

Both sides send JSON, one object a line. A terminal first sends `{"role": ..., "seat": ...}`, or instead of the seat the
`name` and `seats` of an evaluator, then `{"line": ...}` for each line typed. It receives `{"show": [...]}`; answers
also hold `prompt` and the completion `table`. `{"at": prompt, "bar": ...}` follows the clock. A screen also receives
`screen`, its state, and `news`, whenever they have changed. `{"left": true}` means that the terminal need not join
again.
"""

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
from wargame.language.plain_text import clean
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.news import news
from wargame.live.console.participants import Show
from wargame.live.console.public_screen import PublicNews, public_screen, recent_news
from wargame.live.console.reply import Reply
from wargame.live.console.roles import EVALUATOR, SCREEN, SEAT
from wargame.live.console.status_bar import participant_bar
from wargame.live.terminals.shared_session import SharedSession
from wargame.seat.brief import inbox

NAME = "console.sock"
MOST = 1 << 18
"""Bytes of one line on the socket."""
LONGEST = MOST // 8
"""Bytes of a typed line; as JSON it may take six times as many."""
MOST_WAITING = 1 << 23
"""Bytes that may wait for a terminal to read them; beyond that the terminal is dropped."""
RETRY = 1.0
"""Seconds between two attempts to join an exercise whose console is gone."""
RECENT = 12
"""Lines of earlier news that a seat, an evaluator or a screen is shown when it joins."""
AVAILABLE = hasattr(socket, "AF_UNIX")
"""Whether this platform has Unix sockets."""
NEEDS_UNIX = (
    "other terminals can join on Linux and macOS only; here, people play in browsers "
    "(wargame play or wargame resume with --serve)"
)

OpenConnection = tuple[asyncio.StreamReader, asyncio.StreamWriter, dict[str, Any]]
"""Both streams of a joined terminal, and the welcome."""


class NotRunning(UsageFault):
    """No process has this exercise open."""


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Change the working directory, since the address of a socket is limited to about 100 bytes."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


class Server:
    """Lets terminals join an exercise."""

    def __init__(self, shared: SharedSession) -> None:
        self._shared = shared
        self._path = shared.session.folder.path / NAME
        self._server: asyncio.Server | None = None
        self._joined: set[asyncio.Task[None]] = set()

    async def open(self) -> list[str]:
        """Open the socket; lines for the facilitator if it cannot be opened, as on a platform without Unix sockets."""
        if not AVAILABLE:
            return [f"Note: {NEEDS_UNIX}."]
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._path.unlink(missing_ok=True)
            with working_in(self._path.parent):
                listener.bind(NAME)
        except OSError as error:
            listener.close()
            return [f"Note: other terminals cannot join ({error.strerror}); people can play in browsers (--serve)."]
        finally:
            os.umask(before)
        self._server = await asyncio.start_unix_server(self._accept, sock=listener, limit=MOST)
        return []

    async def close(self) -> None:
        """Close the socket and all connections."""
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        for terminal in list(self._shared.participants.joined) if self._shared.session.exercise.done else ():
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

        def show(shown: Reply) -> None:
            _send(writer, {"show": shown.typed()})

        try:
            console = self._welcome(await receive(reader), writer, show)
            if console is not None:
                self._shared.clock_listeners[console] = _clock_listener(console, writer)
            if console is not None and console.role == SCREEN:
                self._shared.turn_listeners[console] = _turn_listener(console, writer)
            while console is not None and not console.over and (message := await receive(reader)):
                await self._answer(console, str(message.get("line", "")), writer)
        except (OSError, ValueError, asyncio.CancelledError):
            return
        finally:
            if console is not None:
                self._shared.detach(console)
            with contextlib.suppress(OSError):
                await writer.drain()
                writer.close()

    def _welcome(self, hello: dict[str, Any], writer: asyncio.StreamWriter, show: Show) -> Console | None:
        if not _is_owner(writer):
            _send(writer, {"refused": "only the owner of the run folder can join"})
            return None
        try:
            role, seat = str(hello.get("role", "")), str(hello.get("seat", ""))
            listed = hello.get("seats", ())
            seats = [str(each) for each in listed] if isinstance(listed, list) else []
            name = str(hello.get("name", ""))
            console = self._shared.attach(role, seat, show, lambda: _dismiss(writer), name=name, seats=seats)
            console.asks = hello.get("typed") is True
        except UsageFault as error:
            _send(writer, {"refused": str(error)})
            return None
        _send(writer, {"show": [*console.greeting(), *self._recent(console)], **_state(console), **_public(console)})
        return console

    def _recent(self, console: Console) -> list[str]:
        """Return recent news for a seat, an evaluator or a screen, and a warning if the seat is shared."""
        if console.role not in (SEAT, SCREEN, EVALUATOR):
            return []
        session = self._shared.session
        if console.is_seat:
            received = inbox(session.exercise, session.records, console.seat)
            recent = [] if console.at_startex else [item.line for item in received]  # the role sheet has the history
            session.mark_shown(console.seat)
        else:
            recent = news(console, session.records)
        shared = f"! Another terminal already has the seat of {console.seat}; you share it."
        return [*recent[-RECENT:], *([shared] if self._shared.shares_seat(console) else [])]

    async def _answer(self, console: Console, line: str, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await self._shared.run_shared(console, line)).typed()
        except WargameError as error:
            lines = [clean(f"! {error}", lines=True)]
        console.requested.clear()
        _send(writer, {"show": lines, **_state(console), **({"left": True} if console.over else {})})
        await writer.drain()


def _state(console: Console) -> dict[str, Any]:
    return {"prompt": console.prompt(), "bar": participant_bar(console), "table": table(console)}


def _dismiss(writer: asyncio.StreamWriter) -> None:
    """Close a terminal for good."""
    _send(writer, {"show": ["The facilitator has closed this terminal."], "left": True})
    writer.close()


def _public(console: Console) -> dict[str, Any]:
    return {"screen": public_screen(console), "news": recent_news(console)} if console.role == SCREEN else {}


def _clock_listener(console: Console, writer: asyncio.StreamWriter) -> Callable[[], None]:
    """Send a terminal its prompt and its bar when they have changed; a screen, what it shows besides the news."""
    last: object = None

    def update() -> None:
        nonlocal last
        public = public_screen(console) if console.role == SCREEN else None
        if (now := (console.prompt(), participant_bar(console), public, len(console.session.records))) != last:
            last = now
            _send(writer, {"at": now[0], "bar": now[1], **_public(console)})

    return update


def _turn_listener(console: Console, writer: asyncio.StreamWriter) -> Callable[[str], None]:
    """Send a screen the news again after a change of the past: what is no longer true must not stay there."""

    def update(_: str) -> None:
        session = console.session
        notice = PublicNews(0, "", "", f"The exercise continues from {session.instant(session.clock)}.")
        _send(writer, {"screen": public_screen(console), "news": [*recent_news(console), notice]})

    return update


def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    if writer.transport.get_write_buffer_size() > MOST_WAITING:
        writer.transport.abort()  # a terminal that has stopped reading must not fill the memory of the console
    if not writer.is_closing():
        writer.write(msgspec.json.encode(message) + b"\n")


async def receive(reader: asyncio.StreamReader) -> dict[str, Any]:
    """Return the next message; empty at the end of the connection or if it is not a message."""
    try:
        message = msgspec.json.decode(await reader.readuntil(b"\n"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, msgspec.DecodeError):
        return {}
    return message if isinstance(message, dict) else {}


def _is_owner(writer: asyncio.StreamWriter) -> bool:
    """Return whether the process at the other end runs as the same user; True where the system does not report it."""
    peer = writer.get_extra_info("socket")
    if peer is None or not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return bool(user == os.getuid())


async def connect(folder: Folder, hello: dict[str, Any]) -> OpenConnection:
    """Join the exercise of a folder; returns the streams and the welcome. UsageFault if it cannot be joined.

    `hello` has the `role`, and with it the `seat`, or the `name` and the `seats` of an evaluator.
    """
    if not AVAILABLE:
        raise UsageFault(NEEDS_UNIX)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with working_in(folder.path):
            line.connect(NAME)
    except OSError:
        line.close()
        call = shlex.quote(folder.typed)
        remedy = f"wargame resume {call} opens it" if folder.is_live else "it is an unattended run"
        raise NotRunning(f"{folder.name} is not running ({remedy})") from None
    reader, writer = await asyncio.open_unix_connection(sock=line, limit=MOST * 16)
    _send(writer, hello)
    welcome = await receive(reader)
    if "refused" in welcome or not welcome:
        writer.close()
        raise UsageFault(str(welcome.get("refused", "the exercise has been closed")))
    return reader, writer, welcome


async def reconnect(folder: Folder, hello: dict[str, Any]) -> OpenConnection:
    """Join the exercise of a folder once its console has returned."""
    while True:
        await asyncio.sleep(RETRY)
        with contextlib.suppress(NotRunning):
            return await connect(folder, hello)


async def say(writer: asyncio.StreamWriter, line: str) -> None:
    """Send a typed line."""
    _send(writer, {"line": line})
    with contextlib.suppress(OSError):
        await writer.drain()
