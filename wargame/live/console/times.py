"""Times that a line names, and times to go, as the console shows them."""

from __future__ import annotations

from wargame.errors import UsageFault
from wargame.language.times import format_duration, parse_time
from wargame.live.session.session import Session

DAYS_ONLY_FROM = 30 * 86400
"""Times to go from this length on, in seconds, are shown in whole days."""


def time_of(session: Session, text: str) -> int | None:
    """The second that a time names, or `#SEQ` for that of a record; None for any other text."""
    if text.lstrip("#").isdigit():
        seq = int(text.lstrip("#"))
        second = next((record.t for record in session.records if record.seq == seq), None)
        if second is None:
            raise UsageFault(f"there is no record {seq}")
        return second
    try:
        return session.exercise.calendar.seconds(parse_time(text))
    except ValueError:
        return None


def countdown(seconds: int) -> str:
    """A time to go, rounded up to minutes, and to days if it is long: `in 3h 20m`, `now`, `overdue`."""
    if seconds <= 0:
        return "overdue" if seconds else "now"
    unit = 60 if seconds < DAYS_ONLY_FROM else 86400
    return f"in {format_duration(-(-seconds // 60) * 60 // unit * unit)}"
