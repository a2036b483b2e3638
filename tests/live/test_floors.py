"""Floors: whatever waits for a person stays in the room for a while, however fast the clock runs."""

from __future__ import annotations

from pathlib import Path

from support.live import journal, output_of, resumed, verified
from support.terminals import Screen, joined, shared
from wargame.live.console.console import Console
from wargame.live.console.status_bar import participant_bar
from wargame.live.terminals.shared_session import SharedSession
from wargame.web.access import FACILITATOR, SEAT
from wargame.web.screens.control import parts as control_parts
from wargame.web.screens.seat import parts as seat_parts
from wargame.web.viewer import Viewer

ASKS = ("stop at nothing", "pace 1d=2s", "deadline 1d", "resume")
"""A decision that falls due expires after two seconds in the room."""
STEP = 0.25


def asked(folder: Path, *, sits: bool = True) -> tuple[SharedSession, Screen, Console | None]:
    """An exercise whose clock runs until Arda is asked for a decision."""
    there, screen = shared(folder, seats=(("ARD", "human"),))
    mine = joined(there, "ARD")[0] if sits else None
    for line in ASKS:
        there.run(there.main, line)
    for _ in range(1000):
        there.tick(STEP)
        if kinds(there, "decision.due"):
            return there, screen, mine
    raise AssertionError("no decision fell due")


def kinds(there: SharedSession, kind: str) -> list[int]:
    """The times of the records of this kind."""
    return [record.t for record in there.session.records if record.kind == kind]


def seconds_until(there: SharedSession, kind: str, most: int = 300) -> float:
    """Lets time pass until there is a record of this kind; returns the seconds in the room."""
    passed = 0.0
    while not kinds(there, kind):
        there.tick(STEP)
        passed += STEP
        assert passed < most
    return passed


def test_a_decision_stays_in_the_room_for_ninety_seconds(tmp_path: Path) -> None:
    """It then expires at the game time that is written in its record, and the clock goes on by itself."""
    there, screen, _ = asked(tmp_path / "run")
    due = next(record for record in there.session.records if record.kind == "decision.due")
    assert 88.0 <= seconds_until(there, "decision.missed") <= 92.0
    assert kinds(there, "decision.missed")[0] == due.until  # type: ignore[attr-defined]  # a decision.due
    assert there.wall.running
    assert "The clock waits for Arda (decision: " in str(screen)


def test_the_clock_goes_on_at_once_when_the_seat_has_decided(tmp_path: Path) -> None:
    """The rest of the floor is not waited for, and the time in which it stood moves it by nothing."""
    there, _, mine = asked(tmp_path / "run")
    there.tick(STEP)
    before = there.session.exercise.now
    there.tick(10.0)
    assert there.session.exercise.now == before
    assert there.wall.state == "STOPPED"
    assert mine is not None
    there.run(mine, "pass")
    there.tick(STEP)
    assert there.session.exercise.now == before + 10_800  # a quarter of a second at 1d=2s
    assert there.wall.state == "RUNNING"


def test_an_empty_seat_has_no_floor(tmp_path: Path) -> None:
    """It is shown that nobody sits there."""
    there, _, _ = asked(tmp_path / "run", sits=False)
    assert "nobody sits there" in control(there)
    assert seconds_until(there, "decision.missed") <= 3.0


def test_a_seat_whose_people_leave_does_not_hold_the_clock(tmp_path: Path) -> None:
    """Nothing can block the room."""
    there, _, mine = asked(tmp_path / "run")
    there.tick(STEP)
    assert mine is not None
    there.detach(mine)
    assert seconds_until(there, "decision.missed") <= 3.0


def test_pausex_does_not_count(tmp_path: Path) -> None:
    """After any pause, the rest of the floor is left."""
    there, _, _ = asked(tmp_path / "run")
    there.tick(30.0)
    there.run(there.main, "pause")
    there.tick(1000.0)
    assert "passed" not in control(there)
    there.run(there.main, "resume")
    assert 55.0 <= seconds_until(there, "decision.missed") <= 62.0


def test_the_facilitator_gives_more_time_and_goes_on(tmp_path: Path) -> None:
    """`moretime` adds a minute to what the clock waits for; `resume` waits no longer."""
    there, _, _ = asked(tmp_path / "run")
    there.tick(80.0)
    assert there.run(there.main, "moretime")[0].startswith("1m more: ARD, decision: ")
    there.tick(60.0)
    assert not kinds(there, "decision.missed")
    there.run(there.main, "resume")
    assert seconds_until(there, "decision.missed") <= 3.0


def test_more_time_can_be_given_until_the_end(tmp_path: Path) -> None:
    """The button is there as long as the decision is open, also while the clock runs to its deadline."""
    there, _, _ = asked(tmp_path / "run")
    there.tick(85.0)
    offered = []
    while not kinds(there, "decision.missed"):
        offered.append("1 min more" in control(there))
        if there.wall.state == "RUNNING":
            break
        there.tick(STEP)
    assert there.wall.state == "RUNNING"
    assert offered
    assert all(offered)
    assert there.run(there.main, "moretime")[0].startswith("1m more: ARD, decision: ")
    assert 55.0 <= seconds_until(there, "decision.missed") <= 65.0


def test_everyone_sees_that_the_clock_has_stopped_and_only_its_seat_for_whom(tmp_path: Path) -> None:
    """That another seat is asked for a decision may be secret."""
    there, _, mine = asked(tmp_path / "run")
    other, _ = joined(there, "BRL")
    there.tick(STEP)
    assert mine is not None
    assert "the clock waits for you: decision: " in participant_bar(mine)
    assert "waits" not in participant_bar(other)
    assert "stopped" in participant_bar(other)
    assert "The clock waits for you" in seat_page(mine)
    assert "The clock waits for you" not in seat_page(other)
    assert "1 min more" in control(there)


def test_the_journal_and_the_re_simulation_do_not_know_floors(tmp_path: Path) -> None:
    """The run can be verified and resumed, and is the same as when commands move the clock to the same time."""
    there, _, _ = asked(tmp_path / "run")
    seconds_until(there, "decision.missed")
    there.run(there.main, "pause")
    reached = there.session.exercise.now
    there.session.close()
    assert verified(tmp_path / "run")
    resumed(tmp_path / "run").close()
    plain, _ = shared(tmp_path / "plain", seats=(("ARD", "human"),))
    for line in ASKS[:-1]:
        plain.run(plain.main, line)
    plain.session.submit("advance", to=reached)
    plain.session.close()
    assert journal(plain.main) == journal(there.main)


def test_typed_moves_have_no_floors(tmp_path: Path) -> None:
    """A script and a facilitator who types know what they do."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"),))
    joined(there, "ARD")
    output_of(there.main, "stop at nothing", "deadline 1d", "advance 60d")
    assert kinds(there, "decision.missed")


def control(there: SharedSession) -> str:
    """The overview of the control room."""
    return "".join(control_parts(Viewer(there.main, FACILITATOR, 0)).values())


def seat_page(mine: Console) -> str:
    """The page of a seat."""
    return "".join(seat_parts(Viewer(mine, SEAT, 0)).values())


def test_what_waits_names_governments_as_people_read_them(tmp_path: Path) -> None:
    """An offer without a deadline is listed, too, and does not hold the clock."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    joined(there, "ARD")
    output_of(there.main, "stop at nothing", "advance 1d", 'offer BRL ARD "Halt, and we pay."')
    assert "Offer from Brel: Halt, and we pay." in control(there)
    output_of(there.main, "pace 1d=1s", "resume")
    before = there.session.exercise.now
    there.tick(1.0)
    assert there.session.exercise.now > before
