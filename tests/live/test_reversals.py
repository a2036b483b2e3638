"""Orders that undo one another: a person is asked whether both are meant; a script gets a note."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.engine import loaded
from support.live import console, output_of
from support.terminals import seat
from support.web import run, serving
from wargame.decision.menu import Candidate
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.seat.reversals import reverses

SEATS: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human")), "limits": (("ARD", "none"),)}
NOTE = "it would reverse 'eases trade (Brel)', which is being carried out until "


def blockading(folder: Path) -> tuple[Console, Console]:
    """The facilitator's console and that of Arda, which has just ordered to ease trade with Brel."""
    there = console(folder, **SEATS)
    mine = seat(there, "ARD")
    output_of(there, "stop at nothing", "advance 1h")
    output_of(mine, "order trade BRL")
    return there, mine


def pending(there: Console) -> list[str]:
    """The orders of Arda under way."""
    return sorted(map(str, there.session.exercise.governments["ARD"].pending))


def test_a_person_is_asked_before_an_order_that_reverses_another(tmp_path: Path) -> None:
    """The answer names the other order and both ways on, each as it can be typed; nothing is on disk."""
    there, mine = blockading(tmp_path / "x")
    mine.asks = True
    before = len(there.session.log.lines)
    with pytest.raises(UsageFault) as refused:
        output_of(mine, 'order blockade BRL --why "to press them"')
    assert str(refused.value).startswith(NOTE)
    assert str(refused.value).endswith(
        '; both can be ordered (order blockade BRL --why "to press them" --anyway orders it all the same; '
        "cancel trade BRL cancels the other)"
    )
    assert (len(there.session.log.lines), pending(there)) == (before, ["trade BRL"])
    (given,) = output_of(mine, 'order blockade BRL --why "to press them" --anyway')[:1]
    assert given.startswith("Arda blockades")
    assert pending(there) == ["blockade BRL", "trade BRL"]
    assert there.session.log.lines[-1].data["why"] == "to press them"


def test_the_facilitator_is_asked_with_the_government(tmp_path: Path) -> None:
    """What can be typed next begins with the government, as the order does."""
    there, _ = blockading(tmp_path / "x")
    there.asks = True
    with pytest.raises(UsageFault, match=r"order ARD blockade BRL --anyway .*cancel ARD trade BRL cancels"):
        output_of(there, "order ARD blockade BRL")


def test_a_script_goes_on_with_a_note(tmp_path: Path) -> None:
    """Nobody is there to answer; the order stands."""
    there, mine = blockading(tmp_path / "x")
    given, note = output_of(mine, "order blockade BRL")
    assert given.startswith("Arda blockades")
    assert note.startswith(f"I{NOTE[1:]}")
    assert pending(there) == ["blockade BRL", "trade BRL"]


def test_other_orders_are_not_asked_about(tmp_path: Path) -> None:
    """Talks beside trade go the same way."""
    there, mine = blockading(tmp_path / "x")
    mine.asks = True
    assert len(output_of(mine, "order talk BRL")) == 1
    assert pending(there) == ["talk BRL", "trade BRL"]


def test_a_page_has_buttons_for_both_ways(tmp_path: Path) -> None:
    """The order again as it was filled in, and the cancellation; a program gets a note alone."""

    async def script() -> None:
        async with serving(tmp_path / "run", **SEATS) as there:
            output_of(there.shared.main, "stop at nothing", "advance 1h")
            ann = await there.joined("ARD", "Ann")
            await ann.lines("order", "trade", "BRL")
            answer = await ann.command("order", "blockade", "BRL", "--why", "to press them")
            assert answer.status_code == 422
            assert [(each["label"], each["verb"], each["args"]) for each in answer.json()["error"]["hints"]] == [
                ("Order it all the same", "order", ["blockade", "BRL", "--why", "to press them", "--anyway"]),
                ("Cancel the other order", "cancel", ["trade", "BRL"]),
            ]
            assert "--anyway" not in answer.json()["error"]["message"]
            (again, *_) = answer.json()["error"]["hints"]
            assert (await ann.command(again["verb"], *again["args"])).status_code == 200
            assert there.session.log.lines[-1].data["option"] == "blockade"
            await ann.lines("cancel", "blockade", "BRL")
            bot = await there.joined("ARD", "Bot", program=True)
            _, note = await bot.lines("order", "blockade", "BRL")
            assert note.startswith(f"I{NOTE[1:]}")

    run(script())


def test_standing_and_changed_orders_ask_as_well(tmp_path: Path) -> None:
    """A standing order may be given while the other is carried out; the order that a change cancels does not count."""
    there, mine = blockading(tmp_path / "x")
    mine.asks = True
    with pytest.raises(UsageFault, match=r'\(standing blockade BRL --when "tension > 0.5" --anyway orders it'):
        output_of(mine, 'standing blockade BRL --when "tension > 0.5"')
    lines = output_of(mine, 'standing blockade BRL --when "tension > 0.5" --anyway')
    assert [line[: len(NOTE)] for line in lines[1:]] == [f"I{NOTE[1:]}"]
    output_of(mine, "cancel 1", 'change "trade BRL" "blockade BRL"')
    assert pending(there) == ["blockade BRL"]
    output_of(mine, "order talk BRL")
    with pytest.raises(UsageFault, match=r'\(change "talk BRL" "trade BRL" --anyway orders it .*cancel blockade BRL'):
        output_of(mine, 'change "talk BRL" "trade BRL"')
    assert pending(there) == ["blockade BRL", "talk BRL"]
    assert output_of(mine, 'change "talk BRL" "trade BRL" --anyway')[2].startswith("It would reverse")
    assert pending(there) == ["blockade BRL", "trade BRL"]


def test_a_head_who_is_asked_sends_the_proposal_all_the_same(tmp_path: Path) -> None:
    """It is sent once, and is not open any more."""

    async def script() -> None:
        async with serving(tmp_path / "run", **SEATS) as there:
            output_of(there.shared.main, "stop at nothing", "advance 1h")
            ann, bob = await there.joined("ARD", "Ann"), await there.joined("ARD", "Bob")
            await ann.lines("head", ann.id)
            await bob.lines("order", "blockade", "BRL")
            await ann.lines("order", "trade", "BRL")
            asked = (await ann.command("proposal", "1", "send")).json()["error"]
            assert asked["message"].startswith("It would reverse 'eases trade (Brel)'")
            assert [(each["verb"], each["args"]) for each in asked["hints"]] == [
                ("proposal", ["1", "send", "--anyway"]),
                ("cancel", ["trade", "BRL"]),
            ]
            await ann.lines("proposal", "1", "send", "--anyway")
            assert pending(there.shared.main) == ["blockade BRL", "trade BRL"]
            assert (await ann.command("proposal", "1", "send")).status_code == 422

    run(script())


def test_a_proposal_says_what_it_reverses_and_what_it_cancels(tmp_path: Path) -> None:
    """The member is asked; the head, who reads it in the proposal, is not asked again."""

    async def script() -> None:
        async with serving(tmp_path / "run", **SEATS) as there:
            output_of(there.shared.main, "stop at nothing", "advance 1h")
            ann, bob = await there.joined("ARD", "Ann"), await there.joined("ARD", "Bob")
            await ann.lines("order", "trade", "BRL")
            await ann.lines("head", ann.id)
            assert (await bob.command("order", "blockade", "BRL")).status_code == 422
            await bob.lines("change", "trade BRL", "blockade BRL")
            await bob.lines("order", "blockade", "BRL", "--anyway")
            page = "".join((await ann.post("/parts", {"have": {}})).json()["parts"].values())
            changed, ordered = page.split("<h3>")[1:3]
            assert "eases trade (Brel)" in changed
            assert "blockades" in changed
            assert "would reverse" not in changed
            assert "It would reverse &#39;eases trade (Brel)&#39;" in ordered
            await ann.lines("proposal", "2", "send")
            assert pending(there.shared.main) == ["blockade BRL", "trade BRL"]

    run(script())


@pytest.mark.parametrize(
    ("actor", "one", "other", "do"),
    [
        ("KOR", "advance_thaad", "pause_thaad", True),
        ("CHN", "curb_exchanges KOR", "lift_retaliation KOR", True),
        ("PRK", "nuclear_test", "declare_test_moratorium", True),
        ("CHN", "join_six_party", "leave_six_party", True),
        ("CHN", "join_six_party", "leave_five_party", False),
        ("JPN", "recall_ambassador KOR", "return_ambassador CHN", False),
        ("JPN", "recall_ambassador KOR", "return_ambassador KOR", True),
        ("USA", "issue_denunciation PRK", "send_envoy PRK", False),
        ("USA", "joint_exercise PRK", "deploy_strategic_assets PRK", False),
    ],
)
def test_orders_reverse_each_other_by_their_effects(actor: str, one: str, other: str, *, do: bool) -> None:
    """Both ways round; a blunt word and an envoy are no contradiction, nor are moves in different talks."""
    scenario = loaded("korea-2017").scenario
    first, second = (Candidate(*each.split()) for each in (one, other))
    assert reverses(scenario, actor, first, second) is do
    assert reverses(scenario, actor, second, first) is do
