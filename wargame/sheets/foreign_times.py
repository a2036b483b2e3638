"""Times as other tools write them: `D+1 H+2 M-5`, `J-60`, `26/06/2024 09h00`, a time of day, ISO dates, DTG."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from wargame.language.times import DAY, HOUR, MINUTE, parse_time

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
"""How the numbers of a date such as 05/06/2024 are meant."""
_TIME_OF_DAY = r"(\d{1,2})[:h]?(\d{2})(?::\d{2})?\s*(am|pm)?(?:\s*(?:hrs?|h|l|local))?"
_NUMBERS = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})(?:[ T,]+{_TIME_OF_DAY})?", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(_TIME_OF_DAY, re.ASCII | re.IGNORECASE)
_FRENCH = re.compile(r"J(?=\s?[+-]|$)", re.ASCII | re.IGNORECASE)
_WRITTEN_DAY = re.compile(r"(?:start\s*ex|startex)\s*", re.IGNORECASE)


def date_order(texts: Iterable[str]) -> str:
    """`day-first` or `month-first` if the dates in these texts show it: a number above 12 is a day; empty if not."""
    orders = set()
    for text in texts:
        if match := _NUMBERS.match(text.strip()):
            first, second = int(match[1]), int(match[2])
            orders |= {DAY_FIRST} if first > 12 >= second else {MONTH_FIRST} if second > 12 >= first else set()
    return orders.pop() if len(orders) == 1 else ""


def game_time(text: str, startex: date | None = None, order: str = "") -> str:
    """The time as an inject file writes it. Raises ValueError with the reason.

    With `startex`, the date of STARTEX in the sheet, dates become offsets such as `D+2 H+3`. A time of day alone is on
    the day of STARTEX. `order` says how a date such as 05/06/2024 is meant.
    """
    written = _FRENCH.sub("D", _WRITTEN_DAY.sub("D", text.strip()))
    if match := _CLOCK.fullmatch(written):
        return _on_the_first_day(text, match)
    if match := _NUMBERS.fullmatch(written):
        written = _from_numbers(text, match, order)
    time = parse_time(written)
    if startex is None or time.local is None:
        return time.text
    return offset_text(round((time.local - datetime.combine(startex, datetime.min.time())).total_seconds()))


def _on_the_first_day(text: str, match: re.Match[str]) -> str:
    hour, minute = _hour_and_minute(text, match[1], match[2], match[3])
    return offset_text(hour * HOUR + minute * MINUTE)


def _hour_and_minute(text: str, hours: str, minutes: str, half: str | None) -> tuple[int, int]:
    """A time of day; ValueError if there is none such."""
    hour, minute, half = int(hours), int(minutes), (half or "").lower()
    wrong = half and not 1 <= hour <= 12
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    if wrong or hour > 23 or minute > 59:
        raise ValueError(f"'{text}' is not a time of day")
    return hour, minute


def _from_numbers(text: str, match: re.Match[str], order: str) -> str:
    """A date of three numbers as an ISO date; with dots, or with an `h` in the time, the day is first."""
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    is_clear = day > 12 or month > 12 or day == month or "h" in text or "." in text
    if not is_clear and not order:
        raise ValueError(
            f"'{text}' can be read in two ways: write {year}-{month:02}-{day:02} or {year}-{day:02}-{month:02}, or say "
            f"which is meant with --dates {DAY_FIRST} or --dates {MONTH_FIRST}"
        )
    if (month > 12 >= day and "." not in text) or (not is_clear and order == MONTH_FIRST):
        day, month = month, day
    if match[4] is None:
        return f"{year}-{month:02}-{day:02}"
    hour, minute = _hour_and_minute(text, match[4], match[5], match[6])
    return f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}"


def offset_text(seconds: int) -> str:
    """Seconds from STARTEX as `D+2 H+3 M+45`; parts that are 0 are left out, except the day."""
    sign = "-" if seconds < 0 else "+"
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [f"D{sign}{days}", *([f"H{sign}{hours}"] if hours else [])]
    return " ".join([*parts, *([f"M{sign}{rest // MINUTE}"] if rest >= MINUTE else [])])
