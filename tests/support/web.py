"""An exercise that is served on loopback, and the clients of people in it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from support.live import session
from support.waiting import PATIENCE
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.live.terminals.shared_session import SharedSession
from wargame.web.address import Address
from wargame.web.server import Serving, served

API = "/api/1"


class Client:
    """A person with a browser, or a program with a token."""

    def __init__(self, url: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {"Origin": url}
        self.http = httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE)
        self.epoch, self._keys = 0, 0
        self.id = ""

    async def post(self, path: str, body: Any, **more: Any) -> httpx.Response:
        """Posts JSON to the API."""
        return await self.http.post(f"{API}{path}", json=body, **more)

    async def join(self, code: str, name: str, *, program: bool = False) -> httpx.Response:
        """Joins with a code; later requests bear the cookie or the token."""
        answer = await self.post("/join", {"code": code, "name": name, **({"program": True} if program else {})})
        body = answer.json()
        self.id = body.get("id", "")
        if "token" in body:
            self.http.headers["Authorization"] = f"Bearer {body['token']}"
            self.http.headers.pop("Origin", None)
        return answer

    async def command(
        self, verb: str, *args: str, key: str = "", line: str = "", epoch: int | None = None
    ) -> httpx.Response:
        """Gives a command; without a key under a new one. A stale epoch is replaced unless `epoch` is given.

        It can be stale twice: a grant changes what the audience sees, which is read again a moment later.
        """
        self._keys += 1
        body = {
            "key": key or f"key-{self._keys}",
            "epoch": self.epoch if epoch is None else epoch,
            "verb": verb,
            "args": {"line": line} if line else list(args),
        }
        for _ in range(3):
            answer = await self.post("/commands", body)
            if answer.status_code != 409 or epoch is not None:
                break
            body["epoch"] = self.epoch = answer.json()["epoch"]
        return answer

    async def lines(self, verb: str, *args: str, line: str = "") -> list[str]:
        """The lines that a command shows; it has to be carried out."""
        answer = await self.command(verb, *args, line=line)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["lines"])

    @asynccontextmanager
    async def stream(self, after: str = "") -> AsyncIterator[httpx.Response]:
        """An open stream from a position on; a client that is too fast waits, as browsers do."""
        while True:
            async with self.http.stream("GET", f"{API}/events", headers={"Last-Event-ID": after}) as stream:
                if stream.status_code != 429:
                    assert stream.status_code == 200
                    yield stream
                    return
            await asyncio.sleep(0.2)

    async def events(self, after: str = "", *, until: Callable[[list[Event]], bool]) -> list[Event]:
        """The events of a stream, from a position on, until the condition holds."""
        shown: list[Event] = []
        async with self.stream(after) as stream:
            async for each in read_events(stream):
                shown.append(each)
                if until(shown):
                    break
        return shown


class Event(tuple[str, str, dict[str, Any]]):
    """An event of a stream: id, name and data."""

    __slots__ = ()
    id = property(lambda self: self[0])
    name = property(lambda self: self[1])
    data = property(lambda self: self[2])


async def read_events(stream: httpx.Response) -> AsyncIterator[Event]:
    """The events of a stream that is open."""
    fields: dict[str, str] = {}
    async for line in stream.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield Event((fields.get("id", ""), fields["event"], json.loads(fields["data"])))
            fields = {}
        else:
            fields = {}


class Served:
    """An exercise on loopback."""

    def __init__(self, shared: SharedSession, lines: list[str]) -> None:
        self.shared, self.lines = shared, lines
        self.url = re.findall(r"https?://\S+", lines[0])[0]
        self.clients: list[Client] = []

    @property
    def cookie(self) -> str:
        """The name of the cookie."""
        return f"wargame-{httpx.URL(self.url).port}"

    @property
    def session(self) -> Session:
        """The session that is served."""
        return self.shared.session

    def client(self) -> Client:
        """A client that has not joined."""
        self.clients.append(Client(self.url))
        return self.clients[-1]

    def code(self, of: str) -> str:
        """The join code of a seat or role."""
        return self.shared.run(self.shared.main, f"code {of}")[0].split()[1]

    async def joined(self, of: str, name: str, *, program: bool = False) -> Client:
        """A person who has joined for a seat or role and has been admitted."""
        person = self.client()
        answer = await person.join(self.code(of), name, program=program)
        assert answer.status_code == 201, answer.text
        if not answer.json()["admitted"]:
            self.shared.run(self.shared.main, ["admit", person.id])
        return person


@asynccontextmanager
async def serving(folder: Path | Session, *, lobby: bool = False, **settings: Any) -> AsyncIterator[Served]:
    """Serves a new exercise, or the one of a session."""
    opened = session(folder, **settings) if isinstance(folder, Path) else folder
    shared = SharedSession(Console(opened), lambda _: None)
    clock = asyncio.create_task(shared.keep_time())
    try:
        async with served(shared, Serving(Address("127.0.0.1", 0), lobby=lobby)) as lines:
            there = Served(shared, lines)
            try:
                yield there
            finally:
                for client in there.clients:
                    await client.http.aclose()
    finally:
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)
        await shared.close()


def run(scenario: Coroutine[Any, Any, None], patience: float = PATIENCE) -> None:
    """Runs the steps of a test, for at most so many seconds."""
    asyncio.run(asyncio.wait_for(scenario, patience))
