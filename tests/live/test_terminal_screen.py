"""The screen of a terminal: it is cleared between people, and shows a seat nothing that is secret from it."""

from __future__ import annotations

import io
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.command_line import HEARD, ended, environment
from support.live import console, output_of
from support.terminals import COMMAND
from support.waiting import PATIENCE, until
from wargame.executor.replay import finish
from wargame.live.console import dispatch
from wargame.live.console.reply import CLEAR
from wargame.live.terminals import screen as screens
from wargame.live.terminals.socket import NAME

SECRET = "XYZZY"  # noqa: S105 - a word to look for
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Everything that is written to the terminal of this process, in order."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "__stdout__", output)
    monkeypatch.setattr(screens, "print_formatted_text", lambda text: output.write(f"{text}\n"))
    return output


@pytest.mark.parametrize("line", ["sit ARD", "stand"])
def test_the_screen_is_cleared_when_a_seat_sits_down_and_when_it_stands_up(
    tmp_path: Path, screen: io.StringIO, line: str
) -> None:
    """With the scrollback, before anything else is shown."""
    there = console(tmp_path / "run")
    if line == "stand":
        output_of(there, "sit ARD")
    screens.show(["what the one before has read"])
    screens.show_reply(finish(dispatch.steps(there, line)))
    before, _, after = screen.getvalue().partition(CLEAR)
    assert before == "what the one before has read\n"
    assert after.startswith("EXERCISE EXERCISE EXERCISE\n")


def test_other_lines_do_not_clear_the_screen(tmp_path: Path, screen: io.StringIO) -> None:
    """A brief is shown below what is already there."""
    screens.show(output_of(console(tmp_path / "run"), "brief ARD"))
    assert CLEAR not in screen.getvalue()


class Pty:
    """A process on a pseudo-terminal, and everything that it has shown."""

    def __init__(self, folder: Path, *words: str, start: list[str] = COMMAND) -> None:
        self.terminal, theirs = os.openpty()
        settings = environment(TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
        self.process = subprocess.Popen(
            [*start, *words], cwd=folder, env=settings, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        self.shown = b""

    def wait_for(self, text: bytes) -> None:
        """Reads until the text has been shown."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))
            assert time.monotonic() < end, self.shown.decode(errors="replace")
            assert ready
            self.shown += os.read(self.terminal, 1 << 16)

    def type(self, line: str) -> None:
        """Types a line."""
        time.sleep(0.2)  # prompt_toolkit drops keys that arrive before it reads them one by one
        os.write(self.terminal, line.encode() + b"\r")

    def close(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.mark.slow
@POSIX
def test_a_seat_that_sits_down_finds_a_cleared_terminal(tmp_path: Path) -> None:
    """The escape sequence reaches the terminal, after what the facilitator typed and before the role sheet."""
    there = Pty(tmp_path, "play", "two-rivals", "--out", "run", "--seat", "ARD=human")
    try:
        there.wait_for(b"EXCON 2030-01-01 00:00>")
        there.type(f'note "{SECRET}"')
        there.wait_for(b"Noted")
        there.type("sit ARD")
        there.wait_for(b"ROLE SHEET for")
        cleared = there.shown.rindex(CLEAR.encode())
        assert there.shown.rindex(SECRET.encode()) < cleared < there.shown.rindex(b"ROLE SHEET for")
    finally:
        there.close()


@pytest.mark.slow
@POSIX
def test_a_seat_of_korea_is_shown_no_secret_of_others_on_its_terminal(tmp_path: Path) -> None:
    """Neither messages, injects, orders and covert actions of others nor what the white cell writes."""
    words = ("play", "korea-2017", "--seed", "5", "--out", "run", "--seat", "USA=human", "--seat", "PRK=human")
    with ended(
        subprocess.Popen(
            [*COMMAND, *words], cwd=tmp_path, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
    ) as main:
        until((tmp_path / "run" / NAME).exists)
        seat = Pty(tmp_path, "join", "run", "--seat", "USA")
        try:
            seat.wait_for(b"You are the United States")
            assert main.stdin is not None
            for line in (
                f'inject cable "{SECRET} 1" --to PRK --now',
                f'inject hint "{SECRET} 2" --now',
                f'tell PRK "{SECRET} 3"',
                f'message PRK CHN "{SECRET} 4"',
                f'order PRK "{SECRET} 5 in secret"',
                f'action PRK "{SECRET} 6" --goldstein -2 --to KOR --private',
                f'note "{SECRET} 7"',
                f'adjudicate tension=60 --why "{SECRET} 8"',
                "advance 2d",
                'tell all "THE END"',
            ):
                main.stdin.write(line.encode() + b"\n")
                main.stdin.flush()
            seat.wait_for(b"THE END")
            seat.type("brief")
            seat.wait_for(b"BRIEF for")
            seat.type("inbox 500")
            seat.type('message KOR "done"')
            seat.wait_for(b"Sent to")
            assert SECRET.encode() not in seat.shown
        finally:
            seat.close()
            main.kill()


@pytest.mark.slow
@POSIX
def test_an_exercise_whose_terminal_is_closed_can_be_resumed(tmp_path: Path) -> None:
    """The closed window sends SIGHUP and can no longer be written to: exit code 4 all the same."""
    session = "import os; os.setsid(); import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    start = [sys.executable, "-c", f"{session}{HEARD}\nfrom wargame.cli import main; main()"]
    there = Pty(tmp_path, "play", "two-rivals", "--out", "run", start=start)
    there.wait_for(b"EXCON 2030-01-01 00:00>")
    there.type("advance 3d")
    there.wait_for(b"(D+3)")
    os.close(there.terminal)
    assert there.process.wait(timeout=PATIENCE) == 4
    assert '"ended": "paused"' in (tmp_path / "run" / "manifest.json").read_text("utf-8")
