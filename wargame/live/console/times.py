"""Times that a line names, and times to go, as the console shows them."""

from wargame.errors import UsageFault
from wargame.language.times import format_duration, parse_duration, parse_time
from wargame.live.session.session import Session

DAYS_ONLY_FROM = 30 * 86400
"""Times to go from this length on, in seconds, are shown in whole days."""


def duration_of(text: str) -> int | None:
    """Return the seconds of a duration such as `5d`; None for any other text."""
    try:
        return None if text.isdecimal() else parse_duration(text)
    except ValueError:
        return None


def time_of(session: Session, text: str) -> int | None:
    """Return the second that a time names, or `#SEQ` for that of a record; None for any other text.

    A duration names no time: from STARTEX or from now is not said. The commands that accept one say which they mean.
    """
    if text.lstrip("#").isdecimal():
        seq = int(text.lstrip("#"))
        if seq >= len(session.records):
            raise UsageFault(f"there is no record {seq}")
        return session.records[seq].t
    if duration_of(text) is not None:
        return None
    try:
        return session.exercise.calendar.seconds(parse_time(text))
    except ValueError:
        return None


def countdown(seconds: int) -> str:
    """Return a time to go, rounded up to minutes, and to days if it is long: `in 3h 20m`, `now`, `overdue`."""
    if seconds <= 0:
        return "overdue" if seconds else "now"
    unit = 60 if seconds < DAYS_ONLY_FROM else 86400
    return f"in {format_duration(-(-seconds // 60) * 60 // unit * unit)}"
