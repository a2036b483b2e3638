"""Terminals: who has joined, what each is shown, how it is wrapped, and what has been received."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from support.command_line import environment
from support.live import console, output_of, resumed, session, verified
from support.terminals import COMMAND, joined, shared
from support.waiting import PATIENCE, until
from wargame.decision.menu import Candidate
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.roles import SCRIBE
from wargame.live.terminals.screen import clipped, fold
from wargame.live.terminals.socket import NAME
from wargame.seat.feed import letters
from wargame.seat.options import obstacle_to, option_lines, seat_options
from wargame.simulation.actors.feasibility import UNLICENSED

# --- who has joined ------------------------------------------------------------------------------


def test_the_facilitator_sees_who_joins_and_leaves(tmp_path: Path) -> None:
    """With the number of the terminal; `terminals` also lists human seats without one."""
    there, screen = shared(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    mine, _ = joined(there, "ARD")
    joined(there, "", SCRIBE)
    listed = "\n".join(there.run(there.main, "terminals"))
    assert "1  ARD" in listed
    assert "2  scribe" in listed
    assert "No terminal: BRL" in listed
    there.detach(mine)
    assert [line for line in screen if line[0] in "+-"] == [
        "+ ARD has joined, terminal 1", "+ scribe has joined, terminal 2", "- ARD has left, terminal 1",
    ]  # fmt: skip


def test_two_terminals_of_one_seat_are_informed_of_each_other(tmp_path: Path) -> None:
    """The facilitator is informed too."""
    there, screen = shared(tmp_path / "run")
    _, first = joined(there, "ARD")
    second_console, _ = joined(there, "ARD")
    _, other = joined(there, "BRL")
    assert "Another terminal has joined the seat of ARD" in str(first)
    assert "terminal 2, shared with 1 other" in str(screen)
    there.detach(second_console)
    assert "Another terminal has left the seat of ARD" in str(first)
    assert not other


@pytest.mark.parametrize("who", ["1", "ARD"])
def test_kick_closes_a_terminal(tmp_path: Path, who: str) -> None:
    """By its number or its seat; the others stay."""
    there, _ = shared(tmp_path / "run")
    _, mine = joined(there, "ARD")
    _, other = joined(there, "BRL")
    there.run(there.main, f"kick {who}")
    assert mine == ["The facilitator has closed this terminal.", "closed"]
    assert not other


def test_kick_without_a_match_lists_the_terminals(tmp_path: Path) -> None:
    """It closes none of them."""
    there, _ = shared(tmp_path / "run")
    joined(there, "ARD")
    with pytest.raises(UsageFault, match=r"there is no terminal 'BRL' \(1 ARD\)"):
        there.run(there.main, "kick BRL")


def test_the_sender_of_a_command_does_not_see_its_echo(tmp_path: Path) -> None:
    """All others are shown what happened."""
    there, screen = shared(tmp_path / "run", seats=(("ARD", "human"),))
    ard, mine = joined(there, "ARD")
    _, other = joined(there, "BRL")
    assert there.run(ard, 'message BRL "Let us talk"') == ["Sent to Brel."]
    assert not mine
    assert "Message 1 from Arda to Brel: Let us talk" in str(other)
    assert "Arda to Brel: Let us talk" in str(screen)


def test_after_a_jump_a_seat_is_shown_a_catch_up(tmp_path: Path) -> None:
    """Without decisions that have passed. The facilitator gets none for a seat with a terminal."""
    there, screen = shared(tmp_path / "run", seats=(("ARD", "human"),))
    _, mine = joined(there, "ARD")
    there.run(there.main, "stop at nothing")
    answer = there.run(there.main, "advance 40d")
    assert mine[0].startswith("Catch-up for ARD, ")
    assert mine[-1].startswith("  Due now: ")
    assert "DECISION DUE" not in str(mine)
    assert "DUE:" not in str(screen)
    assert "Decisions that fell due in this time" in str(screen)
    assert not [line for line in answer if "Catch-up" in line]


def test_news_for_the_facilitator_waits_while_a_seat_sits_there(tmp_path: Path) -> None:
    """It is shown after `stand`."""
    there, screen = shared(tmp_path / "run")
    there.run(there.main, "sit ARD")
    joined(there, "BRL")
    there.run(there.main, "brief")
    assert "BRL" not in str(screen)
    assert "+ BRL has joined, terminal 1" in there.run(there.main, "stand")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_a_terminal_rejoins_when_the_console_is_resumed(tmp_path: Path) -> None:
    """At ENDEX it leaves for good."""
    there = begun(tmp_path, "play", "two-rivals", "--seed", "5", "--out", "run")
    ours, theirs = os.openpty()
    seat = subprocess.Popen([*COMMAND, "join", "run", "--seat", "ARD"], cwd=tmp_path, env=environment(),
                            stdin=theirs, stdout=theirs, stderr=theirs)  # fmt: skip
    os.close(theirs)
    try:
        shown = until_shown(ours, b"(ARD). role shows")
        there.kill()
        there.communicate()
        shown += until_shown(ours, b"joins again")
        there = begun(tmp_path, "resume", "run")
        shown += until_shown(ours, b"(ARD). role shows")
        assert there.stdin is not None
        there.stdin.write(b"endex\nquit\n")
        there.stdin.flush()
        until_shown(ours, b"The facilitator has closed this terminal.")
        assert seat.wait(timeout=PATIENCE) == 0
    finally:
        for process in (there, seat):
            process.kill()
            process.communicate()
        os.close(ours)


def begun(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Starts a console that reads lines from a pipe; returns once others can join it."""
    socket = folder / "run" / NAME
    socket.unlink(missing_ok=True)
    process = subprocess.Popen([*COMMAND, *words], cwd=folder, env=environment(), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)  # fmt: skip
    until(socket.exists)
    return process


def until_shown(terminal: int, words: bytes) -> bytes:
    """Everything that a terminal shows until these words."""
    shown, end = b"", time.monotonic() + PATIENCE
    while words not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        assert ready, shown.decode(errors="replace")
        shown += os.read(terminal, 1 << 16)
    return shown


# --- received ------------------------------------------------------------------------------------


def test_the_msel_shows_delivered_read_and_acknowledged(tmp_path: Path) -> None:
    """Shown on a terminal, read in the inbox, acknowledged by `ack`."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    told_of = 'inject news "Riots" --id riots --now'
    there.run(there.main, told_of)
    row = "delivered {}, read {}, acknowledged {} of 2"

    def shown() -> str:
        return "\n".join(there.run(there.main, "msel"))

    assert row.format(0, 0, 0) in shown()
    ard, screen = joined(there, "ARD")
    there.run(there.main, "retract riots")
    assert "DISREGARD message [1]: Riots" in str(screen)
    assert row.format(1, 0, 0) in shown()
    assert "[1] News: Riots" in "\n".join(there.run(ard, "inbox"))
    assert row.format(1, 1, 0) in shown()
    assert there.run(ard, "ack 1") == ["Arda acknowledges 1."]
    assert row.format(1, 1, 1) in shown()
    assert "acknowledged: ARD" in there.run(there.main, "msel riots")
    with pytest.raises(UsageFault, match="every message has been acknowledged"):
        there.run(ard, "ack")


def test_an_acknowledgement_is_kept_until_a_rewind(tmp_path: Path) -> None:
    """In the log and after resuming."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 3d", 'inject news "Riots" --id riots --now', "ack ARD riots", "advance 2d")
    there.session.close()
    again = Console(resumed(tmp_path / "run"))
    assert "acknowledged: ARD" in output_of(again, "msel riots")
    output_of(again, "rewind D+2")
    with pytest.raises(UsageFault, match="every message has been acknowledged"):
        output_of(again, "ack ARD")
    again.session.close()
    assert verified(tmp_path / "run")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ack ARD harvest", "received no message 'harvest'"),
        ("ack ARD 2", "received no message '2' .it has message 1"),
        ("ack XYZ", "XYZ"),
    ],
)
def test_only_messages_received_can_be_acknowledged(tmp_path: Path, line: str, why: str) -> None:
    """With the reason."""
    there = console(tmp_path / "run")
    output_of(there, 'inject news "Riots" --to ARD --id riots --now')
    with pytest.raises(UsageFault, match=why):
        output_of(there, line)


def test_message_numbers_do_not_reveal_messages_to_others(tmp_path: Path) -> None:
    """Each seat has its own count."""
    there = console(tmp_path / "run")
    output_of(there, 'inject news "One" --to ARD --id one --now', 'inject news "Two" --to BRL --id two --now')
    output_of(there, 'inject hint "Three" --now', 'inject news "Four" --id four --now')
    exercise = there.session.exercise
    assert [(each.number, each.inject) for each in letters(exercise, "BRL")] == [(1, "two"), (2, "four")]


# --- options -------------------------------------------------------------------------------------


def test_an_attack_on_an_ally_licenses_a_response_once_its_signal_has_arrived(tmp_path: Path) -> None:
    """The options of a seat do not reveal an attack earlier."""
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    exercise, strike = there.session.exercise, Candidate("limited_strike", "PRK")
    output_of(there, "stop at nothing", *(f"seat {name} human" for name in exercise.governments), "advance 1d")
    before = obstacle_to(exercise, "USA", strike)
    there.session.submit("order", government="PRK", option="limited_strike", target="JPN", forced=True)
    assert before is not None
    assert before.text == UNLICENSED
    assert obstacle_to(exercise, "USA", strike) == before
    assert UNLICENSED in "\n".join(option_lines(seat_options(exercise, "USA", "limited_strike"), "limited_strike"))
    with pytest.raises(UsageFault, match=UNLICENSED):
        output_of(there, "order USA limited_strike PRK")
    output_of(there, "advance 3d")
    assert ("signal", "USA", "limited_strike") in {(r.kind, r.who, r.about) for r in there.session.records}
    after = obstacle_to(exercise, "USA", strike)
    assert after is None or after.text != UNLICENSED


def test_options_give_reasons_for_a_dossier_or_an_option(tmp_path: Path) -> None:
    """Without one, unavailable options are only named."""
    there = console(tmp_path / "run")
    brief_list = "\n".join(output_of(there, "options ARD"))
    assert "not available yet: blockade, patrol, strike (options strait explains why)" in brief_list
    assert "rung" not in brief_list
    reasons = "\n".join(output_of(there, "options ARD blockade"))
    assert "not available yet: rung 6, and this leader climbs at most 2 rungs from the present 0" in reasons


def test_a_requirement_is_explained_by_what_fails_and_its_value(tmp_path: Path) -> None:
    """Conditions that hold are left out."""
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    output_of(there, "advance 3d")
    value = there.session.exercise.context.world.get("tension")
    lines = output_of(there, "options USA give_ultimatum")
    assert f"it requires 'Tension on the peninsula' above 50 (now {value:.2f})" in lines[-1]
    assert "trust" not in lines[-1].lower()


def test_a_requirement_of_several_parts_is_explained_with_each_value(tmp_path: Path) -> None:
    """Alternatives separately; events by title."""
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    lines = "\n".join(output_of(there, "advance 3d", "options KOR nuclear", "options KOR talks"))
    assert "that 'Collapse of the North Korean government' has happened and 'Disorder in North Korea after a " in lines
    assert re.search(r"that 'US-North[^']+' is in session, or that 'Chinese-North Korean talks' is in session", lines)
    progress = r"'Progress of the talks \([^)]+\)' above"
    assert re.search(rf"{progress} 0\.3 \(now 0\.00\), or {progress} 0\.4 \(now 0\.00\)", lines)
    assert "count(" not in lines
    assert "days_since(" not in lines


# --- on the screen -------------------------------------------------------------------------------


@given(
    line=st.text(st.characters(categories=["L", "Nd", "Zs", "Po"], exclude_characters="\u3000"), max_size=200),
    width=st.integers(20, 130),
)
def test_wrapping_fits_the_screen_and_loses_no_letter(line: str, width: int) -> None:
    """For any text and width."""
    parts = fold(line, width)
    assert all(get_cwidth(part) <= width for part in parts) or len(parts) == 1
    assert "".join("".join(parts).split()) == "".join(line.split())


def test_a_wrapped_line_continues_under_its_column() -> None:
    """Or on a new line, if its column begins too far right."""
    line = "2017-05-14 03:00  Report: PRK launches medium-range missiles; read here as hostile"
    assert fold(line, 60) == [
        "2017-05-14 03:00  Report: PRK launches medium-range", " " * 18 + "missiles; read here as hostile",
    ]  # fmt: skip
    assert fold("  a command with a long usage indeed      its help", 40) == [
        "  a command with a long usage indeed", "      its help",
    ]  # fmt: skip


def test_a_bar_is_cut_with_an_ellipsis() -> None:
    """To the width of the screen."""
    assert clipped("DUE: alliance", 8) == "DUE: al…"
    assert clipped("short", 8) == "short"


def test_the_clock_shows_the_event_for_which_it_stopped(tmp_path: Path) -> None:
    """An event at one second to midnight is not shown as the next day."""
    there = console(tmp_path / "run")
    output_of(there, "inject {id: late, title: L, message: m, at: 2030-01-02 23:59:59}")
    output_of(there, "next", "next")
    while there.session.records[-1].about != "late":
        output_of(there, "next")
    assert there.session.exercise.now == 2 * DAY
    assert there.prompt() == "EXCON 2030-01-02 23:59> "
    output_of(there, "advance 1d")
    assert there.prompt() == "EXCON 2030-01-04 00:00> "


def test_commands_to_copy_are_quoted(tmp_path: Path) -> None:
    """The path of a run may contain spaces."""
    there = console(tmp_path / "my run")
    assert output_of(there, "quit") == [
        f"The exercise is kept as it is. To continue it: wargame resume '{tmp_path / 'my run'}'"
    ]


def test_branches_show_the_time_they_have_reached(tmp_path: Path) -> None:
    """Also abandoned ones, and after resuming."""
    there = console(tmp_path / "run")
    output_of(there, "advance 30d", "rewind D+10", "advance 5d")
    expected = [
        "  main              2030-01-31 00:00 (D+30), line 1",
        "* branch-2          2030-01-16 00:00 (D+15), line 3",
    ]
    assert output_of(there, "branches") == expected
    there.session.close()
    assert output_of(Console(resumed(tmp_path / "run")), "branches") == expected
