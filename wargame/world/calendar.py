"""Converts between seconds of the run's clock and local dates."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from threading import Lock
from zoneinfo import ZoneInfo

from wargame.language.times import DAY, Time
from wargame.scenario import model


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

    def _aware(self, time: Time) -> datetime:
        assert time.local is not None
        if time.zone_offset is not None:
            return time.local.replace(tzinfo=timezone(timedelta(seconds=time.zone_offset)))
        return time.local.replace(tzinfo=self.zone)

    def seconds(self, time: Time) -> int:
        """Seconds from the start to `time`; negative before it."""
        if time.offset is not None:
            return self.origin + time.offset
        return round(self._aware(time).timestamp() - self._epoch)

    def at(self, t: int) -> datetime:
        """The local date and time at `t` seconds, with its offset from UTC."""
        return datetime.fromtimestamp(self._epoch + t, self.zone)

    def day(self, t: int) -> float:
        """Days from STARTEX to `t`."""
        return (t - self.startex) / DAY

    def month_day(self, t: int) -> str:
        """The local month and day at `t` seconds, such as `04-15`; `t` is at least 0."""
        return self._days.month_day(t)

    def next_midnight(self, t: int) -> int:
        """The first local midnight after `t`, which is at least 0."""
        return self._days.next_midnight(t)


class _Days:
    """The local days from second 0 on: the midnights that end them, as far as they were asked for, and their names."""

    def __init__(self, zone: ZoneInfo, epoch: float) -> None:
        self._zone, self._epoch = zone, epoch
        self._ends = [self._midnight_after(0)]
        self._names = [self._name(0)]
        self._growing = Lock()

    def _midnight_after(self, t: int) -> int:
        tomorrow = datetime.fromtimestamp(self._epoch + t, self._zone) + timedelta(days=1)
        return round(tomorrow.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp() - self._epoch)

    def _name(self, t: int) -> str:
        return datetime.fromtimestamp(self._epoch + t, self._zone).strftime("%m-%d")

    def _place(self, t: int) -> int:
        if t >= self._ends[-1]:
            self._grow(t)
        return bisect_right(self._ends, t)

    def _grow(self, t: int) -> None:
        with self._growing:  # runs in other threads use the same days; a day has its name before its end
            while t >= self._ends[-1]:
                midnight = self._ends[-1]
                self._names.append(self._name(midnight))
                self._ends.append(self._midnight_after(midnight))

    def next_midnight(self, t: int) -> int:
        """The first midnight after `t`."""
        return self._ends[self._place(t)]

    def month_day(self, t: int) -> str:
        """The month and day at `t`."""
        return self._names[self._place(t)]


@lru_cache(maxsize=64)
def _days_of(zone: ZoneInfo, epoch: float) -> _Days:
    """Shared by all runs from this second on in this zone."""
    return _Days(zone, epoch)
