"""Text, dates and numbers as every report writes them, and texts with parts that HTML marks, such as links."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from math import floor
from typing import Any, Self

from wargame.dataclasses import dataclass
from wargame.journal.wording import date, date_time

SHORT_RUN = timedelta(days=45)
"""Runs up to this length show the time of day with each date."""
HOURS = 2.0
"""In a short run, durations below this many days are shown in hours."""


@dataclass(frozen=True, slots=True)
class Dates:
    """How the moments of a run are shown: with the time of day if `fine`, else by the day."""

    fine: bool

    def at(self, at: str) -> str:
        """Return an ISO time, as `24 Oct 1962` or `24 Oct 1962, 14:05`."""
        return date_time(at) if self.fine else date(at)

    def since(self, days: float) -> str:
        """Return days from STARTEX, as `day 12` or `day 1.8`; whole days are completed days, as in D+12."""
        return f"day {days:.1f}" if self.fine else f"day {floor(days)}"

    def took(self, days: float) -> str:
        """Return a duration in days, as `3 d` or `6 h`."""
        return f"{days * 24:.0f} h" if self.fine and days < HOURS else f"{days:.0f} d"


def dates(startex: str, reached: str) -> Dates:
    """Return how to show a run between two ISO times; by the day if one of them is not known."""
    if not startex or not reached:
        return Dates(fine=False)
    return Dates(datetime.fromisoformat(reached) - datetime.fromisoformat(startex) <= SHORT_RUN)


def time_span(started: str, finished: str | None) -> str:
    """Return a span of real time in UTC: `25 Nov 2026, 18:20 to 18:23 UTC`; both dates if it passes midnight."""
    first, last = (datetime.fromisoformat(at).astimezone(UTC).isoformat() for at in (started, finished or started))
    if finished is None:
        return f"since {date_time(first)} UTC"
    until = date_time(last) if last[:10] != first[:10] else date_time(last)[-5:]
    return f"{date_time(first)} UTC" if date_time(first) == date_time(last) else f"{date_time(first)} to {until} UTC"


def short(value: float | None, *, share: bool = False, signed: bool = False) -> str:
    """Return a number with three digits, a share in percent; differences of shares are in points."""
    if value is None:
        return "not known"
    sign = "+" if signed and value else ""
    if share:
        return f"{100 * value:{sign}.0f}"
    text = f"{value:{sign}.3g}"
    return f"{value:,.0f}" if "e" in text and abs(value) >= 1000 else text


def minus(text: str) -> str:
    """Return a text whose negative numbers have a minus sign, as in `−3 points (−9 to 2)`; a piece is unchanged."""
    return text if type(text) is not str else re.sub(r"(?<![\w.=-])-(?=\.?\d)", "−", text)


def estimate(row: Mapping[str, Any] | None, *, share: bool = False, signed: bool = False) -> str:
    """Return an estimate with the ends of its interval, such as `25 % (9 to 53)`."""
    if row is None or row["estimate"] is None:
        return "not known"
    text = short(row["estimate"], share=share, signed=signed)
    text += (" points" if signed else " %") if share else ""
    span = " to ".join(short(row[end], share=share) for end in ("low", "high"))
    return text if row["low"] is None or row["high"] is None else f"{text} ({span})"


def exact(value: float | None) -> str:
    """Return a number with four digits."""
    return "not known" if value is None else f"{value:.4g}"


def interval(low: float | None, high: float | None) -> str:
    """Return the ends of an interval with four digits; empty if there is no interval."""
    return "" if low is None or high is None else f"{low:.4g} to {high:.4g}"


def p_value(p: float | None) -> str:
    """Return a p-value with four digits; empty if there is none."""
    return "" if p is None else "< 0.0001" if p < 1e-4 else f"{p:.4f}"


class Piece(str):
    """A part of a text with a look in HTML: a date, a record, a status, code, or a detail to open.

    `shown` is its text in HTML if that differs, `name` the kind of a status.
    """

    __slots__ = ("look", "name", "shown")

    def __new__(cls, look: str, text: str, shown: str = "", name: str = "") -> Self:
        """A piece with one of the looks of the HTML writer, such as `when`, `record`, `status`, `strong` and `code`."""
        piece = super().__new__(cls, text)
        piece.look, piece.shown, piece.name = look, shown or text, name
        return piece

    look: str
    shown: str
    name: str


class Rich(str):
    """A text of several parts, some of them with a look in HTML. Other media write it as a plain text."""

    __slots__ = ("parts",)

    def __new__(cls, *parts: str) -> Self:
        """The parts are strings and pieces; they are joined without blanks."""
        text = super().__new__(cls, "".join(parts))
        text.parts = parts
        return text

    parts: tuple[str, ...]


def record(seq: int | None) -> str:
    """Return the number of a record, as `#12`, which links to it in HTML; empty for None."""
    return "" if seq is None else Piece("record", f"#{seq}", name=str(seq))


def reference(seq: int | None) -> str:
    """Return the number of a record at the end of a sentence, as ` [#12]`; empty for None."""
    return "" if seq is None else Piece("reference", f" [#{seq}]", f"#{seq}", str(seq))


def records(seqs: Iterable[int | None]) -> Rich:
    """Return numbers of records, as `#12 #13`."""
    parts = [part for seq in seqs if seq is not None for part in (" ", record(seq))]
    return Rich(*parts[1:])


_RECORD = re.compile(r"\[#(\d+)\]")


def linked(text: str) -> Rich:
    """Return a text of a reviewer, in which `[#12]` stands for record 12."""
    parts = _RECORD.split(text)
    return Rich(*(Piece("record", f"[#{part}]", f"#{part}", part) if n % 2 else part for n, part in enumerate(parts)))


def detail(text: str) -> str:
    """Return a long text that HTML shows on demand and other media leave out."""
    return Piece("detail", "", text) if text else ""


class StackedBar(str):
    """A cell with counts by name: its text is `3 met, 1 missed`, and most formats draw a stacked bar above it."""

    __slots__ = ("most", "parts")

    def __new__(cls, parts: tuple[tuple[str, int], ...], most: int) -> Self:
        """`parts` are names with their counts, `most` is the count of a full bar; without counts it is a dash."""
        bar = super().__new__(cls, ", ".join(f"{number} {name}" for name, number in parts if number) or "–")
        bar.parts, bar.most = parts, most
        return bar

    parts: tuple[tuple[str, int], ...]
    most: int
