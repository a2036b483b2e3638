"""Limits on connections, requests and joins: one address cannot keep others out, and a facilitator always gets in."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from support.waiting import PATIENCE
from support.web import Served, read_events, run, serving
from wargame.web.access import throttle
from wargame.web.access.throttle import Joins
from wargame.web.connections import RESERVE, Connection, Connections, most_connections

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human"))}


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now


# --- connections ---------------------------------------------------------------------------------------


@contextmanager
def sockets(n: int) -> Iterator[list[socket.socket]]:
    """Open sockets."""
    opened = [socket.socket() for _ in range(n)]
    try:
        yield opened
    finally:
        for each in opened:
            each.close()


def closed(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    """The list to which connections are added that are closed; their sockets are closed, too."""
    gone: list[Connection] = []

    def close(connection: Connection) -> None:
        gone.append(connection)
        connection.socket.close()

    monkeypatch.setattr(Connection, "close", close)
    return gone


def test_an_address_that_opens_too_many_loses_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that have waited longest; the connections of others stay."""
    gone = closed(monkeypatch)
    with sockets(13) as opened:
        there = Connections(16, Clock())
        honest = there.add(opened[0], "192.0.2.1")
        others = [there.add(each, "192.0.2.9") for each in opened[1:]]
        assert gone == []
        with sockets(1) as (more,):
            there.add(more, "192.0.2.9")
            assert gone == [others[0]]
        assert honest not in gone


def test_the_busiest_address_makes_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if each address stays below its own limit."""
    gone = closed(monkeypatch)
    with sockets(9) as opened:
        there = Connections(8, Clock())
        few = [there.add(each, "192.0.2.1") for each in opened[:3]]
        many = [there.add(each, "192.0.2.9") for each in opened[3:8]]
        there.add(opened[8], "192.0.2.5")
        assert gone == [many[0]]
        assert not set(few) & set(gone)


def test_connections_of_people_stay_and_a_reserve_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request of somebody who has been admitted is not cut for another; beyond the reserve, the new one is closed."""
    gone = closed(monkeypatch)
    with sockets(4 + RESERVE + 1) as opened:
        there = Connections(4, Clock())
        for each in opened[:4]:
            there.add(each, f"192.0.2.{each.fileno()}").trusted = True
        for each in opened[4:-1]:
            reserve = there.add(each, "192.0.2.9")
            assert reserve.reserved
            reserve.trusted = True
        assert gone == []
        last = there.add(opened[-1], "192.0.2.9")
        assert gone == [last]


def test_a_machine_with_many_addresses_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A /64 network of IPv6 is one address."""
    gone = closed(monkeypatch)
    with sockets(5) as opened:
        there = Connections(4, Clock())
        for n, each in enumerate(opened):
            there.add(each, f"2001:db8::{n}")
        assert len(gone) == 2


def test_a_connection_that_waits_too_long_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """For its first request or a later one; not while a request is answered."""
    gone, clock = closed(monkeypatch), Clock()
    with sockets(2) as opened:
        there = Connections(4, clock)
        busy, later = (there.add(each, "192.0.2.1") for each in opened)
        there.turn(busy, busy=True)
        there.turn(later, busy=True)
        there.turn(later, busy=False)
        clock.now += 19
        there.sweep()
        assert gone == []
        clock.now += 2
        there.sweep()
        assert gone == [later]


def test_the_limit_is_below_the_descriptors_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for files and child processes."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    for descriptors, most in ((1024, 768), (256, 128), (100, RESERVE), (1 << 20, 2000), (resource.RLIM_INFINITY, 2000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, soft=descriptors: (soft, 1 << 19))
        assert most_connections() == most


async def silent(there: Served, n: int) -> list[asyncio.StreamWriter]:
    """Opens connections that send nothing."""
    host, port = there.url.removeprefix("http://").split(":")
    return [(await asyncio.open_connection(host, int(port)))[1] for _ in range(n)]


def test_a_flood_of_connections_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open stream goes on; someone who joins and the facilitator are answered, from the same address."""
    monkeypatch.setattr("wargame.web.server.most_connections", lambda: 12)

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            async with sam.stream() as stream:
                events = read_events(stream)
                await anext(events)
                flood = await silent(there, 60)
                await there.joined("BRL", "Bo")
                await there.joined("facilitator", "Kim")
                there.shared.run(there.shared.main, 'tell ARD "still here"')
                while "still here" not in str((await anext(events)).data):
                    pass
            for each in flood:
                each.close()

    run(steps())


def test_the_reserve_is_for_the_control_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When people hold all connections, short requests are answered, and only a facilitator may have a stream."""
    monkeypatch.setattr("wargame.web.server.most_connections", lambda: 4)

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam, bo = await there.joined("ARD", "Sam"), await there.joined("BRL", "Bo")
            kim = await there.joined("facilitator", "Kim")
            for each in (sam, bo, kim):
                each.http.headers["Connection"] = "close"
                await each.http.get("/api/1/me")
            async with sam.stream(), sam.stream(), sam.stream():
                assert (await bo.http.get("/api/1/me")).status_code == 200
                refused = await bo.http.get("/api/1/events")
                assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
                async with kim.stream() as stream:
                    assert stream.status_code == 200

    run(steps())


def test_each_request_of_a_connection_has_a_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one as well as the first; also one whose body does not arrive after its answer."""
    monkeypatch.setattr("wargame.web.connections.SILENCE", 0.3)

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            host, port = there.url.removeprefix("http://").split(":")
            head = f"HTTP/1.1\r\nHost: {host}:{port}\r\n"
            for first, second in (
                (f"GET /static/icon.svg {head}\r\n", "GET /j HT"),
                (f"GET /static/icon.svg {head}Content-Length: 90\r\n\r\n", "x"),
            ):
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(first.encode())
                assert b"200 OK" in await reader.readuntil(b"</svg>")
                writer.write(second.encode())
                assert b"200 OK" not in await reader.read()
                writer.close()

    run(steps())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_more_connections_than_descriptors_do_not_stop_the_service(tmp_path: Path) -> None:
    """A process that may have 200 descriptors answers while one address opens 600 connections."""
    few = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (200, 200))"
    play = [sys.executable, "-c", f"{few}; from wargame.cli import main; main()", "play", "two-rivals"]
    server = subprocess.Popen(
        [*play, "--seat", "ARD=human", "--serve", "127.0.0.1:0", "--out", "run"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd=tmp_path,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        line = next(each for each in server.stdout if "served at" in each)
        found = re.search(r"http://([\d.]+):(\d+)", line)
        assert found is not None
        place = found[1], int(found[2])
        flood = [socket.create_connection(place, PATIENCE) for _ in range(600)]
        with closing(socket.create_connection(place, PATIENCE)) as honest:
            honest.settimeout(PATIENCE)
            honest.sendall(f"GET /j HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\nConnection: close\r\n\r\n".encode())
            assert b"200 OK" in honest.recv(4096)
        for each in flood:
            each.close()
    finally:
        server.kill()
        server.communicate()


# --- joining -------------------------------------------------------------------------------------------


def test_attempts_of_an_address_are_slowed_and_never_refused_for_long() -> None:
    """At most 200 codes a second; answers to wrong ones are held back after five within a minute."""
    clock = Clock()
    joins = Joins(clock)
    assert [joins.attempt("192.0.2.1") for _ in range(200)] == [0.0] * 200
    assert 0 < joins.attempt("192.0.2.1") <= 1
    assert joins.attempt("192.0.2.2") == 0
    clock.now += 1
    assert joins.attempt("192.0.2.1") == 0
    assert [joins.delay("192.0.2.1") for _ in range(6)] == [0.0] * 5 + [throttle.DELAY]
    clock.now += 61
    assert joins.delay("192.0.2.1") == 0


def test_requests_without_a_session_follow_one_another() -> None:
    """Of one address, in a room behind one router all at once; those of another address do not wait for them."""
    clock = Clock()
    joins = Joins(clock)
    waits = [joins.turn("192.0.2.1") for _ in range(1500)]
    assert waits[:500] == [0.0] * 500
    assert waits[-1] == pytest.approx(2.0)
    assert joins.turn("192.0.2.2") == 0
    clock.now += 4
    assert joins.turn("192.0.2.1") == 0


def test_a_right_code_is_accepted_while_wrong_ones_of_its_address_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody behind the same router has the same address."""
    monkeypatch.setattr("wargame.web.access.throttle.DELAY", 3600.0)

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            stranger, sam = there.client(), there.client()
            wrong = [asyncio.create_task(stranger.join("ZZZZ-ZZZZ", "Eve")) for _ in range(20)]
            for each in islice(asyncio.as_completed(wrong), 5):
                await each
            assert (await sam.join(there.code("ARD"), "Sam")).status_code == 201
            assert sum(each.done() for each in wrong) == 5
            for each in wrong:
                each.cancel()
            await asyncio.gather(*wrong, return_exceptions=True)

    run(steps())


def test_one_code_of_one_address_does_not_fill_the_lobby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at once, and not later; people with another code, and the facilitator, join."""
    monkeypatch.setattr("wargame.web.access.throttle.JOINS", 1e-9)  # however long the machine takes

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, **HUMAN) as there:
            code = there.code("ARD")
            statuses = [(await there.client().join(code, f"n{chr(97 + n)}")).status_code for n in range(22)]
            assert statuses == [201] * 20 + [429] * 2
            monkeypatch.setattr("wargame.web.app.Joins.join", lambda *_: 0.0)
            full = await there.client().join(code, "late")
            assert (full.status_code, "ask the facilitator to admit them" in full.text) == (403, True)
            assert (await there.client().join(there.code("BRL"), "Bo")).status_code == 201
            assert (await there.client().join(there.code("facilitator"), "Kim")).status_code == 201
            there.shared.run(there.shared.main, "admit ARD")
            assert (await there.client().join(code, "last")).status_code == 201

    run(steps())
