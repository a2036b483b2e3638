"""People join with codes, wait in the lobby, are admitted, and can be removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.web import run, serving

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
