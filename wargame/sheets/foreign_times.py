"""Times as other tools and people write them, in English, French, German and Spanish.

A text is a day, a time of day, both, or an offset from STARTEX. What can be read in two ways is refused with both.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wargame.dataclasses import dataclass, replace
from wargame.errors import shortened
from wargame.language.times import (
    DAY,
    HOUR,
    MINUTE,
    PIVOT,
    ZONE_HOURS,
    NotATime,
    TimeFault,
    format_duration,
    parse_time,
)
from wargame.tables import tables

TWO_WAYS = "can be read in two ways"
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
"""The orders of the numbers of a date such as 05/06/2024."""
FORMS = "09:30, 2017-06-01 09:30, 1 Jun 2017 09:30, D+2 09:30, STARTEX + 2h 45m or 041200ZJUL17"
"""Examples of the times that are read."""
MOST_CHARACTERS = 60
"""A text as long as this is no time."""
_FIRST_SERIAL = date(1899, 12, 30)
"""Day 0 of the dates that a spreadsheet shows as numbers."""


@dataclass(frozen=True, slots=True)
class TimeRules:
    """The meaning of the times of a sheet. `begin` is STARTEX in the sheet, local to the zone of the exercise."""

    begin: datetime
    zone: str = "UTC"
    is_given: bool = False
    """Whether the author of the sheet has said when it begins; its dates are then counted from there."""
    order: str = ""
    """`day-first` or `month-first`; empty if the sheet must show it."""


@dataclass(frozen=True, slots=True)
class SheetTime:
    """A time as it is written. Of `on`, `day` and `offset` at most one is set."""

    on: date | None = None
    day: int | None = None
    """Days after that of STARTEX."""
    clock: int | None = None
    """Seconds from midnight."""
    offset: int | None = None
    """Seconds from STARTEX."""
    zone: int | None = None
    """Seconds east of UTC; None for the zone of the exercise."""
    is_dtg: bool = False
    """Whether this is a date-time group without a zone."""
    standard: str = ""
    """The text in an inject file, where it already has the right form."""


# --- texts -------------------------------------------------------------------------------------------

_WORDS = tables("sheets/vocabulary.yaml")
_WEEKDAY = re.compile(f"^(?:{'|'.join(_WORDS['weekdays'])}),? ")
_CLOCK = re.compile(
    r"(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?|\s?h\s?(\d{2})?(?:\s?m(?:in)?)?|\.(\d{2})(?=\s?uhr)|(\d{2})"
    r"|(?=\s?(?:am|pm|uhr)))\s?(am|pm)?\s?(?:hrs?|h|uhr|local|l|lt)?"
)
_DTG = re.compile(r"(\d{2})(\d{2})(\d{2})([a-z])?([a-z]{3})(\d{4}|\d{2})")
_LENGTH = r"\s?".join(rf"(?:(\d{{1,4}})\s?(?:{unit}))?" for unit in _WORDS["units"])
_FROM = r"(?:start\s?ex|startex|debex|h|t)?\s?([+-])\s?"
_OFFSET = re.compile(rf"{_FROM}{_LENGTH}(?<=h)(\d{{1,2}})|{_FROM}{_LENGTH}(?<![+\- ])")
_OFFSET_CLOCK = re.compile(rf"{_FROM}(\d{{1,3}}):(\d{{2}})(?::\d{{2}})?")
_BARE_OFFSET = re.compile(r"(?:start\s?ex|startex|debex|t)?\s?[+-]\s?\d+")
_HOURS = re.compile(r"h\s?([+-])\s?(\d{1,3})")


class NoYear(TimeFault):
    """A date without its year."""


def read_time(text: str, order: str = "") -> SheetTime:
    """Read a time. `order` says how a date such as 05/06/2024 is meant. Raises ValueError with the reason."""
    plain = _plain(text[:MOST_CHARACTERS])
    for read in (_read_dtg, _read_offset, _read_standard):
        if (found := read(plain, text)) is not None:
            return found
    words = plain.replace(",", " ").split() if len(text) < MOST_CHARACTERS else []
    for at in range(len(words) + 1):
        first, rest = " ".join(words[:at]), " ".join(words[at:])
        for day, clock in ((first, rest), (rest, first)):
            if day and clock and (seconds := _clock(clock, text)) is not None:
                if (found := _day(day, order, text)) is not None:
                    return replace(found, clock=seconds, standard="")
            elif not clock and (found := _day(day, order, text)) is not None:
                return found
    if (seconds := _clock(plain, text)) is not None:
        return SheetTime(clock=seconds)
    raise NotATime(shortened(text, 40), "is not a time that is read", f"write it as in {FORMS}")


def is_time(text: str) -> bool:
    """Return whether a text is a time, however the numbers of its date are meant, and whatever its year."""
    try:
        read_time(text, DAY_FIRST)
    except NoYear:
        return True
    except ValueError:
        return False
    return True


def has_day(text: str) -> bool:
    """Return whether a time says on which day it is; also if it cannot be read."""
    try:
        found = read_time(text, DAY_FIRST)
    except ValueError:
        return True
    return found.clock is None or found.on is not None or found.day is not None


def _plain(text: str) -> str:
    """Return a text in small letters without accents, weekdays and doubled blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    bare = re.sub(r"[\u2010-\u2015\u2212]", "-", bare).replace("a.m.", "am").replace("p.m.", "pm")
    bare = re.sub(r"(\d)t(\d)", r"\1 \2", bare)
    return " ".join(_WEEKDAY.sub("", bare.strip()).split())


def _clock(plain: str, text: str) -> int | None:
    """Return seconds from midnight; None if this is no time of day. Raises ValueError if there is no such time."""
    match = _CLOCK.fullmatch(plain)
    if match is None:
        return None
    hour, minute = int(match[1]), int(next((match[n] for n in (2, 4, 5, 6) if match[n]), 0))
    second, half = int(match[3] or 0), match[7]
    if (half and not 1 <= hour <= 12) or hour > 23 or minute > 59 or second > 59:
        raise TimeFault(shortened(text, 40), "is not a time of day")
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return hour * HOUR + minute * MINUTE + second


def _read_dtg(plain: str, text: str) -> SheetTime | None:
    """Read a date-time group with or without blanks and zone, such as `041200ZJUN30` or `05 1430 JAN 30`."""
    match = _DTG.fullmatch(plain.replace(" ", ""))
    if match is None:
        return None
    day, hour, minute, letter, month, year = match.groups()
    clock = _clock(f"{hour}:{minute}", text)
    zone = None if letter in (None, "j") else ZONE_HOURS[letter.upper()] * HOUR
    return SheetTime(_date(text, year, _month(month), day), clock=clock, zone=zone, is_dtg=letter is None)


def _read_offset(plain: str, text: str) -> SheetTime | None:
    """Read what counts from STARTEX: `T+00:15`, `StartEx + 2h 45`, `+3h`, `H-1`, `STARTEX`."""
    if re.fullmatch(r"start\s?ex|debex", plain):
        return SheetTime(offset=0)
    if match := _OFFSET_CLOCK.fullmatch(plain):
        return SheetTime(offset=_signed(match[1], int(match[2]) * HOUR + int(match[3]) * MINUTE))
    if match := _HOURS.fullmatch(plain):
        return SheetTime(offset=_signed(match[1], int(match[2]) * HOUR))
    if match := _OFFSET.fullmatch(plain):
        sign, *numbers = (match[1], *match.groups()[1:5]) if match[1] else (match[6], *match.groups()[6:9])
        parts = [int(number or 0) for number in (*numbers[:2], numbers[2] or (numbers[3:] or [0])[0])]
        return SheetTime(offset=_signed(sign, parts[0] * DAY + parts[1] * HOUR + parts[2] * MINUTE))
    if _BARE_OFFSET.fullmatch(plain):
        shown = shortened(text, 40)
        days = re.sub(r"[^\d+-]", "", plain)
        can_be = "can be days, hours or minutes"
        raise TimeFault(shown, f"{can_be}: write {shown}h, {shown}m or D{days}", cause=can_be)
    return None


def _signed(sign: str, seconds: int) -> int:
    return -seconds if sign == "-" else seconds


def _read_standard(plain: str, _: str) -> SheetTime | None:
    """Read the offsets of inject files that are not read above: `D+1 H+2 M-5`, `J+1 H+2`, `1d 12h`."""
    written = re.sub(r"^j(?=\s?[+-]|$)", "d", plain).upper()
    try:
        offset = parse_time(written if written.startswith("D") else plain).offset
    except ValueError:
        return None
    is_day = re.fullmatch(r"D(\s?[+-]\s?\d+)?", written)
    if offset is None or re.fullmatch(r"\d{1,2}\s?h(\s?\d+\s?m)?|0", plain):
        return None
    standard = written if written.startswith("D") else plain
    return SheetTime(day=offset // DAY) if is_day else SheetTime(offset=offset, standard=standard)


# --- days --------------------------------------------------------------------------------------------


def _counted(match: re.Match[str], _: str, text: str) -> SheetTime:
    if int(match[1]) < 1:
        raise TimeFault(shortened(text, 40), "is not a day: the day of STARTEX is Day 1")
    return SheetTime(day=int(match[1]) - 1)


def _numbers(match: re.Match[str], order: str, text: str) -> SheetTime:
    """Read a date of three numbers; with dots, or with an `h` in the time, the day is first."""
    day, month, year = int(match[1]), int(match[2]), match[3]
    is_french = re.search(r"\dh\d", text, re.IGNORECASE) is not None
    is_clear = day > 12 or month > 12 or day == month or is_french or "." in match[0]
    if not is_clear and not order:
        full = _year(year)
        both = f"write {full}-{month:02}-{day:02} or {full}-{day:02}-{month:02}"
        meant = f"say which is meant with --dates {DAY_FIRST} or --dates {MONTH_FIRST}"
        raise TimeFault(text, f"{TWO_WAYS}: {both}, or {meant}", cause=TWO_WAYS)
    if (month > 12 >= day and "." not in match[0]) or (not is_clear and order == MONTH_FIRST):
        day, month = month, day
    return SheetTime(_date(text, year, month, str(day)))


def _named(match: re.Match[str], _: str, text: str) -> SheetTime | None:
    month = _month(match["month"])
    if not month:
        return None
    if match["year"] is None:
        raise NoYear(shortened(text, 40), "has no year", "write it as in 4 Mar 2030")
    return SheetTime(_date(text, match["year"], month, match["day"]))


_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, str], SheetTime | None]], ...] = (
    (
        re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
        lambda match, _, text: SheetTime(_date(text, match[1], int(match[2]), match[3])),
    ),
    (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})"), _numbers),
    (
        re.compile(
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?[ .-]*(?:de )?(?P<month>[a-z]{{3,}})\.?(?:[ -]*(?:de )?{_YEAR})?"
        ),
        _named,
    ),
    (re.compile(rf"(?P<month>[a-z]{{3,}})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: {_YEAR})?"), _named),
    (re.compile(r"(?:ex(?:ercise)? )?(?:day|tag|jour|dia)\s?(\d{1,3})"), _counted),
    (re.compile(r"[2-7]\d{4}"), lambda match, *_: SheetTime(_FIRST_SERIAL + timedelta(days=int(match[0])))),
)


def _day(plain: str, order: str, text: str) -> SheetTime | None:
    """Return the day that a text names; None if it is none."""
    if match := re.fullmatch(r"(?:(?:day|tag|jour|dia) )?[dj]\s?([+-])\s?(\d{1,4})", plain):
        return SheetTime(day=_signed(match[1], int(match[2])))
    if plain in ("d", "j", "startex"):
        return SheetTime(day=0)
    for pattern, read in _DAYS:
        if (match := pattern.fullmatch(plain)) and (found := read(match, order, text)) is not None:
            return found
    return None


def _month(name: str) -> int:
    """Return the number of a month by the beginning of its name; 0 if it is none."""
    found = [
        n for n, names in enumerate(_WORDS["months"], start=1) if any(each.startswith(name) for each in names.split())
    ]
    return found[0] if len(found) == 1 else 0


def _year(written: str) -> int:
    year = int(written.lstrip("'"))
    return year if year > 99 else year + (1900 if year >= PIVOT else 2000)


def _date(text: str, year: str, month: int, day: str) -> date:
    """Return a date; ValueError if there is none such."""
    parsed = parse_time(f"{_year(year)}-{month:02}-{int(day):02}").local
    if parsed is None:
        raise NotATime(shortened(text, 40), "is not a date")
    return parsed.date()


# --- columns -----------------------------------------------------------------------------------------


def date_order(texts: Iterable[str]) -> str:
    """Return `day-first` or `month-first` if the dates in these texts show it: above 12 is a day; empty if not."""
    orders = set()
    for text in texts:
        if match := re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2}", text):
            first, second = int(match[1]), int(match[2])
            orders |= {DAY_FIRST} if first > 12 >= second else {MONTH_FIRST} if second > 12 >= first else set()
    return orders.pop() if len(orders) == 1 else ""


def joined(day: str, clock: str, order: str, first_day: int = 1) -> SheetTime:
    """Return the time of a day and a time of day in two cells. Raises ValueError if they do not fit together.

    `first_day` is the number of the day of STARTEX, for days that are written as numbers.
    """
    if not day:
        return read_time(clock, order)
    number = int(day) - first_day if re.fullmatch(r"-?\d{1,3}", day) else None
    on = SheetTime(day=number) if number is not None else read_time(day, order)
    if not clock:
        return on
    at = read_time(clock, order)
    if at.offset is not None or (at.clock is None and at.on is None and at.day is None):
        return at
    if at.on is not None or at.day is not None:
        if on.on is not None and at.on is not None and on.on != at.on:
            reason, remedy = f"is not on the day '{day}' beside it", "correct one, or keep the day in the notes"
            raise TimeFault(clock, reason, remedy, "is not on the day beside it")
        return at
    return replace(on, clock=at.clock, standard="")


def game_time(written: SheetTime, rules: TimeRules) -> str:
    """Return a time as in an inject file: a date, or an offset as the sheet counts; ValueError if too far away."""
    return parse_time(_text(written, rules)).text


def _text(written: SheetTime, rules: TimeRules) -> str:
    if written.standard:
        return written.standard
    if written.offset is not None:
        return offset_text(written.offset)
    if written.on is None:
        days = written.day or 0
        midnight = rules.begin.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = 0 if written.clock is None else written.clock - (rules.begin - midnight).seconds
        return offset_text(days * DAY + passed)
    local = datetime.combine(written.on, time()) + timedelta(seconds=written.clock or 0)
    if not rules.is_given:
        form = "%Y-%m-%d" if written.clock is None else "%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M"
        return local.strftime(form) + ("" if written.zone is None else _zone_text(written.zone))
    if written.zone is not None:
        aware = (local - timedelta(seconds=written.zone)).replace(tzinfo=UTC)
        local = aware.astimezone(ZoneInfo(rules.zone)).replace(tzinfo=None)
    return offset_text(round((local - rules.begin).total_seconds()))


def _zone_text(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), HOUR)
    return "Z" if not seconds else f"{'-' if seconds < 0 else '+'}{hours:02}:{rest // MINUTE:02}"


def offset_text(seconds: int) -> str:
    """Return seconds from STARTEX as `D+2 H+3 M+45`; parts that are 0 are left out, except the day."""
    sign = "-" if seconds < 0 else "+"
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    if rest % MINUTE and sign == "+":
        return format_duration(seconds)
    parts = [f"D{sign}{days}", *([f"H{sign}{hours}"] if hours else [])]
    return " ".join([*parts, *([f"M{sign}{rest // MINUTE}"] if rest >= MINUTE else [])])
