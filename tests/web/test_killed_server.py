"""The server is killed twenty times while people play: nobody loses a word, and no order acts twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.live import session, verified
from support.web import Client, read_events
from wargame.journal.command_log import read_commands

KILLS = 20
COMMAND = [sys.executable, "-c", "from wargame.cli import main; main()"]


class Server:
    """A server in a process of its own, at the same address each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts it and waits until it answers."""
        arguments = ["serve", str(self.folder), "--address", f"127.0.0.1:{self.port}", "--no-lobby"]
        self.process = await asyncio.create_subprocess_exec(
            *COMMAND, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        async with httpx.AsyncClient() as probe:
            for _ in range(300):
                try:
                    await probe.get(f"{self.url}/j")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    return
        raise AssertionError("the server does not answer")

    async def stop(self, number: int) -> None:
        """Sends a signal and waits for the end."""
        assert self.process is not None
        os.kill(self.process.pid, number)
        await self.process.wait()


class Follower:
    """A page that is open all the time: it follows its stream, and connects again."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.received: dict[str, str] = {}
        self._position = ""

    async def follow(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                headers = {"Last-Event-ID": self._position}
                async with self._client.http.stream("GET", "/api/1/events", headers=headers) as stream:
                    async for event in read_events(stream):
                        if event.name == "epoch":
                            self.received = {}
                        if event.name == "entry":
                            assert event.id not in self.received
                            self.received[event.id] = event.data["text"]
                        self._position = event.id or self._position
            except (httpx.TransportError, json.JSONDecodeError):
                await asyncio.sleep(0.05)


async def acknowledged(client: Client, key: str, verb: str, *args: str) -> dict[str, Any]:
    """The answer to a command that is sent again with its key until the server has answered."""
    while True:
        try:
            answer = await client.command(verb, *args, key=key)
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        if answer.status_code != 429:
            assert answer.status_code == 200, answer.text
            return dict(answer.json())
        await asyncio.sleep(0.25)


def codes_of(folder: Path) -> dict[str, str]:
    """The join codes by seat or role."""
    lines = map(json.loads, (folder / "access.jsonl").read_text().splitlines())
    return {each["seat"] or each["role"]: each["code"] for each in lines if each["kind"] == "code"}


async def play(server: Server, sam: Client, kim: Client) -> dict[str, dict[str, Any]]:
    """Commands one after the other while the server is killed; their answers by key."""
    draw, sent = random.Random(5), 0  # noqa: S311 - chooses when to kill
    answers: dict[str, dict[str, Any]] = {}
    for _ in range(KILLS):
        killing = asyncio.create_task(asyncio.sleep(draw.uniform(0.05, 0.6)))
        while not killing.done():
            sent += 1
            client, *words = (sam, "message", "EXCON", f"word {sent}") if sent % 3 else (kim, "advance", "6h")
            posting = asyncio.create_task(acknowledged(client, f"key-{sent}", *words))
            await asyncio.wait({posting, killing}, return_when=asyncio.FIRST_COMPLETED)
            if killing.done():
                await server.stop(signal.SIGKILL)
                await server.start()
            answers[f"key-{sent}"] = await posting
    return answers


async def has_everything(follower: Follower, client: Client) -> list[str]:
    """Waits for the last entry and returns the texts of all that the server has."""
    every = (await client.http.get("/api/1/entries")).json()
    for _ in range(100):
        if len(follower.received) == every["k"]:
            break
        await asyncio.sleep(0.05)
    return [each["text"] for each in every["entries"]]


@pytest.mark.slow
def test_a_server_that_is_killed_20_times_loses_nothing(tmp_path: Path) -> None:
    """Each acknowledged key is in the log once, each text arrived, and the journal can be re-simulated."""
    folder = tmp_path / "run"
    session(folder, seats=(("ARD", "human"),)).close()

    async def steps() -> None:
        server = Server(folder)
        await server.start()
        sam, kim, codes = Client(server.url), Client(server.url), codes_of(folder)
        assert (await sam.join(codes["ARD"], "Sam", program=True)).status_code == 201
        assert (await kim.join(codes["facilitator"], "Kim", program=True)).status_code == 201
        follower = Follower(sam)
        following = asyncio.create_task(follower.follow())
        answers = await play(server, sam, kim)
        numbers = [int(key.removeprefix("key-")) for key in answers]
        messages = [number for number in numbers if number % 3]
        for number in messages[-3:]:  # a client that asks again has the answer that it had
            again = await acknowledged(sam, f"key-{number}", "message", "EXCON", f"word {number}")
            assert again["lines"] == answers[f"key-{number}"]["lines"]
        texts = await has_everything(follower, sam)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await server.stop(signal.SIGTERM)
        for client in (sam, kim):
            await client.http.aclose()
        acted = Counter(str(line.key) for line in read_commands(folder / "commands.jsonl") if line.key)
        assert len(answers) > KILLS
        assert acted == Counter(list(answers))
        assert [follower.received[f"0.{n}"] for n in range(1, len(texts) + 1)] == texts
        assert all(any(f"word {number}" in text for text in texts) for number in messages)

    asyncio.run(asyncio.wait_for(steps(), 400))
    assert verified(folder)
