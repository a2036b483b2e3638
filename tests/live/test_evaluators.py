"""Named evaluators: what they see, what they may do, and that seats learn nothing of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.engine import loaded
from support.in_process import inside
from support.live import output_of, resumed, verified
from support.terminals import Screen, joined, shared
from wargame.errors import UsageFault
from wargame.live.console.completion import complete, table
from wargame.live.console.console import Console
from wargame.live.console.participants import new_evaluator
from wargame.live.console.roles import EVALUATOR
from wargame.live.console.status_bar import facilitator_bar, participant_bar
from wargame.live.terminals.shared_session import SharedSession
from wargame.live.terminals.socket import Server, connect, receive, say
from wargame.simulation.exercise import Exercise

PEOPLE = (("ARD", "human"), ("BRL", "human"))
AFTER_THE_COLLISION = ("stop at nothing", "advance 21d")
"""Lines after which an action of both governments is expected."""


def evaluator(there: SharedSession, *seats: str, name: str = "A. Name") -> tuple[Console, Screen]:
    """The terminal of an evaluator who has joined."""
    screen = Screen()
    mine = there.attach(EVALUATOR, "", screen.show, lambda: screen.append("closed"), name=name, seats=seats)
    return mine, screen


def ruled(there: SharedSession, console: Console, *lines: str) -> str:
    """What the shared session answers to lines of a console."""
    return "\n".join(shown for line in lines for shown in there.run(console, line))


# --- who they are --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "seats", "message"),
    [
        ("", (), "has 1 to 60 characters"),
        ("x" * 61, (), "has 1 to 60 characters"),
        ("A.\x1b[2J", (), "a character that cannot be seen, U\\+001B"),
        ("Kim\u200b Lee", (), "a character that cannot be seen, U\\+200B"),
        ("\u3164Kim Lee", (), "a character that cannot be seen, U\\+3164"),
        ("The  Facilitator", (), "is not the name of a person"),
        ("ard", (), "is not the name of a person"),
        ("12", (), "'12' is a number"),
        ("\uff12", (), "is a number"),
        ("p3", (), "is a number"),
        ("pp3", (), "is a number"),
        ("#p3", (), "is a number"),
        ("ALL", (), "'ALL' is not the name of a person"),
        ("kim  LEE", (), "'kim LEE' has joined already, as number 7"),
        ("\uff2bim Lee", (), "has joined already, as number 7"),
        ("A. Name", ("ARX",), "there is no government 'ARX' \\(did you mean 'ARD'\\?\\)"),
    ],
)
def test_a_wrong_evaluator_is_refused(name: str, seats: tuple[str, ...], message: str) -> None:
    """A name is one of a person; what others sign with, and numbers of terminals, are not."""
    with pytest.raises(UsageFault, match=message):
        new_evaluator(Exercise(loaded()), name, seats, {7: "Kim Lee"})


def test_an_evaluator_joins_through_the_socket(tmp_path: Path) -> None:
    """With a name and seats in any case; the facilitator sees who observes what."""

    async def play() -> tuple[str, str]:
        there, facilitator = shared(tmp_path / "run", seats=PEOPLE)
        there.run(there.main, 'message BRL ARD "before the evaluator came"')
        server = Server(there)
        await server.open()
        hello: dict[str, Any] = {"role": "evaluator", "name": "A.  Name", "seats": ["ard", ""]}
        reader, writer, welcome = await connect(there.session.folder, hello)
        await say(writer, 'note "on time"')
        answer = await receive(reader)
        writer.close()
        await server.close()
        return "\n".join(welcome["show"]), "\n".join([*answer["show"], *facilitator])

    welcome, after = asyncio.run(play())
    assert "You are A. Name, evaluator. You see what these seats see: Arda." in welcome
    assert "before the evaluator came" in welcome
    assert "+ A. Name has joined, evaluator of ARD, terminal 1" in after
    assert "Note by A. Name: on time" in after


# --- what they see -------------------------------------------------------------------------------------


def test_an_evaluator_sees_what_the_seats_observed_see(tmp_path: Path) -> None:
    """And what there is to judge of them; not what is between others, nor the white cell's own."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    ard, both = evaluator(there, "ARD")[1], evaluator(there, name="C. Name")[1]
    _, brl = evaluator(there, "BRL", name="B. Name")
    there.run(there.main, 'tell ARD "for Arda alone"')
    there.run(there.main, 'message BRL ARD "a note verbale"')
    there.run(there.main, 'note "of the white cell"')
    there.run(there.main, "adjudicate tension=0.9")

    assert "ARD: EXERCISE EXERCISE EXERCISE Message 1 from EXCON" in str(ard)
    assert "for Arda alone" not in str(brl)
    assert "ARD, BRL: EXERCISE EXERCISE EXERCISE Message 2 from Brel" in str(both)
    for screen in (ard, both, brl):
        assert "of the white cell" not in str(screen)
        assert "tension" not in str(screen)


def test_without_seats_an_evaluator_observes_those_that_people_hold(tmp_path: Path) -> None:
    """Also those that they take later."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"),))
    mine, _ = evaluator(there)
    assert mine.observed == ["ARD"]
    there.run(there.main, "seat BRL human")
    assert mine.observed == ["ARD", "BRL"]


def test_an_evaluator_reads_what_a_seat_reads_and_orders_nothing(tmp_path: Path) -> None:
    """The brief, the inbox and the options of the seats observed, and nothing that acts."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    assert "BRIEF" in ruled(there, mine, "brief")
    assert ruled(there, mine, "brief") == ruled(there, mine, "brief ARD")
    assert "strait" in ruled(there, mine, "options ARD")
    for line, message in (
        ("brief BRL", "BRL is not a seat that you observe"),
        ("order ARD talk BRL", "'order' is not available to an evaluator"),
        ("message ARD BRL x", "'message' is not available to an evaluator"),
        ("status", "'status' is not available to an evaluator"),
        ("msel", "'msel' is not available to an evaluator"),
    ):
        with pytest.raises(UsageFault, match=message):
            there.run(mine, line)


def test_the_facilitator_may_let_an_evaluator_see_everything(tmp_path: Path) -> None:
    """Until it is taken back; the grant belongs to the number, and not to the next one with the name."""
    there, facilitator = shared(tmp_path / "run", seats=PEOPLE)
    mine, screen = evaluator(there, "ARD")
    assert ruled(there, there.main, "grant 1 everything") == "1 A. Name, evaluator of everything"
    assert "The facilitator lets you see what the white cell sees." in screen
    assert "world:" in ruled(there, mine, "status")
    there.run(there.main, 'note "of the white cell"')
    assert "of the white cell" in str(screen)
    there.detach(mine)
    again, _ = evaluator(there, "ARD")
    with pytest.raises(UsageFault, match="'status' is not available"):
        there.run(again, "status")
    assert ruled(there, there.main, 'grant "a. name" everything') == "2 A. Name, evaluator of everything"
    ruled(there, there.main, "grant 2 seats")
    assert not again.sees_all
    with pytest.raises(UsageFault, match=r"'ARD' is not the number of an evaluator \(2 A. Name\)"):
        there.run(there.main, "grant ARD everything")
    assert "evaluator of ARD" in ruled(there, there.main, "terminals")
    assert facilitator


# --- what they write -----------------------------------------------------------------------------------


def test_what_an_evaluator_writes_bears_the_name_and_replays(tmp_path: Path) -> None:
    """Notes, ratings of objectives and judgements of expected actions, which `undo` keeps."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    ruled(there, there.main, *AFTER_THE_COLLISION)
    ruled(there, mine, 'note "calm"', "rate signals S slow", 'judge 1 late --why "by telephone"')
    records = [r for r in there.session.records if r.kind in ("note", "rating")]
    assert [r.data["evaluator"] for r in records] == ["A. Name"] * 3
    assert "signals: " in ruled(there, mine, "objectives")
    assert "S by A. Name (slow)" in ruled(there, mine, "objectives signals")
    assert "late" in ruled(there, mine, "expected 1")
    ruled(there, there.main, 'message ARD BRL "x"', "undo")
    assert len([r for r in there.session.records if r.kind in ("note", "rating")]) == 3
    there.session.close()
    assert verified(tmp_path / "run")
    assert resumed(tmp_path / "run").exercise.expected.items[1].status == "late"


def test_what_is_signed_belongs_to_the_number(tmp_path: Path) -> None:
    """Who joins under a name that has signed before does not read what was signed, and signs with the number."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    first, _ = evaluator(there, "ARD")
    ruled(there, first, "rate signals S slow")
    there.detach(first)
    second, _ = evaluator(there, "ARD")
    assert "slow" not in ruled(there, second, "objectives signals")
    ruled(there, second, "rate signals M late")
    assert "M by A. Name (2) (late)" in ruled(there, second, "objectives signals")
    ratings = [r.data for r in there.session.records if r.kind == "rating"]
    assert [(each["evaluator"], each["person"]) for each in ratings] == [("A. Name", "p1"), ("A. Name (2)", "p2")]


def test_a_judgement_after_endex_is_kept(tmp_path: Path) -> None:
    """Also when the exercise is resumed for the hot wash; its folder reproduces it."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    ruled(there, there.main, *AFTER_THE_COLLISION, "endex")
    there.session.close()
    again = Console(resumed(tmp_path / "run"))
    assert "for the evaluator to judge: 2" in "\n".join(output_of(again, "hotwash"))
    output_of(again, "judge 1 met", "rate signals S")
    assert "met: 1" in "\n".join(output_of(again, "hotwash"))
    again.session.close()
    assert verified(tmp_path / "run")
    assert resumed(tmp_path / "run").exercise.expected.items[1].status == "met"


def test_the_hot_wash_shows_a_judgement_once(tmp_path: Path) -> None:
    """With its expected action; one that another has replaced stays among the ratings."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    ruled(there, there.main, *AFTER_THE_COLLISION, 'judge 1 late --why "by letter"', "rate signals S")
    shown = ruled(there, there.main, "hotwash")
    assert shown.count("by letter") == 1
    assert "late [#" in shown
    assert "Rating of 'Respond to an incident within two weeks without escalation': S" in shown
    assert "Rating of 'A patrol boat and a trawler collide'" not in shown
    shown = ruled(there, there.main, 'judge 1 met --why "by telephone"', "hotwash")
    assert "Rating of 'A patrol boat and a trawler collide', Arda: late (by letter)" in shown
    assert "Rating of 'A patrol boat and a trawler collide', Arda: met" not in shown


def test_an_evaluator_judges_only_the_seats_observed(tmp_path: Path) -> None:
    """An inject that expects actions of others, too, is rated with the government; others are not even listed."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    with pytest.raises(UsageFault, match="there is no objective or inject with an expected action 'collision'"):
        there.run(mine, "rate collision met")
    ruled(there, there.main, *AFTER_THE_COLLISION)
    assert "Brel" not in ruled(there, mine, "expected all")
    for line, message in (
        ("judge 2 met", "there is no expected action 2"),
        ("rate collision met", "add --who ARD"),
        ("rate collision met --who BRL", "there is no government that you observe 'BRL'"),
        ("rate harvest met", "there is no objective or inject with an expected action 'harvest'"),
        ("note x --about harvest", "give the number of a record or the id of an inject"),
    ):
        with pytest.raises(UsageFault, match=message):
            there.run(mine, line)
    assert "met" in ruled(there, mine, "rate collision met --who ARD")
    assert there.session.exercise.expected.items[2].status == "awaited"


def test_an_evaluator_names_only_records_that_it_can_see(tmp_path: Path) -> None:
    """A hidden record is refused in the words for a record that does not exist."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    ruled(there, there.main, *AFTER_THE_COLLISION)
    session = there.session
    hidden = session.submit("message", who="BRL", to=["EXCON"], text="alone").records[0].seq
    messages = []
    for seq in (hidden, 99999):
        with pytest.raises(UsageFault) as refused:
            there.run(mine, f"judge 1 met --by {seq}")
        messages.append(str(refused.value).replace(str(seq), "SEQ"))
    assert len(set(messages)) == 1
    assert "#SEQ is not evidence for expected action 1: name a record of ARD since the release" in messages[0]
    ruled(there, there.main, 'message ARD BRL "Do you need tugs?"')
    own = max(record.seq for record in session.records if record.kind == "message")
    assert "met" in ruled(there, mine, f"judge 1 met --by {own}")


def test_undo_keeps_a_judgement_without_evidence_that_is_gone(tmp_path: Path) -> None:
    """The judgement stays; the record that it named does not exist any more."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    ruled(there, there.main, *AFTER_THE_COLLISION, 'message ARD BRL "Do you need tugs?"')
    own = max(record.seq for record in there.session.records if record.kind == "message")
    ruled(there, mine, f"judge 1 met --by {own}")
    ruled(there, there.main, "undo")
    assert there.session.exercise.expected.items[1].status == "met"
    (judged,) = [r for r in there.session.records if r.kind == "expected" and r.data.get("by_hand")]
    assert "evidence" not in judged.data
    there.session.close()
    assert verified(tmp_path / "run")


def test_seats_learn_nothing_of_evaluators(tmp_path: Path) -> None:
    """Neither that they join nor what they write; other evaluators do not see their notes."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    seat, shown = joined(there, "ARD")
    ruled(there, there.main, *AFTER_THE_COLLISION)
    _, colleague = evaluator(there, "ARD", name="B. Name")
    before, brief = list(shown), ruled(there, seat, "brief", "inbox", "options")
    mine, _ = evaluator(there, "ARD")
    ruled(there, mine, 'note "too slow"', "rate signals M", "judge 1 missed")
    assert (shown, ruled(there, seat, "brief", "inbox", "options")) == (before, brief)
    assert "too slow" not in str(colleague)
    for line in ("expected", "objectives", "judge 1 met", "rate signals P", "note x"):
        with pytest.raises(UsageFault, match="is not available to a seat"):
            there.run(seat, line)


def test_the_bars_count_what_is_to_be_judged(tmp_path: Path) -> None:
    """For an evaluator, of the seats observed."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    assert "judge" not in participant_bar(mine)
    ruled(there, there.main, *AFTER_THE_COLLISION, "advance 40d")
    assert participant_bar(mine).endswith("to judge: 1 (expected lists them)")
    assert "judge: 2" in facilitator_bar(there.main, "12:00")[1]
    ruled(there, mine, "judge 1 met")
    assert "judge" not in participant_bar(mine)


def test_completion_offers_what_an_evaluator_may_judge(tmp_path: Path) -> None:
    """Governments, expected actions and objectives of the seats observed."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    mine, _ = evaluator(there, "ARD")
    ruled(there, there.main, *AFTER_THE_COLLISION)
    data = table(mine)
    assert complete(data, "brief ") == ["ARD"]
    assert complete(data, "judge ") == ["1"]
    assert complete(data, "judge 1 ") == ["late", "met", "missed"]
    assert complete(data, "rate ") == ["collision", "signals"]


def test_the_facilitator_lists_objectives_and_what_is_to_be_judged(tmp_path: Path) -> None:
    """At any time: before the first inject, and with all ratings afterwards."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    assert "expected actions: none so far" in ruled(there, there.main, "objectives")
    assert output_of(there.main, "expected") == ["No expected action is open."]
    ruled(there, there.main, *AFTER_THE_COLLISION, "advance 40d", "rate signals P", "rate signals S better")
    assert "2 for the evaluator to judge" in ruled(there, there.main, "objectives")
    assert "P by the facilitator; S by the facilitator (better)" in ruled(there, there.main, "objectives")
    assert len(output_of(there.main, "expected")) == 2
    assert len(output_of(there.main, "expected Collision")) == 2
    with pytest.raises(UsageFault, match="there is no expected action of 'spring'"):
        there.run(there.main, "expected spring")


def test_an_area_for_improvement_without_browsers_is_a_note(tmp_path: Path) -> None:
    """`finding` belongs to browsers; the refusal names what writes the area, and that is in the review."""
    there, _ = shared(tmp_path / "run", seats=PEOPLE)
    with pytest.raises(UsageFault, match='note "TEXT" --tag improve adds an area for improvement'):
        there.run(there.main, 'finding area --observation "No call for two days"')
    with pytest.raises(UsageFault, match=r"not served in browsers \(wargame play --serve"):
        there.run(there.main, "people")
    ruled(there, there.main, 'note "No call for two days" --tag improve', "endex")
    there.session.close()
    assert inside("report", "run", cwd=tmp_path).returncode == 0
    assert "No call for two days" in (tmp_path / "run" / "review.yaml").read_text("utf-8")
