"""A team cancels or changes its own order while it is being carried out, and reads what is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.engine import changed, loaded
from support.live import console, output_of, verified
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.seat.brief import brief
from wargame.simulation.kernel.settings import Settings
from wargame.web.access import FACILITATOR, SEAT
from wargame.web.screens.control import parts as control_parts
from wargame.web.screens.seat import parts
from wargame.web.viewer import Viewer


def ordered(folder: Path) -> tuple[Console, Console]:
    """The facilitator's console and that of Arda, half a day after it has ordered talks, which take a day."""
    there = console(folder, seats=(("ARD", "human"),))
    mine = seat(there, "ARD")
    output_of(there, "stop at nothing", "advance 1d")
    output_of(mine, "order talk BRL")
    output_of(there, "advance 12h")
    return there, mine


def under_way(there: Console) -> list[str]:
    """The orders of Arda that are being carried out."""
    return [each.words for each in brief(there.session.exercise, "ARD").under_way]


def actions(there: Console) -> list[str]:
    """What Arda has done since STARTEX."""
    startex = there.session.exercise.calendar.startex
    return [r.about for r in there.session.records if (r.kind, r.who) == ("action", "ARD") and r.t >= startex]


def test_an_order_without_a_lead_is_carried_out_at_once_and_costs_no_time(tmp_path: Path) -> None:
    """Neither answer counts seconds."""
    trade = replace(loaded().scenario.options["trade"], lead=(0, 0, 0))
    base = changed(loaded(), options={**loaded().scenario.options, "trade": trade})
    there = Console(Session.create(base, 5, Settings(seats=(("ARD", "human"),)), Destination(out=tmp_path / "x")))
    output_of(there, "stop at nothing", "advance 1d")
    assert output_of(there, "order ARD trade BRL", "cancel ARD trade BRL") == [
        "Arda eases trade (Brel): expected at once, 2030-01-02 00:00 (D+1)",
        "The order is cancelled: eases trade (Brel)",
    ]
    output_of(there, "order ARD trade BRL", "advance 1h")
    assert actions(there) == ["trade"]
    there.session.close()


def test_an_own_order_is_cancelled_by_its_name(tmp_path: Path) -> None:
    """It is not carried out; the answer says how much of its time is lost."""
    there, mine = ordered(tmp_path / "x")
    assert under_way(there) == ["talk BRL"]
    assert output_of(mine, "cancel talk BRL") == [
        "The order is cancelled: offers talks (Brel); 12 hours of 1 day are lost"
    ]
    assert under_way(there) == []
    output_of(there, "advance 5d")
    assert actions(there) == []
    assert "withdrawal of the order of Arda: offers talks (Brel)" in commands(there)
    there.session.close()
    assert verified(tmp_path / "x")


def test_an_order_is_changed_in_one_command(tmp_path: Path) -> None:
    """The new one takes its full time; undo takes both back."""
    there, mine = ordered(tmp_path / "x")
    lost, given = output_of(mine, 'change "talk BRL" "trade BRL"')
    assert lost == "The order is cancelled: offers talks (Brel); 12 hours of 1 day are lost"
    assert given.startswith("Arda eases trade (Brel): expected in 1 day, ")
    assert under_way(there) == ["trade BRL"]
    output_of(there, "advance 5d")
    assert actions(there) == ["trade"]
    there.session.close()
    assert verified(tmp_path / "x")


def test_a_change_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    """Whether the old order or the new one is wrong."""
    there, mine = ordered(tmp_path / "x")
    lines = len(there.session.log.lines)
    for line, message in (
        ('change "talk BRL" "nothing"', "has no option 'nothing'"),
        ('change "trade BRL" "protest BRL"', "there is no order of ARD that is being carried out, 'trade BRL'"),
        ('change "talk BRL" "talk BRL"', "it has already been ordered"),
        ("cancel trade BRL", "there is no order of ARD that is being carried out, 'trade BRL'"),
    ):
        with pytest.raises(UsageFault, match=message):
            output_of(mine, line)
    assert under_way(there) == ["talk BRL"]
    assert len(there.session.log.lines) == lines


def test_the_page_says_what_is_lost_before_an_order_is_cancelled(tmp_path: Path) -> None:
    """With a button to cancel it, and the other orders of its dossier."""
    _, mine = ordered(tmp_path / "x")
    page = parts(Viewer(mine, SEAT, 0))["todo.under_way"]
    assert "The time spent on it (12 hours) is lost." in page
    assert 'data-verb="cancel"' in page
    assert '<option value="protest BRL">' in page


def commands(there: Console) -> str:
    """The last commands in the control room."""
    return "".join(control_parts(Viewer(there, FACILITATOR, 0, query={"view": "branches"})).values())
