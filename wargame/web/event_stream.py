"""The response that carries a stream of server-sent events."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from wargame.web.access.people import Person
from wargame.web.room import Room
from wargame.web.stream import Stream

SILENCE = 15.0
"""Seconds after which a comment shows that the connection is alive."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]


class EventStream(Response):
    """Sends the events of a person until the client leaves or the stream ends."""

    def __init__(self, room: Room, person: Person, epoch: int, k: int) -> None:
        super().__init__()
        self._room, self._person, self._position = room, person, (epoch, k)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        del scope
        stream = self._room.open_stream(self._person, *self._position)
        gone = asyncio.create_task(_gone(receive))
        sending = asyncio.create_task(self._send(stream, send))
        try:
            await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._room.close_stream(self._person, stream)
            for task in (gone, sending):
                task.cancel()
            await asyncio.gather(gone, sending, return_exceptions=True)

    async def _send(self, stream: Stream, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
        while True:
            chunk = stream.last() if stream.finished else self._next(stream)
            if chunk:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if stream.finished:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            try:
                async with asyncio.timeout(SILENCE):
                    await stream.wake.wait()
            except TimeoutError:
                await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})

    def _next(self, stream: Stream) -> bytes:
        audience = self._room.audience_of(self._person)
        return stream.take(audience.epoch, audience.entries, audience.announcement)


async def _gone(receive: Receive) -> None:
    """Wait until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
