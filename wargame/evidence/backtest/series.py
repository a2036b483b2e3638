"""The series to be scored: for each kind of event and actor, the days with an event, observed and simulated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wargame.evidence.backtest.chronology import HistoricalEvent
from wargame.scenario.model import Scenario
from wargame.scenario.model.questions import EventKind
from wargame.statistics.array_draws import uniforms
from wargame.statistics.draws import Draws
from wargame.statistics.scores import Floats, Happened

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of event of one actor, or of several actors together. Events on the same day count once."""

    kind: str
    actor: str
    members: frozenset[str]
    spec: EventKind

    def matches(self, event: HistoricalEvent) -> bool:
        """Return whether an event of a chronology belongs to this series."""
        sides = {*event.actors, *(event.targets if self.spec.mutual else ())}
        return self.coded(event) and self.alone(event) and not self.members.isdisjoint(sides)

    def named(self, event: HistoricalEvent) -> bool:
        """Return whether the kind of an event in its chronology belongs to this kind."""
        return event.kind in (self.spec.kinds or (self.kind,))

    def coded(self, event: HistoricalEvent) -> bool:
        """Whether kind and CAMEO code belong to this kind; no event without a code belongs to a kind with codes."""
        codes = self.spec.cameo
        return self.named(event) and (not codes or event.cameo.startswith(codes))

    def alone(self, event: HistoricalEvent) -> bool:
        """Return whether nobody takes part who must not."""
        return not self.spec.among or set(self.spec.actors).issuperset({*event.actors, *event.targets})

    def includes_action(self, actor: str, option: str, target: str) -> bool:
        """Return whether a simulated action belongs to this series."""
        mine = actor in self.members or (self.spec.mutual and target in self.members)
        return mine and any(
            option in each.options and (not each.by or actor in each.by) and (not each.to or target in each.to)
            for each in self.spec.actions
        )

    def includes(self, kind: str, who: str, option: str, target: str) -> bool:
        """Return whether an event of a batch (an action, a forum step or an inject) belongs to this series."""
        if kind == "action":
            return self.includes_action(who, option, target)
        if kind == "forum":
            return any((step.forum, step.step) == (option, target) for step in self.spec.steps)
        return option in self.spec.injects


def all_series(scenario: Scenario) -> list[Series]:
    """Return all series of a scenario, in the order of its `events`."""
    return [
        Series(name, "+".join(actors), frozenset(actors), spec)
        for name, spec in scenario.events.kinds.items()
        for actors in ([spec.actors] if spec.together else [(actor,) for actor in spec.actors])
    ]


def simulated(events: pd.DataFrame, series: Series) -> pd.DataFrame:
    """The days with an event of a series: distinct pairs of `place` (of the run) and `at` (days from the origin)."""
    keys = ["kind", "who", "option", "target"]
    known = events[keys].drop_duplicates()
    mine = [tuple(row) for row in known.itertuples(index=False) if series.includes(*map(str, row))]
    if not mine:
        return events.loc[[], ["place", "at"]]
    index = events.set_index(keys).index
    return events.loc[index.isin(mine), ["place", "at"]].drop_duplicates()


def tallied(days: pd.DataFrame, runs: int, window: int) -> tuple[Floats, Floats]:
    """Per run: the number of events within the window, and days to the first (the window's length without any)."""
    inside = days[days["at"] < window]
    places, at = inside["place"].to_numpy(dtype=np.int64), inside["at"].to_numpy(dtype=np.float64)
    counts = np.bincount(places, minlength=runs).astype(np.float64)
    first = np.full(runs, float(window))
    np.minimum.at(first, places, at)
    return counts, first


def happened(days: Iterable[date], origin: date, window: int) -> Happened:
    """Return the observed events within a window that begins on the day `origin`."""
    inside = sorted({(day - origin).days for day in days if 0 <= (day - origin).days < window})
    return Happened(len(inside), float(inside[0]) if inside else float(window))


PRIOR = 1.0
"""Events that are added to both numbers: without a past every event is named (judgement)."""
LONGEST = 90
"""At most this many days after each earlier origin are compared (judgement: the longest default window)."""
DRAWS = Draws(0)
"""The draws of naming; they depend on series, origin, run and day alone."""


def named_share(
    past: Sequence[tuple[date, int, int, pd.DataFrame]], observed: Sequence[date], origin: date, until: date
) -> float:
    """Return the probability that an event of a series is named, for an origin: the observation model.

    A chronology names only some events, while a model performs everyday acts, too. For each series and origin, the
    probability is the number of observed events over that of simulated ones, both from earlier origins and before the
    present one, so that a forecast uses nothing that was observed after its origin. Each simulated event is then named
    or not by a draw. The first origin has no past, and all its events are named; unscored origins give it one.

    `past` has, for each earlier origin, its day, the days and the number of its runs, and their event days in this
    series; `observed` are the days with an observed event; the chronology is complete until `until`.
    """
    seen, simulated = 0.0, 0.0
    for day, length, runs, events in past:
        window = min(length, LONGEST, (origin - day).days, (until - day).days + 1)
        if window > 0:
            seen += happened(observed, day, window).count
            simulated += float((events["at"] < window).sum()) / runs
    return min(1.0, (seen + PRIOR) / (simulated + PRIOR))


def named(events: pd.DataFrame, series: Series, origin: date, share: float) -> pd.DataFrame:
    """Return the event days that are named with this probability."""
    keys = (events["place"].to_numpy(dtype=np.uint64) << np.uint64(32)) + events["at"].to_numpy(dtype=np.uint64)
    drawn = uniforms(keys, DRAWS.key("named", f"{series.kind} {series.actor}", origin.toordinal()))
    return events[drawn < share]
