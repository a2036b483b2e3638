"""Non-interference through the server: what others do in private changes no byte that a seat is sent."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from support.web import Served, run, serving
from wargame.web.room import Room

TWO: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human"))}
PRIVATE = (
    'message ARD EXCON "We shall move at dawn"',
    'rfi ARD "Where are their ships?"',
    'inject intel "Only for you" --to ARD --now',
    'note "a note of the white cell"',
    'message ARD EXCON "We shall move at noon"',
    'inject intel "Forget this" --to ARD --now',
    "undo",
)
"""What concerns Arda and the white cell alone."""
PATHS = (
    "/",
    "/api/1/view",
    "/api/1/entries",
    "/api/1/me",
    "/api/1/commands",
    "/api/1/options/talk/ARD",
    "/api/1/view?at=0",
)


async def settle() -> None:
    """Lets the streams arrive: server and clients are on this loop, which reads and writes in every round."""
    for _ in range(20):
        await asyncio.sleep(0.001)


async def bytes_of(there: Served, rooms: list[Room], private: tuple[str, ...]) -> list[bytes]:
    """All that the seat of Brel and the public screen are sent, with the headers.

    Changed parts are reported once after each command, since how many reports a clock makes depends on the machine.
    """
    got: list[bytes] = []
    people = [await there.joined("BRL", "Bo"), await there.joined("screen", "Wall")]
    streams = [person.http.stream("GET", "/api/1/events") for person in people]
    contents: list[bytearray] = [bytearray() for _ in people]

    async def follow(number: int) -> None:
        async with streams[number] as stream:
            contents[number] += repr(sorted(stream.headers.items())).encode()
            async for chunk in stream.aiter_raw():
                contents[number] += chunk

    tasks = [asyncio.create_task(follow(number)) for number in range(len(people))]
    await settle()
    for line in ("advance 1d", *private, "advance 5d", 'message BRL ARD "Good morning"', "advance 12h"):
        there.shared.run(there.shared.main, line)
        await rooms[-1].report()
        await settle()
        for person in people:
            for path in PATHS:
                answer = await person.http.get(path)
                got.append(repr(sorted(answer.headers.items())).encode() + answer.content)
            parts = await person.post("/parts", {"have": {}})
            got.append(repr(sorted(parts.headers.items())).encode() + parts.content)
        if line in private:
            del got[-(len(people) * (len(PATHS) + 1)) :]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return [*got, *map(bytes, contents)]


@pytest.mark.slow
def test_a_seat_and_the_public_screen_are_sent_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not another seat writes to the white cell: pages, data, streams, headers, counters and hashes."""
    rooms: list[Room] = []

    async def report_by_hand(room: Room) -> None:
        rooms.append(room)
        await asyncio.Event().wait()

    monkeypatch.setattr(Room, "push", report_by_hand)
    monkeypatch.setattr("wargame.web.room.SPREAD", 0.0)
    monkeypatch.setattr("wargame.web.app.REQUESTS", 1e6)

    async def steps() -> None:
        runs: list[list[bytes]] = []
        for name, private in (("with", PRIVATE), ("without", ())):
            async with serving(tmp_path / name, **TWO) as there:
                runs.append(await bytes_of(there, rooms, private))
                if private:
                    assert len(there.session.log.lines) > 5
        first, second = ([re.sub(rb"127\.0\.0\.1:\d+|wargame-\d+", b"HOST", each) for each in one] for one in runs)
        assert len(first) > 40
        assert all(b"data:" in stream and len(stream) > 1_000 for stream in first[-2:])
        for one, other in zip(first, second, strict=True):
            assert one == other

    run(steps())


@pytest.mark.slow
def test_the_time_of_a_page_shows_nothing_that_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the clock runs, what others do in private makes no page of a seat or public screen show a later time.

    Without it, a person could see from the clock of a page when something has happened.
    """
    monkeypatch.setattr("wargame.live.terminals.shared_session.TICK", 3_600.0)  # the test moves the clock
    monkeypatch.setattr("wargame.web.room.PUSH", 3_600.0)
    monkeypatch.setattr("wargame.web.room.SPREAD", 0.0)
    monkeypatch.setattr("wargame.web.room.DRIFT", 0.0)
    monkeypatch.setattr("wargame.web.app.REQUESTS", 1e6)

    async def pages(there: Served, private: bool) -> list[dict[str, str]]:
        """The parts that the people are sent, after each hour of which the server has reported every second one."""
        people = [await there.joined("BRL", "Bo"), await there.joined("screen", "Wall")]
        control, got = await there.joined("facilitator", "Fay"), list[dict[str, str]]()
        there.shared.run(there.shared.main, "pace 1h=1s")
        there.shared.run(there.shared.main, "resume")
        for number, line in enumerate(PRIVATE[:-1]):
            there.shared.tick(1.0)
            if number % 2 == 0:
                there.shared.clock_listeners[there.shared.main]()
            if private:
                before = (await control.post("/parts", {"have": {}})).json()["parts"]
                there.shared.run(there.shared.main, line)
                assert (await control.post("/parts", {"have": {}})).json()["parts"] != before
            for person in people:
                got.append((await person.post("/parts", {"have": {}})).json()["parts"])
        return got

    async def steps() -> None:
        runs = []
        for name, private in (("with", True), ("without", False)):
            async with serving(tmp_path / name, **TWO) as there:
                runs.append(await pages(there, private))
        assert len({page["top.bar"] for page in runs[0][::2]}) == 3
        assert runs[0] == runs[1]

    run(steps())
