"""Undo, rewind and branches."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, resumed, session, verified
from support.terminals import joined, seat, shared
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.roles import SCRIBE


def test_undo_takes_back_a_rewind(tmp_path: Path) -> None:
    """The state before the rewind returns; a second undo takes back the command before it."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "advance 10d", 'message ARD BRL "important"', "advance 10d", 'note "x"')
    records = list(there.session.records)
    output_of(there, "rewind 2030-01-15")
    assert output_of(there, "undo")[0].startswith("Undone: the rewind from")
    assert there.session.branch == "main"
    assert there.session.records == records
    assert output_of(there, "undo")[0].startswith("Undone: note: 'x'.")
    assert there.session.exercise.now == 20 * DAY
    there.session.close()
    assert verified(tmp_path / "run")
    again = resumed(tmp_path / "run")
    assert (again.exercise.now, again.branch) == (20 * DAY, "main")


@pytest.mark.parametrize(("turn", "back"), [("branch aside", "main"), ("switch main", "branch-2")])
def test_undo_takes_back_a_branch_or_a_switch(tmp_path: Path, turn: str, back: str) -> None:
    """The exercise returns to the branch before it, at the same point."""
    there = console(tmp_path / "run")
    output_of(there, "advance 10d", *(["rewind D+5", "advance 1d"] if back != "main" else []))
    now = there.session.exercise.now
    output_of(there, turn, "undo")
    assert (there.session.branch, there.session.exercise.now) == (back, now)


def test_undo_keeps_notes_and_acknowledgements_of_others(tmp_path: Path) -> None:
    """It also names the sender of the command that it takes back."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    output_of(there, "stop at nothing", 'inject news "Riots" --id riots --now', "release harvest")
    output_of(seat(there, "BRL"), "ack 1")
    scribe = Console(there.session, there.wall, role=SCRIBE)
    output_of(scribe, 'note "a decisive quarrel" --about harvest', 'note "the release" --about 2')
    (line,) = output_of(there, "undo")
    assert line.startswith("Undone: release of 'A poor harvest'. Kept: 3 notes and acknowledgements")
    notes = [record.data["text"] for record in there.session.records if record.kind == "note"]
    assert notes == ["a decisive quarrel", "the release"]
    assert there.session.exercise.commands.msel.acknowledged == {("riots", 1): ["BRL"]}
    assert there.session.exercise.injector.lines["harvest"].status != "released"


def test_undo_reports_what_it_cannot_keep(tmp_path: Path) -> None:
    """For example the acknowledgement of a message that is taken back."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    output_of(there, "stop at nothing", 'inject news "Riots" --id riots', "release riots")
    output_of(seat(there, "BRL"), "ack")
    (line,) = output_of(there, "undo")
    assert "Not kept: 1 note or acknowledgement" in line


def test_undo_with_a_running_clock_takes_back_the_last_command(tmp_path: Path) -> None:
    """The game time since then is taken back too, which is reported."""
    there = console(tmp_path / "run")
    output_of(there, "stop at nothing", "pace 1d=1s", "resume")
    there.wall.tick(30.0)
    output_of(there, "hold coup")
    for _ in range(3):
        there.wall.tick(10.0)
    (line,) = output_of(there, "undo")
    assert line.startswith(
        "Undone: hold of 'A general becomes premier of Brel'. The time that has passed since is undone with it."
    )
    assert (there.session.exercise.now, there.wall.running) == (30 * DAY, False)
    assert there.session.exercise.injector.lines["coup"].status != "held"


def test_undo_names_the_sender_of_the_command(tmp_path: Path) -> None:
    """A message of a seat is not a command of the facilitator."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(seat(there, "ARD"), 'message BRL "Let us talk"')
    assert output_of(there, "undo")[0].startswith("Undone: message of Arda to Brel: 'Let us talk'.")


def test_rewind_to_a_record_keeps_earlier_records_of_the_same_second(tmp_path: Path) -> None:
    """A rewind to a date goes back before all commands of that moment."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d", *(f'note "number {n}"' for n in range(6)))
    last = [record.seq for record in there.session.records if record.kind == "note"]
    output_of(there, f"rewind #{last[4]}")
    notes = [record.data["text"] for record in there.session.records if record.kind == "note"]
    assert notes == ["number 0", "number 1", "number 2", "number 3"]
    output_of(there, "rewind D+3")
    assert not [record for record in there.session.records if record.kind == "note"]


def test_pace_and_stops_survive_a_rewind(tmp_path: Path) -> None:
    """They are settings of the console, not of the exercise."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 5d", "order ARD talk BRL", "stop at nothing", "pace 1d=5s", "undo")
    assert (there.session.last("stop"), there.wall.pace) == ({"at": []}, 86400 / 5)
    output_of(there, "advance 5d", "rewind D+3")
    assert (there.session.last("stop"), there.wall.pace) == ({"at": []}, 86400 / 5)
    there.session.close()
    assert verified(tmp_path / "run")


def test_undo_skips_ratings_and_notes_of_a_scribe(tmp_path: Path) -> None:
    """Also when it takes back a rewind."""
    there = console(tmp_path / "run")
    scribe = Console(there.session, there.wall, role=SCRIBE)
    output_of(there, "order ARD talk BRL")
    output_of(scribe, "rate signals P")
    assert output_of(there, "undo")[0].startswith(
        "Undone: order of Arda: offers talks (Brel). Kept: 1 note or acknowledgement"
    )
    output_of(there, "advance 10d", "rewind D+3")
    output_of(scribe, 'note "after the rewind"')
    assert "Kept: 1 note" in output_of(there, "undo")[0]
    kinds = [r.data.get("text") or r.data.get("rating") for r in there.session.records if r.kind in ("note", "rating")]
    assert kinds == ["P", "after the rewind"]


def test_the_seat_whose_command_is_taken_back_is_informed(tmp_path: Path) -> None:
    """The others learn only that a command was taken back."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    ard, mine = joined(there, "ARD")
    _, other = joined(there, "BRL")
    there.run(ard, 'message BRL "hello"')
    there.run(there.main, "undo")
    assert "Your command is undone: message of Arda to Brel: 'hello'." in str(mine)
    assert "Your command" not in str(other)


def test_rewind_by_a_duration_goes_back_by_that_time(tmp_path: Path) -> None:
    """`rewind 5d` from the tenth day goes to the fifth, not to D+5 counted in another way; `D+2` is a date."""
    there = console(tmp_path / "run")
    output_of(there, "advance 12d", "rewind 5d")
    assert there.session.exercise.now == 7 * DAY
    output_of(there, "rewind D+2")
    assert there.session.exercise.now == 2 * DAY
    for line in ("rewind 5d", "rewind 0d", "rewind soon"):
        with pytest.raises(UsageFault):
            output_of(there, line)


def test_until_refuses_a_duration(tmp_path: Path) -> None:
    """It could mean from now or from STARTEX; the message gives both commands."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match=r"advance 5d advances by this time; D\+N is N days after STARTEX"):
        output_of(there, "until 5d")


def test_a_decision_is_due_after_rewinding_to_its_date(tmp_path: Path) -> None:
    """The console says so, the seat can pass, and the run can be verified."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "until 2030-01-09", "pass ARD", "advance 20d")
    (said,) = output_of(there, "rewind 2030-01-06")
    assert said.endswith("the earlier branch is kept. Due: ARD strait.")
    assert [due.dossier for due in there.session.exercise.commands.seats.dues.values()] == ["strait"]
    output_of(there, "pass ARD")
    there.session.close()
    assert verified(tmp_path / "run")


@pytest.mark.slow
def test_a_rewind_to_the_minute_that_the_clock_showed_finds_what_was_due(tmp_path: Path) -> None:
    """A decision that fell due within that minute: seconds are not shown."""
    there = Console(session(tmp_path / "run", scenario="korea-2017", seats=(("KOR", "human"),)))
    (*_, stopped) = output_of(there, "stop at decisions", "advance 30d")
    ((government, dossier),) = there.session.exercise.commands.seats.dues
    shown, _, why = stopped.partition(", stopped: ")
    assert why.startswith(f"a decision is due (South Korea: {there.titles.dossier(dossier)})")
    assert there.session.exercise.now % 60
    (said,) = output_of(there, "pass KOR", f"rewind {shown.partition(' (')[0]}")[1:]
    assert said == f"{shown}, on branch-2; the earlier branch is kept. Due: {government} {dossier}."


def test_undo_of_a_line_undoes_that_line_alone(tmp_path: Path) -> None:
    """A newer command than the one that somebody has looked at stays."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "hold harvest")
    line = there.session.head
    output_of(there, 'message ARD BRL "Wait."')
    with pytest.raises(UsageFault, match="nothing is undone"):
        output_of(there, f"undo {line}")
    assert output_of(there, f"undo {line + 1}")[0].startswith("Undone: message of Arda to Brel: 'Wait.' ")
    assert output_of(there, f"undo {line}")[0].startswith("Undone: hold of 'A poor harvest'.")


def test_undo_names_what_it_undoes(tmp_path: Path) -> None:
    """A command with its government, option and target; an advance and a rewind with their times."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "advance 10d", "order ARD talk BRL", "rewind D+3")
    starts = [output_of(there, "undo")[0].partition(". ")[0] for _ in range(3)]
    assert starts == [
        "Undone: the rewind from 2030-01-11 00:00 (D+10), main, to 2030-01-04 00:00 (D+3), branch-2",
        "Undone: order of Arda: offers talks (Brel)",
        "Undone: the advance from 2030-01-01 00:00 (D+0) to 2030-01-11 00:00 (D+10)",
    ]
