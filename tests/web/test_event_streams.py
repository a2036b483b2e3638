"""Streams are resumed by epoch and number; what a client received is what an uninterrupted one received."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support.live import resumed
from support.web import Client, Event, read_events, run, serving
from wargame.web.connections import Connections
from wargame.web.stream import Stream

TWO: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human"))}


def entries_of(events: list[Event]) -> list[tuple[str, str]]:
    """Ids and texts of entries."""
    return [(each.id, each.data["text"]) for each in events if each.name == "entry"]


async def until_entry(client: Client, after: str, last: str) -> list[Event]:
    """The events until the entry with this id."""
    return await client.events(after, until=lambda seen: seen[-1].id == last)


def test_a_stream_continues_after_the_last_entry_that_the_client_has(tmp_path: Path) -> None:
    """Nothing is sent twice and nothing is left out, wherever it was cut; `GET /entries` says the same."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            there.shared.run(there.shared.main, "advance 40d")
            every = (await sam.http.get("/api/1/entries")).json()
            last = f"0.{every['k']}"
            whole = entries_of(await until_entry(sam, "", last))
            assert len(whole) == every["k"] > 5
            assert [text for _, text in whole] == [each["text"] for each in every["entries"]]
            for cut in (1, 3, every["k"] - 1):
                assert entries_of(await until_entry(sam, whole[cut - 1][0], last)) == whole[cut:]
            missed = (await sam.http.get("/api/1/entries", params={"after": whole[2][0]})).json()
            assert [each["k"] for each in missed["entries"]] == list(range(4, every["k"] + 1))

    run(steps())


def test_after_a_rewind_a_client_is_sent_the_other_past(tmp_path: Path) -> None:
    """An `epoch` event, then all entries of the new epoch from the first one on."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            there.shared.run(there.shared.main, "advance 40d")
            before = there.session.records
            there.shared.run(there.shared.main, "rewind D+3")
            assert len(there.session.records) < len(before)
            k = (await sam.http.get("/api/1/entries")).json()["k"]
            events = await until_entry(sam, "0.4", f"1.{k}")
            assert (events[0].name, events[0].id) == ("epoch", "1.0")
            assert "Disregard what you have seen of later times" in events[0].data["text"]
            assert [each for each, _ in entries_of(events)] == [f"1.{n}" for n in range(1, k + 1)]

    run(steps())


def test_the_author_of_a_command_in_a_browser_is_told_that_it_is_undone(tmp_path: Path) -> None:
    """Who shares the seat reads what is withdrawn; who undoes it is told nothing. What is repeated is not news."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam, ann = await there.joined("ARD", "Sam"), await there.joined("ARD", "Ann")
            fay = await there.joined("facilitator", "Fay")

            async with sam.stream() as stream, ann.stream() as other:
                shown, others = read_events(stream), read_events(other)
                await sam.lines("message", "BRL", "Good morning")
                await fay.lines("undo")
                there.shared.run(there.shared.main, 'tell ARD "The end"')

                async def until_the_end(events: Any) -> list[Event]:
                    seen: list[Event] = []
                    async for each in events:
                        seen.append(each)
                        if "The end" in str(each.data) and each.name == "entry":
                            return seen
                    return seen

                mine, hers = await until_the_end(shown), await until_the_end(others)
            notices = [each.data["lines"] for each in mine if each.name == "notice"]
            assert [line for lines in notices for line in lines if "Your command is undone" in line]
            assert not [each for each in hers if "Your command is undone" in str(each.data)]
            for events in (mine, hers):
                (turn,) = (each.data for each in events if each.name == "epoch")
                assert "Withdrawn: Message 1 from Arda to Brel: Good morning" in turn["text"]
                last = [each.data["k"] for each in events if each.name == "entry"][-1]
                assert turn["k"] == last - 1

    run(steps())


def test_a_seat_that_notices_nothing_of_an_undo_keeps_its_epoch(tmp_path: Path) -> None:
    """Also after the server was started again; the seat concerned has another one."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam, bo = await there.joined("ARD", "Sam"), await there.joined("BRL", "Bo")
            await sam.lines("message", "EXCON", "This was a mistake")
            there.shared.run(there.shared.main, "undo")
            me = [(await each.http.get("/api/1/me")).json()["epoch"] for each in (sam, bo)]
            assert me == [1, 0]
            folder = there.session
            cookies = [each.http.cookies for each in (sam, bo)]
        folder.close()
        async with serving(resumed(tmp_path / "run")) as there:
            for cookie, epoch in zip(cookies, me, strict=True):
                person = there.client()
                (value,) = cookie.values()
                person.http.cookies.set(there.cookie, value)
                assert (await person.http.get("/api/1/me")).json()["epoch"] == epoch

    run(steps())


def test_a_fifth_stream_ends_the_oldest(tmp_path: Path) -> None:
    """It receives the event that the exercise is open elsewhere."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            async with sam.http.stream("GET", "/api/1/events") as first:
                reader = read_events(first)
                await anext(reader)
                others = [sam.http.stream("GET", "/api/1/events") for _ in range(4)]
                for each in others:
                    await each.__aenter__()
                last = [event async for event in reader][-1]
                assert last.name == "elsewhere"
                for each in others:
                    await each.__aexit__(None, None, None)

    run(steps())


def test_a_person_who_is_removed_is_told_so_and_has_no_session(tmp_path: Path) -> None:
    """The stream ends with `closed`; every further request is refused."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            async with sam.http.stream("GET", "/api/1/events") as stream:
                reader = read_events(stream)
                await anext(reader)
                there.shared.run(there.shared.main, "kick Sam")
                last = [event async for event in reader][-1]
            assert (last.name, last.data["reason"]) == ("closed", "removed")
            for path in ("/api/1/events", "/api/1/view", "/api/1/entries", "/api/1/me"):
                assert (await sam.http.get(path)).status_code == 401
            assert (await sam.command("brief")).status_code == 401

    run(steps())


def test_a_silent_stream_shows_that_it_is_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By comments."""
    monkeypatch.setattr("wargame.web.stream.SILENCE", 0.05)

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            async with sam.http.stream("GET", "/api/1/events") as stream:
                content = ""
                async for text in stream.aiter_text():
                    content += text
                    if content.endswith("\n\n:\n\n"):
                        break

    run(steps())


def test_changes_before_a_report_are_one_report() -> None:
    """Ten changes in the time in which 200 streams are told of one leave no queue of reports."""
    stream = Stream(0, 0)
    assert [stream.expect([f"part {number}", "clock"]) for number in range(10)] == [True] + [False] * 9
    stream.view()
    chunk = stream.take(0, [], "")
    assert chunk.count(b"event: view") == 1
    assert json.loads(chunk.rpartition(b"data: ")[2])["keys"] == [
        "part 0",
        "clock",
        *(f"part {n}" for n in range(1, 10)),
    ]
    assert stream.expect([])
    assert stream.take(0, [], "") == b""


def test_other_programs_of_the_machine_do_not_delay_the_next_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two readings of its clock, other programs had the processors for minutes; changes are still reported."""
    steps_of_the_clock = itertools.count(step=300)

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            fay = await there.joined("facilitator", "Fay")
            clock = SimpleNamespace(monotonic=lambda: float(next(steps_of_the_clock)), process_time=time.process_time)
            monkeypatch.setattr("wargame.web.room.time", clock)
            for _ in range(3):
                there.shared.run(there.shared.main, "note seen")
                events = await fay.events(until=lambda seen: seen[-1].name == "view")
                assert events[-1].data["keys"] == []

    run(steps())


def test_persons_of_a_seat_see_who_shares_it_and_nobody_else(tmp_path: Path) -> None:
    """The control room sees everyone."""

    def names(seen: list[Event]) -> set[str]:
        return {each["name"] for event in seen if event.name == "presence" for each in event.data["people"]}

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam, kim = await there.joined("ARD", "Sam"), await there.joined("facilitator", "Kim")
            await there.joined("BRL", "Bo")
            await there.joined("ARD", "Al")
            seen = await sam.events(until=lambda seen: bool(names(seen)))
            assert names(seen) == {"Sam", "Al"}
            assert names(await kim.events(until=lambda seen: bool(names(seen)))) == {"Sam", "Al", "Bo", "Kim"}

    run(steps())


@pytest.mark.slow
def test_streams_that_are_cut_200_times_miss_nothing(tmp_path: Path) -> None:
    """At random moments, while the exercise goes on and back."""
    draw = random.Random(11)  # noqa: S311 - chooses where to cut

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            sam = await there.joined("ARD", "Sam")
            received: dict[str, str] = {}
            position = ""
            for cut in range(200):
                if cut % 5 == 0:
                    there.shared.run(there.shared.main, "rewind 12d" if cut % 45 == 40 else "advance 6d")
                most = draw.randrange(1, 12)
                events: list[Event] = []
                async with sam.stream(position) as stream:
                    async for event in read_events(stream):
                        events.append(event)
                        if event.name == "epoch":
                            received = {}
                        if event.name == "entry":
                            assert event.id not in received
                            received[event.id] = event.data["text"]
                        position = event.id or position
                        if len(events) >= most or event.name == "clock":
                            break
            rest = await sam.events(position, until=lambda seen: seen[-1].name == "clock")
            await asyncio.sleep(1)  # the requests of a second are limited
            whole = (await sam.http.get("/api/1/entries")).json()
            received |= dict(entries_of(rest))
            shown = {f"{whole['epoch']}.{each['k']}": each["text"] for each in whole["entries"]}
            assert len(shown) > 10
            assert received == shown

    run(steps())


def test_a_connection_with_a_request_in_progress_is_not_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long ago it was opened: only connections that wait for a request are silent."""
    lists: list[Connections] = []

    class Listed(Connections):
        def __init__(self, most: int) -> None:
            super().__init__(most)
            lists.append(self)

    monkeypatch.setattr("wargame.web.server.Connections", Listed)

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            async with sam.stream() as stream:
                events = read_events(stream)
                await anext(events)
                with monkeypatch.context() as later:
                    later.setattr("wargame.web.connections.SILENCE", -1.0)
                    lists[0].sweep()
                there.shared.run(there.shared.main, 'message BRL ARD "are you there?"')
                while "are you there?" not in str((await anext(events)).data):
                    pass

    run(steps())
