"""The facilitator sees who has received, opened and acknowledged a message, and reminds the others."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from support.live import resumed
from support.web import Client, Served, run, serving
from wargame.errors import UsageFault

PEOPLE = (("ARD", "human"), ("BRL", "human"))
RELEASED = ("stop at nothing", "advance 1d", 'inject cable "Riots" --to ARD --id riots --now')
NOTHING = (False, False, False)


async def page(person: Client) -> None:
    """A page asks for what has changed."""
    assert (await person.post("/parts", {"have": {}})).status_code == 200


async def detail(chief: Client) -> str:
    """The message in the control room."""
    answer = await chief.post("/parts", {"have": {}, "query": "view=msel&inject=riots"})
    return str(answer.json()["parts"]["view.msel-detail"])


async def steps(chief: Client) -> dict[str, tuple[bool, ...]]:
    """By person: whether the message was delivered, opened, acknowledged."""
    rows = re.findall(r'<th scope="row">(\w+) <span.*?</th>(.*?)</tr>', await detail(chief), re.DOTALL)
    return {name: tuple("not yet" not in cell for cell in row.split("<td")[1:4]) for name, row in rows}


def play(there: Served, *lines: str) -> list[str]:
    """The answers to lines of the facilitator's console."""
    return [shown for line in lines for shown in there.shared.run(there.shared.main, line)]


def test_each_step_of_each_person_is_shown(tmp_path: Path) -> None:
    """Two people of one seat read for themselves, and their seat acknowledges once."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann, bob = await there.joined("ARD", "Ann"), await there.joined("ARD", "Bob")
            await there.joined("BRL", "Cid")
            chief = await there.joined("facilitator", "Fay")
            play(there, *RELEASED)
            assert await steps(chief) == {"Ann": NOTHING, "Bob": NOTHING}
            await page(ann)
            await page(bob)
            await ann.post("/opened", {"numbers": [1]})
            assert await steps(chief) == {"Ann": (True, True, False), "Bob": (True, False, False)}
            await ann.lines("ack", "1")
            assert await steps(chief) == {"Ann": (True, True, True), "Bob": (True, False, True)}
            answer = await chief.post("/parts", {"have": {}, "query": "view=hotwash"})
            table = answer.json()["parts"]["view.hotwash-reading"]
            rows = re.findall(r'<th scope="row">(\w+) <span.*?</th>(.*?)</tr>', table)
            assert {name: re.findall(r">(\d[^<]*)</td>", row) for name, row in rows} == {
                "Ann": ["1", "1", "1", "1", "0 of 0"],
                "Bob": ["1", "1", "0", "1", "0 of 0"],
            }

    run(script())


def test_receipts_survive_a_restart_and_not_a_rewind(tmp_path: Path) -> None:
    """They are kept with the people; what comes again after a rewind has not been read, also at the same time."""

    async def before() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann = await there.joined("ARD", "Ann")
            play(there, *RELEASED)
            await page(ann)
            await ann.post("/opened", {"numbers": [1]})
            play(there, "advance 1d")
            there.session.close()

    async def after() -> None:
        async with serving(resumed(tmp_path / "run")) as there:
            chief = await there.joined("facilitator", "Fay")
            assert await steps(chief) == {"Ann": (True, True, False)}
            play(there, "rewind D+1", RELEASED[-1])
            assert await steps(chief) == {"Ann": NOTHING}

    run(before())
    run(after())


def test_a_nudge_reaches_those_who_have_not_acknowledged(tmp_path: Path) -> None:
    """And nobody else; it does not name the inject, whose id the seat does not know."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann, bob = await there.joined("ARD", "Ann"), await there.joined("ARD", "Bob")
            chief = await there.joined("facilitator", "Fay")
            play(there, *RELEASED)
            await ann.lines("ack", "1")
            assert 'aria-label="Remind Bob"' in await detail(chief)
            assert 'aria-label="Remind Ann"' not in await detail(chief)
            told = asyncio.create_task(bob.events(until=lambda shown: shown[-1].name == "notice"))
            await bob.events(until=lambda shown: shown[-1].name == "presence")
            assert await chief.lines("nudge", "riots") == ["Reminded: 2 Bob"]
            assert (await told)[-1].data["lines"] == ["The facilitator reminds you of message 1 in your inbox."]
            with pytest.raises(UsageFault, match="riots was not sent to this person"):
                play(there, "nudge riots Fay")
            await bob.post("/opened", {"numbers": [1]})
            assert await chief.lines("nudge", "riots") == ["Everybody has done what it asks for."]

    run(script())
