"""Why a decision is due: what a seat has read since it last decided on the dossier."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of
from support.terminals import seat
from wargame.live.console.console import Console
from wargame.seat.brief import brief

ROUTINE = "a routine meeting"


def next_reasons(there: Console, mine: Console, *, passing: bool) -> str:
    """Why the next decision of Arda on the strait is due; it is declined at once if the seat is `passing`."""
    for _ in range(60):
        output_of(there, "advance 1d")
        due = [each for each in brief(there.session.exercise, "ARD").obligations if each.dossier == "strait"]
        if due:
            if passing:
                output_of(mine, "pass strait")
            return due[0].why
    raise AssertionError("no decision is due")


def test_what_was_read_before_the_last_decision_is_no_news(tmp_path: Path) -> None:
    """A report calls one decision, not the next ones; a later report does again."""
    there = console(tmp_path / "x", seats=(("ARD", "human"), ("BRL", "human")))
    mine, other = seat(there, "ARD"), seat(there, "BRL")
    output_of(there, "stop at nothing")
    next_reasons(there, mine, passing=True)
    output_of(other, "order protest ARD")
    reasons = [next_reasons(there, mine, passing=True) for _ in range(4)]
    (called,) = [number for number, each in enumerate(reasons) if "Report: Brel" in each]
    assert called < 3
    assert "Report" not in reasons[called + 1]
    output_of(other, "order talk ARD")
    later = [next_reasons(there, mine, passing=True) for _ in range(3)]
    assert [each.count("Report") for each in later].count(1) == 1
    assert not any("protest" in each for each in later)


def test_an_order_is_a_decision(tmp_path: Path) -> None:
    """As a pass is; a decision on another dossier is not."""
    there = console(tmp_path / "x", seats=(("ARD", "human"), ("BRL", "human")))
    mine, other = seat(there, "ARD"), seat(there, "BRL")
    output_of(there, "stop at nothing")
    next_reasons(there, mine, passing=True)
    output_of(other, "order protest ARD")
    while "Report" not in (why := next_reasons(there, mine, passing=False)):
        output_of(mine, "pass strait")
    output_of(mine, "order talk BRL")
    assert "Report" not in next_reasons(there, mine, passing=True)
    assert why.startswith("Report: Brel")
