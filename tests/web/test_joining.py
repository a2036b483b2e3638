"""People join with codes, wait in the lobby, are admitted, and can be removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.terminals import joined
from support.web import run, serving
from wargame.errors import UsageFault

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"),)}


def test_a_person_waits_in_the_lobby_until_admitted_and_orders_then(tmp_path: Path) -> None:
    """The order is in the command log with the id of the person, and without the name."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, **HUMAN) as there:
            sam = there.client()
            assert (await sam.join(there.code("ARD"), "Sam Lee")).json()["admitted"] is False
            assert (await sam.command("order", "talk", "BRL")).status_code == 403
            assert "in the lobby" in there.hub.run(there.hub.main, "people")[0]
            there.hub.run(there.hub.main, 'admit "Sam Lee"')
            assert "Arda offers talks" in (await sam.lines("order", "talk", "BRL"))[0]
            log = there.session.folder.commands.read_text()
            assert '"by":"p1"' in log
            assert "Sam" not in log
            there.hub.run(there.hub.main, "kick 1")
            assert (await sam.command("brief")).status_code == 401

    run(steps())


def test_an_evaluator_observes_the_seats_of_the_code(tmp_path: Path) -> None:
    """And no other seat; `grant` shows more."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            eve = there.client()
            code = there.hub.run(there.hub.main, "code evaluator:brl")[0].split("  ")[0].split()[-1]
            assert (await eve.join(code, "Eve Adams")).json()["seat"] == "BRL"
            assert "brief" in {each["name"] for each in (await eve.http.get("/api/1/commands")).json()}
            assert (await eve.command("brief", "BRL")).status_code == 200
            assert (await eve.command("brief", "ARD")).status_code == 422
            before = (await eve.http.get("/api/1/me")).json()["epoch"]
            assert (await eve.http.get("/api/1/msel")).status_code == 403
            there.hub.run(there.hub.main, 'grant "Eve Adams" everything')
            assert (await eve.http.get("/api/1/msel")).status_code == 200
            there.hub.run(there.hub.main, "advance 1d")
            assert (await eve.http.get("/api/1/me")).json()["epoch"] != before

    run(steps())


def test_kick_removes_a_person_and_closes_the_terminal_of_the_same_seat(tmp_path: Path) -> None:
    """A number that both have is not enough to tell them apart."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            await there.joined("ARD", "Sam")
            _, screen = joined(there.hub, "ARD")
            with pytest.raises(UsageFault, match="1 is a terminal and a person: p1 is the person"):
                there.hub.run(there.hub.main, "kick 1")
            shown = there.hub.run(there.hub.main, "kick ARD")
            assert shown == ["Removed: 1 Sam (code GOV new changes the code)", "Closed: 1 ARD"]
            assert "closed" in screen

    run(steps())
