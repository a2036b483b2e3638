"""Terminals of seats."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.command_line import environment
from support.live import console, output_of
from support.terminals import COMMAND, joined, seat, shared
from support.waiting import PATIENCE
from wargame.errors import UsageFault

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")


def test_a_terminal_of_a_model_seat_cannot_act(tmp_path: Path) -> None:
    """It is informed when it joins; the facilitator may still order for any government."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    mine = seat(there, "ARD")
    for line in (
        "order talk BRL",
        'message BRL "hello"',
        'vote all "x?"',
        "pass",
        "ack",
        'standing talk BRL --when "1"',
    ):
        with pytest.raises(UsageFault, match=r"the model holds the seat of ARD: you watch .* \(seat ARD human\)"):
            output_of(mine, line)
    assert output_of(mine, "brief")
    assert output_of(there, "order ARD talk BRL")


def test_quit_at_a_seat_means_stand(tmp_path: Path) -> None:
    """Otherwise `quit` would end the exercise for all."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "sit ARD")
    with pytest.raises(UsageFault, match="stand returns it"):
        output_of(there, "quit")
    assert not there.over
    assert output_of(there, "stand", "quit") == ["\x1b[2J\x1b[3J\x1b[HEXERCISE EXERCISE EXERCISE", there.leaving()[0]]


def test_news_for_the_facilitator_is_shown_after_the_seat_stands_up(tmp_path: Path) -> None:
    """Nothing of it is shown while the seat sits there, not even notices of the clock."""
    there, screen = shared(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    there.run(there.main, "stop at decisions")
    there.run(there.main, "pace 1d=1s")
    there.run(there.main, "resume")
    there.run(there.main, "sit ARD")
    screen.clear()
    for _ in range(40):
        there.tick(1.0)
    assert "PAUSEX" not in str(screen)
    assert "BRL" not in "".join(line for line in screen if "due" in line)
    shown = "\n".join(there.run(there.main, "stand"))
    assert "Stopped: a decision is due (" in shown
    assert "BRL decides on" in shown or "due" in shown


def test_a_repeated_acknowledgement_names_no_inject(tmp_path: Path) -> None:
    """The id of an inject could reveal future events."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    output_of(there, 'inject news "Riots" --id before_the_coup --now')
    mine = seat(there, "BRL")
    output_of(mine, "ack 1")
    with pytest.raises(UsageFault) as fault:
        output_of(mine, "ack 1")
    assert str(fault.value) == "Brel has already acknowledged 1"


def test_a_channel_has_the_responses_too(tmp_path: Path) -> None:
    """Offers to one government, and its responses."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    output_of(seat(there, "ARD"), 'offer BRL "terms A"')
    output_of(seat(there, "BRL"), 'answer 1 yes "with my conditions"')
    for name, other in (("ARD", "BRL"), ("BRL", "ARD")):
        shown = "\n".join(output_of(seat(there, name), f"channel {other}"))
        assert "terms A" in shown
        assert "with my conditions" in shown


def test_the_first_brief_names_no_past_meeting(tmp_path: Path) -> None:
    """Desks open with the exercise."""
    there = console(tmp_path / "run", scenario="korea-2017", seats=(("PRK", "human"),))
    shown = "\n".join(output_of(seat(there, "PRK"), "brief"))
    assert "next meeting" not in shown
    assert "meetings begin at STARTEX" in shown


class Watched:
    """The output of a terminal, of which each part is examined once."""

    def __init__(self, terminal: int) -> None:
        self._terminal, self._shown, self._seen = terminal, b"", 0

    def until(self, words: bytes) -> bytes:
        """The output from the last position to these words."""
        end = time.monotonic() + PATIENCE
        while (position := self._shown.find(words, self._seen)) < 0:
            ready, _, _ = select.select([self._terminal], [], [], max(end - time.monotonic(), 0))
            assert time.monotonic() < end, self._shown[self._seen :].decode(errors="replace")
            assert ready
            self._shown += os.read(self._terminal, 1 << 16)
        part, self._seen = self._shown[self._seen : position], position + len(words)
        return part

    def answer(self, prompt: bytes, keys: bytes) -> None:
        """Types keys once the prompt is shown and the terminal reads single keys."""
        self.until(prompt)
        time.sleep(0.2)
        os.write(self._terminal, keys)


@pytest.mark.slow
@POSIX
def test_ctrl_c_clears_a_line_and_a_seat_that_sits_down_finds_no_lines_of_others(tmp_path: Path) -> None:
    """Ctrl-C ends nothing; the key Up at a seat does not show lines of the facilitator; Ctrl-D prints how to resume."""
    ours, theirs = os.openpty()
    terminal = environment(TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
    there = subprocess.Popen([*COMMAND, "play", "two-rivals", "--out", "run", "--seat", "ARD=human"], cwd=tmp_path,
                             env=terminal, stdin=theirs, stdout=theirs, stderr=theirs)  # fmt: skip
    os.close(theirs)
    screen = Watched(ours)
    try:
        screen.answer(b"EXCON 2030-01-01 00:00>", b"advance 400d\x03")
        screen.until(b"quit leaves the exercise")
        screen.answer(b"EXCON 2030-01-01 00:00>", b'note "TOPSECRET"\r')
        screen.until(b"Noted")
        screen.answer(b"EXCON 2030-01-01 00:00>", b"sit ARD\r")
        screen.until(b"ROLE SHEET for")
        screen.answer(b"ARD 2030-01-01 00:00>", b"\x1b[A\x1b[A\x15help quit\r")
        assert b"TOPSECRET" not in screen.until(b"others close their terminal")
        screen.answer(b"ARD 2030-01-01 00:00>", b"\x04")
        screen.until(b"stand returns it")
        screen.answer(b"ARD 2030-01-01 00:00>", b"stand\r")
        screen.answer(b"EXCON 2030-01-01 00:00>", b"\x04")
        screen.until(b"wargame resume run")
        assert there.wait(timeout=PATIENCE) == 0
    finally:
        there.kill()
        there.wait()
        os.close(ours)


@pytest.mark.slow
@POSIX
def test_a_piped_seat_continues_after_lines_that_cannot_be_sent(tmp_path: Path) -> None:
    """It reports bytes that are not text, and a line that is too long."""
    there = subprocess.Popen([*COMMAND, "play", "two-rivals", "--out", "run", "--seat", "ARD=human"], cwd=tmp_path,
                             env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    try:
        assert there.stdout is not None
        assert there.stdout.readline()
        lines = b"message BRL \xff\xfe\nmessage BRL " + b"x" * 300_000 + b"\nmessage BRL second\nquit\n"
        done = subprocess.run([*COMMAND, "join", "run", "--seat", "ARD"], cwd=tmp_path, env=environment(), input=lines,
                              capture_output=True, timeout=PATIENCE, check=False)  # fmt: skip
        shown = done.stdout.decode()
        assert "not sent: the line is not UTF-8 text" in shown
        assert "not sent: a line has at most 32,768 bytes" in shown
        assert "Sent to Brel." in shown
        assert "You have left" in shown
    finally:
        there.kill()
        there.communicate()


def test_kick_ignores_the_case_of_a_seat(tmp_path: Path) -> None:
    """`kick brl` means BRL."""
    there, _ = shared(tmp_path / "run")
    _, screen = joined(there, "BRL")
    there.run(there.main, "kick brl")
    assert "closed" in screen


def test_a_change_of_the_past_is_announced_to_those_whose_past_it_changes(tmp_path: Path) -> None:
    """Undoing a message to Arda does not reveal to Brel, or on the screen in the room, that there was one."""
    there, _ = shared(tmp_path / "run")
    screens = {name: joined(there, name)[1] for name in ("ARD", "BRL")} | {"screen": joined(there, "", "screen")[1]}
    there.run(there.main, 'tell ARD "for you alone"')
    there.run(there.main, "undo")
    announced = {name: "Withdrawn" in str(screen) for name, screen in screens.items()}
    assert announced == {"ARD": True, "BRL": False, "screen": False}
    there.run(there.main, "stop at nothing")
    there.run(there.main, "advance 30d")
    there.run(there.main, "rewind D+10")
    assert all("Disregard what you have seen of later times" in str(screen) for screen in screens.values())


def test_an_undo_names_what_each_has_been_shown_of_it(tmp_path: Path) -> None:
    """The time is the same, so nothing is said of later times. A covert order is withdrawn for its own side alone."""
    there, _ = shared(tmp_path / "run")
    screens = {name: joined(there, name)[1] for name in ("ARD", "BRL")} | {"screen": joined(there, "", "screen")[1]}
    there.run(there.main, 'message ARD BRL "Good morning"')
    there.run(there.main, "undo")
    words = "the time is still 2030-01-01 00:00 (D+0). Withdrawn: Message 1 from Arda to Brel: Good morning."
    assert {name: words in str(screen) for name, screen in screens.items()} == {
        "ARD": True,
        "BRL": True,
        "screen": False,
    }
    there.run(there.main, "order ARD talk BRL")
    there.run(there.main, "undo")
    assert "Withdrawn: Ordered: " in str(screens["ARD"])
    assert "Withdrawn: Ordered: " not in str(screens["BRL"])
    there.run(there.main, 'inject news "Snow falls" --to ARD --now')
    there.run(there.main, "undo")
    assert "Withdrawn: News: Snow falls." in str(screens["ARD"])
    assert "Snow falls" not in str(screens["BRL"])
    assert not [name for name, screen in screens.items() if "later times" in str(screen)]
