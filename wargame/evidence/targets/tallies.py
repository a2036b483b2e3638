"""Statistics of events: each run has a tally, and the tallies of runs give a number.

The definitions are in `wargame.scenario.model.targets`. A tally is a list of numbers, so that it can be stored, and
tallies of several runs can be combined in any order. A statistic that cannot be computed is NaN.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import inf, nan
from typing import Any

import numpy as np

from wargame.dataclasses import dataclass
from wargame.language.times import DAY
from wargame.scenario.model import targets
from wargame.statistics.intervals import Floats
from wargame.tables import by_key

Tally = list[float]
YEAR = 365.0


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event of a run: days from STARTEX, the local date (as an ordinal), who, what, to whom.

    `what` is the option of an action; a step of a forum has the forum as `what` and the step as `whom`.
    """

    day: float
    date: int
    who: str
    what: str
    whom: str
    forum: bool = False


@dataclass(frozen=True, slots=True)
class EventHistory:
    """The events of a run in order, and its first and last complete day (as ordinals)."""

    events: tuple[DatedEvent, ...]
    first: int
    last: int
    days: float
    """Length from STARTEX to the end."""
    governments: tuple[str, ...] = ()
    weights: dict[str, float] | None = None
    """Goldstein weights by option."""


def matches(happening: targets.Happening, event: DatedEvent) -> bool:
    """Return whether an event is one of those that a statistic counts."""
    if happening.forum is not None:
        return event.forum and event.what == happening.forum and event.whom == happening.step
    whose = not happening.by or event.who in happening.by
    whom = not happening.to or event.whom in happening.to
    return not event.forum and event.what in happening.options and whose and whom


def matching(happening: targets.Happening, history: EventHistory) -> list[DatedEvent]:
    """Return the events of a run that match."""
    return [event for event in history.events if matches(happening, event)]


def tally(statistic: Any, history: EventHistory) -> Tally:
    """Return the tally of a run for a statistic."""
    return _KINDS[type(statistic)][0](statistic, history)


def value(statistic: Any, tallies: Sequence[Tally]) -> float:
    """Compute a statistic from the tallies of runs."""
    return _KINDS[type(statistic)][1](statistic, tallies)


# --- days a month ------------------------------------------------------------------------------------


def whole_months(first: int, last: int) -> list[tuple[int, int]]:
    """Return the complete calendar months within [first, last], each as the ordinals of its first and last day."""
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


def _days_a_month(statistic: targets.MonthlyDays, history: EventHistory) -> Tally:
    """Return the number of days with an event, by month."""
    days = sorted({event.date for event in matching(statistic.of, history)})
    months = whole_months(history.first, history.last)
    return [float(bisect_right(days, end) - bisect_right(days, begin - 1)) for begin, end in months]


def _of_months(statistic: targets.MonthlyDays, tallies: Sequence[Tally]) -> float:
    counts = _concatenated(tallies)
    if len(counts) < 2:
        return nan
    if statistic.report == "empty":
        return float((counts == 0).mean())
    mean = float(counts.mean())
    if statistic.report == "mean":
        return mean
    return float(counts.var(ddof=1)) / mean if mean > 0 else nan


# --- clustering --------------------------------------------------------------------------------------


def _clustering(statistic: targets.Clustering, history: EventHistory) -> Tally:
    """Return numbers of days: event before and after, event before, none before but after, none before."""
    window = round(statistic.window / DAY)
    length = history.last - history.first + 1
    present = np.zeros(length + 1)
    for event in matching(statistic.of, history):
        if history.first <= event.date <= history.last:
            present[event.date - history.first + 1] = 1
    seen = np.cumsum(present)  # of the first t days
    t = np.arange(window, length - window + 1)  # days up to and including this one
    if not len(t):
        return []
    past = seen[t] > seen[t - window]
    future = seen[t + window] > seen[t]
    return [float(n) for n in ((past & future).sum(), past.sum(), (~past & future).sum(), (~past).sum())]


def _of_days(_: targets.Clustering, tallies: Sequence[Tally]) -> float:
    both, past, fresh, quiet = _sums(tallies, 4)
    if not past or not quiet:
        return nan
    return float(np.divide(both / past, fresh / quiet)) if fresh else (inf if both else nan)


# --- delays ------------------------------------------------------------------------------------------


def _delay(statistic: targets.Delay, history: EventHistory) -> Tally:
    """Return for each cause the days to its response, or minus the days that it was observed without one (censored)."""
    answers = [event.day for event in matching(statistic.response, history)]
    causes = [event.day for event in matching(statistic.cause, history)][: 1 if statistic.first else None]
    delays = []
    for cause in causes:
        place = bisect_right(answers, cause)
        delays.append(answers[place] - cause if place < len(answers) else -max(history.days - cause, 1e-9))
    return delays


def kaplan_meier_median(signed: Floats) -> float:
    """Return the Kaplan-Meier median of times; negative ones are censored. Infinite if not reached."""
    if not len(signed):
        return nan
    times = np.abs(signed)
    order = np.lexsort((signed < 0, times))  # at equal times events precede censored times
    left, share = len(signed), 1.0
    for place in order:
        if signed[place] >= 0:
            share *= 1.0 - 1.0 / left
            if share <= 0.5 + 1e-12:
                return float(times[place])
        left -= 1
    return inf


# --- rates -------------------------------------------------------------------------------------------


def _rate(statistic: targets.Rate, history: EventHistory) -> Tally:
    """Return number of events, and days."""
    return [float(len(matching(statistic.of, history))), history.days]


def _of_rates(statistic: targets.Rate, tallies: Sequence[Tally]) -> float:
    count, days = _sums(tallies, 2)
    return count / days * statistic.per / DAY if days else nan


def _activity(_: targets.Activity, history: EventHistory) -> Tally:
    """Return days, and the number of actions by government in alphabetical order."""
    counts = dict.fromkeys(sorted(history.governments), 0.0)
    for event in history.events:
        if not event.forum:
            counts[event.who] += 1.0
    return [history.days, *counts.values()]


def _of_activity(statistic: targets.Activity, tallies: Sequence[Tally]) -> float:
    days, *counts = _sums(tallies, 2)
    pick = min if statistic.report == "lowest" else max
    return pick(counts) / days * YEAR if days else nan


def _answered(statistic: targets.Answered, history: EventHistory) -> Tally:
    """Return number of hostile actions answered in kind, and number of hostile actions."""
    within, weights = statistic.within / DAY, history.weights or {}
    hostile = [
        event
        for event in history.events
        if not event.forum and event.whom and weights.get(event.what, 0.0) <= statistic.goldstein
    ]
    between = by_key(((event.who, event.whom), event.day) for event in hostile)
    answered = total = 0
    for event in hostile:
        back = between.get((event.whom, event.who), [])
        place = bisect_right(back, event.day)
        if place < len(back) and back[place] - event.day <= within:
            answered, total = answered + 1, total + 1
        elif history.days - event.day >= within:
            total += 1
    return [float(answered), float(total)]


def _of_answers(_: targets.Answered, tallies: Sequence[Tally]) -> float:
    answered, total = _sums(tallies, 2)
    return answered / total if total else nan


def _window_ratio(statistic: targets.WindowRatio, history: EventHistory) -> Tally:
    """Return number of events inside windows, days inside, number of events outside, days outside."""
    windows = _windows(statistic, history)
    inside = sum(end - begin for begin, end in windows)
    events = matching(statistic.of, history)
    hits = sum(any(begin <= event.day < end for begin, end in windows) for event in events)
    return [float(hits), inside, float(len(events) - hits), history.days - inside]


def _windows(statistic: targets.WindowRatio, history: EventHistory) -> list[tuple[float, float]]:
    before, after = statistic.before / DAY, statistic.after / DAY
    windows: list[tuple[float, float]] = []
    for event in matching(statistic.around, history):
        begin, end = max(event.day - before, 0.0), min(event.day + after, history.days)
        if windows and begin <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        else:
            windows.append((begin, end))
    return windows


def _of_windows(_: targets.WindowRatio, tallies: Sequence[Tally]) -> float:
    hits, inside, others, outside = _sums(tallies, 4)
    if not inside or not outside or not (hits or others):
        return nan
    return (hits / inside) / (others / outside) if others else inf


# --- helpers -----------------------------------------------------------------------------------------


def _concatenated(tallies: Iterable[Tally]) -> Floats:
    return np.array([number for tally in tallies for number in tally])


def _sums(tallies: Iterable[Tally], count: int) -> list[float]:
    used = [tally for tally in tallies if tally]
    return [float(x) for x in np.array(used).sum(axis=0)] if used else [0.0] * count


_KINDS: dict[type, tuple[Callable[[Any, EventHistory], Tally], Callable[[Any, Sequence[Tally]], float]]] = {
    targets.MonthlyDays: (_days_a_month, _of_months),
    targets.Clustering: (_clustering, _of_days),
    targets.Delay: (_delay, lambda _, tallies: kaplan_meier_median(_concatenated(tallies))),
    targets.Rate: (_rate, _of_rates),
    targets.Activity: (_activity, _of_activity),
    targets.Answered: (_answered, _of_answers),
    targets.WindowRatio: (_window_ratio, _of_windows),
}
