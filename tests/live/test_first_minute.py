"""A player's first minute: what a seat that arrives at STARTEX is shown, and what it can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, session
from wargame.errors import UsageFault
from wargame.live.console.console import Console


def seat(there: Console, name: str) -> Console:
    """The console of a seat of the same exercise."""
    return Console(there.session, there.wall, role="seat", seat=name)


def test_a_seat_that_joins_at_startex_receives_its_role_sheet(tmp_path: Path) -> None:
    """Without typing anything; who joins later is shown how to see it."""
    there = console(tmp_path / "run")
    output_of(there, "seat BRL human")
    greeting = seat(there, "BRL").greeting()
    assert "ROLE SHEET for Brel (BRL)" in greeting
    assert any(line.strip().startswith("You are the leadership of Brel.") for line in greeting)
    assert greeting[-1].startswith("You are Brel (BRL). role shows your role sheet; brief shows what you know;")
    output_of(there, "stop at nothing", "advance 3d")
    later = seat(there, "BRL").greeting()
    assert "ROLE SHEET for Brel (BRL)" not in later
    assert any("role shows your role sheet" in line for line in later)


def test_the_facilitator_is_told_how_players_receive_their_sheets(tmp_path: Path) -> None:
    """At STARTEX, if people hold seats."""
    there = console(tmp_path / "run")
    assert not any("role" in line for line in there.greeting())
    output_of(there, "seat BRL human")
    (line,) = (line for line in there.greeting() if "role sheet" in line)
    assert line.startswith("Human seats: BRL; a terminal that joins shows its role sheet, role BRL shows it here")
    output_of(there, "advance 3d")
    assert not any("role sheet" in line for line in there.greeting())


def test_role_shows_the_sheet_at_any_time(tmp_path: Path) -> None:
    """To a seat its own; to the facilitator that of any government; to a seat that only watches, too."""
    there = console(tmp_path / "run")
    output_of(there, "stop at nothing", "advance 30d")
    mine = output_of(seat(there, "ARD"), "role")
    assert mine[0] == mine[-1] == "EXERCISE EXERCISE EXERCISE"
    assert mine[1] == "ROLE SHEET for Arda (ARD)"
    assert output_of(there, "role ARD") == mine
    with pytest.raises(UsageFault, match="for ARD alone"):
        output_of(seat(there, "ARD"), "role BRL")


def test_sit_shows_the_role_sheet_at_startex_and_the_brief_later(tmp_path: Path) -> None:
    """On the facilitator's terminal, with one banner at the top."""
    there = console(tmp_path / "run")
    shown = output_of(there, "sit ARD")
    assert shown[1] == "ROLE SHEET for Arda (ARD)"
    output_of(there, "stand")
    output_of(there, "stop at nothing", "advance 3d")
    shown = output_of(there, "sit ARD")
    assert shown[1].startswith("BRIEF for Arda (ARD)")


def test_the_role_sheet_changes_no_record(tmp_path: Path) -> None:
    """Reading it is no command of the exercise."""
    there = console(tmp_path / "run")
    before = len(there.session.records)
    output_of(there, "role ARD", "role BRL")
    assert len(there.session.records) == before


@pytest.mark.slow
def test_the_sheet_of_the_largest_scenario_is_two_screens_at_most_of_prose(tmp_path: Path) -> None:
    """A player reads it in a minute or two: at most 900 words."""
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    governments = list(there.session.exercise.governments)
    assert len(governments) == 6
    for name in governments:
        words = " ".join(output_of(there, f"role {name}")).split()
        assert 200 < len(words) < 900, (name, len(words))
