"""News: what a console shows of new records, at once and after a jump."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of
from support.terminals import seat
from wargame.live.console.news import MOST, news, record_line, white_cell_news


def test_the_white_cell_sees_the_last_lines_of_many(tmp_path: Path) -> None:
    """With how to list all."""
    there = console(tmp_path / "run")
    output_of(there, *(f'note "number {n}"' for n in range(MOST + 5)))
    notes = [record for record in there.session.records if record.kind == "note"]
    first, *lines = white_cell_news(there.session, notes)
    assert first == f"(5 earlier lines are not shown: log {MOST + 5} lists them)"
    assert lines == [record_line(there.session, record) for record in notes[5:]]
    assert len(white_cell_news(there.session, notes[:MOST])) == MOST


def test_commands_of_seats_are_news_and_those_of_the_facilitator_are_not(tmp_path: Path) -> None:
    """The facilitator has typed them."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "hold coup")
    assert news(there, there.session.records[-1:]) == []
    output_of(seat(there, "ARD"), "order talk BRL")
    (line,) = news(there, there.session.records[-1:])
    assert "Arda orders: offers talks (Brel)" in line


def test_after_a_jump_passed_decisions_are_only_counted(tmp_path: Path) -> None:
    """For the white cell; within a week they are listed."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "advance 40d")
    records = there.session.records
    due = [record for record in records if record.kind == "decision.due"]
    assert len(due) > 1
    *lines, counts = news(there, records)
    assert counts == f"Decisions that fell due in this time: {len(due)} (log 500 lists them)"
    assert not [line for line in lines if "ecision due" in line]
    assert len(news(there, due[:1])) == 1


def test_a_catch_up_has_the_last_messages_and_what_is_due(tmp_path: Path) -> None:
    """With how to list all."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", *(f'tell ARD "number {n}"' for n in range(40)), "advance 40d")
    first, *lines, due = news(seat(there, "ARD"), there.session.records)
    assert first.startswith("Catch-up for ARD, 40 days (the last 36 of ")
    assert len(lines) == 36
    assert due == "  Due now: strait, economy"


def test_nothing_is_due_after_endex(tmp_path: Path) -> None:
    """The catch-up of the end has no decisions that nobody can take any more."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "advance 40d")
    since = len(there.session.records)
    assert there.session.exercise.commands.seats.dues
    output_of(there, "until 2031-01-01")
    lines = news(seat(there, "ARD"), there.session.records[since:])
    assert any("The exercise is over" in line for line in lines)
    assert "Due now" not in "\n".join(lines)
    assert "For you to decide" not in "\n".join(output_of(seat(there, "ARD"), "summary"))
