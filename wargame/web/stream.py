"""Streams of server-sent events: what each viewer has not been sent yet, and the response that carries a stream.

Entries are read from the list of the viewer by position, so a slow client costs no memory; of other events only the
latest are kept.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.web.access.access_file import AccessFile, NoticeLine
from wargame.web.access.people import People, Person
from wargame.web.answers import body
from wargame.web.audience import ViewerGroup, key_of
from wargame.web.viewer import FeedEntry

AT_ONCE = 100
"""Entries of one chunk."""
NOTICES = 50
"""Notices and replies that wait for a slow client; older ones are dropped."""


def event(name: str, data: Mapping[str, Any], identifier: str = "") -> bytes:
    """Return the text of one event."""
    head = f"id: {identifier}\n" if identifier else ""
    return f"{head}event: {name}\ndata: {msgspec.json.encode(data).decode()}\n\n".encode()


class Stream:
    """The open stream of a person. `epoch` and `k` are of the last entry sent; `k` is 0 before the first.

    `finished` is set once the stream has to end, after its last event.
    """

    def __init__(self, epoch: int, k: int) -> None:
        self.epoch, self.k = epoch, k
        self.wake = asyncio.Event()
        self.finished = False
        self._view: dict[str, None] | None = None
        self._expected: dict[str, None] | None = None
        self._latest: dict[str, Mapping[str, Any]] = {}
        self._sent: dict[str, Mapping[str, Any]] = {}
        self._notices: deque[tuple[str, dict[str, Any]]] = deque(maxlen=NOTICES)
        self._last: tuple[str, dict[str, Any]] | None = None

    def expect(self, keys: Iterable[str]) -> bool:
        """Keep parts that have changed until the next `view`; return whether there were none."""
        before, self._expected = self._expected, (self._expected or {}) | dict.fromkeys(keys)
        return before is None

    def view(self, keys: Iterable[str] = ()) -> None:
        """Report parts that have changed."""
        self._view = (self._view or {}) | (self._expected or {}) | dict.fromkeys(keys)
        self._expected = None
        self.wake.set()

    def state(self, name: str, data: Mapping[str, Any]) -> None:
        """Report a state (`clock`, `presence`) unless the client has it; only the latest one is sent."""
        if self._latest.get(name, self._sent.get(name)) != data:
            self._latest[name] = data
            self.wake.set()

    def notice(self, name: str, data: dict[str, Any]) -> None:
        """Report something once: `notice`, `reply`."""
        self._notices.append((name, data))
        self.wake.set()

    def end(self, name: str = "", data: dict[str, Any] | None = None) -> None:
        """End the stream after this event; without a name it is cut, and the client connects again."""
        self._last = (name, data or {}) if name else None
        self.finished = True
        self.wake.set()

    def last(self) -> bytes:
        """Return the last event of a stream that has ended; empty if it is cut."""
        return event(*self._last) if self._last else b""

    def take(self, epoch: int, entries: list[FeedEntry], announcement: str) -> bytes:
        """Return the next chunk; empty if there is nothing to send. `epoch` and `entries` are the viewer's now.

        States come before the report of changed parts, which is later by `room.PUSH`: so the order of events is the
        same whether a slow server sends them together or one after the other.
        """
        self.wake.clear()
        chunks: list[bytes] = []
        if self.epoch != epoch or self.k > len(entries):
            self.epoch, self.k = epoch, 0
            chunks.append(event("epoch", {"epoch": epoch, "text": announcement, "k": len(entries)}, f"{epoch}.0"))
        fresh = entries[self.k : self.k + AT_ONCE]
        chunks += [event("entry", asdict(each), f"{epoch}.{each.k}") for each in fresh]
        self.k += len(fresh)
        if self.k < len(entries):
            self.wake.set()
        chunks += [event(name, data) for name, data in self._notices]
        self._notices.clear()
        chunks += [event(name, data) for name, data in self._latest.items()]
        self._sent |= self._latest
        self._latest = {}
        if self._view is not None:
            chunks.append(event("view", {"keys": list(self._view)}))
            self._view = None
        return b"".join(chunks)


MOST_STREAMS = 4
"""Streams of one person; a further one ends the oldest."""


class Streams:
    """The open streams of the people of a room. A notice for a person without one waits, also in the access file."""

    def __init__(self, people: People, file: AccessFile, consoles: Mapping[int, Console]) -> None:
        self._people, self._file, self._consoles = people, file, consoles
        self._open: defaultdict[int, list[Stream]] = defaultdict(list)
        self._waiting: defaultdict[int, list[str]] = defaultdict(list)
        """By person, the lines of notices that no page has shown yet."""
        for line in file.lines:
            if isinstance(line, NoticeLine):
                self._waiting[line.number] = line.lines and [*self._waiting[line.number], *line.lines]

    def of(self, person: Person) -> Sequence[Stream]:
        """Return the streams of a person, the oldest first."""
        return self._open.get(person.number, ())

    def of_audience(self, audience: ViewerGroup) -> list[tuple[Person, Stream]]:
        """Return the streams of an audience, each with its person."""
        people = ((self._people.people.get(number), streams) for number, streams in self._open.items())
        mine = [(each, streams) for each, streams in people if each is not None and key_of(each) == audience.key]
        return [(person, stream) for person, streams in mine for stream in streams]

    def wake(self, audience: ViewerGroup) -> None:
        """Have the streams of an audience send what is new."""
        for _, stream in self.of_audience(audience):
            stream.wake.set()

    def add(self, person: Person, epoch: int, k: int) -> Stream:
        """Return a new stream of a person from this position on; the oldest ends if there are too many."""
        stream, mine = Stream(epoch, k), self._open[person.number]
        while len(mine) >= MOST_STREAMS:
            mine.pop(0).end("elsewhere", {"text": "This exercise is open in too many windows."})
        mine.append(stream)
        return stream

    def remove(self, person: Person, stream: Stream) -> bool:
        """Forget a stream that has ended; return whether it was the last one of the person."""
        mine = self._open.get(person.number, [])
        if stream not in mine:
            return False
        mine.remove(stream)
        return not mine

    def tell(self, person: Person, name: str, shown: Reply) -> None:
        """Show lines once on the open pages of a person."""
        for stream in self.of(person):
            stream.notice(name, {**body(person, self._consoles[person.number], shown), "about": shown.about})

    def notify(self, person: Person, shown: Reply) -> None:
        """Show lines once on the open pages of a person, or else on the next page that the person opens."""
        if self.of(person):
            self.tell(person, "notice", shown)
        else:
            self._file.append(NoticeLine(person.number, shown.shown()), sync=False)
            self._waiting[person.number] += shown.shown()

    def tell_waiting(self, person: Person) -> None:
        """Show the notices that have waited for a page of the person."""
        if kept := self._waiting.pop(person.number, []):
            self.tell(person, "notice", Reply(kept))
            self._file.append(NoticeLine(person.number), sync=False)

    def end(self, person: Person, name: str, data: dict[str, Any]) -> None:
        """End the streams of a person after this event."""
        for stream in self._open.pop(person.number, []):
            stream.end(name, data)

    def end_all(self, name: str = "", data: dict[str, Any] | None = None) -> None:
        """End all streams after this event; without a name they are cut, and the clients connect again."""
        for streams in self._open.values():
            for stream in streams:
                stream.end(name, data)


SILENCE = 15.0
"""Seconds after which a comment shows that the connection is alive."""
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]


class EventStream(Response):
    """Sends the events of `audience()` until client or stream end; `begin` and `end` are called with the stream."""

    def __init__(
        self, audience: Callable[[], ViewerGroup], begin: Callable[[], Stream], end: Callable[[Stream], None]
    ) -> None:
        super().__init__()
        self._audience, self._begin, self._end = audience, begin, end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        del scope
        stream = self._begin()
        gone = asyncio.create_task(_gone(receive))
        sending = asyncio.create_task(self._send(stream, send))
        try:
            await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._end(stream)
            for task in (gone, sending):
                task.cancel()
            await asyncio.gather(gone, sending, return_exceptions=True)

    async def _send(self, stream: Stream, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
        while True:
            now = self._audience()
            chunk = stream.last() if stream.finished else stream.take(now.epoch, now.entries, now.announcement)
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


async def _gone(receive: Receive) -> None:
    """Wait until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
