"""Times as other tools and people write them.

Such as `D+1 H+2 M-5`, `J-60`, `STARTEX + 2h45`, `D+1 0930`, `26/06/2024 09h00`, `9 Mar 2027 0815`, ISO dates, DTG.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from wargame.errors import shortened
from wargame.language.times import DAY, HOUR, MINUTE, NotATime, parse_time

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
"""How the numbers of a date such as 05/06/2024 are meant."""
_TIME_OF_DAY = r"(\d{1,2})[:h]?(\d{2})(?::\d{2})?\s*(am|pm)?(?:\s*(?:hrs?|h|l|local))?"
_NUMBERS = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})(?:[ T,]+{_TIME_OF_DAY})?", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(_TIME_OF_DAY, re.ASCII | re.IGNORECASE)
_FRENCH = re.compile(r"J(?=\s?[+-]|$)", re.ASCII | re.IGNORECASE)
_FRENCH_CLOCK = re.compile(r"\dh\d", re.IGNORECASE)
_WRITTEN_DAY = re.compile(r"(?:start\s*ex|startex)\s*", re.IGNORECASE)
_AFTER_STARTEX = re.compile(
    r"(?:start\s?ex|H)\s?\+\s?(?:(?P<hours>\d{1,3})\s?(?:h|hrs?|hours?|:))?\s?"
    r"(?:(?P<minutes>\d{1,4})\s?(?P<unit>m|mins?|minutes?)?)?",
    re.ASCII | re.IGNORECASE,
)
_HOURS = re.compile(r"H\s?\+\s?(\d{1,3})", re.ASCII | re.IGNORECASE)
_DAY_AND_CLOCK = re.compile(rf"D(?:ay)?\s?([+-]\s?\d{{1,4}})[ T,]+{_TIME_OF_DAY}", re.ASCII | re.IGNORECASE)
_ISO_AND_CLOCK = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})[ T,]+{_TIME_OF_DAY}", re.ASCII | re.IGNORECASE)
_YEAR = r"((?:1[5-9]|20|21)\d{2})"
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[ .-]*([a-z]{{3,9}})\.?[ ,-]*{_YEAR}(?:[ T,]+{_TIME_OF_DAY})?",
    re.ASCII | re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"([a-z]{{3,9}})\.? +(\d{{1,2}})(?:st|nd|rd|th)?,? +{_YEAR}(?:[ T,]+{_TIME_OF_DAY})?", re.ASCII | re.IGNORECASE
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
FORMS = "09:30, 2017-06-01 09:30, 1 Jun 2017 09:30, D+2 09:30, STARTEX + 2h 45m or 041200ZJUL17"
"""Examples of the times that are read."""


def date_order(texts: Iterable[str]) -> str:
    """`day-first` or `month-first` if the dates in these texts show it: a number above 12 is a day; empty if not."""
    orders = set()
    for text in texts:
        if match := _NUMBERS.match(text.strip()):
            first, second = int(match[1]), int(match[2])
            orders |= {DAY_FIRST} if first > 12 >= second else {MONTH_FIRST} if second > 12 >= first else set()
    return orders.pop() if len(orders) == 1 else ""


def game_time(text: str, startex: date | None = None, order: str = "") -> str:
    """Return the time as an inject file writes it. Raises ValueError with the reason.

    With `startex`, when STARTEX is in the sheet, dates become offsets such as `D+2 H+3`. A time of day alone is on the
    day of STARTEX. `order` says how a date such as 05/06/2024 is meant.
    """
    begin = startex if isinstance(startex, datetime) else datetime.combine(startex or date.min, time())
    clock = begin.hour * HOUR + begin.minute * MINUTE
    written = text.strip()
    if match := _CLOCK.fullmatch(written):
        return offset_text(_seconds(text, *match.groups()) - clock)
    if match := _DAY_AND_CLOCK.fullmatch(written):
        return offset_text(int(match[1].replace(" ", "")) * DAY + _seconds(text, *match.groups()[1:]) - clock)
    if (match := _AFTER_STARTEX.fullmatch(written)) and (match["hours"] or match["unit"]):
        return offset_text(int(match["hours"] or 0) * HOUR + int(match["minutes"] or 0) * MINUTE)
    if match := _HOURS.fullmatch(written):
        return offset_text(int(match[1]) * HOUR)
    try:
        read = parse_time(_as_date(text, _FRENCH.sub("D", _WRITTEN_DAY.sub("D", written)), order))
    except NotATime:
        raise ValueError(f"'{shortened(text, 40)}' is not a time that is read; write it as in {FORMS}") from None
    if startex is None or read.local is None:
        return read.text
    return offset_text(round((read.local - begin).total_seconds()))


def _as_date(text: str, written: str, order: str) -> str:
    """Return a date in one of the forms of other tools as an ISO date; another text as it is."""
    if match := _NUMBERS.fullmatch(written):
        return _from_numbers(text, match, order)
    if match := _ISO_AND_CLOCK.fullmatch(written):
        return written if written.count(":") == 2 else _iso(text, *match.groups())  # seconds as they are
    if match := _DAY_MONTH.fullmatch(written):
        day, name, year, *rest = match.groups()
    elif match := _MONTH_DAY.fullmatch(written):
        name, day, year, *rest = match.groups()
    else:
        return written
    months = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower().rstrip("."))]
    if name.lower() == "sept":
        months = [9]
    return _iso(text, year, str(months[0]), day, *rest) if len(months) == 1 else written


def _iso(text: str, year: str, month: str, day: str, *clock: str | None) -> str:
    """Return an ISO date, with the time of day if there is one."""
    date = f"{year}-{int(month):02}-{int(day):02}"
    if clock[0] is None or clock[1] is None:
        return date
    hour, minute = _hour_and_minute(text, clock[0], clock[1], clock[2])
    return f"{date} {hour:02}:{minute:02}"


def _seconds(text: str, hours: str, minutes: str, half: str | None) -> int:
    """Return seconds from midnight of a time of day."""
    hour, minute = _hour_and_minute(text, hours, minutes, half)
    return hour * HOUR + minute * MINUTE


def _hour_and_minute(text: str, hours: str, minutes: str, half: str | None) -> tuple[int, int]:
    """Return a time of day; ValueError if there is none such."""
    hour, minute, half = int(hours), int(minutes), (half or "").lower()
    wrong = half and not 1 <= hour <= 12
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    if wrong or hour > 23 or minute > 59:
        raise ValueError(f"'{text}' is not a time of day")
    return hour, minute


def _from_numbers(text: str, match: re.Match[str], order: str) -> str:
    """Return a date of three numbers as an ISO date; with dots, or with an `h` in the time, the day is first."""
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    is_clear = day > 12 or month > 12 or day == month or _FRENCH_CLOCK.search(text) is not None or "." in text
    if not is_clear and not order:
        raise ValueError(
            f"'{text}' can be read in two ways: write {year}-{month:02}-{day:02} or {year}-{day:02}-{month:02}, or say "
            f"which is meant with --dates {DAY_FIRST} or --dates {MONTH_FIRST}"
        )
    if (month > 12 >= day and "." not in text) or (not is_clear and order == MONTH_FIRST):
        day, month = month, day
    return _iso(text, str(year), str(month), str(day), *match.groups()[3:])


def offset_text(seconds: int) -> str:
    """Return seconds from STARTEX as `D+2 H+3 M+45`; parts that are 0 are left out, except the day."""
    sign = "-" if seconds < 0 else "+"
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [f"D{sign}{days}", *([f"H{sign}{hours}"] if hours else [])]
    return " ".join([*parts, *([f"M{sign}{rest // MINUTE}"] if rest >= MINUTE else [])])
