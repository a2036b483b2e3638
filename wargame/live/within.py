"""The injects that can be released before the end of an exercise."""

from __future__ import annotations

from wargame.scenario.model import Inject
from wargame.world.calendar import RunCalendar


def released_by_endex(injects: tuple[Inject, ...], calendar: RunCalendar) -> tuple[Inject, ...]:
    """The injects without those whose time is after ENDEX, and without those that follow one of these.

    What waits for a condition, an action or a hand stays.
    """
    kept = tuple(inject for inject in injects if _earliest(inject, calendar) <= calendar.end)
    while True:
        ids = {inject.id for inject in kept}
        fewer = tuple(
            each for each in kept if each.after is None or each.after.inject is None or each.after.inject in ids
        )
        if len(fewer) == len(kept):
            return kept
        kept = fewer


def _earliest(inject: Inject, calendar: RunCalendar) -> float:
    """The second before which an inject is not released by its own times."""
    if inject.at is not None:
        return calendar.seconds(inject.at)
    if inject.random is not None and inject.random.between is not None:
        return calendar.seconds(inject.random.between[0])
    return 0
