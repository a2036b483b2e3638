"""Statistics from what happened: each run gives a tally, tallies of runs give a number.

The definitions are those of `wargame.scenario.model.targets`. A tally is a list of numbers, so that it can be kept in a
file, and tallies of several runs can be put together in any order. NaN is what cannot be told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wargame.language.times import DAY
from wargame.scenario.model.targets import (
    Activity,
    Answered,
    Clustering,
    Delay,
    Happening,
    MonthlyDays,
    Rate,
    WindowRatio,
)

Tally = list[float]
Floats = NDArray[np.float64]
YEAR = 365.0


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """Something that happened: days from STARTEX, the local date (as an ordinal), who, what, to whom.

    An action has its option as `what`; a turn of a forum has the forum as `what` and the turn as `whom`.
    """

    day: float
    date: int
    who: str
    what: str
    whom: str
    forum: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What happened in a run: its events in order, and the whole dates of its first and last day."""

    events: tuple[DatedEvent, ...]
    first: int
    last: int
    days: float
    """From STARTEX to the end."""
    governments: tuple[str, ...] = ()
    weights: dict[str, float] | None = None
    """Goldstein weights of the options."""


def matches(happening: Happening, event: DatedEvent) -> bool:
    """Whether an event is one of those."""
    if happening.forum is not None:
        return event.forum and event.what == happening.forum and event.whom == happening.step
    whose = not happening.by or event.who in happening.by
    whom = not happening.to or event.whom in happening.to
    return not event.forum and event.what in happening.options and whose and whom


def found(happening: Happening, story: Story) -> list[DatedEvent]:
    """Those events of a run."""
    return [event for event in story.events if matches(happening, event)]


def tally(statistic: Any, story: Story) -> Tally:
    """What a run adds to a statistic."""
    return _KINDS[type(statistic)][0](statistic, story)


def value(statistic: Any, tallies: Sequence[Tally]) -> float:
    """The statistic of runs, from their tallies."""
    return _KINDS[type(statistic)][1](statistic, tallies)


# --- days a month ------------------------------------------------------------------------------------


def whole_months(first: int, last: int) -> list[tuple[int, int]]:
    """The calendar months that lie within [first, last], each as the ordinals of its first and last day."""
    start = date.fromordinal(first)
    months: list[tuple[int, int]] = []
    year, month = (start.year, start.month) if start.day == 1 else _next(start.year, start.month)
    while True:
        begins, after = date(year, month, 1).toordinal(), date(*_next(year, month), 1).toordinal()
        if after - 1 > last:
            return months
        months.append((begins, after - 1))
        year, month = _next(year, month)


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + month // 12, month % 12 + 1)


def _days_a_month(statistic: MonthlyDays, story: Story) -> Tally:
    """The count of each month."""
    days = sorted({event.date for event in found(statistic.of, story)})
    months = whole_months(story.first, story.last)
    return [float(bisect_right(days, end) - bisect_right(days, begin - 1)) for begin, end in months]


def _of_months(statistic: MonthlyDays, tallies: Sequence[Tally]) -> float:
    counts = _together(tallies)
    if len(counts) < 2:
        return nan
    if statistic.report == "empty":
        return float((counts == 0).mean())
    mean = float(counts.mean())
    if statistic.report == "mean":
        return mean
    return float(counts.var(ddof=1)) / mean if mean > 0 else nan


# --- clustering --------------------------------------------------------------------------------------


def _clustering(statistic: Clustering, story: Story) -> Tally:
    """Days with one before and one after, with one before; without and after, without."""
    window = round(statistic.window / DAY)
    length = story.last - story.first + 1
    there = np.zeros(length + 1)
    for event in found(statistic.of, story):
        if story.first <= event.date <= story.last:
            there[event.date - story.first + 1] = 1
    seen = np.cumsum(there)  # of the first t days
    t = np.arange(window, length - window + 1)  # days up to and including this one
    if not len(t):
        return []
    past = seen[t] > seen[t - window]
    future = seen[t + window] > seen[t]
    return [float(n) for n in ((past & future).sum(), past.sum(), (~past & future).sum(), (~past).sum())]


def _of_days(statistic: Clustering, tallies: Sequence[Tally]) -> float:
    del statistic
    both, past, fresh, quiet = _sums(tallies, 4)
    if not past or not quiet:
        return nan
    return float(np.divide(both / past, fresh / quiet)) if fresh else (inf if both else nan)


# --- delays ------------------------------------------------------------------------------------------


def _delay(statistic: Delay, story: Story) -> Tally:
    """For each cause the days to its answer; minus the days that it was seen without one."""
    answers = [event.day for event in found(statistic.response, story)]
    causes = [event.day for event in found(statistic.cause, story)][: 1 if statistic.first else None]
    made = []
    for cause in causes:
        place = bisect_right(answers, cause)
        made.append(answers[place] - cause if place < len(answers) else -max(story.days - cause, 1e-9))
    return made


def _of_delays(statistic: Delay, tallies: Sequence[Tally]) -> float:
    del statistic
    return kaplan_meier_median(_together(tallies))


def kaplan_meier_median(signed: Floats) -> float:
    """The median of times of which the negative ones are censored at their size; infinite if it is not reached."""
    if not len(signed):
        return nan
    times = np.abs(signed)
    order = np.lexsort((signed < 0, times))  # at one time events come before what is censored
    left, share = len(signed), 1.0
    for place in order:
        if signed[place] >= 0:
            share *= 1.0 - 1.0 / left
            if share <= 0.5 + 1e-12:
                return float(times[place])
        left -= 1
    return inf


# --- rates -------------------------------------------------------------------------------------------


def _rate(statistic: Rate, story: Story) -> Tally:
    """How many, and days."""
    return [float(len(found(statistic.of, story))), story.days]


def _of_rates(statistic: Rate, tallies: Sequence[Tally]) -> float:
    count, days = _sums(tallies, 2)
    return count / days * statistic.per / DAY if days else nan


def _activity(statistic: Activity, story: Story) -> Tally:
    """Days, and the actions of each government in the order of the alphabet."""
    del statistic
    counts = dict.fromkeys(sorted(story.governments), 0.0)
    for event in story.events:
        if not event.forum:
            counts[event.who] += 1.0
    return [story.days, *counts.values()]


def _of_activity(statistic: Activity, tallies: Sequence[Tally]) -> float:
    kept = [tally for tally in tallies if tally]
    if not kept:
        return nan
    days, *counts = np.array(kept).sum(axis=0)
    pick = min if statistic.report == "lowest" else max
    return float(pick(counts) / days * YEAR) if days else nan


def _answered(statistic: Answered, story: Story) -> Tally:
    """How many hostile actions were answered in kind, and how many there were."""
    within, weights = statistic.within / DAY, story.weights or {}
    hostile = [
        event
        for event in story.events
        if not event.forum and event.whom and weights.get(event.what, 0.0) <= statistic.goldstein
    ]
    between: dict[tuple[str, str], list[float]] = {}
    for event in hostile:
        between.setdefault((event.who, event.whom), []).append(event.day)
    answered = total = 0
    for event in hostile:
        back = between.get((event.whom, event.who), [])
        place = bisect_right(back, event.day)
        if place < len(back) and back[place] - event.day <= within:
            answered, total = answered + 1, total + 1
        elif story.days - event.day >= within:
            total += 1
    return [float(answered), float(total)]


def _of_answers(statistic: Answered, tallies: Sequence[Tally]) -> float:
    del statistic
    answered, total = _sums(tallies, 2)
    return answered / total if total else nan


def _window_ratio(statistic: WindowRatio, story: Story) -> Tally:
    """How many inside windows, days inside, how many outside, days outside."""
    windows = _windows(statistic, story)
    inside = sum(end - begin for begin, end in windows)
    events = found(statistic.of, story)
    hits = sum(any(begin <= event.day < end for begin, end in windows) for event in events)
    return [float(hits), inside, float(len(events) - hits), story.days - inside]


def _windows(statistic: WindowRatio, story: Story) -> list[tuple[float, float]]:
    before, after = statistic.before / DAY, statistic.after / DAY
    made: list[tuple[float, float]] = []
    for event in found(statistic.around, story):
        begin, end = max(event.day - before, 0.0), min(event.day + after, story.days)
        if made and begin <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((begin, end))
    return made


def _of_windows(statistic: WindowRatio, tallies: Sequence[Tally]) -> float:
    del statistic
    hits, inside, others, outside = _sums(tallies, 4)
    if not inside or not outside or not (hits or others):
        return nan
    return (hits / inside) / (others / outside) if others else inf


# --- helpers -----------------------------------------------------------------------------------------


def _together(tallies: Iterable[Tally]) -> Floats:
    return np.array([number for tally in tallies for number in tally])


def _sums(tallies: Iterable[Tally], count: int) -> list[float]:
    kept = [tally for tally in tallies if tally]
    return [float(x) for x in np.array(kept).sum(axis=0)] if kept else [0.0] * count


_KINDS: dict[type, tuple[Callable[[Any, Story], Tally], Callable[[Any, Sequence[Tally]], float]]] = {
    MonthlyDays: (_days_a_month, _of_months),
    Clustering: (_clustering, _of_days),
    Delay: (_delay, _of_delays),
    Rate: (_rate, _of_rates),
    Activity: (_activity, _of_activity),
    Answered: (_answered, _of_answers),
    WindowRatio: (_window_ratio, _of_windows),
}
