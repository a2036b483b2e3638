"""The server is killed again and again while people play: nobody loses a word, and no command acts twice."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import random
import signal
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from warm_commands import WarmInterpreter

from support.live import session, verified
from support.web import Client, read_events

COMMANDS = (
    ("Sam", "message", "EXCON", "word {}"), ("Sam", "message", "EXCON", "word {}"), ("Kim", "advance", "1h"),
    ("Sam", "rfi", "word {}"), ("Kim", "code", "screen", "new"), ("Kim", "note", "word {}"),
)  # fmt: skip
"""Who gives which command, one after the other."""
INTERPRETER = WarmInterpreter("wargame.cli", "wargame.executor", "wargame.live", "wargame.web")
"""Starts servers without the time that imports take."""
FIRST = """
import os, pathlib
from wargame.futures.lookahead_process import LookaheadProcess
async def nothing(*_): pass
LookaheadProcess.keep_ready, LookaheadProcess.prepare = nothing, lambda *_: None
pathlib.Path({!r}).write_text(str(os.getpid()))
"""
"""What a server does first: it starts no look-ahead, an interpreter of its own, and says its number."""


class Server:
    """A server in a process of its own, at the same address each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._number = folder.with_name("server.pid")
        self._process: asyncio.Task[object] | None = None

    async def start(self) -> None:
        """Starts it and waits until it answers."""
        words = ["serve", str(self.folder), "--address", f"127.0.0.1:{self.port}", "--no-lobby"]
        first = FIRST.format(str(self._number))
        run = functools.partial(
            INTERPRETER.run, words, cwd=self.folder.parent, env=os.environ, timeout=1e4, first=first
        )
        self._process = asyncio.create_task(asyncio.to_thread(run))
        async with httpx.AsyncClient() as probe:
            while not self._process.done():
                try:
                    await probe.get(f"{self.url}/j")
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
                else:
                    return
        raise AssertionError(await self._process)

    async def stop(self, number: int) -> None:
        """Sends a signal and waits for the end."""
        assert self._process is not None
        os.kill(int(self._number.read_text("utf-8")), number)
        await self._process


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
    lines = map(json.loads, (folder / "access.jsonl").read_text("utf-8").splitlines())
    return {each["seat"] or each["role"]: each["code"] for each in lines if each["kind"] == "code"}


async def play(server: Server, people: dict[str, Client], kills: int) -> dict[str, dict[str, Any]]:
    """Commands one after the other while the server is killed; their answers by key."""
    draw, sent = random.Random(5), 0  # noqa: S311 - chooses when to kill
    answers: dict[str, dict[str, Any]] = {}
    for _ in range(kills):
        killing = asyncio.create_task(asyncio.sleep(draw.uniform(0.0, 0.6)))
        while not killing.done():
            who, *words = COMMANDS[sent % len(COMMANDS)]
            sent += 1
            words = [word.format(sent) for word in words]
            posting = asyncio.create_task(acknowledged(people[who], f"key-{sent}", *words))
            await asyncio.wait({posting, killing}, return_when=asyncio.FIRST_COMPLETED)
            if killing.done():
                await server.stop(signal.SIGKILL)
                await server.start()
            answers[f"key-{sent}"] = await posting
    return answers


def acted(folder: Path) -> Counter[str]:
    """How many lines of both logs bear each key, without those that only keep an answer."""
    lines = [
        line
        for name in ("commands.jsonl", "access.jsonl")
        for line in map(json.loads, (folder / name).read_text("utf-8").splitlines())
    ]
    return Counter(line["key"] for line in lines if line.get("key") and line["kind"] != "answer")


async def has_everything(follower: Follower, client: Client) -> list[str]:
    """Waits for the last entry and returns the texts of all that the server has."""
    every = (await client.http.get("/api/1/entries")).json()
    for _ in range(100):
        if len(follower.received) == every["k"]:
            break
        await asyncio.sleep(0.05)
    return [each["text"] for each in every["entries"]]


@pytest.mark.parametrize(
    "kills", [pytest.param(8, marks=pytest.mark.slow), pytest.param(500, marks=pytest.mark.exhaustive)]
)
def test_a_server_that_is_killed_loses_nothing(tmp_path: Path, kills: int) -> None:
    """Each acknowledged key is in a log once, each text arrived, and the journal can be re-simulated."""
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
        answers = await play(server, {"Sam": sam, "Kim": kim}, kills)
        words = [number for number in range(1, len(answers) + 1) if COMMANDS[(number - 1) % len(COMMANDS)][0] == "Sam"]
        for number in words[-3:]:  # a client that asks again has the answer that it had
            _, verb, *rest = COMMANDS[(number - 1) % len(COMMANDS)]
            again = await acknowledged(sam, f"key-{number}", verb, *(word.format(number) for word in rest))
            assert again["lines"] == answers[f"key-{number}"]["lines"]
        texts = await has_everything(follower, sam)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await server.stop(signal.SIGTERM)
        for client in (sam, kim):
            await client.http.aclose()
        assert len(answers) > kills
        assert acted(folder) == Counter(list(answers))
        assert [follower.received[f"0.{n}"] for n in range(1, len(texts) + 1)] == texts
        assert all(any(f"word {number}" in text for text in texts) for number in words)

    try:
        asyncio.run(asyncio.wait_for(steps(), 200 + 10 * kills))
    finally:
        INTERPRETER.close()
    assert verified(folder)
