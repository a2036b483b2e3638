"""The people of a seat as a team: members propose, the head sends; notes; who is writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import resumed
from support.web import Client, Served, run, serving
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run as typed_by_nobody

PEOPLE = (("ARD", "human"), ("BRL", "human"))


def orders(there: Served) -> list[str]:
    """The kinds of the commands of the world that people gave."""
    return [line.kind for line in there.session.log.lines if line.by]


async def screen(person: Client) -> str:
    """The screen of a person, as HTML."""
    return "".join((await person.post("/parts", {"have": {}})).json()["parts"].values())


async def team(there: Served) -> tuple[Client, Client]:
    """A seat with a head and a member."""
    ann, bob = await there.joined("ARD", "Ann"), await there.joined("ARD", "Bob")
    assert await ann.lines("head", ann.id) == ["Ann is the head of Arda; what its other people give is proposed."]
    return ann, bob


def test_a_member_proposes_and_the_head_sends(tmp_path: Path) -> None:
    """Nothing reaches the world before, the whole message is read by the team alone, and it bears the head."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann, bob = await team(there)
            cid = await there.joined("BRL", "Cid")
            assert await bob.lines("message", "BRL", "Calm down, please.") == ["Proposed to Ann, who sends it."]
            assert "Calm down, please." in await screen(ann)
            assert "Calm down, please." not in await screen(cid)
            assert orders(there) == []
            await ann.lines("proposal", "1", "send")
            assert [(line.kind, line.by) for line in there.session.log.lines if line.by] == [("message", ann.id)]
            assert "Calm down, please." in await screen(cid)
            assert "Proposed by" not in await screen(ann)

    run(script())


@pytest.mark.parametrize("what", ["send", "drop"])
def test_a_proposal_is_settled_once(tmp_path: Path, what: str) -> None:
    """Also after the server was killed before it wrote that it was."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann, bob = await team(there)
            await bob.lines("message", "BRL", "Calm.")
            await ann.lines("proposal", "1", what)
            assert (await ann.command("proposal", "1", "send")).status_code == 422
            there.session.close()
        file = tmp_path / "run" / "access.jsonl"
        if what == "send":
            kept = [line for line in file.read_text().splitlines(keepends=True) if '"proposal end"' not in line]
            file.write_text("".join(kept))
        async with serving(resumed(tmp_path / "run")) as there:
            again = await there.joined("ARD", "Dan")
            assert "Calm." not in (await screen(again)).partition('id="h-todo"')[0]
            assert orders(there) == (["message"] if what == "send" else [])

    run(script())


@pytest.mark.parametrize(
    ("verb", "args", "why"),
    [
        ("message", ("XYZ", "Hello"), "there is no government"),
        ("order", ("nothing_such",), "there is no option"),
        ("proposal", ("1", "send"), "there is no open proposal 1"),
        ("head", ("Bob",), "ann is the head of this seat"),
        ("team", ("  ",), "a note has 1 to 2000"),
    ],
)
def test_what_is_not_possible_is_refused_when_it_is_proposed(
    tmp_path: Path, verb: str, args: tuple[str, ...], why: str
) -> None:
    """A proposal would be a valid command now."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            _, bob = await team(there)
            answer = await bob.command(verb, *args)
            assert answer.status_code == 422
            assert why in answer.json()["error"]["message"].lower()

    run(script())


def test_a_member_may_not_send_and_may_withdraw(tmp_path: Path) -> None:
    """The author drops a proposal; another member does neither."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            _, bob = await team(there)
            dan = await there.joined("ARD", "Dan")
            await bob.lines("message", "BRL", "Calm.")
            for person, what in ((bob, "send"), (dan, "send"), (dan, "drop")):
                assert (await person.command("proposal", "1", what)).status_code == 422
            assert (await bob.lines("proposal", "1", "drop"))[0].startswith("Dropped: Message of Arda to Brel")

    run(script())


def test_head_proposals_and_notes_outlive_a_rewind_and_a_restart(tmp_path: Path) -> None:
    """They are of the room, and not of the world."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            _, bob = await team(there)
            there.shared.run(there.shared.main, "advance 2d")
            await bob.lines("message", "BRL", "Calm.")
            await bob.lines("team", "I think we should wait.")
            there.shared.run(there.shared.main, "rewind D+1")
            there.session.close()
        async with serving(resumed(tmp_path / "run")) as there:
            shown = await screen(await there.joined("ARD", "Dan"))
            assert all(text in shown for text in ("<b>Ann</b>, the head", "Calm.", "I think we should wait."))

    run(script())


def test_the_others_of_a_seat_see_who_is_writing(tmp_path: Path) -> None:
    """Nobody else does."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann, bob = await team(there)
            await bob.post("/writing", {})
            shown = await ann.events(until=lambda events: any(each.name == "presence" for each in events))
            people = next(each.data["people"] for each in shown if each.name == "presence")
            assert {each["name"]: each["writing"] for each in people} == {"Ann": False, "Bob": True}

    run(script())


def test_without_a_head_each_person_sends(tmp_path: Path) -> None:
    """The facilitator takes the head away."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            _, bob = await team(there)
            there.shared.run(there.shared.main, "head ARD none")
            await bob.lines("message", "BRL", "Calm.")
            assert orders(there) == ["message"]

    run(script())


def test_only_what_a_person_gave_bears_the_name(tmp_path: Path) -> None:
    """Not what a terminal without a name gave for the same seat in the same second."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann = await there.joined("ARD", "Ann")
            terminal = Console(there.session, there.shared.main.wall, role="seat", seat="ARD")
            typed_by_nobody(terminal, "order protest BRL")
            await ann.lines("order", "talk", "BRL")
            items = (await screen(ann)).split('<li class="item')
            ordered = [item for item in items if "Ordered" in item]
            by = [
                '<span class="by">Ann</span>' in item for item in sorted(ordered, key=lambda item: "Protests" in item)
            ]
            assert by == [True, False]

    run(script())
