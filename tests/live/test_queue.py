"""Correspondence with the white cell: the queue, requests for information, public statements, notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, journal, output_of, resumed, verified
from support.terminals import joined, seat, shared
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.live.console.news import news, public_news
from wargame.live.console.roles import SCREEN
from wargame.live.console.waiting import queue
from wargame.seat.brief import information_requests

PEOPLE = (("ARD", "human"),)
"""A person plays Arda; nobody plays Brel."""


def rooms(folder: Path, seats: tuple[tuple[str, str], ...] = PEOPLE) -> tuple[Console, Console]:
    """The facilitator's console of a new exercise, and that of Arda."""
    there = console(folder, seats=seats)
    return there, seat(there, "ARD")


def kinds(there: Console) -> list[str]:
    """The kinds of items in the queue."""
    return [item.kind for item in queue(there.session.exercise)]


# --- what is addressed to a government that no person plays ----------------------------------------------------


@pytest.mark.parametrize(
    ("line", "kind", "answer"),
    [
        ('message BRL "We want peace"', "message", 'message BRL ARD "So do we"'),
        ('offer BRL "We withdraw if you do"', "offer", "answer BRL 1 yes"),
        ('demand BRL "Stop the drills"', "demand", "answer BRL 1 no never"),
        ('vote ARD,BRL "Refer it to the court?"', "vote", "ballot BRL 1 yes"),
    ],
)
def test_it_waits_until_it_is_answered_in_its_name(tmp_path: Path, line: str, kind: str, answer: str) -> None:
    """The facilitator sees it at once with the command that answers it; the seat receives the answer as from Brel."""
    there, ard = rooms(tmp_path / "x")
    before = len(there.session.records)
    output_of(ard, line)
    shown = news(there, there.session.records[before:])
    assert kinds(there) == [kind]
    (item,) = queue(there.session.exercise)
    assert (item.sender, item.to) == ("ARD", "BRL")
    how = shown[-1].removeprefix("  in the queue: ")
    assert answer.startswith(" ".join(how.split()[:3]))
    assert how in "\n".join(output_of(there, "queue"))
    output_of(there, answer)
    assert kinds(there) == []
    last = there.session.records[-1]
    assert (last.who, last.data["by"]) == ("BRL", "EXCON")
    assert "Brel (by the white cell)" in "\n".join(output_of(there, "log 1"))
    assert "EXCON" not in "\n".join(output_of(ard, "inbox"))


def test_a_person_answers_for_itself(tmp_path: Path) -> None:
    """Nothing waits for the facilitator; what a person leaves unanswered does once nobody plays the seat."""
    there, ard = rooms(tmp_path / "x", (*PEOPLE, ("BRL", "human")))
    output_of(ard, 'message BRL "Hello"', 'offer BRL "Peace"', 'vote ARD,BRL "Court?"')
    assert kinds(there) == []
    output_of(there, "seat BRL model")
    assert kinds(there) == ["offer", "vote"]


def test_a_message_can_be_dismissed(tmp_path: Path) -> None:
    """It needs no answer; another one is still waiting."""
    there, ard = rooms(tmp_path / "x")
    output_of(ard, 'message BRL "Thank you"', 'message EXCON "Where is the coffee?"')
    output_of(there, "dismiss 1")
    assert [item.to for item in queue(there.session.exercise)] == ["EXCON"]
    with pytest.raises(UsageFault, match="message in the queue '1'"):
        output_of(there, "dismiss 1")


def test_a_message_to_all_is_no_answer(tmp_path: Path) -> None:
    """A message to the seat answers all that it has sent."""
    there, ard = rooms(tmp_path / "x", (*PEOPLE, ("BRL", "human")))
    output_of(ard, 'message EXCON "Where is the coffee?"', 'message EXCON "And the tea?"')
    output_of(there, 'tell all "Ten minutes"', 'tell screen "Ten minutes"', 'tell BRL "Ten minutes"')
    assert kinds(there) == ["message", "message"]
    output_of(there, 'tell ARD "Next door"')
    assert kinds(there) == []


def test_the_queue_is_kept(tmp_path: Path) -> None:
    """It follows from the command log: it is the same after resuming, and undo brings an item back."""
    there, ard = rooms(tmp_path / "x")
    output_of(ard, 'message BRL "Hello"', 'rfi "How far?"', 'order "close the strait"')
    there.session.close()
    again = Console(resumed(tmp_path / "x"))
    assert kinds(again) == ["request", "rfi", "message"]
    output_of(again, "dismiss 1", 'reply ARD 1 "Far"', "undo", "undo")
    assert kinds(again) == ["request", "rfi", "message"]
    again.session.close()
    assert verified(tmp_path / "x")


def test_the_queue_shows_after_endex_what_was_not_answered(tmp_path: Path) -> None:
    """Without commands, since none can be given."""
    there, ard = rooms(tmp_path / "x")
    output_of(ard, 'message BRL "Hello"')
    output_of(there, "endex")
    assert output_of(there, "queue") == [
        "The exercise is over. Not answered:",
        "Messages to EXCON and to governments that no person plays:",
        "  2030-01-01 00:00  ARD to BRL: Hello",
    ]


# --- EXCON -------------------------------------------------------------------------------------------------------


def test_a_seat_writes_to_excon(tmp_path: Path) -> None:
    """The message waits until EXCON writes to the seat; no other seat sees either."""
    there, ard = rooms(tmp_path / "x")
    output_of(ard, 'message excon "May we call our lawyers?"')
    assert [(item.kind, item.to) for item in queue(there.session.exercise)] == [("message", "EXCON")]
    output_of(there, 'tell ARD "You may"')
    assert kinds(there) == []
    assert [line.partition("Message ")[2] for line in output_of(ard, "channel EXCON")] == [
        "1 from Arda to EXCON: May we call our lawyers?",
        "2 from EXCON to Arda: You may",
    ]
    assert "lawyers" not in "\n".join(output_of(seat(there, "BRL"), "inbox"))


def test_a_request_for_information_has_a_status_and_a_reply(tmp_path: Path) -> None:
    """The seat sees both; the request waits until it is answered or declined."""
    there, ard = rooms(tmp_path / "x")
    output_of(ard, 'rfi "How far do their guns reach?"', 'rfi "Who commands them?"')
    assert [(r.number, r.status) for r in information_requests(there.session.exercise, "ARD")] == [
        (1, "open"),
        (2, "open"),
    ]
    output_of(there, "reply ARD 1 --status in_work", 'reply ARD 2 "Not known" --status declined')
    assert output_of(ard, "rfi") == [
        "1  in work: How far do their guns reach?",
        "2  declined: Who commands them? / EXCON: Not known",
    ]
    assert kinds(there) == ["rfi"]
    output_of(there, 'reply ARD 1 "About 60 kilometres"')
    assert kinds(there) == []
    assert "Request for information 1 is answered: About 60 kilometres" in output_of(ard, "inbox 1")[0]
    with pytest.raises(UsageFault, match="the text is missing"):
        output_of(there, "reply ARD 2")
    output_of(ard, 'rfi "And who commands those?"')
    output_of(there, "reply ARD 3 --status declined")
    assert output_of(ard, "rfi")[-1] == "3  declined: And who commands those?"


def test_requests_for_information_are_numbered_per_seat(tmp_path: Path) -> None:
    """No number reveals what others ask."""
    there, ard = rooms(tmp_path / "x", (*PEOPLE, ("BRL", "human")))
    brl = seat(there, "BRL")
    output_of(ard, 'rfi "One"', 'rfi "Two"')
    assert output_of(brl, 'rfi "Mine"') == ["Request for information 1 is sent to EXCON."]
    assert "Two" not in "\n".join([*output_of(brl, "rfi"), *output_of(brl, "inbox")])


# --- the public ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ['tell screen "Noon"', 'tell public "Noon"', 'message ARD public "Noon"'])
def test_a_public_statement_is_for_everyone(tmp_path: Path, line: str) -> None:
    """On the screen in the room and in every inbox; it waits for nobody's answer."""
    there, ard = rooms(tmp_path / "x")
    output_of(there, line)
    assert "Noon" in "\n".join(public_news(there.session, there.session.records))
    assert "Noon" in output_of(ard, "inbox 1")[0]
    assert "Noon" in output_of(seat(there, "BRL"), "inbox 1")[0]
    assert kinds(there) == []


@pytest.mark.parametrize(("template", "public"), [("news", True), ("cable", False), ("intel", False), ("phone", False)])
def test_only_public_channels_are_shown_in_the_room(tmp_path: Path, template: str, public: bool) -> None:
    """A message to all governments on a private channel is theirs alone, and so is its DISREGARD."""
    there, ard = rooms(tmp_path / "x")
    output_of(there, f'inject {template} "Noon" --id noon --now', "retract noon")
    shown = public_news(there.session, there.session.records)
    assert sum("Noon" in line for line in shown) == (2 if public else 0)
    assert "DISREGARD" in "\n".join(output_of(ard, "inbox"))


# --- notices -------------------------------------------------------------------------------------------------------


def test_a_notice_is_not_part_of_the_exercise(tmp_path: Path) -> None:
    """It is shown on the terminals, and is in no inbox, journal or command log."""
    there, _ = shared(tmp_path / "x", seats=PEOPLE)
    _, ard = joined(there, "ARD")
    _, screen = joined(there, "", SCREEN)
    before = journal(there.main), (tmp_path / "x" / "commands.jsonl").read_bytes()
    there.run(there.main, 'notice "Coffee break until 10:30"')
    for shown in (ard, screen):
        assert "not part of the exercise: Coffee break until 10:30" in shown[-1]
    assert (journal(there.main), (tmp_path / "x" / "commands.jsonl").read_bytes()) == before
    assert "Coffee" not in "\n".join(output_of(there.main, "inbox ARD", "log 50"))


def test_a_notice_goes_to_the_terminals_that_are_named(tmp_path: Path) -> None:
    """Another terminal is not shown it; a seat without a terminal is an error."""
    there, _ = shared(tmp_path / "x", seats=PEOPLE)
    _, ard = joined(there, "ARD")
    _, screen = joined(there, "", SCREEN)
    screen.clear()
    there.run(there.main, 'notice "Your lunch is here" --to ard')
    assert "Your lunch is here" in str(ard)
    assert not screen
    with pytest.raises(UsageFault, match="no terminal has joined as BRL"):
        there.run(there.main, 'notice "x" --to BRL')


# --- words that are not understood -----------------------------------------------------------------------------------


def test_an_option_with_too_many_words_is_not_a_request(tmp_path: Path) -> None:
    """The refusal says how an order in free text is written."""
    there, ard = rooms(tmp_path / "x")
    with pytest.raises(UsageFault, match=r'write it in quotes: order "talk BRL extra"'):
        output_of(ard, "order talk BRL extra")
    output_of(ard, 'order "talk BRL extra"')
    assert kinds(there) == ["request"]


def test_an_unknown_message_cannot_be_acknowledged(tmp_path: Path) -> None:
    """The refusal says which messages there are."""
    there, ard = rooms(tmp_path / "x")
    with pytest.raises(UsageFault, match="received no message '99'"):
        output_of(ard, "ack 99")
    output_of(there, 'inject news "Storm" --now')
    with pytest.raises(UsageFault, match="it has message 1; inbox lists them"):
        output_of(ard, "ack 99")
