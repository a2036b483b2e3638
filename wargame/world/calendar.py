"""Converts between seconds of the run's clock and local dates."""

from bisect import bisect_right
from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from wargame.language.times import DAY, Time
from wargame.scenario import model
from wargame.scenario.model.governments import WEEKDAYS

_TWO = [f"{number:02}" for number in range(60)]


class RunCalendar:
    """Second 0 is the scenario's start in its zone; `D+n` counts from the STARTEX in its file.

    `startex` and `end` are in seconds. A setting may change both; the origin of `D+n` stays the same.
    """

    def __init__(self, spec: model.Calendar) -> None:
        self.zone = ZoneInfo(spec.zone)
        self._epoch = self._aware(spec.start).timestamp()
        self.origin = self.seconds(spec.startex) if spec.startex else 0
        self.startex = self.origin
        self.end = self.seconds(spec.end)
        self._days = _days_of(self.zone, self._epoch)
        self.day_number = self._days.number
        """The number of the local day at some seconds, at least 0."""

    def _aware(self, time: Time) -> datetime:
        assert time.local is not None
        if time.zone_offset is not None:
            return time.local.replace(tzinfo=timezone(timedelta(seconds=time.zone_offset)))
        return time.local.replace(tzinfo=self.zone)

    def seconds(self, time: Time) -> int:
        """Return seconds from the start to `time`; negative before it."""
        if time.offset is not None:
            return self.origin + time.offset
        return round(self._aware(time).timestamp() - self._epoch)

    def at(self, t: int) -> datetime:
        """Return the local date and time at `t` seconds, with its offset from UTC."""
        return datetime.fromtimestamp(self._epoch + t, self.zone)

    def iso(self, t: int) -> str:
        """Return the same, for `t` at least 0, as an ISO time with offset."""
        days = self._days
        frame = days.frames[days.number(t)]
        if frame is None:
            return self.at(t).isoformat()
        before, midnight, after = frame
        second = t - midnight
        return f"{before}{_TWO[second // 3600]}:{_TWO[second // 60 % 60]}:{_TWO[second % 60]}{after}"

    def minute(self, t: int, *, short: bool = False) -> str:
        """Return local date and time to the minute: `2017-06-03 10:00`; with `short`, midnight is the date alone."""
        at = self.at(t)
        return f"{at:%Y-%m-%d}" if short and not (at.hour or at.minute) else f"{at:%Y-%m-%d %H:%M}"

    def instant(self, t: int) -> str:
        """Return a time for people: local date and time, and days from STARTEX: `2017-06-03 10:00 (D+2)`."""
        return f"{self.minute(t)} (D{(t - self.origin) // DAY:+d})"

    def day(self, t: int) -> float:
        """Return days from STARTEX to `t`."""
        return (t - self.startex) / DAY

    def date(self, t: int) -> datetime:
        """Return a time on the local day of `t` seconds, at least 0."""
        return self._days.dates[self._days.number(t)]

    def month_day(self, t: int) -> str:
        """Return the local month and day at `t` seconds, at least 0, such as `04-15`."""
        return self._days.names[self._days.number(t)]

    def working_time(self, t: int, weekend: Collection[str], holidays: Collection[str]) -> int:
        """Return `t`, or the same hour of the next working day if it is on a weekend or a holiday."""
        for days in range(60):  # no break is longer; without any working day, `t` remains
            at = self.at(t) + timedelta(days=days)
            day = f"{at.month:02}-{at.day:02}"
            if WEEKDAYS[at.weekday()] not in weekend and day not in holidays and f"{at.year}-{day}" not in holidays:
                return round(at.timestamp() - self._epoch)
        return t

    def is_steady(self, first: int, last: int) -> bool:
        """Return whether no clock is put forward or back on the local days of two times, at least 0, or between."""
        ends, begins, day = self._days.ends, self.day_number(first) - 1, self.day_number(last)
        return begins >= 0 and ends[day] - ends[begins] == (day - begins) * DAY

    def next_midnight(self, t: int) -> int:
        """Return the first local midnight after `t`, which is at least 0."""
        return self._days.after.get(t) or self._days.ends[self._days.number(t)]

    def today(self, t: int) -> tuple[int, dict[Any, float]]:
        """Return the next midnight, and what is known of the local day until then, which all runs share."""
        number = self._days.number(t)
        return self._days.ends[number], self._days.known[number]


class _Days:
    """The local days from second 0 on: `dates`, `names`, such as `04-15`, and `ends`, in seconds; more when needed.

    `after` has the end of each day by that of the one before. `known` has results of formulas that depend on the date
    alone, `frames` what the ISO times of a day have before and after the time of day, with the second of its midnight;
    None for a day on which the offset changes.
    """

    def __init__(self, zone: ZoneInfo, epoch: float) -> None:
        self._zone, self._epoch = zone, epoch
        self.names: list[str] = []
        self.ends: list[int] = []
        self.after: dict[int, int] = {}
        self.dates: list[datetime] = []
        self.known: list[dict[Any, float]] = []
        self.frames: list[tuple[str, int, str] | None] = []
        self._growing = Lock()

    def number(self, t: int) -> int:
        """Return the number of the day at `t` seconds, from 0."""
        if not self.ends or t >= self.ends[-1]:
            with self._growing:
                while not self.ends or t >= self.ends[-1]:
                    self._add()
        number = (t - self.ends[0]) // DAY + 1
        if number < len(self.ends) and self.ends[number - 1] <= t < self.ends[number]:
            return number  # as long as no clock was put forward or back
        return bisect_right(self.ends, t)

    def _add(self) -> None:
        """Add the next day."""
        begins = self.ends[-1] if self.ends else 0
        today = datetime.fromtimestamp(self._epoch + begins, self._zone)
        tomorrow = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.names.append(today.strftime("%m-%d"))
        self.dates.append(today)
        self.known.append({})
        for fold in (0, 1):  # a midnight at which clocks go back occurs twice
            ends = round(tomorrow.replace(fold=fold).timestamp() - self._epoch)
            if ends > begins:
                break
        last = datetime.fromtimestamp(self._epoch + ends - 1, self._zone)
        is_plain = last.utcoffset() == today.utcoffset() and not today.microsecond
        text, midnight = today.isoformat(), begins - (today.hour * 60 + today.minute) * 60 - today.second
        self.frames.append((text[:11], midnight, text[19:]) if is_plain else None)
        self.after[begins] = ends
        self.ends.append(ends)


_days_of = lru_cache(maxsize=64)(_Days)
"""Cached, since all runs of a scenario have the same days."""
