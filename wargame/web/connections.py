"""The open connections: how many there may be, in all and from one address, and how long each may wait.

Limits stay below the descriptors that the process may have. Where there is no room, a new connection takes the place of
the one that has waited longest, of those that serve nobody who has been admitted: an address that opens many loses its
own, and nobody is locked out. A few connections beyond that are kept for short requests, so that a facilitator gets in.
"""

import asyncio
import contextlib
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import Message, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from wargame.web.access.throttle import network

MOST = 2000
"""Connections at the same time, where the process may have enough descriptors."""
LEAST_KEPT = 128
"""Descriptors kept for files, child processes and connections that are being closed; at least a quarter of all."""
RESERVE = 16
"""Connections beyond the limit. They hold no stream, except for the control room."""
BACKLOG, QUEUE = 32, 512
"""Connections that are accepted before those that have to go are closed, and those that may queue for it."""
SILENCE = 20.0
"""Seconds in which a request has to arrive, the first one and each later one on a connection."""
STALLED = 30.0
"""Seconds that a client may take to receive a piece of an answer."""
PIECE = 1 << 16
"""Bytes of an answer that are sent at once."""


def most_connections() -> int:
    """Return the connections that the descriptors of this process leave room for."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if descriptors == resource.RLIM_INFINITY:
        return MOST
    return max(RESERVE, min(MOST, descriptors - max(LEAST_KEPT, descriptors // 4)))


@dataclass(slots=True, eq=False)
class Connection:
    """One connection. `since` is when its request arrived or, if it is not `busy` with one, the last one was answered.

    `trusted` is whether a person who has been admitted has sent its request, `reserved` whether it is beyond the limit.
    """

    socket: socket.socket
    address: str
    since: float
    busy: bool = False
    transport: asyncio.Transport | None = None
    trusted: bool = False
    reserved: bool = False
    closing: bool = False

    def close(self) -> None:
        """Close it at once; what has not been sent is lost."""
        self.closing = True
        if self.transport is not None:
            self.transport.abort()
            return
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # during the TLS handshake; asyncio closes it then


class Connections:
    """The open connections of a server: at most `most`, three quarters of them from one address. `clock`: seconds."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.of_address, self._clock = most, max(1, most * 3 // 4), clock
        self._open: dict[int, Connection] = {}
        """By descriptor, with those that are being closed."""

    def add(self, accepted: socket.socket, address: str) -> Connection:
        """Add a connection; closes another one, or the new one, if there is no room."""
        connection = Connection(accepted, network(address), self._clock())
        self._open = {fd: each for fd, each in self._open.items() if each.socket.fileno() >= 0}
        present = [each for each in self._open.values() if not each.closing]
        counts = Counter(each.address for each in present)
        here = counts[connection.address] >= self.of_address
        if here or len(present) >= self.most:
            others = [each for each in present if not each.trusted and (each.address == connection.address or not here)]
            if others:
                max(others, key=lambda each: (counts[each.address], -each.since)).close()
            elif len(present) < self.most + RESERVE:
                connection.reserved = True
            else:
                connection.close()
        self._open[accepted.fileno()] = connection
        return connection

    def of(self, transport: asyncio.Transport) -> Connection:
        """Return the connection of a transport; adds it where the system accepts connections in another way."""
        there: Any = transport.get_extra_info("socket")
        found = self._open.get(there.fileno())
        if found is None:
            found = self.add(there, str(transport.get_extra_info("peername", [""])[0]))
        found.transport = transport
        return found

    def turn(self, connection: Connection, *, busy: bool) -> None:
        """Note that a request has arrived, or was answered and the next one is awaited."""
        connection.busy, connection.since, connection.trusted = busy, self._clock(), False

    async def keep_moving(self) -> None:
        """Sweep until it is cancelled."""
        while True:
            await asyncio.sleep(min(1.0, SILENCE))
            self.sweep()

    def sweep(self) -> None:
        """Close the connections whose request has not arrived in time."""
        for each in list(self._open.values()):
            if not each.busy and each.since < self._clock() - SILENCE:
                each.close()


class Listener(socket.socket):
    """A listening socket that counts what it accepts, before a TLS handshake."""

    connections: Connections

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; asyncio takes at most `BACKLOG` at once."""
        accepted, peer = super().accept()
        self.connections.add(accepted, str(peer[0]))
        return accepted, peer

    def listen(self, backlog: int = QUEUE, /) -> None:
        """Let more connections queue than are accepted at once."""
        super().listen(max(backlog, QUEUE))


def listening(listener: socket.socket, connections: Connections) -> Listener:
    """Return the same listening socket, counted."""
    counted = Listener(fileno=listener.detach())
    counted.setblocking(False)
    counted.connections = connections
    return counted


def protocol(connections: Connections) -> type[H11Protocol]:
    """Return the protocol of these connections, for uvicorn."""

    class Protocol(H11Protocol):
        """A connection that reports its requests to `connections`; the application finds it in its scope."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
            """Wait for a request."""
            super().connection_made(transport)
            self._mine, app = connections.of(transport), self.app

            async def told(scope: Any, receive: Any, send: Any) -> None:
                connections.turn(self._mine, busy=True)
                scope["connection"] = self._mine
                await app(scope, receive, send)

            self.app = told

        def on_response_complete(self) -> None:
            """Wait for the next request."""
            connections.turn(self._mine, busy=False)
            super().on_response_complete()

    return Protocol


def in_pieces(send: Send, connection: Connection | None) -> Send:
    """Send long answers in pieces, and close the connection of a client that does not receive one in time."""

    async def sender(message: Message) -> None:
        body = message.get("body", b"")
        for start in range(0, max(1, len(body)), PIECE):
            last = start + PIECE >= len(body)
            piece = message if len(body) <= PIECE else {**message, "body": body[start : start + PIECE]}
            if not last:
                piece["more_body"] = True
            try:
                async with asyncio.timeout(STALLED):
                    await send(piece)
            except TimeoutError:
                if connection is not None:
                    connection.close()
                raise

    return sender
