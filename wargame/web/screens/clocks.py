"""Clocks, the state of the exercise and the countdown in the room: the same for everyone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from wargame.journal.wording import sentence
from wargame.live.console.console import Console
from wargame.live.console.public_screen import PublicScreen, public_screen
from wargame.live.session.wall_clock import ClockState
from wargame.web.screens.moments import Moment, moment

STATES = {
    ClockState.READY: ("Not begun", "soft", "The exercise has not begun. You can read everything now."),
    ClockState.RUNNING: ("Running", "good", ""),
    ClockState.STOPPED: ("Clock stopped", "accent", ""),
    ClockState.PAUSEX: ("PAUSEX", "warn", "The exercise is paused. You can still read, write and give orders."),
    ClockState.NO_PLAY: ("NO PLAY", "bad", "The exercise is stopped for a real event. Nothing can be sent now."),
    ClockState.ENDEX: ("ENDEX", "accent", "The exercise is over. Thank you for playing."),
}
"""State -> its name, its colour and what it means for people."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks say. `text` explains the state; `note` is the text of NO PLAY, or which move has ended."""

    title: str
    game: Moment
    move: int
    moves: int
    state: str
    colour: str
    text: str
    note: str
    no_play: bool
    over: bool
    timer_ends: int | None
    timer_label: str


def clocks(console: Console) -> Clocks:
    """Return the clocks now."""
    screen: PublicScreen = public_screen(console)
    name, colour, text = STATES[screen.state]
    return Clocks(
        title=screen.title,
        game=moment(console, console.session.clock),
        move=screen.move,
        moves=screen.moves,
        state=name,
        colour=colour,
        text=text,
        note=sentence(screen.note),
        no_play=screen.state == ClockState.NO_PLAY,
        over=screen.state == ClockState.ENDEX,
        timer_ends=None if console.wall.timer is None else ends_at(console.wall.timer.left),
        timer_label=sentence(screen.timer_label),
    )


def ends_at(left: float) -> int:
    """Return when a countdown ends, in seconds of the system's clock: unlike the seconds left, it stays the same."""
    return round(time.time() + left)


def clock_words(console: Console, *, control: bool) -> dict[str, str]:
    """Return the words by name; `control` adds the reason why the clock has stopped, which is not for everyone."""
    shown, wall = public_screen(console), console.wall
    return {
        "game": f"{shown.date} {shown.time}",
        "date": shown.date,
        "time": shown.time,
        "day": f"D{shown.day:+d}",
        "move": str(shown.move),
        "moves": str(shown.moves),
        "state": str(shown.state),
        "status": wall.status() if control else wall.public_status(),
        "note": shown.note,
        "timer": wall.timer.clock if wall.timer else "",
        "timer_label": shown.timer_label,
    }
