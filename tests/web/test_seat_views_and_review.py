"""What the control room and evaluators may see of others through the server, the review, and the reveal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.live import resumed
from support.web import Client, Served, run, serving
from wargame.web.queries import policy_of
from wargame.web.screens.seat_views import AFTER, BEFORE, STOP

TWO: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human"))}


async def parts_of(person: Client, query: str = "") -> dict[str, str]:
    """The parts of a person's screen."""
    answer = await person.post("/parts", {"have": {}, "query": query})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["parts"])


def test_the_eyes_of_a_seat_are_its_screen(tmp_path: Path) -> None:
    """The facilitator and the evaluators of a seat are sent its parts, byte by byte, inside disabled fields."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            seat, control = await there.joined("ARD", "Ann"), await there.joined("facilitator", "Fay")
            judge = await there.joined("evaluator", "E. Valuator")
            there.shared.run(there.shared.main, "advance 10d")
            there.shared.run(there.shared.main, 'message ARD BRL "Good morning"')
            own = await parts_of(seat)
            assert len(own) > 5
            for person in (control, judge):
                eyes = await parts_of(person, "view=screen&seat=ARD")
                eyes.pop("top.seatview")
                shown = {
                    key: html.removeprefix(STOP).removeprefix(BEFORE).removesuffix(AFTER) for key, html in eyes.items()
                }
                assert shown == own
            page = (await control.http.get("/", params={"view": "screen", "seat": "ARD"})).text
            assert 'data-screen="seat"' in page
            assert "/static/seat.css" in page

    run(steps())


def test_a_seat_cannot_look_through_the_eyes_of_another(tmp_path: Path) -> None:
    """Whatever it asks for, it is sent its own screen; after the reveal, also the hot wash and the other screens."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            seat, control = await there.joined("ARD", "Ann"), await there.joined("facilitator", "Fay")
            await control.lines("advance", "10d")
            for query in ("view=screen&seat=BRL", "view=seatview&seat=BRL", "view=knew", "view=hotwash"):
                assert await parts_of(seat, query) == await parts_of(seat)
            assert (await seat.http.get("/review")).status_code == 403
            assert (await seat.command("reveal")).status_code == 403
            assert (await control.command("reveal")).status_code == 422
            await control.lines("endex")
            assert not [key for key in await parts_of(seat) if key.startswith("hotwash.")]
            await control.lines("reveal")
            shared = {key: html for key, html in (await parts_of(seat)).items() if key.startswith("hotwash.")}
            assert "What each side saw" in shared["hotwash.hotwash-sides"]
            other = await parts_of(seat, "view=screen&seat=BRL")
            assert other == await parts_of(control, "view=screen&seat=BRL")
            assert "You see the screen of Brel" in other["top.seatview"]
            await control.lines("reveal", "off")
            assert await parts_of(seat, "view=screen&seat=BRL") == await parts_of(seat)
            assert not [key for key in await parts_of(seat) if key.startswith("hotwash.")]

    run(steps())


@pytest.mark.parametrize("restart", [False, True])
def test_each_endex_has_its_own_reveal(tmp_path: Path, *, restart: bool) -> None:
    """When an undo has reopened play, a second ENDEX opens nothing before the facilitator reveals again."""

    async def second_endex(there: Served, seat: Client, control: Client) -> None:
        there.shared.run(there.shared.main, "endex")
        assert await parts_of(seat, "view=screen&seat=BRL") == await parts_of(seat)
        assert not [key for key in await parts_of(seat) if key.startswith("hotwash.")]
        assert "Reveal all seats to everyone" in (await parts_of(control, "view=hotwash"))["view.hotwash-reveal"]
        there.shared.run(there.shared.main, "reveal")
        assert "hotwash.hotwash-sides" in await parts_of(seat)

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            seat, control = await there.joined("ARD", "Ann"), await there.joined("facilitator", "Fay")
            there.shared.run(there.shared.main, "advance 10d")
            await control.lines("endex")
            await control.lines("reveal")
            assert "hotwash.hotwash-sides" in await parts_of(seat)
            await control.lines("undo")
            if not restart:
                await second_endex(there, seat, control)
        if restart:
            there.session.close()
            async with serving(resumed(tmp_path / "run"), lobby=False) as there:
                seat, control = await there.joined("ARD", "Bea"), await there.joined("facilitator", "Gil")
                await second_endex(there, seat, control)

    run(steps())


def test_an_evaluator_looks_only_through_the_eyes_observed(tmp_path: Path) -> None:
    """The seats that people hold; more only if the facilitator grants it."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            judge, control = await there.joined("evaluator", "E. Valuator"), await there.joined("facilitator", "Fay")
            there.shared.run(there.shared.main, "advance 10d")
            refused = await parts_of(judge, "view=screen&seat=BRL")
            assert list(refused) == ["top.seatview"]
            assert "do not observe the seat of BRL" in refused["top.seatview"]
            await control.lines("grant", "E. Valuator", "everything")
            assert len(await parts_of(judge, "view=screen&seat=BRL")) > 5

    run(steps())


def test_the_review_is_one_click_away(tmp_path: Path) -> None:
    """After ENDEX the control room is served the report that is in the run folder, under the report's own policy."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **TWO) as there:
            control, deputy = await there.joined("facilitator", "Fay"), await there.joined("deputy", "Dee")
            assert (await control.http.get("/review")).status_code == 422
            there.shared.main.review = None
            await control.lines("endex")
            path = there.session.folder.path / "report.html"
            path.write_text('<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;">Review')
            for person in (control, deputy):
                answer = await person.http.get("/review")
                assert answer.content == path.read_bytes()
                assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            nobody = await there.client().http.get("/review")
            assert nobody.status_code == 303

    run(steps())


def test_a_report_without_a_policy_runs_nothing() -> None:
    """A file that somebody has put into the run folder is shown as text and markup alone."""
    assert policy_of(b"<script>alert(1)</script>") == "default-src 'none'; frame-ancestors 'none'"
