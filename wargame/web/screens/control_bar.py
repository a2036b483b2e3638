"""The bar of the control room, which is always in view: both clocks, their state, and what moves them."""

from datetime import datetime
from typing import Any

from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen
from wargame.live.console.status_bar import next_inject, to_judge
from wargame.live.console.waiting import queue
from wargame.live.session.pace import pace_text
from wargame.live.session.wall_clock import ClockState
from wargame.seat.feed import inject
from wargame.web.screens.clocks import ends_at


def control_bar(console: Console) -> dict[str, Any]:
    """Return both clocks and their state for the templates of the bar.

    `screen` is what the public screen shows, `room` the time of day, `reason` why the clock has stopped, `stopped` NO
    PLAY, `to_endex` the wall time that is left (empty if it is not limited), `held` for whom the clock waits before it
    goes on by itself, and `stops` where it stops.
    """
    session, wall, screen = console.session, console.wall, public_screen(console)
    exercise, state = session.exercise, wall.state
    upcoming = () if exercise.done else next_inject(session)
    holding = wall.floors.holding
    return {
        "screen": screen,
        "endex": session.instant(exercise.end),
        "room": f"{datetime.now().astimezone():%H:%M}",
        "state": str(state),
        "reason": clean(wall.reason) if state == ClockState.STOPPED else "",
        "no_play": screen.note if state == ClockState.NO_PLAY else "",
        "running": wall.running and not holding,
        "held": "; ".join(sentence(f"{console.name(each.government)}: {each.title}") for each in holding),
        "held_until": ends_at(max((each.left for each in holding), default=0.0)),
        "over": exercise.done,
        "stopped": exercise.commands.adjudication.stopped,
        "pace": pace_text(wall.pace) if wall.pace else "",
        "to_endex": "" if (left := wall.to_endex) is None else _long(left),
        "last_move": wall.end_of_move() >= exercise.end,
        "stops": wall.stops,
        "timer": wall.timer.clock if wall.timer else "",
        "next_inject": upcoming[0] if upcoming else "",
        "next_in": upcoming[1] if upcoming else "",
        "next_title": clean(inject(exercise, upcoming[0])) if upcoming else "",
        "fault": clean(session.fault or session.console_fault),
    }


def _long(seconds: float) -> str:
    """Wall time to the minute: `2 h 40 min`, `12 min`, `less than a minute`."""
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{minutes} min" if minutes else "less than a minute"


View = tuple[str, str, int, str]
"""A view: its name in the address, what the link says, a number beside it, what that counts, for a screen reader."""


def views(console: Console, waiting: int) -> list[View]:
    """Return the views in the order of the navigation; `waiting` is how many people wait in the lobby."""
    over = console.session.exercise.done
    queued = 0 if over else len(queue(console.session))
    return [
        ("now", "Overview", queued, "waiting for an answer"),
        ("msel", "MSEL", 0, ""),
        ("gantt", "Gantt", 0, ""),
        ("people", "People", waiting, "waiting to be admitted"),
        ("eyes", "Seat views", 0, ""),
        ("white", "White cell", 0, ""),
        ("ahead", "Look ahead", 0, ""),
        ("why", "Why", 0, ""),
        ("knew", "Who knew", 0, ""),
        ("branches", "Branches", 0, ""),
        ("notes", "Evaluation", to_judge(console), "to judge"),
        ("hotwash", "Hot wash", 0, ""),
        ("review", "Review", 0, ""),
    ]
