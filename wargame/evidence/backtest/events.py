"""The events that a backtest scores: days with an event of a kind and actor, and the observed events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.dataclasses import dataclass
from wargame.errors import Problem
from wargame.evidence.backtest.chronology import HistoricalEvent, read_chronology
from wargame.evidence.backtest.origins import NEAR, Origin, Scripted
from wargame.scenario.loading import catalogue
from wargame.scenario.model import Scenario
from wargame.scenario.model.questions import EventKind
from wargame.statistics.array_draws import uniforms
from wargame.statistics.draws import Draws
from wargame.statistics.scores import Floats, Happened
from wargame.world.calendar import RunCalendar

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of event of one actor, or of several actors together. Events on the same day count once."""

    kind: str
    actor: str
    members: frozenset[str]
    spec: EventKind

    @property
    def roots(self) -> frozenset[str]:
        """The CAMEO roots of the kind, such as 15 for 154; without codes the kind itself."""
        return frozenset(code[:2] for code in self.spec.cameo) or frozenset((self.kind,))

    def matches(self, event: HistoricalEvent) -> bool:
        """Return whether an event of a chronology belongs to this series."""
        sides = {*event.actors, *(event.targets if self.spec.mutual else ())}
        return self.coded(event) and self.alone(event) and not self.members.isdisjoint(sides)

    def named(self, event: HistoricalEvent) -> bool:
        """Return whether the kind of an event in its chronology belongs to this kind."""
        return event.kind in (self.spec.kinds or (self.kind,))

    def coded(self, event: HistoricalEvent) -> bool:
        """Return whether kind and CAMEO code belong to this kind; an event without a code is of no kind with codes."""
        codes = self.spec.cameo
        return self.named(event) and (not codes or event.cameo.startswith(codes))

    def alone(self, event: HistoricalEvent) -> bool:
        """Return whether nobody takes part who must not."""
        return not self.spec.among or set(self.spec.actors).issuperset({*event.actors, *event.targets})

    def includes_action(self, actor: str, option: str, target: str) -> bool:
        """Return whether a simulated action belongs to this series."""
        mine = actor in self.members or (self.spec.mutual and target in self.members)
        return mine and any(each.fits(option, actor, target) for each in self.spec.actions)

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
    """Return the days with an event of a series: pairs of `place` (of the run) and `at` (days from the origin)."""
    keys = ["kind", "who", "option", "target"]
    known = events[keys].drop_duplicates()
    mine = [tuple(row) for row in known.itertuples(index=False) if series.includes(*map(str, row))]
    if not mine:
        return events.loc[[], ["place", "at"]]
    return events.loc[events.set_index(keys).index.isin(mine), ["place", "at"]].drop_duplicates()


def tallied(days: pd.DataFrame, runs: int, window: int) -> tuple[Floats, Floats]:
    """Return, per run, the number of events within the window, and days to the first (the window without any)."""
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


Row = dict[str, Any]
SHIPPED = "chronology.csv"
"""File name of the chronology in the folder of a built-in scenario."""
SLACK = 31
"""Days before its first event from which a chronology is assumed to be complete."""
OUTSIDE = "outside all windows of the runs"
LISTED = 5
"""Up to this many events after the end of the runs get a note each."""


@dataclass(frozen=True, slots=True)
class ObservedEvents:
    """The events of a chronology and of its past, and the period for which they are complete."""

    file: str
    events: tuple[HistoricalEvent, ...]
    before: tuple[HistoricalEvent, ...]
    past: str
    since: date
    """First day for which the past is complete."""
    begins: date
    """First day for which the chronology itself is complete."""
    until: date
    """Last day for which it is complete."""

    def covers(self, origin: Origin, window: int) -> bool:
        """Return whether a window from an origin is within both the runs and the chronology."""
        last = origin.day + timedelta(days=window - 1)
        return window <= origin.length and self.begins <= origin.day and last <= self.until

    def known_from(self, day: date) -> int:
        """Return the number of days from this one on for which events are known, at most to the end; 0 for none.

        A later chronology continues its past if it begins within `SLACK` days of its last event.
        """
        past = self.before[-1].day if self.before else self.begins
        apart = self.begins - past > timedelta(days=SLACK)
        last = past if apart and day < self.begins else self.until
        return max(0, (last - day).days + 1) if day >= self.since else 0

    def days(self, series: Series, origin: Origin) -> list[date]:
        """Return days with an observed event of a series, without events that the runs of this origin script."""
        mine = [each for each in (*self.before, *self.events) if series.matches(each)]
        return [each.day for each in mine if scripted(each, series, origin.scripted, origin.day) is None]

    def outside(self, starts: Sequence[Origin], windows: Sequence[int]) -> Problem:
        """Return the reason why no window can be scored."""
        first, last = starts[0].day, max(origin.day + timedelta(days=origin.length) for origin in starts)
        longest = max(origin.length for origin in starts)
        if longest < min(windows):
            message = f"the runs last {longest} days, less than the shortest window of {min(windows)}"
            return Problem(starts[0].batch, 0, 0, message, "run longer, or choose a shorter --window")
        message = f"its events, from {self.events[0].day} to {self.events[-1].day}, are outside the windows of the runs"
        message += f", which begin on {first} and end by {last}"
        early = self.events[-1].day < first + timedelta(days=min(windows))
        line = self.events[-1 if early else 0].line
        remedy = "choose a chronology of that period, or state what it covers with --covered-from and --covered-until"
        return Problem(self.file, line, 1, message, remedy)

    def notes(self, starts: Sequence[Origin], windows: Sequence[int]) -> Iterator[Problem]:
        """Return notes on windows and events that are not scored."""
        for origin in starts:
            for window in windows:
                if not self.covers(origin, window):
                    yield self._uncovered(origin, window)
        ends = max(origin.day + timedelta(days=origin.length) for origin in starts)
        late = [each for each in self.events if each.day >= ends]
        for each in late if len(late) <= LISTED else ():
            message = f"not scored: {each.id} on {each.day} is after the end of the runs ({ends})"
            yield Problem(each.file, each.line, 1, message, "run longer, or from a later STARTEX")
        if len(late) > LISTED:
            message = f"not scored: {len(late)} events from {late[0].day} on are after the end of the runs ({ends})"
            yield Problem(self.file, late[0].line, 1, message, "run longer, or from a later STARTEX")
        if not any(each.day < starts[0].day for each in (*self.before, *self.events)):
            message = "no events before the first origin are known: no forecasts by persistence or by the past rate"
            yield Problem(self.file, 0, 0, message, "add earlier events with --past FILE")

    def _uncovered(self, origin: Origin, window: int) -> Problem:
        last = origin.day + timedelta(days=window - 1)
        message = f"not scored: {window} days from {origin.day}: "
        if window > origin.length:
            return Problem(origin.batch, 0, 0, f"{message}the runs end after {origin.length} days", "run longer")
        if origin.day < self.begins:
            message += f"the chronology begins on {self.events[0].day}"
            remedy = "if it is complete before that: --covered-from DATE"
            return Problem(self.file, self.events[0].line, 1, message, remedy)
        message += f"the window ends on {last}, the last event is on {self.events[-1].day}"
        remedy = f"if there were no later events: --covered-until {last}"
        return Problem(self.file, self.events[-1].line, 1, message, remedy)

    def rows(self, scenario: Scenario, series: Sequence[Series], starts: Sequence[Origin], window: int) -> list[Row]:
        """Return a row for each event from the first origin on: the series that score it, or why none does."""
        known = [each for each in self.events if each.day >= starts[0].day]
        return [_row(each, scenario, series, starts, window) for each in known]


def observed_events(request: BacktestRequest, scenario: Scenario, starts: Sequence[Origin]) -> ObservedEvents:
    """Read the chronology and its past; Invalid with all errors of a file."""
    ignored = frozenset(request.not_scored)
    own = shipped(scenario.name)
    label = called(request.chronology, scenario.name)
    events = read_chronology(request.chronology, scenario, ignored, label)
    path = request.past or own
    older = read_chronology(path, scenario, ignored, called(path, scenario.name)) if path else ()
    before = tuple(each for each in older if each.day < events[0].day)
    begins = request.covered[0] or events[0].day - min(timedelta(days=SLACK), events[0].day - date.min)
    local = scenario.calendar.start.local
    opening = local.date() if local else starts[0].day
    first = min(before[0].day, begins) if before else begins
    return ObservedEvents(
        file=label,
        events=events,
        before=before,
        past=path or "" if before else "",
        since=max(first, opening),
        begins=max(begins, opening) if request.covered[0] is None else begins,
        until=request.covered[1] or events[-1].day,
    )


def shipped(name: str) -> str | None:
    """Return path of the chronology of a built-in scenario; None if it has none."""
    path = catalogue.scenario_dir() / name / SHIPPED
    return str(path) if path.is_file() else None


def called(path: str, name: str) -> str:
    """Return the name of a chronology in messages; for one of a built-in scenario, `SCENARIO/chronology.csv`."""
    return f"{name}/{SHIPPED}" if path == shipped(name) else path


def scripted(
    event: HistoricalEvent, series: Series | None, script: Sequence[Scripted], origin: date
) -> Scripted | None:
    """Return the scripted action of an event: same id and day, or same kind and actor within `NEAR` days."""
    for each in script:
        apart = abs((each.day - event.day).days)
        if each.id == event.id and apart <= 1:
            return each
        if series is None or apart > NEAR or event.day < origin or not each.option:
            continue
        sides = {*event.actors, *(event.targets if series.spec.mutual else ())}
        for actor in each.actors:
            for target in each.targets or ("",):
                if series.includes_action(actor, each.option, target) and (actor in sides or target in sides):
                    return each
    return None


def _row(
    event: HistoricalEvent, scenario: Scenario, series: Sequence[Series], starts: Sequence[Origin], window: int
) -> Row:
    mine = [each for each in series if each.matches(event)]
    inside = [origin for origin in starts if 0 <= (event.day - origin.day).days < window]
    matches = (scripted(event, each, origin.scripted, origin.day) for origin in inside for each in mine)
    by = next((each for each in matches if each), None)
    scripted_by = by.id if by else ""
    reason = f"scripted: {scripted_by}" if by else "" if mine else _reason(event, scenario, series)
    return {
        "id": event.id,
        "line": event.line,
        "date": event.day,
        "kind": event.kind,
        "cameo": event.cameo,
        "actors": ";".join(event.actors) + (">" + ";".join(event.targets) if event.targets else ""),
        "description": event.description,
        "source": event.source,
        "mark": _mark(event, scenario),
        "scored_as": [] if reason else [f"{each.kind} {each.actor}" for each in mine],
        "origins": 0 if reason else len(inside),
        "not_scored": reason or ("" if inside else OUTSIDE),
        "scripted_by": scripted_by,
    }


def _mark(event: HistoricalEvent, scenario: Scenario) -> str:
    """Return the mark of the event in the scenario's history, `decided` or `exogenous`; empty if it is not in it."""
    place = RunCalendar(scenario.calendar)
    for row in scenario.history:
        if row.id == event.id and abs((place.at(place.seconds(row.at)).date() - event.day).days) <= 1:
            return row.mark
    return ""


NO_KIND = "no kind includes"
"""The beginning of the reason for an event of a known kind without a CAMEO code of it."""


def _reason(event: HistoricalEvent, scenario: Scenario, series: Sequence[Series]) -> str:
    same = [each for each in series if each.named(event)]
    if not same:
        why = scenario.events.unscored.get(event.kind, "not defined by the scenario")
        return f"kind {event.kind}: {why}"
    coded = [each for each in same if each.coded(event)]
    if not coded:
        return f"{NO_KIND} {event.kind} {event.cameo or 'without a CAMEO code'}"
    if not any(each.alone(event) for each in coded):
        return f"others take part than those of the kind {coded[0].kind}"
    return "its actors are not scored for this kind"


WINDOWS = (14, 30, 90)
"""Default lengths of forecast windows, in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """The options of a backtest."""

    chronology: str
    """Path of the CSV file with the observed events."""
    past: str | None = None
    """Path of another chronology, with the events before the first one of `chronology`."""
    windows: tuple[int, ...] = WINDOWS
    """Lengths of the forecast windows, in days."""
    arms: tuple[str, ...] = ()
    leads: tuple[int, ...] = (0,)
    """Days from the STARTEX of a run to its forecast origins, which are scored together."""
    scored_from: date | None = None
    """The first day of a scored origin; earlier ones serve the observation model alone. None: all are scored."""
    not_scored: tuple[str, ...] = ()
    """Kinds of events to accept although the scenario does not define them."""
    covered: tuple[date | None, date | None] = (None, None)
    """First and last day for which the chronology is complete; None: derived from its events."""
    seed: int | None = None
    """Seed of the resamples behind the intervals."""
