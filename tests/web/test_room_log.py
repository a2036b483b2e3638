"""What belongs to the room, and not to the world: it stays over a restart, a rewind and an undo."""

from __future__ import annotations

from pathlib import Path

from support.live import resumed
from support.web import Client, Served, run, serving

PEOPLE = (("ARD", "human"), ("BRL", "human"))


def play(there: Served, *lines: str) -> list[str]:
    """The answers to lines of the facilitator's console."""
    return [shown for line in lines for shown in there.shared.run(there.shared.main, line)]


async def told(person: Client) -> list[str]:
    """The notices that a new page of a person shows."""
    events = await person.events(until=lambda shown: any(each.name == "clock" for each in shown))
    return [line for each in events if each.name == "notice" for line in each.data["lines"]]


async def epochs(person: Client, after: str) -> list[str]:
    """The changes of the past that a page at this position is told of."""
    events = await person.events(after, until=lambda shown: any(each.name == "clock" for each in shown))
    return [each.data["text"] for each in events if each.name == "epoch"]


async def position(person: Client) -> str:
    """The position of a page that is loaded now."""
    me = (await person.http.get("/api/1/me")).json()
    return f"{me['epoch']}.{me['k']}"


def test_what_an_evaluator_may_see_stays_over_a_restart_and_a_rewind(tmp_path: Path) -> None:
    """The facilitator does not grant it twice."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            eve = await there.joined("evaluator", "Eve")
            play(there, f"grant {eve.id[1:]} everything", "advance 2d", "rewind D+1")
            cookies = eve.http.cookies
            there.session.close()
        async with serving(resumed(tmp_path / "run")) as there:
            again = there.client()
            again.http.headers["Cookie"] = f"{there.cookie}={next(iter(cookies.values()))}"
            assert (await again.http.get("/api/1/msel")).status_code == 200

    run(script())


def test_a_notice_waits_for_a_person_without_an_open_page(tmp_path: Path) -> None:
    """It is shown once, also after a rewind."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann = await there.joined("ARD", "Ann")
            play(there, "stop at nothing", "advance 1d", 'inject cable "Riots" --to ARD --id riots --now', "advance 1h")
            play(there, "nudge riots", "rewind D+1")
            assert await told(ann) == ["The facilitator reminds you of message 1 in your inbox."]
            assert await told(ann) == []

    run(script())


def test_an_evaluator_is_told_only_of_an_undo_that_the_observed_seats_could_notice(tmp_path: Path) -> None:
    """A message between others is undone at the same time, then one to the seat that is observed."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            eve = there.client()
            code = play(there, "code evaluator:BRL")[0].split()[3]
            await eve.join(code, "Eve")
            play(there, "advance 2d", 'tell ARD "Nothing for BRL"')
            here = await position(eve)
            play(there, "undo")
            assert await epochs(eve, here) == []
            play(there, 'tell BRL "Something"')
            here = await position(eve)
            play(there, "undo")
            assert len(await epochs(eve, here)) == 1

    run(script())


def test_a_change_of_view_is_not_called_a_change_of_the_past(tmp_path: Path) -> None:
    """An evaluator is granted the view of the white cell."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            eve = await there.joined("evaluator", "Eve")
            here = await position(eve)
            play(there, f"grant {eve.id[1:]} everything")
            events = await eve.events(here, until=lambda shown: shown[-1].name == "epoch")
            assert events[-1].data["text"] == "What you may see has changed."

    run(script())


def test_a_floor_goes_on_after_a_restart(tmp_path: Path) -> None:
    """A decision that has been in the room for half a minute is not given the whole floor again."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            play(there, "stop at decisions", "deadline 1d", "advance 30d", "stop at nothing", "pace 1d=1s")
            waiting = there.shared.wall.floors.waiting()
            assert waiting
            there.shared.wall.floors.pass_time(31.0)
            there.shared.clock_listeners[there.shared.main]()
            there.session.close()
        async with serving(resumed(tmp_path / "run")) as there:
            assert {each.of.title: each.passed for each in there.shared.wall.floors.waiting()} == dict.fromkeys(
                (each.of.title for each in waiting), 31.0
            )

    run(script())
