"""People join with codes, wait in the lobby, are admitted, and can be removed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.live import resumed
from support.terminals import joined
from support.web import Client, Event, read_events, run, serving
from wargame.errors import UsageFault

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"),)}


def test_a_person_waits_in_the_lobby_until_admitted_and_orders_then(tmp_path: Path) -> None:
    """The order is in the command log with the id of the person, and without the name."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, **HUMAN) as there:
            sam = there.client()
            assert (await sam.join(there.code("ARD"), "Sam Lee")).json()["admitted"] is False
            assert (await sam.command("order", "talk", "BRL")).status_code == 403
            assert "in the lobby" in there.shared.run(there.shared.main, "people")[0]
            there.shared.run(there.shared.main, 'admit "Sam Lee"')
            assert "Arda offers talks" in (await sam.lines("order", "talk", "BRL"))[0]
            log = there.session.folder.commands.read_text("utf-8")
            assert '"by":"p1"' in log
            assert "Sam" not in log
            there.shared.run(there.shared.main, "kick 1")
            assert (await sam.command("brief")).status_code == 401

    run(steps())


def test_an_evaluator_observes_the_seats_of_the_code(tmp_path: Path) -> None:
    """And no other seat; `grant` shows more."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            eve = there.client()
            code = there.shared.run(there.shared.main, "code evaluator:brl")[0].split("  ")[0].split()[-1]
            assert (await eve.join(code, "Eve Adams")).json()["seat"] == "BRL"
            assert "brief" in {each["name"] for each in (await eve.http.get("/api/1/commands")).json()}
            assert (await eve.command("brief", "BRL")).status_code == 200
            assert (await eve.command("brief", "ARD")).status_code == 422
            before = (await eve.http.get("/api/1/me")).json()["epoch"]
            assert (await eve.http.get("/api/1/msel")).status_code == 403
            there.shared.run(there.shared.main, 'grant "Eve Adams" everything')
            assert (await eve.http.get("/api/1/msel")).status_code == 200
            there.shared.run(there.shared.main, "advance 1d")
            assert (await eve.http.get("/api/1/me")).json()["epoch"] != before

    run(steps())


def test_a_grant_belongs_to_the_number_and_not_to_the_name(tmp_path: Path) -> None:
    """Who joins under the name of an evaluator with a grant is refused; once the name is free, it brings no right."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            eve, other = await there.joined("evaluator", "Eve"), there.client()
            code = there.shared.run(there.shared.main, "code evaluator:brl")[0].split("  ")[0].split()[-1]
            shown = there.shared.run(there.shared.main, "grant Eve everything")
            assert shown == ["1 Eve, evaluator of everything"]
            refused = await other.join(code, "\uff25VE")
            assert refused.status_code == 422
            assert "has joined already, as number 1" in refused.json()["error"]["message"]
            there.shared.run(there.shared.main, "kick 1")
            assert (await eve.http.get("/api/1/msel")).status_code == 401
            assert (await other.join(code, "Eve")).json()["id"] == "p2"
            assert (await other.http.get("/api/1/msel")).status_code == 403

    run(steps())


def test_a_name_that_is_a_number_or_a_word_of_commands_is_refused(tmp_path: Path) -> None:
    """So `admit 2` and `kick 2` mean the person whom the server has given the number 2."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, **HUMAN) as there:
            code = there.code("ARD")
            for name, words in (
                ("2", "is a number"),
                ("P2", "is a number"),
                ("\u0662", "is a number"),
                ("All", "it means a seat, a role or all"),
                ("brl", "it means a seat, a role or all"),
                ("\u2800", "cannot be seen"),
            ):
                answer = await there.client().join(code, name)
                assert (answer.status_code, words in answer.text) == (422, True), answer.text
            ann, bob = there.client(), there.client()
            await ann.join(code, "Ann")
            await bob.join(code, "Bob")
            assert there.shared.run(there.shared.main, "admit 2") == ["Admitted: 2 Bob (ARD)"]
            assert (await ann.http.get("/api/1/me")).json()["admitted"] is False
            with pytest.raises(UsageFault, match=r"there is no person '3' \(1 Ann, 2 Bob\)"):
                there.shared.run(there.shared.main, "admit 3")

    run(steps())


def test_kick_removes_a_person_and_closes_the_terminal_of_the_same_seat(tmp_path: Path) -> None:
    """Terminals and people in browsers are numbered together."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            await there.joined("ARD", "Sam")
            _, screen = joined(there.shared, "ARD")
            shown = there.shared.run(there.shared.main, "kick ARD")
            assert shown == ["Removed: 1 Sam (code ARD new changes the code)", "Closed: 2 ARD"]
            assert "closed" in screen

    run(steps())


def test_who_signs_out_leaves_the_seat_and_needs_a_code(tmp_path: Path) -> None:
    """The stream closes, the cookie is gone and worth nothing, and the name is free."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam, kim = await there.joined("ARD", "Sam"), await there.joined("facilitator", "Kim")
            cookies = dict(sam.http.cookies)
            async with sam.stream() as stream:
                events = read_events(stream)
                await anext(events)
                assert (await sam.post("/leave", {})).status_code == 200
                last = [each async for each in events][-1]
                assert (last.name, last.data["text"]) == ("closed", "You have signed out.")
            assert not dict(sam.http.cookies)
            sam.http.cookies.update(cookies)
            assert (await sam.http.get("/api/1/view")).status_code == 401
            home = await sam.http.get("/")
            assert (home.status_code, home.headers["Location"]) == (303, "/j")
            assert "From the facilitator" in (await sam.http.get("/j")).text
            assert "Max-Age=0" in home.headers["Set-Cookie"]
            assert "Sam" not in str((await kim.http.get("/api/1/access")).json()["people"])
            await there.joined("ARD", "Sam")

    run(steps())


def test_sessions_end_with_the_exercise(tmp_path: Path) -> None:
    """When the server stops before ENDEX, people stay signed in; after ENDEX their cookies are no longer valid."""
    shown: list[int] = []

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            cookies = dict((await there.joined("ARD", "Sam")).http.cookies)
        there.session.close()
        for line in ("endex", "status"):
            async with serving(resumed(tmp_path / "run")) as there:
                sam = there.client()
                sam.http.cookies.update({there.cookie: next(iter(cookies.values()))})
                shown.append((await sam.http.get("/api/1/me")).status_code)
                there.shared.run(there.shared.main, line)
                shown.append((await sam.http.get("/api/1/me")).status_code)
            there.session.close()

    run(steps())
    assert shown == [200, 200, 401, 401]


def test_sessions_end_with_an_exercise_whose_server_was_killed(tmp_path: Path) -> None:
    """After ENDEX, a cookie opens nothing when the exercise is served again."""
    access, shown = tmp_path / "run" / "access.jsonl", list[int]()

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            cookies = dict((await there.joined("ARD", "Sam")).http.cookies)
            there.shared.run(there.shared.main, "endex")
            killed = access.read_bytes()
        there.session.close()
        access.write_bytes(killed)
        async with serving(resumed(tmp_path / "run")) as there:
            sam = there.client()
            sam.http.cookies.update({there.cookie: next(iter(cookies.values()))})
            shown.append((await sam.http.get("/api/1/me")).status_code)
        there.session.close()

    run(steps())
    assert shown == [401]


def test_the_pages_are_told_that_the_exercise_has_ended(tmp_path: Path) -> None:
    """And not that the connection is lost."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = Client(there.url)
            await sam.join(there.code("ARD"), "Sam")
            there.shared.run(there.shared.main, "endex")
            came = asyncio.Event()

            def over(shown: list[Event]) -> bool:
                came.set()
                return bool(shown[-1].name == "closed")

            events = asyncio.create_task(sam.events(until=over))
            await came.wait()
        assert (await events)[-1].data == {"text": "The exercise has ended.", "reason": "ended"}
        await sam.http.aclose()

    run(steps())
