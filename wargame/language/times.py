"""Times and durations as authors and facilitators write them: ISO dates, `D+2 H+3 M+45`, DTG, `1d 12h`.

Game time is a whole number of seconds. A `Time` is either a local date and time or an offset from STARTEX; the
calendar of the run converts it to seconds.
"""

import re
from calendar import monthrange
from datetime import datetime
from functools import lru_cache

from wargame.dataclasses import dataclass

SECOND = 1
MINUTE = 60
HOUR = 3600
DAY = 86400
WEEK = 604800
LONGEST = 73_050 * DAY
"""The longest duration or offset, 200 years, so that dates stay within the range of `datetime`."""

UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Military zone letters: A to I and K to M are east of Greenwich, N to Y west; J is local time.
ZONE_HOURS = {
    "Z": 0,
    **{letter: hours for hours, letter in enumerate("ABCDEFGHIKLM", start=1)},
    **{letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", start=1)},
}
FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Permitted years, so that any zone and any offset still gives a valid date."""
TOO_LONG = f"is too long: at most 200 years ({LONGEST // DAY}d)"
NO_TIME = "is not a time"
PIVOT = 69
"""Two-digit years from this one on are 19xx, as in POSIX."""

_PART = re.compile(r"(\d{1,9})([wdhms])", re.ASCII)
_LONG = re.compile(r"\d{10,}[wdhms]", re.ASCII)
_DURATION = re.compile(r"\d{1,9}[wdhms](?:\s*\d{1,9}[wdhms])*", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?\s?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_DTG = re.compile(r"(\d{2})\s?(\d{2})(\d{2})\s?([A-Z])\s?([A-Z]{3})\s?(\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_OFFSET = re.compile(
    r"D(?:\s?([+-])\s?(\d{1,6}))?(?:\s?H\s?([+-])\s?(\d{1,7}))?(?:\s?M\s?([+-])\s?(\d{1,9}))?", re.ASCII | re.IGNORECASE
)
_IN_WORDS = re.compile(r"(\d{1,9})\s?(w|weeks?|d|days?|h|hours?|m|min|minutes?|s|seconds?)", re.ASCII | re.IGNORECASE)
_DAY_NUMBER = re.compile(r"(?:D|day)?\s?(\d{1,5})", re.ASCII | re.IGNORECASE)
_OFFSET_AND_CLOCK = re.compile(r"(D\s?[+-]\s?\d{1,6})[ T](\d{1,2}):(\d{2})", re.ASCII | re.IGNORECASE)


class TimeFault(ValueError):
    """A text that is not the time or duration that it should be: what is wrong with it, and what to write in its place.

    `cause` is the same for texts with the same fault.
    """

    def __init__(self, text: str, reason: str, remedy: str = "", cause: str = "") -> None:
        super().__init__(text, reason, remedy, cause)
        self.message, self.remedy, self.cause = f"'{text}' {reason}", remedy, cause or reason

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class NotATime(TimeFault):
    """The text has none of the forms of a time."""


@dataclass(frozen=True, slots=True)
class Time:
    """A moment as written. Exactly one of `local` and `offset` is set."""

    text: str
    local: datetime | None = None
    """Date and time, in the scenario's zone or that of `zone_offset`."""
    offset: int | None = None
    """Seconds from STARTEX, negative before it."""
    zone_offset: int | None = None
    """Seconds east of UTC if the text names a zone; None for the scenario's zone."""

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> int:
    """Return seconds of a duration such as `90d`, `1d 12h` or `2w`; at most 200 years. ValueError with the reason."""
    stripped = text.strip()
    if stripped == "0":
        return 0
    if not _DURATION.fullmatch(stripped):
        if _LONG.fullmatch(stripped):
            raise TimeFault(_short(text), TOO_LONG)
        meant = _IN_WORDS.fullmatch(stripped)
        is_number = len(stripped) < 7 and stripped.isascii() and stripped.isdecimal()
        number = f"write {stripped}d for days, {stripped}h for hours" if is_number else ""
        remedy = f"write {meant[1]}{meant[2][0].lower()}" if meant else number or "write it as in 90d, 1d 12h, 45m, 2w"
        raise TimeFault(_short(text), "is not a duration", remedy)
    parts = _PART.findall(stripped)
    order = [list(UNITS).index(unit) for _, unit in parts]
    if order != sorted(set(order)):
        raise TimeFault(_short(text), "is not a duration: each unit once, the longest first, as in 1d 12h")
    return _bounded(sum(int(number) * UNITS[unit] for number, unit in parts), text)


def format_duration(seconds: int) -> str:
    """Return the shortest text in days, hours, minutes and seconds: `1d 12h`; `0s` for nothing."""
    rest, parts = abs(seconds), []
    for unit in "dhms":
        number, rest = divmod(rest, UNITS[unit])
        if number:
            parts.append(f"{number}{unit}")
    return ("-" if seconds < 0 else "") + (" ".join(parts) or "0s")


def spoken_duration(seconds: int) -> str:
    """Return a duration for a sentence: `1 day 12 hours`."""
    units = {"d": "day", "h": "hour", "m": "minute", "s": "second"}
    parts = ((int(part[:-1]), units[part[-1]]) for part in format_duration(seconds).split())
    return " ".join(f"{number:,} {unit}{'' if number == 1 else 's'}" for number, unit in parts)


@lru_cache(maxsize=1024)
def parse_time(text: str) -> Time:
    """Read `2017-06-01`, `2017-06-01 09:30`, `041200ZJUL17`, `D+2 H+3 M+45`, or a duration from STARTEX (`90d`).

    Raises ValueError with the reason.
    """
    stripped = text.strip()
    if match := _ISO.fullmatch(stripped):
        parts = (int(part or 0) for part in match.groups()[:6])
        return Time(stripped, _local(stripped, *parts), zone_offset=_zone(stripped, match[7]))
    if match := _OFFSET.fullmatch(stripped):
        return Time(stripped, offset=_bounded(_offset(match), text))
    if match := _DTG.fullmatch(stripped):
        letter, month, year = match[4].upper(), match[5].upper(), match[6]
        if month not in MONTHS:
            reason, cause = f"is not a date: '{match[5]}' is not a month", "is not a date: no such month"
            raise TimeFault(stripped, reason, f"they are {' '.join(MONTHS)}", cause)
        full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= PIVOT else 2000)
        local = _local(stripped, full, MONTHS.index(month) + 1, int(match[1]), int(match[2]), int(match[3]), 0)
        return Time(stripped, local, zone_offset=None if letter == "J" else ZONE_HOURS[letter] * HOUR)
    if _DURATION.fullmatch(stripped) or _LONG.fullmatch(stripped):
        return Time(stripped, offset=parse_duration(stripped))
    if match := _OFFSET_AND_CLOCK.fullmatch(stripped):
        minutes = f" M+{int(match[3])}" if int(match[3]) else ""
        raise NotATime(_short(text), NO_TIME, f"write {match[1]} H+{int(match[2])}{minutes}")
    if match := _DAY_NUMBER.fullmatch(stripped):
        raise NotATime(_short(text), NO_TIME, f"write D+{int(match[1])} for a day after STARTEX, or a date")
    raise NotATime(_short(text), NO_TIME, "write 2017-06-01, 2017-06-01T09:30, D+2, 90d or 041200ZJUL17")


def _local(text: str, year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime:
    if reason := _invalid_because(year, month, day, hour, minute, second):
        raise TimeFault(text, f"is not a date: {reason}", cause="is not a date")
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the calendar adds the zone


def _invalid_because(year: int, month: int, day: int, hour: int, minute: int, second: int) -> str:
    """Return the reason why a date or time is invalid; empty if it is valid."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return f"years run from {FIRST_YEAR} to {LAST_YEAR}"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"{MONTHS[month - 1].title()} {year} has {days} days"
    if hour > 23 or minute > 59 or second > 59:
        return f"there is no time {hour:02}:{minute:02}:{second:02}"
    return ""


def _zone(text: str, zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours * HOUR + minutes * MINUTE > 14 * HOUR or minutes >= 60:
        raise TimeFault(text, f"is not a time: no time zone has the offset {zone}", cause="has a wrong time zone")
    return (-1 if zone[0] == "-" else 1) * (hours * HOUR + minutes * MINUTE)


def _offset(match: re.Match[str]) -> int:
    units = (DAY, HOUR, MINUTE)
    numbers = (int(f"{match[2 * i + 1] or ''}{match[2 * i + 2] or 0}") for i in range(3))
    return sum(number * unit for number, unit in zip(numbers, units, strict=True))


def _bounded(seconds: int, text: str) -> int:
    if abs(seconds) > LONGEST:
        raise TimeFault(_short(text), TOO_LONG)
    return seconds


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
