"""What ends after ENDEX says so beforehand: orders, and futures."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.seat.options import seat_options
from wargame.web.access import SEAT
from wargame.web.screens.seat import parts
from wargame.web.viewer import Viewer


def played(folder: Path, until: str) -> Console:
    """The facilitator's console of an exercise with a person in Arda."""
    there = console(folder, seats=(("ARD", "human"),), until=until)
    output_of(there, "stop at nothing", "advance 1d 12h")
    return there


def test_an_order_that_ends_after_endex_says_so_before_it_is_given(tmp_path: Path) -> None:
    """In the list of a terminal, and folded away on the page; and once more when it is given."""
    there = played(tmp_path / "x", "D+2")
    entries = [each for menu in seat_options(there.session.exercise, "ARD").dossiers for each in menu.available]
    late = [each for each in entries if there.session.exercise.now + each.lead[1] > there.session.exercise.end]
    assert late
    lines = output_of(seat(there, "ARD"), "options")
    for each in entries:
        (line,) = [line for line in lines if line.startswith(f"  {each.option} ")]
        assert line.endswith(", ends after ENDEX") == (each in late)
    folded = [menu for menu in seat_options(there.session.exercise, "ARD").dossiers if set(menu.available) & set(late)]
    page = "".join(parts(Viewer(seat(there, "ARD"), SEAT, 0)).values())
    assert page.count("Not finished before ENDEX") == len(folded)
    target = f" {late[0].targets[0]}" if late[0].targets else ""
    assert "which is after ENDEX" in output_of(there, f"order ARD {late[0].option}{target}")[-1]


def test_nothing_is_said_of_endex_where_there_is_time(tmp_path: Path) -> None:
    """An order that is carried out in time."""
    there = played(tmp_path / "x", "D+300")
    assert "ENDEX" not in "\n".join(output_of(seat(there, "ARD"), "options"))
    assert "ENDEX" not in output_of(there, "order ARD talk BRL")[-1]


@pytest.mark.parametrize(("typed", "horizon"), [("", "28d"), ("400d", "28d"), ("10d", "10d")])
def test_futures_go_at_most_to_endex(tmp_path: Path, typed: str, horizon: str) -> None:
    """By default as far as the exercise goes, and never further."""
    there = played(tmp_path / "x", "D+30")
    output_of(there, f"forecast {typed}".strip(), f"whatif skip night_drill --over {typed or '90d'}")
    assert [each[1] for each in there.requested] == [horizon, horizon]


def test_a_horizon_that_is_no_time_is_refused(tmp_path: Path) -> None:
    """With how it is written."""
    with pytest.raises(UsageFault, match="'soon' is not a duration"):
        output_of(played(tmp_path / "x", "D+30"), "forecast soon")
