"""What the public screen shows besides the news: clocks, the state of the exercise, the countdown in the room.

Everything here is for everyone. Why the clock has stopped is not: an inject may be for one seat alone.
"""

from __future__ import annotations

from math import ceil

import msgspec

from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.news import news
from wargame.live.session.session import Session
from wargame.live.session.wall_clock import ClockState

RECENT = 40
"""Lines of news that a screen is given when it joins, and after a change of the past."""


class PublicScreen(msgspec.Struct, frozen=True):
    """The state of the exercise for everyone.

    `date` and `time` are game time to the minute, `day` counts from STARTEX, `move` from 1. `note` is the text of NO
    PLAY, or which move has ended. `timer` is in seconds of wall time, 0 once the time is up, and None without a timer.
    """

    title: str
    date: str
    time: str
    day: int
    move: int
    moves: int
    state: ClockState
    note: str = ""
    timer: int | None = None
    timer_label: str = ""


def public_screen(console: Console) -> PublicScreen:
    """The public screen now."""
    session, wall = console.session, console.wall
    exercise = session.exercise
    at = exercise.calendar.at(session.clock)
    state = wall.state
    note = _no_play_text(session) if state == ClockState.NO_PLAY else ""
    if state == ClockState.STOPPED and wall.ended_move:
        note = f"move {wall.ended_move} has ended"
    timer = wall.timer
    return PublicScreen(
        title=clean(session.title),
        date=f"{at:%Y-%m-%d}",
        time=f"{at:%H:%M}",
        day=(session.clock - exercise.calendar.origin) // 86400,
        move=min(wall.ended_move or wall.move, wall.moves),
        moves=wall.moves,
        state=state,
        note=clean(note),
        timer=None if timer is None else max(0, ceil(timer.left)),
        timer_label=clean(timer.label) if timer else "",
    )


def recent_news(console: Console) -> list[str]:
    """The last public news."""
    return news(console, console.session.records)[-RECENT:]


def _no_play_text(session: Session) -> str:
    orders = (record for record in reversed(session.records) if record.kind == "command" and record.about == "noplay")
    return next((str(record.data.get("text", "")) for record in orders), "")
