"""Moments as people read them: dates, with the time of day where an exercise is over within weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor

from wargame.journal.sentences import date

WEEKS = timedelta(days=45)
"""A run that is not longer is told by the hour."""
HOURS = 2.0
"""Days below which a time taken is told in hours there."""


@dataclass(frozen=True, slots=True)
class Dates:
    """How moments of a run are told: `fine` by the hour, else by the day."""

    fine: bool

    def at(self, at: str) -> str:
        """An ISO time, as `24 Oct 1962` or `24 Oct 1962, 14:05`."""
        return exact(at) if self.fine else date(at)

    def since(self, days: float) -> str:
        """Days from STARTEX, as `day 12` or `day 1.8`; whole days are those that are over, as in D+12."""
        return f"day {days:.1f}" if self.fine else f"day {floor(days)}"

    def took(self, days: float) -> str:
        """Days that something took, as `3 d` or `6 h`."""
        return f"{days * 24:.0f} h" if self.fine and days < HOURS else f"{days:.0f} d"


def exact(at: str) -> str:
    """An ISO time with the time of day: `24 Oct 1962, 14:05`."""
    return f"{date(at)}, {datetime.fromisoformat(at):%H:%M}"


def held(started: str, finished: str | None) -> str:
    """When people sat at it, in UTC: `25 Nov 2026, 18:20 to 18:23 UTC`, over midnight with both dates."""
    first, last = (datetime.fromisoformat(at).astimezone(UTC).isoformat() for at in (started, finished or started))
    if finished is None:
        return f"since {exact(first)} UTC"
    until = exact(last) if last[:10] != first[:10] else exact(last)[-5:]
    return f"{exact(first)} UTC" if exact(first) == exact(last) else f"{exact(first)} to {until} UTC"


def dates(startex: str, reached: str) -> Dates:
    """How a run between two ISO times is told; by the day where one of them is not known."""
    if not startex or not reached:
        return Dates(fine=False)
    return Dates(datetime.fromisoformat(reached) - datetime.fromisoformat(startex) <= WEEKS)
