"""The public screen, in a terminal and in a browser: clocks, the state of the exercise, the countdown, the news.

Everything here is for everyone. Why the clock has stopped is not: an inject may be for one seat alone.
"""

from math import ceil

import msgspec

from wargame.journal.records import Record
from wargame.journal.records.run import CommandRecord
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.session.wall_clock import ClockState
from wargame.seat.feed import PUBLIC, feed

RECENT = 40
"""Items of news that a screen is given."""
ANNOUNCED = frozenset({"noplay", "playon"})


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
    """Return the public screen now."""
    session, wall = console.session, console.wall
    exercise = session.exercise
    at = exercise.calendar.at(session.clock)
    state = wall.state
    note = f"move {wall.ended_move} has ended" if state == ClockState.STOPPED and wall.ended_move else ""
    if state == ClockState.NO_PLAY:
        commands = (record for record in reversed(session.records) if isinstance(record, CommandRecord))
        note = next((str(each.data.get("text", "")) for each in commands if each.about == "noplay"), "")
    timer = wall.timer
    return PublicScreen(
        title=clean(session.title),
        date=f"{at:%Y-%m-%d}",
        time=f"{at:%H:%M}",
        day=(session.clock - exercise.calendar.origin) // 86400,
        move=min(wall.ended_move or wall.move, wall.move_times.count),
        moves=wall.move_times.count,
        state=state,
        note=clean(note),
        timer=None if timer is None else max(0, ceil(timer.left)),
        timer_label=clean(timer.label) if timer else "",
    )


class PublicNews(msgspec.Struct, frozen=True):
    """One item of public news: its number, its game time to the minute, what it is and who sent it, its text."""

    id: int
    at: str
    source: str
    text: str


def public_items(console: Console) -> list[tuple[Record, PublicNews]]:
    """Return the last public news with their records, oldest first, without NO PLAY and its end."""
    session = console.session
    items = []
    for place, item in enumerate(feed(session.exercise, PUBLIC, session.records), 1):
        record, found = item.record, item.notice
        if found is not None and record.about not in ANNOUNCED:
            source = clean(", ".join(filter(None, [found.label, found.sender])))
            at = record.at[:16].replace("T", " ")
            items.append((record, PublicNews(place, at, source, clean(sentence(found.body.shown())))))
    return items[-RECENT:]


def recent_news(console: Console) -> list[PublicNews]:
    """Return the last public news."""
    return [news for _, news in public_items(console)]
