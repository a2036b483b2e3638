"""What is scored: for each kind of event and actor the days on which it came, in a chronology and in simulated runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wargame.evidence.backtest.chronology import Dated
from wargame.scenario.model import Scenario
from wargame.scenario.model.chronology import EventKind
from wargame.statistics.scores import Floats, Happened

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of event of one actor, or of several together. Several events of one day count once."""

    kind: str
    actor: str
    members: frozenset[str]
    spec: EventKind

    def tells(self, event: Dated) -> bool:
        """Whether an event of a chronology is one of it."""
        spec, sides = self.spec, {*event.actors, *(event.targets if self.spec.mutual else ())}
        named = event.kind in (spec.kinds or (self.kind,))
        coded = not spec.cameo or any(event.cameo.startswith(code) for code in spec.cameo)
        return named and coded and not self.members.isdisjoint(sides)

    def does(self, actor: str, option: str, target: str) -> bool:
        """Whether an action is one of it."""
        mine = actor in self.members or (self.spec.mutual and target in self.members)
        return mine and any(
            option in each.options and (not each.by or actor in each.by) and (not each.to or target in each.to)
            for each in self.spec.actions
        )

    def counts(self, kind: str, who: str, option: str, target: str) -> bool:
        """Whether an event of a batch is one of it."""
        if kind == "action":
            return self.does(who, option, target)
        if kind == "forum":
            return any((step.forum, step.step) == (option, target) for step in self.spec.steps)
        return option in self.spec.injects


def all_series(scenario: Scenario) -> list[Series]:
    """Every series of the scenario, by kind and actor as they are written."""
    return [each for name, spec in scenario.events.kinds.items() for each in _of_kind(name, spec)]


def _of_kind(name: str, spec: EventKind) -> Iterator[Series]:
    if spec.together:
        yield Series(name, "+".join(spec.actors), frozenset(spec.actors), spec)
        return
    for actor in spec.actors:
        yield Series(name, actor, frozenset({actor}), spec)


def simulated(events: pd.DataFrame, series: Series) -> pd.DataFrame:
    """The days of it in the runs of an arm, each once: `place` of the run and `at`, in days from the origin."""
    keys = ["kind", "who", "option", "target"]
    known = events[keys].drop_duplicates()
    mine = [tuple(row) for row in known.itertuples(index=False) if series.counts(*map(str, row))]
    if not mine:
        return events.loc[[], ["place", "at"]]
    index = events.set_index(keys).index
    return events.loc[index.isin(mine), ["place", "at"]].drop_duplicates()


def tallied(days: pd.DataFrame, runs: int, window: int) -> tuple[Floats, Floats]:
    """Events of each run in the window, and days until its first; the window's length if there is none."""
    inside = days[days["at"] < window]
    places, at = inside["place"].to_numpy(dtype=np.int64), inside["at"].to_numpy(dtype=np.float64)
    counts = np.bincount(places, minlength=runs).astype(np.float64)
    first = np.full(runs, float(window))
    np.minimum.at(first, places, at)
    return counts, first


def happened(days: Iterable[date], origin: date, window: int) -> Happened:
    """What came in a window that begins on the day `origin`."""
    inside = sorted({(day - origin).days for day in days if 0 <= (day - origin).days < window})
    return Happened(len(inside), float(inside[0]) if inside else float(window))
