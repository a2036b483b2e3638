"""Whatever call of the system fails: a command acts at most once, and its answer is what the log says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from support.every_command import SEATS, SHEET, STEPS
from support.failing_calls import FailingCalls, FailingConsole
from support.live import resumed, session, verified
from support.waiting import PATIENCE
from support.web import Client, run
from wargame.errors import UsageFault
from wargame.journal.command_log import CommandEntry
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.live.terminals import socket
from wargame.live.terminals.batch_terminal import play_plain
from wargame.live.terminals.shared_session import SharedSession
from wargame.sheets.sheet_draft import SheetDraft
from wargame.web.access_desk import AccessDesk
from wargame.web.address import Address
from wargame.web.server import Serving, served

pytestmark = pytest.mark.skipif(not socket.AVAILABLE, reason="a terminal joins by a Unix socket")
PEOPLE = {"Kim": "facilitator", "Sam": "ARD", "Bo": "BRL", "Eve": "evaluator", "Wim": "ARD"}
LOGS = ("commands.jsonl", "access.jsonl")
REFUSED = (403, 422)
LONG = 10 * PATIENCE
"""Seconds that the script may take, in which the state is resumed and verified after each failure."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a step has done: whether it was refused, the kinds of its lines in both logs, the time, and its calls."""

    refused: bool
    kinds: list[str]
    now: int
    calls: int


@dataclass(slots=True)
class Exercise:
    """An exercise at a console and in browsers, in which calls can fail."""

    folder: Path
    calls: FailingCalls
    shared: SharedSession
    clients: dict[str, Client] = field(default_factory=dict)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    typed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    hashes: dict[str, str] = field(default_factory=dict)
    terminal: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def session(self) -> Session:
        """The session."""
        return self.shared.session

    def logged(self, since: tuple[int, int] = (0, 0)) -> list[dict[str, Any]]:
        """The lines of commands in both logs on the disk, from these sizes on; a line without an end does not count."""
        lines = []
        for name, size in zip(LOGS, since, strict=True):
            text = (self.folder / name).read_bytes()[size:]
            lines += [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]
        return [line for line in lines if line["kind"] not in ("answer", "epoch", "person", "end")]

    def sizes(self) -> tuple[int, int]:
        """The sizes of both logs, in whole lines."""
        commands, access = ((self.folder / name).read_bytes().rfind(b"\n") + 1 for name in LOGS)
        return commands, access

    async def type(self, line: str) -> None:
        """Types a line at the console, and waits until it is done."""
        self.idle.clear()
        self.typed.put_nowait(line)
        await self.idle.wait()

    async def say(self, line: str) -> None:
        """Says a line on the terminal of BRL, which joins again if it has lost its connection."""
        with contextlib.suppress(OSError, UsageFault):
            if self.terminal is None:
                self.terminal = (await socket.connect(Folder(self.folder), {"role": "seat", "seat": "BRL"}))[:2]
            await socket.say(self.terminal[1], line)
            while message := await socket.receive(self.terminal[0]):
                if "prompt" in message:
                    return
        if self.terminal is not None:
            self.terminal[1].close()
            self.terminal = None

    async def post(self, who: str, line: str, key: str) -> int:
        """The status of the answer to a command; 0 if there was no answer."""
        verb, _, rest = line.partition(" ")
        if verb == "sheet":
            self.hashes[key] = self.hashes.get(key) or self.sheet()
            rest = f"import {self.hashes[key]}"
        try:
            return (await self.clients[who].command(verb, line=rest or " ", key=key)).status_code
        except httpx.TransportError:
            return 0

    def sheet(self) -> str:
        """Sends a sheet; returns the hash with which it is imported."""
        sheets = cast("AccessDesk", self.shared.main.access).sheets
        sheets.send("sheet.csv", SHEET)
        return cast("SheetDraft", sheets.draft).digest

    async def send(self, who: str, line: str, key: str) -> int | None:
        """Gives a command once; the status of the answer in a browser."""
        if who in self.clients:
            return await self.post(who, line, key)
        if who == "clock":
            self.shared.wall.running = True  # an error has stopped it
            self.shared.tick(float(line))
        else:
            await (self.type(line) if who == "console" else self.say(line))
        return None

    async def give(self, number: int, at: int, expected: Done | None) -> Done:
        """Gives a step in which call `at` fails, and again until it is done, as people do."""
        (who, line), before, key, calls = STEPS[number], self.sizes(), f"step-{number}", 0
        for attempt in range(1, 6):
            self.calls.start(at if attempt == 1 else 0)
            status = await self.send(who, line, key)
            calls, fresh = calls or self.calls.stop(), self.logged(before)
            self.calls.stop()
            if status is not None:  # what is in a log has this answer, and nothing else
                assert all(each["key"].startswith(f"step-{number}") for each in fresh), (line, fresh)
                assert status in (0, 200) or not [each for each in fresh if each["key"] == key], (line, status, fresh)
            if self.calls.struck:
                self.check(line)
            done = Done(status in REFUSED, [each["kind"] for each in fresh], self.session.exercise.now, calls)
            if status in (200, *REFUSED) or (
                status is None and (not expected or len(done.kinds) >= len(expected.kinds))
            ):
                if not expected or done.now >= expected.now:
                    return done
                key = f"step-{number}-{attempt}"  # a move of the clock that stopped on its way goes on
        raise AssertionError((line, self.calls.struck, done, expected))

    def check(self, line: str) -> None:
        """What a kill now would leave can be resumed and verified, and is the present state."""
        copy, struck = self.folder.with_name("copy"), self.calls.struck
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns("*.sock"))
        again = resumed(copy)
        assert plain(again.path) == plain(self.session.path), (line, struck)
        assert again.records == self.session.records[: len(again.records)], (line, struck)
        again.close()
        assert verified(copy), (line, struck)


def plain(path: list[CommandEntry]) -> list[CommandEntry]:
    """Commands without the marks of those that have several lines."""
    return [msgspec.structs.replace(entry, more=msgspec.UNSET) for entry in path]


@asynccontextmanager
async def playing(folder: Path, calls: FailingCalls) -> AsyncIterator[Exercise]:
    """An exercise with people in browsers, one of whom waits in the lobby, and a terminal."""
    console, ready = Console(session(folder, seats=SEATS)), asyncio.Event()
    there: list[Exercise] = []
    urls: list[str] = []

    @asynccontextmanager
    async def service(shared: SharedSession) -> AsyncIterator[list[str]]:
        async with served(shared, Serving(Address("127.0.0.1", 0))) as lines:
            there.append(Exercise(folder, calls, shared))
            urls.append(lines[0].split()[-1])
            yield lines

    async def typed() -> AsyncIterator[str]:
        ready.set()
        while True:
            there[0].idle.set()
            yield await there[0].typed.get()

    async with AsyncExitStack() as stack:
        console_task = asyncio.create_task(
            play_plain(console, typed(), out=FailingConsole(calls), service=service, stays=True)
        )
        await ready.wait()
        exercise = there[0]
        console_task.add_done_callback(lambda _: exercise.idle.set())
        calls.port = httpx.URL(urls[0]).port or 0
        for name, of in PEOPLE.items():
            client = Client(urls[0])
            stack.push_async_callback(client.http.aclose)
            code = exercise.shared.run(console, ["code", of])[0].split()[1]
            assert (await client.join(code, name, program=True)).status_code == 201
            if name not in ("Kim", "Wim"):
                exercise.shared.run(console, ["admit", client.id])
            exercise.clients[name] = client
        try:
            yield exercise
            await console_task
        finally:
            if exercise.terminal is not None:
                exercise.terminal[1].close()
            console_task.cancel()
            await asyncio.gather(console_task, return_exceptions=True)


def journal(folder: Path) -> bytes:
    """The journal on the disk."""
    return (folder / "journal.jsonl").read_bytes()


def played(folder: Path, calls: FailingCalls, at: list[int], expected: list[Done]) -> list[Done]:
    """Plays the script; in step n, call number `at[n]` fails."""
    done: list[Done] = []

    async def steps() -> None:
        async with playing(folder, calls) as exercise:
            for number, call in enumerate(at):
                wanted = expected[number] if expected else None
                done.append(await exercise.give(number, call, wanted))
                if wanted and "advance" not in wanted.kinds:  # which has one line more for each time that it goes on
                    assert (done[-1].kinds, done[-1].refused) == (wanted.kinds, wanted.refused), STEPS[number]
        exercise.session.close()  # completes the journal

    run(steps(), LONG)
    return done


@pytest.fixture(autouse=True)
def _as_fast_as_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to wait, and the clock runs only when the script says so."""
    monkeypatch.setattr("wargame.web.room_commands.RATE", 1e6)
    monkeypatch.setattr("wargame.web.app.REQUESTS", 1e6)
    monkeypatch.setattr("wargame.live.terminals.shared_session.TICK", 1e6)


@pytest.mark.slow
def test_a_failing_call_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every second step another call fails; with what is sent again, the journal is that without faults."""
    calls = FailingCalls(monkeypatch)
    whole = played(tmp_path / "whole", calls, [0] * len(STEPS), [])
    at = [1 + 5 * number % done.calls if done.calls and number % 2 else 0 for number, done in enumerate(whole)]
    assert sum(map(bool, at)) > 50
    played(tmp_path / "run", calls, at, whole)
    assert journal(tmp_path / "run") == journal(tmp_path / "whole")


@pytest.mark.exhaustive
@pytest.mark.parametrize("all_from", [False, True])
def test_every_call_of_every_command_fails_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, all_from: bool
) -> None:
    """As above, for each call of every step; alone, or with all calls after it until the command has been answered."""
    calls = FailingCalls(monkeypatch, all_from=all_from)
    whole = played(tmp_path / "whole", calls, [0] * len(STEPS), [])
    for number in range(1, max(done.calls for done in whole) + 1):
        at = [number if number <= done.calls else 0 for done in whole]
        played(tmp_path / f"run-{number}", calls, at, whole)
        assert journal(tmp_path / f"run-{number}") == journal(tmp_path / "whole"), number
