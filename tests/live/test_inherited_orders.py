"""Orders of the model that are under way when a person takes the seat: named to the person, who can cancel them."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, verified
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.journal.records import Record
from wargame.live.console.console import Console
from wargame.review.findings.findings import open_findings


def taken_over(folder: Path) -> Console:
    """An exercise in which a person takes the seat of Arda while one order of the model is under way."""
    there = console(folder, seats=(("BRL", "script"),))
    output_of(there, "stop at nothing")
    while not there.session.exercise.governments["ARD"].pending:
        output_of(there, "advance 12h")
    output_of(there, "seat ARD human")
    return there


def records(there: Console, kind: str) -> list[Record]:
    """The records of this kind so far."""
    return [record for record in there.session.records if record.kind == kind]


def test_each_order_under_way_is_named_to_the_person(tmp_path: Path) -> None:
    """It comes with its number and its time, as news and in the brief."""
    there = taken_over(tmp_path / "x")
    (order,) = records(there, "order.inherited")
    ard = seat(there, "ARD")
    news, brief = output_of(ard, "inbox"), output_of(ard, "brief")
    assert any("UNDER WAY 1, ordered by the model: Arda " in line and "(cancel 1)" in line for line in news)
    listed = brief[brief.index("Under way:") + 1]
    assert listed.startswith("  1: ")
    assert "ordered by the model (cancel " in listed
    assert (order.who, order.data["number"]) == ("ARD", 1)


def test_a_cancelled_order_is_not_carried_out(tmp_path: Path) -> None:
    """The seat cancels it by its number; the option can be ordered again, and the re-simulation agrees."""
    there = taken_over(tmp_path / "x")
    (order,) = records(there, "order.inherited")
    (line,) = output_of(seat(there, "ARD"), "cancel 1")
    assert line.startswith("The order is cancelled: eases trade (Brel); ")
    (cancelled,) = records(there, "order.cancelled")
    assert (cancelled.who, cancelled.about, cancelled.data["reason"]) == (
        "ARD",
        order.about,
        "the seat has cancelled it",
    )
    assert cancelled.cause[0] == order.cause[0]
    assert not there.session.exercise.governments["ARD"].pending
    target = order.data["target"] or ""
    output_of(there, f"order ARD {order.about} {target}".rstrip(), "advance 30d")
    assert [r.data["from"] for r in records(there, "action") if r.who == "ARD" and r.seq > order.seq] == ["order"]
    there.session.close()
    assert verified(tmp_path / "x")


def test_the_record_says_that_the_white_cell_cancelled_an_order(tmp_path: Path) -> None:
    """It is not laid to the seat."""
    there = taken_over(tmp_path / "x")
    output_of(there, "cancel ARD 1")
    (cancelled,) = records(there, "order.cancelled")
    assert cancelled.data["reason"] == "the white cell has cancelled it"


def test_the_review_names_the_order_that_a_person_cancelled(tmp_path: Path) -> None:
    """The log of decisions has it by its title, as an order of the model."""
    there = taken_over(tmp_path / "x")
    (order,) = records(there, "order.inherited")
    output_of(seat(there, "ARD"), "cancel 1")
    output_of(there, "advance 1d")
    there.session.close()
    decided = [row["what"] for row in open_findings(there.session.folder).seat_decisions]
    assert f"cancels an order of the model: {there.titles.choice(order.data)}" in decided


def test_an_order_that_is_left_alone_is_carried_out(tmp_path: Path) -> None:
    """It then has no number any more that could be cancelled."""
    there = taken_over(tmp_path / "x")
    (order,) = records(there, "order.inherited")
    output_of(there, "advance 30d")
    assert order.about in [r.about for r in records(there, "action") if r.who == "ARD" and r.t == order.data["until"]]
    with pytest.raises(UsageFault, match="there is no standing order of ARD, or order of the model, '1'"):
        there.session.submit("cancel", government="ARD", number="1")


def test_orders_of_a_person_are_not_renamed(tmp_path: Path) -> None:
    """Standing orders and inherited ones share the numbers of the seat."""
    there = taken_over(tmp_path / "x")
    output_of(there, 'standing ARD talk BRL --when "tension > 5"', "seat ARD human")
    assert len(records(there, "order.inherited")) == 1
    assert [order.number for order in there.session.exercise.commands.seats.standing] == [2]
    assert output_of(there, "cancel ARD 2") == ["Standing order 2 is cancelled: offers talks (Brel)"]


def test_an_order_of_the_model_after_a_missed_decision_can_be_cancelled(tmp_path: Path) -> None:
    """The person hears of it with its number, as of orders that the model gave before."""
    there = console(tmp_path / "x", seats=(("ARD", "human"), ("BRL", "script")))
    output_of(there, "stop at nothing", "deadline 1d model")
    while not records(there, "order.inherited"):
        output_of(there, "advance 12h")
    (order,) = records(there, "order.inherited")
    assert there.session.records[order.cause[0]].kind == "decision"
    assert records(there, "decision.missed")
    ard = seat(there, "ARD")
    assert any("UNDER WAY 1, ordered by the model" in line for line in output_of(ard, "inbox"))
    (line,) = output_of(ard, "cancel 1")
    assert line.startswith("The order is cancelled: eases trade (Brel); ")
    there.session.close()
    assert verified(tmp_path / "x")
