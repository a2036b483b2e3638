"""Converts between seconds of the run's clock and local dates."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
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
        self._today = (0, 0, "")
        """A part of the last day that `month_day` was asked for: from, until, its month and day."""

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
        """The local month and day at `t` seconds, such as `04-15`."""
        since, until, text = self._today
        if not since <= t < until:
            text = self.at(t).strftime("%m-%d")
            self._today = (t, self.next_midnight(t), text)
        return text

    def next_midnight(self, t: int) -> int:
        """The first local midnight after `t`."""
        return _next_midnight(self.zone, self._epoch, t)


@lru_cache(maxsize=65536)
def _next_midnight(zone: ZoneInfo, epoch: float, t: int) -> int:
    """Cached, since all runs of a scenario use the same midnights."""
    tomorrow = datetime.fromtimestamp(epoch + t, zone) + timedelta(days=1)
    return round(tomorrow.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp() - epoch)
