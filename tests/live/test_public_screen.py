"""The public screen: what it shows, its layout in terminals of any size, and the terminal that follows a console."""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prompt_toolkit.data_structures import Size
from prompt_toolkit.utils import get_cwidth

from support.command_line import ended, environment
from support.live import console, output_of
from support.terminals import COMMAND, Screen, joined, shared
from support.waiting import PATIENCE, until
from wargame.live.console.console import Console
from wargame.live.console.public_screen import PublicNews, PublicScreen, public_screen, recent_news
from wargame.live.console.roles import SCREEN
from wargame.live.terminals.public_terminal import STYLE, PublicTerminal, layout
from wargame.live.terminals.socket import NAME

SIZES = {60: 24, 80: 24, 120: 34, 200: 55}
NEWS = [
    PublicNews(1, "2030-01-21 06:00", "News", "Two people died after a collision in the strait."),
    PublicNews(2, "2030-01-24 17:30", "Report", "Brel eases trade (Arda)"),
]


def screen_of(there: Console) -> Console:
    """A public screen of the same exercise."""
    return Console(there.session, there.wall, role=SCREEN)


def shown(there: Console, columns: int = 80, rows: int = 24) -> str:
    """The text of the public screen."""
    view = screen_of(there)
    return text_of(public_screen(view), recent_news(view), columns, rows)


def text_of(screen: PublicScreen, news: list[PublicNews], columns: int, rows: int) -> str:
    """The text of a layout."""
    return "\n".join("".join(text for _, text in row) for row in layout(screen, news, "14:05", columns, rows))


def playing(**changes: object) -> PublicScreen:
    """A screen in the middle of an exercise."""
    data = {
        "title": "Two rivals and a strait",
        "date": "2030-01-21",
        "time": "06:00",
        "day": 20,
        "move": 1,
        "moves": 13,
    }
    return PublicScreen(**{**data, "state": "RUNNING", **changes})  # type: ignore[arg-type]  # of a mapping


# --- what it shows -------------------------------------------------------------------------------


def test_the_screen_shows_the_state_of_the_exercise(tmp_path: Path) -> None:
    """From before STARTEX to ENDEX, with the text of NO PLAY."""
    there = console(tmp_path / "run")
    screen = screen_of(there)
    assert public_screen(screen).state == "READY"
    states = {
        "pause": "PAUSEX",
        "resume": "STOPPED",
        "pace 1d=1s": "STOPPED",
        " resume": "RUNNING",
        'noplay "fire alarm"': "NO PLAY",
        "playon": "PAUSEX",
        "move": "STOPPED",
        "endex": "ENDEX",
    }
    for line, state in states.items():
        output_of(there, line)
        assert public_screen(screen).state == state, line
        assert public_screen(screen).note == {"NO PLAY": "fire alarm"}.get(state, "") or line == "move"
    assert (public_screen(screen).date, public_screen(screen).day, public_screen(screen).move) == ("2030-01-31", 30, 2)


def test_the_end_of_a_move_is_shown(tmp_path: Path) -> None:
    """Until the clock goes on."""
    there = console(tmp_path / "run")
    output_of(there, "move")
    assert (public_screen(screen_of(there)).note, public_screen(screen_of(there)).move) == ("move 1 has ended", 1)
    assert "Move 1 of 13 has ended" in shown(there)
    output_of(there, "next")
    assert public_screen(screen_of(there)).move == 2


def test_the_timer_is_shown_until_it_is_taken_off(tmp_path: Path) -> None:
    """In seconds, rounded up; 0 once the time is up."""
    there = console(tmp_path / "run")
    output_of(there, 'timer 15m "to the next move"')
    there.wall.tick(0.4)
    screen = public_screen(screen_of(there))
    assert (screen.timer, screen.timer_label) == (900, "to the next move")
    assert "TO THE NEXT MOVE" in shown(there)
    there.wall.tick(1000.0)
    assert public_screen(screen_of(there)).timer == 0
    output_of(there, "timer off")
    assert public_screen(screen_of(there)).timer is None


def test_the_screen_does_not_show_why_the_clock_has_stopped(tmp_path: Path) -> None:
    """An inject may be for one seat alone, and so is a decision."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "pace 1d=1s", 'inject cable "XYZZY" --to ARD --at D+3 --id xyzzy', "resume")
    there.wall.tick(100.0)
    assert there.wall.reason == "inject 'XYZZY' for Arda"
    assert "xyzzy" not in shown(there).lower()
    assert public_screen(screen_of(there)).note == ""
    assert "ARD" not in str(public_screen(screen_of(there)))


def test_what_others_may_not_know_changes_nothing_on_the_screen(tmp_path: Path) -> None:
    """Secret messages, orders, notes and injects for one seat."""
    there, plain = (console(tmp_path / name, seats=(("ARD", "human"),)) for name in ("there", "plain"))
    for each in (there, plain):
        output_of(each, "stop at nothing", "advance 3d")
    output_of(
        there, 'message ARD BRL "secret"', 'inject cable "secret" --to ARD --now', 'note "secret"', 'tell ARD "secret"'
    )
    for each in (there, plain):
        output_of(each, "advance 2d")
    assert shown(there) == shown(plain)


def test_public_statements_and_messages_to_the_screen_are_shown(tmp_path: Path) -> None:
    """On the public screen as on the terminals of the seats."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, 'message ARD public "We want peace"', 'tell screen "The Council meets at noon"')
    assert "We want peace" in shown(there)
    assert "The Council meets at noon" in shown(there)


# --- the layout ----------------------------------------------------------------------------------

STATES = ("READY", "RUNNING", "STOPPED", "PAUSEX", "NO PLAY", "ENDEX")
screens = st.builds(
    playing,
    state=st.sampled_from(STATES),
    note=st.sampled_from(["", "move 1 has ended", "Fire alarm: leave the building", "é" * 300]),
    timer=st.none() | st.integers(0, 200_000),
    timer_label=st.sampled_from(["", "to the next move", "Mittagspause " * 9]),
    title=st.text(max_size=80).map(lambda text: "".join(filter(str.isprintable, text))),
)


@example(screen=playing(), columns=1, rows=1, notice="gone")
@example(screen=playing(timer=754, timer_label="to the next move"), columns=300, rows=90, notice="")
@given(screen=screens, columns=st.integers(1, 120), rows=st.integers(1, 45), notice=st.sampled_from(["", "gone"]))
@settings(max_examples=40)
def test_the_screen_fills_a_terminal_of_any_size(screen: PublicScreen, columns: int, rows: int, notice: str) -> None:
    """Exactly: no row is wider, none is missing."""
    laid_out = layout(screen, NEWS * 9, "14:05", columns, rows, notice)
    assert len(laid_out) == rows
    assert {sum(get_cwidth(text) for _, text in row) for row in laid_out} == {columns}


@pytest.mark.parametrize("columns", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_the_state_and_the_clocks_are_shown_in_every_size(columns: int, state: str) -> None:
    """Game time is not shown at NO PLAY; the times are in large figures, without their text."""
    rows = SIZES[columns]
    text = text_of(playing(state=state, timer=754, timer_label="to the next move"), NEWS, columns, rows)
    words = {"READY": "not begun", "RUNNING": "running", "STOPPED": "stopped"}.get(state, state)
    assert words in text
    assert ("GAME TIME 2030-01-21 (D+20)" in text) == (state != "NO PLAY")
    assert "WALL TIME" in text
    assert "TO THE NEXT MOVE" in text
    assert "█" in text
    assert "14:05" not in text


FOURTEEN_O_FIVE = """
   ██    ██  ██          ██████  ██████
 ████    ██  ██    ██    ██  ██  ██
   ██    ██████          ██  ██  ██████
   ██        ██    ██    ██  ██      ██
 ██████      ██          ██████  ██████
"""


def test_a_time_is_drawn_in_large_figures() -> None:
    """14:05, each dot two columns wide."""
    drawn = text_of(playing(state="NO PLAY"), [], 40, 16).split("\n")
    shown_rows = [row.rstrip() for row in drawn if "█" in row]
    assert shown_rows == FOURTEEN_O_FIVE.strip("\n").split("\n")


def test_clocks_are_larger_in_a_larger_terminal() -> None:
    """In a terminal of 200 columns, a dot of a figure is at least four columns wide."""
    assert "█" * 12 in text_of(playing(), NEWS, 200, 55)
    assert "█" * 12 not in text_of(playing(), NEWS, 60, 24)


@pytest.mark.parametrize(("columns", "rows"), [(60, 12), (34, 13), (26, 13)])
def test_in_a_small_terminal_the_clocks_are_in_small_figures(columns: int, rows: int) -> None:
    """All of them, and the state."""
    text = text_of(playing(state="STOPPED", timer=599, timer_label="to lunch"), NEWS, columns, rows)
    for words in ("14:05", "9:59", "stopped"):
        assert words in text


def test_the_newest_news_is_first() -> None:
    """The banner of the exercise stands above all news, and not before each of them."""
    text = text_of(playing(), NEWS, 80, 24)
    assert text.index("Brel eases trade") < text.index("News: Two people died")
    assert text.count("EXERCISE EXERCISE EXERCISE") == 1


def test_no_play_hides_the_news() -> None:
    """The real event is all that matters."""
    text = text_of(playing(state="NO PLAY", note="Fire alarm"), NEWS, 120, 34)
    assert "Brel" not in text
    assert "Fire alarm" in text
    assert "the exercise is stopped for a real event" in text


# --- the terminal that follows -------------------------------------------------------------------


def test_after_a_change_of_the_past_the_news_is_replaced() -> None:
    """What is no longer true does not stay on the screen."""
    terminal, sent = PublicTerminal({}), [{"id": 1, "at": "", "source": "", "text": text} for text in ("a", "b")]
    terminal.take({"screen": json.loads('{"title": "t"}'), "news": sent})
    assert terminal.screen is None
    terminal.take({"show": ["c"], "news": sent, "screen": {**example_data(), "unknown": 1}})
    assert [each.text for each in terminal.news] == ["a", "b"]
    terminal.take({"news": sent[:1]})
    assert [each.text for each in terminal.news] == ["a"]
    assert "Two rivals" in "".join(part[1] for part in terminal.text(Size(rows=24, columns=80)))


def test_a_screen_that_lost_its_console_says_so_in_a_style_of_its_own() -> None:
    """Before it has shown anything, and above what it showed last."""
    terminal = PublicTerminal({})
    terminal.notice = "The console is gone"
    for sent in ({}, {"screen": example_data()}):
        terminal.take(sent)
        (style,) = [part[0] for part in terminal.text(Size(rows=24, columns=80)) if "console is gone" in part[1]]
        assert STYLE.get_attrs_for_style_str(style) != STYLE.get_attrs_for_style_str("")


def example_data() -> dict[str, object]:
    """A screen as the console sends it."""
    return {name: getattr(playing(), name) for name in PublicScreen.__struct_fields__}


def test_a_screen_is_shown_news_alone(tmp_path: Path) -> None:
    """The state of the clock and the timer are in the clocks and banners."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"),))
    _, lines = joined(there, "", SCREEN)
    there.run(there.main, "pace 1d=1s")
    there.run(there.main, "timer 5s")
    there.run(there.main, "resume")
    there.tick(40.0)
    assert isinstance(lines, Screen)
    assert lines
    assert not [line for line in lines if line.startswith(("Stopped", "TIMER", "Summary", "Catch-up"))]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_a_public_screen_in_a_terminal_follows_the_exercise(tmp_path: Path) -> None:
    """Of 60 columns: PAUSEX, NO PLAY, news, and the end, at which it leaves; the text of NO PLAY is large."""
    import fcntl  # which Windows does not have
    import termios

    rows, (ours, theirs) = 24, os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 60, 0, 0))
    words = ("play", "two-rivals", "--seed", "5", "--out", "run")
    with ended(
        subprocess.Popen(
            [*COMMAND, *words], cwd=tmp_path, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
    ) as main:
        until((tmp_path / "run" / NAME).exists)
        settings = environment(TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
        screen = subprocess.Popen(
            [*COMMAND, "join", "run", "--screen"],
            cwd=tmp_path,
            env=settings,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        assert main.stdin is not None
        try:
            until_shown(ours, "Move 1 of 13: the exercise has not begun")
            for line, text in (
                ('noplay "Fire alarm"', "the exercise is stopped for a real event"),
                ("playon", "the exercise is paused"),
                ("advance 3d", "the clock is stopped"),
                ('tell screen "Lunch at noon"', "Lunch at noon"),
                ("endex", "is over"),
            ):
                main.stdin.write(line.encode() + b"\n")
                main.stdin.flush()
                time.sleep(1.0)
                rows = 49 - rows
                fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 60, 0, 0))
                screen.send_signal(signal.SIGWINCH)  # the new size is drawn as a whole, and not only what has changed
                until_shown(ours, text)
            main.stdin.write(b"quit\n")
            main.stdin.flush()
            assert screen.wait(timeout=PATIENCE) == 0
        finally:
            screen.kill()
            screen.wait()
            main.kill()
            os.close(ours)


def until_shown(terminal: int, words: str) -> None:
    """Reads what a terminal shows until these words."""
    shown_so_far, end = b"", time.monotonic() + PATIENCE
    while words.encode() not in shown_so_far:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        assert ready, (words, shown_so_far.decode(errors="replace"))
        shown_so_far += os.read(terminal, 1 << 16)


def test_the_screen_in_the_guide_is_the_screen_of_the_program(root: Path) -> None:
    """At the end of the first move, with a timer, in 100 columns."""
    screen = playing(date="2030-01-31", time="00:00", day=30, state="STOPPED", note="move 1 has ended")
    timed = msgspec.structs.replace(screen, timer=754, timer_label="to the next move")
    drawn = "\n".join(line.rstrip() for line in text_of(timed, NEWS, 100, 26).rstrip().split("\n"))
    assert f"```text\n{drawn}\n```" in (root / "docs" / "how-to" / "run-the-clock.md").read_text("utf-8")
