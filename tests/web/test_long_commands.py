"""While a facilitator's command takes long, seats give orders and get answers; nothing else differs by that."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.live import OPEN, console, journal, output_of, resumed, verified
from support.web import Client, Served, run, serving
from wargame.journal.command_log import CommandEntry, NotKept
from wargame.language.times import DAY, HOUR
from wargame.live.console.reply import Reply

TWO: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human"))}


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others have a turn after every step of a long command."""
    monkeypatch.setattr("wargame.live.terminals.shared_session.AT_ONCE", 0.0)
    monkeypatch.setattr("wargame.executor.replay.DAY", HOUR)


async def started(there: Served, line: str) -> asyncio.Task[Reply]:
    """A long command of the terminal, which has made its first steps."""
    there.shared.part = HOUR
    task = asyncio.create_task(there.shared.run_shared(there.shared.main, line))
    await asyncio.sleep(0)
    return task


def sent(there: Served) -> CommandEntry:
    """The message of a seat in the command log."""
    return next(each for each in there.session.log.lines if each.kind == "message")


@pytest.mark.slow
def test_a_seat_gives_an_order_while_the_clock_is_moved(tmp_path: Path) -> None:
    """It is answered and acts at once, at a time in between, and the run can be verified."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            there.shared.run(there.shared.main, "stop at nothing")
            move = await started(there, "advance 60d")
            await sam.lines("message", "BRL", "Good morning")
            assert not move.done()
            start = there.session.exercise.calendar.startex
            assert start < sent(there).t < start + 60 * DAY
            assert "D+60" in (await move).typed()[-1]

    run(steps())
    assert verified(tmp_path / "run")


def test_a_page_of_a_seat_shows_no_time_in_the_middle_of_a_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moments at which its records are written would show when something hidden happens."""
    monkeypatch.setattr("wargame.live.terminals.shared_session.TICK", 3_600.0)

    async def clock(sam: Client) -> str:
        return str((await sam.post("/parts", {"have": {}})).json()["parts"]["top.bar"])

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            there.shared.run(there.shared.main, "stop at nothing")
            there.shared.run(there.shared.main, "advance 2d")
            before = await clock(sam)
            move = await started(there, "advance 5d")
            there.shared.run(there.shared.main, 'note "hidden from seats"')
            during = await clock(sam)
            assert not move.done()
            await move
            assert before == during != await clock(sam)

    run(steps())


def test_a_served_exercise_has_turns_for_others(tmp_path: Path) -> None:
    """Without any setting, in steps of its own choice."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            move = asyncio.create_task(there.shared.run_shared(there.shared.main, "advance 60d"))
            await asyncio.sleep(0)
            assert not move.done()
            assert (await move).typed()

    run(steps())


@pytest.mark.parametrize(
    "lines",
    [
        ("stop at nothing", "advance 45d"),
        ("advance 20d", "next", "next", "move"),
        ("stop at decisions", "advance 30d", "advance 30d"),
        ("stop at nothing", "until tension > 0.3", "until D+50"),
    ],
)
def test_a_move_in_parts_stops_where_it_stops_in_one_piece(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """And gives the same journal and the same answers."""
    typed = console(tmp_path / "console", **TWO)
    answers = output_of(typed, *lines)

    async def steps() -> None:
        async with serving(tmp_path / "web", **TWO) as there:
            there.shared.part = 5 * HOUR
            shown = [
                each for line in lines for each in (await there.shared.run_shared(there.shared.main, line)).typed()
            ]
            assert journal(there.shared.main) == journal(typed)
            assert there.session.exercise.now == typed.session.exercise.now
            assert shown == answers

    run(steps())


def test_pause_stops_a_move_of_the_clock(tmp_path: Path) -> None:
    """The clock stays where it is, and a second move at the same time is refused."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            kim = await there.joined("facilitator", "Kim")
            there.shared.run(there.shared.main, "stop at nothing")
            move = await started(there, "advance 200d")
            refused = await kim.command("advance", "5d")
            assert refused.status_code == 422
            assert [each["label"] for each in refused.json()["error"]["hints"]] == ["Pause"]
            assert await kim.lines("pause") == ["PAUSEX"]
            assert "stopped: PAUSEX" in (await move).typed()[-1]
            assert there.shared.wall.state == "PAUSEX"
            assert there.session.exercise.now < there.session.exercise.calendar.startex + 200 * DAY

    run(steps())


def test_undo_takes_back_all_parts_of_a_move(tmp_path: Path) -> None:
    """As it takes back a move in one piece."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            there.shared.run(there.shared.main, "stop at nothing")
            await (await started(there, "advance 3d"))
            before, reached = there.session.exercise.now, there.session.instant(there.session.exercise.now + 2 * DAY)
            await (await started(there, "advance 2d"))
            shown = (await there.shared.run_shared(there.shared.main, "undo")).typed()
            assert there.session.exercise.now == before
            assert f"to {reached}." in shown[0]

    run(steps())


@pytest.mark.parametrize("line", ["rewind D+5", "switch main"])
def test_an_order_during_a_change_of_the_past_is_kept_on_its_branch(tmp_path: Path, line: str) -> None:
    """It is acknowledged, and then left behind with the branch."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            for each in ("stop at nothing", "advance 60d", "rewind D+55", "advance 1d"):
                there.shared.run(there.shared.main, each)
            await sam.command("brief")
            change = await started(there, line)
            await sam.lines("message", "BRL", "Good morning")
            assert not change.done()
            await change
            assert sent(there).branch == "branch-2"
            assert sent(there) not in there.session.path

    run(steps())
    assert verified(tmp_path / "run")


def test_undo_takes_back_nothing_that_was_given_after_it(tmp_path: Path) -> None:
    """If a seat gives an order meanwhile, nothing is undone, and the answer says so."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            sam = await there.joined("ARD", "Sam")
            for line in ("stop at nothing", "advance 60d", 'inject intel "Look" --to ARD --now'):
                there.shared.run(there.shared.main, line)
            undo = await started(there, "undo")
            await sam.lines("message", "BRL", "Good morning")
            with pytest.raises(Exception, match="nothing is undone"):
                await undo
            assert sent(there) in there.session.path

    run(steps())


def test_a_repetition_of_a_command_under_way_gets_its_answer(tmp_path: Path) -> None:
    """The clock moves once."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            kim = await there.joined("facilitator", "Kim")
            there.shared.part = HOUR
            there.shared.run(there.shared.main, "stop at nothing")
            answers = await asyncio.gather(*(kim.command("advance", "20d", key="one") for _ in range(3)))
            assert len({answer.text for answer in answers}) == 1
            assert there.session.exercise.now == there.session.exercise.calendar.startex + 20 * DAY

    run(steps())


def test_after_a_crash_in_the_middle_of_a_move_its_key_says_how_far_it_came(tmp_path: Path) -> None:
    """The move is not repeated, and the client learns the time."""
    token: list[str] = []

    async def until_the_crash() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            kim = await there.joined("facilitator", "Kim", program=True)
            token.append(kim.http.headers["Authorization"].split()[1])
            there.shared.main.part = DAY
            move = there.shared._steps(there.shared.main, "advance 60d", "Kim", kim.id, "move")
            for _ in range(3):
                next(move)
            move.close()

    async def afterwards() -> None:
        async with serving(resumed(tmp_path / "run")) as there:
            before = there.session.exercise.now
            there.clients.append(Client(there.url, token[0]))
            answer = await there.clients[0].command("advance", "60d", key="move")
            reached = there.session.instant(before)
            assert answer.json()["lines"] == [f"The clock had moved to {reached} when the server stopped."]
            assert there.session.exercise.now == before

    run(until_the_crash())
    OPEN.pop().close()
    run(afterwards())


def test_a_move_stops_where_it_cannot_be_written_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays, and a repetition moves nothing."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            kim = await there.joined("facilitator", "Kim")
            there.shared.part = DAY
            write = there.session.log.begin

            def full_after_three(*lines: CommandEntry) -> None:
                if len(there.session.log.lines) > 3:
                    raise NotKept("the disk is full")
                write(*lines)

            there.shared.run(there.shared.main, "stop at nothing")
            monkeypatch.setattr(there.session.log, "begin", full_after_three)
            first = await kim.command("advance", "60d", key="move")
            assert "stopped: the disk is full" in first.text
            monkeypatch.undo()
            assert (await kim.command("advance", "60d", key="move")).text == first.text
            assert there.session.exercise.now == there.session.exercise.calendar.startex + 3 * DAY

    run(steps())
    assert verified(tmp_path / "run")


def test_the_branches_are_looked_up_after_a_restart(tmp_path: Path) -> None:
    """In the background; the table has them when they are known."""
    first = console(tmp_path / "run")
    output_of(first, "advance 30d", "rewind D+10", "advance 1d")
    first.session.close()

    async def steps() -> None:

        async with serving(resumed(tmp_path / "run")) as there:
            kim = await there.joined("facilitator", "Kim")
            page = await kim.http.get("/?view=branches")
            while "being computed" in page.text:
                page = await kim.http.get("/?view=branches")
            assert "(D+30)" in page.text

    run(steps())
