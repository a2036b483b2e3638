"""Measure how soon 200 people in browsers see what has happened, and how soon an order is answered.

The last rows are of orders that are given while the facilitator moves the clock by a year, goes back, and returns to
the first branch. With `--rooms 4` the same people are measured in one room, then in four rooms behind one lobby at
once, and the last lines are ratios of the 95th percentiles.

The server is a process of its own on loopback; all clients are in this one. Each has an open stream and, like the page,
fetches the parts that have changed. In all rooms together people send two messages each two seconds, at random moments
that do not wait for answers; the clock of each room moves by two days in that time. So four rooms have as many people
and messages as one, and four times as many moves of a clock.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

SEATS = ("KOR", "USA", "PRK", "CHN", "JPN")
LONG = ("advance 365d", "rewind 300d", "switch main")
"""Commands of the facilitator that take long."""
WARM_UP = 3
"""Rounds that are not counted: the first page of each seat fills caches."""
ROUND, ORDERS = 2.0, 2
"""Seconds of a round, and the messages in it, in all rooms together."""
TOO_MANY = 429
"""Status of an answer to an address from which many join at the moment."""
GOAL = 0.25
"""Seconds: the 95th percentile is to be below."""


class Browser:
    """A person with an open stream; `seen` has the arrival of each message by its number."""

    def __init__(self, port: int) -> None:
        self.port, self.token = port, ""
        self.seen: dict[int, float] = {}
        self.fetches: list[float] = []
        self.epoch = 0
        self._fetching: asyncio.Task[None] | None = None
        self._again = False
        self.have: dict[str, str] = {}

    async def request(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Status and content of the answer, on a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self._head(method, path, json.dumps(body).encode() if body is not None else b""))
        answer = await reader.read()
        writer.close()
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), content

    def _head(self, method: str, path: str, content: bytes, more: str = "Connection: close\r\n") -> bytes:
        token = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        head = f"{method} /api/1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{token}{more}"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content

    async def join(self, code: str, name: str) -> None:
        """Joins with a code, later if too many join from one address."""
        status, content = await self.request("POST", "/join", {"code": code, "name": name, "program": True})
        if status == TOO_MANY:
            await asyncio.sleep(1)
            await self.join(code, name)
            return
        self.token = json.loads(content)["token"]

    async def command(self, verb: str, *args: str) -> float:
        """Gives a command and returns the seconds until its answer."""
        began = time.perf_counter()
        key = f"{began}-{random.random()}"  # noqa: S311 - a name
        status, content = await self.request(
            "POST", "/commands", {"key": key, "epoch": self.epoch, "verb": verb, "args": args}
        )
        if status not in (200, 409):  # 409: the past has changed since it was sent
            sys.exit(f"{verb} {args}: {status} {content.decode()}")
        return time.perf_counter() - began

    async def follow(self) -> None:
        """Reads the stream until it is cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        writer.write(self._head("GET", "/events", b"", ""))
        try:
            while line := await reader.readline():
                if found := re.search(rb"measured (-?\d+)", line):
                    self.seen.setdefault(int(found[1]), time.perf_counter())
                elif line.startswith(b"event: view"):
                    self._refresh()
        finally:
            writer.close()

    async def open(self) -> None:
        """Fetches the page for the first time."""
        await self._fetch()
        self.fetches.clear()

    def _refresh(self) -> None:
        if self._fetching is not None and not self._fetching.done():
            self._again = True
            return
        self._fetching = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        began = time.perf_counter()
        with contextlib.suppress(OSError):
            _, content = await self.request("POST", "/parts", {"have": self.have})
            self.have |= json.loads(content[content.rindex(b'"hashes":') + 9 : -1])  # the rest is for a browser
            self.fetches.append(time.perf_counter() - began)
        if self._again:
            self._again = False
            await self._fetch()


def percentile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def line(what: str, values: list[float]) -> str:
    """Median, 95th percentile and maximum in milliseconds."""
    median, high, most = statistics.median(values), percentile(values, 0.95), max(values)
    return f"{what:<44} {median * 1000:8.0f} {high * 1000:8.0f} {most * 1000:8.0f}   {len(values)}"


def cpu_seconds(process: int) -> float:
    """The processor time so far of a process and, if it is a lobby, of its rooms."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    rooms = [each for each in children if b"\0serve\0" in Path(f"/proc/{each}/cmdline").read_bytes()]
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_seconds, map(int, rooms)))


Times = dict[str, list[float]]
"""Seconds by what was measured."""
Room = tuple[Browser, list[Browser]]
"""The facilitator and the people of a room."""


async def joined(port: int, run: Path, clients: int) -> Room:
    """The people of a room, once all have joined."""
    codes, kim, people = found_codes(run), Browser(port), [Browser(port) for _ in range(clients)]
    await kim.join(codes["facilitator"], "Kim")
    for number, person in enumerate(people):
        await person.join(codes[SEATS[number % len(SEATS)]], f"Person {number}")
    return kim, people


async def measure(process: int, rooms: list[Room], rounds: int) -> Times:  # noqa: PLR0915 - one table
    """Plays, prints the table, and returns what was measured."""
    everyone = [(person, room) for room in rooms for person in room[1]]
    following = [asyncio.create_task(person.follow()) for person, _ in everyone]
    await asyncio.gather(*(person.open() for person, _ in everyone))
    await asyncio.sleep(3)
    draw = random.Random(1)  # noqa: S311 - moments
    begin = time.perf_counter() + WARM_UP * ROUND
    orders: list[float] = []
    shown: list[float] = []
    moves: list[float] = []

    async def order(number: int) -> None:
        due, (sender, room) = begin + (number // ORDERS + draw.random()) * ROUND, draw.choice(everyone)
        await asyncio.sleep(due - time.perf_counter())
        await sender.command("message", "all", f"measured {number}")
        answered = time.perf_counter()
        await asyncio.sleep(ROUND)
        if missing := sum(number not in person.seen for person in room[1]):
            sys.exit(f"{missing} clients have not been sent message {number}")
        if number >= 0:
            orders.append(answered - due)
            shown.extend(person.seen[number] - due for person in room[1])

    async def moves_of(kim: Browser, place: int) -> None:
        for number in range(-WARM_UP, rounds):
            due = begin + (number + place / len(rooms)) * ROUND
            await asyncio.sleep(due - time.perf_counter())
            await kim.command("advance", "2d")
            if number >= 0:
                moves.append(time.perf_counter() - due)

    async def count() -> float:
        await asyncio.sleep(begin - time.perf_counter())
        for person, _ in everyone:
            person.fetches.clear()
        before = cpu_seconds(process)
        await asyncio.sleep(rounds * ROUND)
        return (cpu_seconds(process) - before) / (rounds * ROUND)

    tasks = [*map(order, range(-WARM_UP * ORDERS, rounds * ORDERS))]
    used, *_ = await asyncio.gather(count(), *tasks, *(moves_of(kim, place) for place, (kim, _) in enumerate(rooms)))
    fetches = [each for person, _ in everyone for each in person.fetches]
    kim, people = rooms[0]
    await kim.command("stop", "at", "nothing")
    print(f"The server used {used:.0%} of one core.")
    print(f"{'milliseconds':<44}   median     95 %      max   number")
    print(line(f"an order is answered ({len(everyone)} people)", orders))
    print(line("everyone has the message on the stream", shown))
    print(line("a page has the parts that have changed", fetches))
    print(line("the clock moves by two days", moves))
    for command in LONG:
        seconds, meanwhile = await during(kim, people, *command.split())
        print(line(f"an order during '{command}' ({seconds:.1f} s)", meanwhile))
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    return {"orders": orders, "messages on the stream": shown}


async def during(kim: Browser, people: list[Browser], *command: str) -> tuple[float, list[float]]:
    """How long a command of the facilitator takes, and the orders that are given in the meantime."""
    _, content = await kim.request("GET", "/me")
    kim.epoch = json.loads(content)["epoch"]
    for person in people:
        person.epoch = kim.epoch
    long = asyncio.create_task(kim.command(*command))
    orders: list[float] = []
    await asyncio.sleep(0.05)
    while not long.done():
        number = len(orders)
        orders.append(await people[number % len(people)].command("message", "all", f"{command[0]} {number}"))
    await asyncio.sleep(2)
    return await long, orders


def found_codes(run: Path) -> dict[str, str]:
    """The codes of a room by seat and role."""
    lines = [json.loads(each) for each in (run / "access.jsonl").read_text().splitlines()]
    return {each["seat"] or each["role"]: each["code"] for each in lines if each["kind"] == "code"}


async def room(run: Path, clients: int, rounds: int) -> Times:
    """Serves one exercise and measures it."""
    seats = [word for seat in SEATS for word in ("--seat", f"{seat}=human")]
    words = ("play", "korea-2017", *seats, "--serve", "127.0.0.1:0", "--no-lobby", "--out", str(run))
    async with served(words, 1) as (process, ports):
        return await measure(process.pid, [await joined(ports[0], run, clients)], rounds)


async def rooms(folder: Path, count: int, clients: int, rounds: int) -> Times:
    """Serves several exercises behind one lobby, and measures all of them at once with their share of the people."""
    runs = [folder / f"room-{number}" for number in range(count)]
    for run in runs:
        seats = [word for seat in SEATS for word in ("--seat", f"{seat}=human")]
        words = (sys.executable, "-m", "wargame", "play", "korea-2017", *seats, "--out", str(run))
        nothing = asyncio.subprocess.DEVNULL
        await (await asyncio.create_subprocess_exec(*words, stdin=nothing, stdout=nothing)).wait()
    words = ("serve", *map(str, runs), "--address", "127.0.0.1:0", "--no-lobby")
    async with served(words, count) as (process, ports):
        shares = [clients // count + (number < clients % count) for number in range(count)]
        parts = zip(sorted(ports), runs, shares, strict=True)
        return await measure(process.pid, await asyncio.gather(*(joined(*each) for each in parts)), rounds)


@contextlib.asynccontextmanager
async def served(words: tuple[str, ...], count: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[int]]]:
    """A served command, once all its rooms answer, with their ports."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wargame", *words), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ports: list[int] = []
    while len(ports) < count:
        found = re.search(rb"served at http://127.0.0.1:(\d+)", await process.stdout.readline())
        ports += [int(found[1])] if found else []
    drain = asyncio.create_task(process.stdout.read())
    await asyncio.sleep(1)
    try:
        yield process, ports
    finally:
        process.terminate()
        await process.wait()
        await drain


async def main() -> None:
    """Starts the servers and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rooms", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one = await room(Path(folder) / "run", given.clients, given.rounds)
        reached = all(percentile(times, 0.95) < GOAL for times in one.values())
        print(f"95 % below {GOAL * 1000:.0f} ms: {'yes' if reached else 'no'}")
        several = await rooms(Path(folder), given.rooms, given.clients, given.rounds) if given.rooms > 1 else {}
    for what, times in several.items():
        ratio = percentile(times, 0.95) / percentile(one[what], 0.95)
        print(f"{what}: 95 % in {given.rooms} rooms is {ratio:.2f} times that in one room with as many people")


if __name__ == "__main__":
    asyncio.run(main())
