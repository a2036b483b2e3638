"""Times as other tools write them: `D+1 H+2 M-5`, `J-60`, `26/06/2024 09h00`, a time of day, ISO dates, DTG."""

from __future__ import annotations

import re
from datetime import date, datetime

from wargame.language.times import DAY, HOUR, MINUTE, parse_time

_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T,]+(\d{1,2})[h:](\d{2}))?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})(?::\d{2})?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
_FRENCH = re.compile(r"J(?=\s?[+-]|$)", re.ASCII | re.IGNORECASE)
_WRITTEN_DAY = re.compile(r"(?:start\s*ex|startex)\s*", re.IGNORECASE)


def game_time(text: str, startex: date | None = None) -> str:
    """The time as an inject file writes it. Raises ValueError with the reason.

    With `startex`, the date of STARTEX in the sheet, dates become offsets such as `D+2 H+3`. A time of day alone is on
    the day of STARTEX.
    """
    written = _FRENCH.sub("D", _WRITTEN_DAY.sub("D", text.strip()))
    if match := _CLOCK.fullmatch(written):
        return _on_the_first_day(text, match)
    if match := _DAY_FIRST.fullmatch(written):
        written = _from_day_first(text, match)
    time = parse_time(written)
    if startex is None or time.local is None:
        return time.text
    return offset_text(round((time.local - datetime.combine(startex, datetime.min.time())).total_seconds()))


def _on_the_first_day(text: str, match: re.Match[str]) -> str:
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(f"'{text}' is not a time of day")
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    if hour > 23 or minute > 59:
        raise ValueError(f"'{text}' is not a time of day")
    return offset_text(hour * HOUR + minute * MINUTE)


def _from_day_first(text: str, match: re.Match[str]) -> str:
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    if day <= 12 and month <= 12 and day != month and "h" not in text and "." not in text:
        raise ValueError(
            f"'{text}' can be read in two ways: write {year}-{month:02}-{day:02} or {year}-{day:02}-{month:02}"
        )
    if month > 12 >= day and "." not in text:
        day, month = month, day
    clock = f" {int(match[4]):02}:{match[5]}" if match[4] else ""
    return f"{year}-{month:02}-{day:02}{clock}"


def offset_text(seconds: int) -> str:
    """Seconds from STARTEX as `D+2 H+3 M+45`; parts that are 0 are left out, except the day."""
    sign = "-" if seconds < 0 else "+"
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [f"D{sign}{days}", *([f"H{sign}{hours}"] if hours else [])]
    return " ".join([*parts, *([f"M{sign}{rest // MINUTE}"] if rest >= MINUTE else [])])
