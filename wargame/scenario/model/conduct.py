"""Optional mechanisms of conduct over time. A scenario that leaves one out runs without it."""

from __future__ import annotations

from dataclasses import dataclass

from wargame.language.times import DAY
from wargame.scenario.model.annotations import Count, Duration, Period, Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """Orders are appraised again at milestones before they are carried out: continued, postponed or cancelled."""

    parts: Count = 3
    """Into how many parts the lead time of an order is divided; a review is between two of them."""
    every: Period = 45 * DAY
    """Longest time between reviews of an order."""
    shortest: Duration = 6 * DAY
    """Orders with a shorter lead time are not reviewed."""
    margin: Positive = 0.05
    """How far the score above waiting must be below both 0 and its value at the decision for an order to be cancelled,
    so that reviews do not undo the noise of the choice."""
    postpone: Period = 30 * DAY
    """How long an order is postponed that only talks in session stand against."""
