"""What happened, for a backtest: the events of a chronology with its past, how far it reaches, what was scripted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wargame.errors import Problem
from wargame.evidence.backtest.chronology import Dated, read_chronology
from wargame.evidence.backtest.origins import NEAR, Origin, Scripted
from wargame.scenario.loading import catalogue
from wargame.scenario.model import Scenario
from wargame.world.calendar import RunCalendar

if TYPE_CHECKING:
    from wargame.evidence.backtest.scoring import BacktestRequest
    from wargame.evidence.backtest.series import Series

Row = dict[str, Any]
SHIPPED = "chronology.csv"
"""The chronology that lies in the folder of a built-in scenario."""
SLACK = 31
"""A chronology is taken to be whole from so many days before its first event."""
LISTED = 5
"""Most events after the runs that are named one by one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The events of a chronology, behind those of its past, and from when to when they are all there were."""

    file: str
    events: tuple[Dated, ...]
    before: tuple[Dated, ...]
    past: str
    since: date
    """From here on the past is known."""
    begins: date
    """From here on the chronology itself is whole."""
    until: date

    def covers(self, origin: Origin, window: int) -> bool:
        """Whether a window from an origin lies within the runs and the chronology."""
        last = origin.day + timedelta(days=window - 1)
        return window <= origin.length and self.begins <= origin.day and last <= self.until

    def days(self, series: Series, origin: Origin) -> list[date]:
        """The days of a series, past and future, without what was scripted in the runs of this origin."""
        mine = [each for each in (*self.before, *self.events) if series.tells(each)]
        return [each.day for each in mine if scripted(each, series, origin.scripted, origin.day) is None]

    def outside(self, starts: Sequence[Origin], windows: Sequence[int]) -> Problem:
        """Why no window can be scored."""
        first, last = starts[0].day, max(origin.day + timedelta(days=origin.length) for origin in starts)
        longest = max(origin.length for origin in starts)
        if longest < min(windows):
            message = f"the runs are of {longest} days, shorter than the shortest window of {min(windows)}"
            return Problem(starts[0].batch, 0, 0, message, "play longer runs, or choose --window N")
        message = f"its events are of {self.events[0].day} to {self.events[-1].day}, outside the windows of the runs: "
        message += f"they begin on {first} and end by {last}"
        line = (
            self.events[-1].line if self.events[-1].day < first + timedelta(days=min(windows)) else self.events[0].line
        )
        remedy = "give a chronology of that time, or say with --covered-from and --covered-until that it is whole there"
        return Problem(self.file, line, 1, message, remedy)

    def notes(self, starts: Sequence[Origin], windows: Sequence[int]) -> Iterator[Problem]:
        """What is left out and may surprise."""
        for origin in starts:
            for window in windows:
                if not self.covers(origin, window):
                    yield self._uncovered(origin, window)
        ends = max(origin.day + timedelta(days=origin.length) for origin in starts)
        late = [each for each in self.events if each.day >= ends]
        for each in late if len(late) <= LISTED else ():
            message = f"{each.id} is of {each.day}, after the runs, which end by {ends}: not scored"
            yield Problem(each.file, each.line, 1, message, "play longer runs, or later ones")
        if len(late) > LISTED:
            message = f"{len(late)} events from {late[0].day} on are after the runs, which end by {ends}: not scored"
            yield Problem(self.file, late[0].line, 1, message, "play longer runs, or later ones")
        if not any(each.day < starts[0].day for each in (*self.before, *self.events)):
            message = "nothing is known from before the runs: no forecasts of persistence or by a past rate"
            yield Problem(self.file, 0, 0, message, "give earlier events with --past FILE")

    def _uncovered(self, origin: Origin, window: int) -> Problem:
        last = origin.day + timedelta(days=window - 1)
        told = f"{window} days from {origin.day} are not scored: "
        if window > origin.length:
            return Problem(origin.batch, 0, 0, f"{told}the runs end after {origin.length}", "play longer ones")
        if origin.day < self.begins:
            message = f"{told}the chronology begins on {self.events[0].day}"
            return Problem(self.file, self.events[0].line, 1, message, "if it is whole before: --covered-from DATE")
        message = f"{told}they end on {last}, the last event is of {self.events[-1].day}"
        return Problem(
            self.file, self.events[-1].line, 1, message, f"if nothing came until then: --covered-until {last}"
        )

    def told(self, scenario: Scenario, series: Sequence[Series], starts: Sequence[Origin], window: int) -> list[Row]:
        """Each event from the first origin on: the series that it is scored by, or why it is not."""
        known = [each for each in self.events if each.day >= starts[0].day]
        return [_row(each, scenario, series, starts, window) for each in known]


def facts_of(wishes: BacktestRequest, scenario: Scenario, starts: Sequence[Origin]) -> Facts:
    """Reads the chronology and its past; Invalid with all that is wrong with them."""
    ignored = frozenset(wishes.not_scored)
    own = shipped(scenario.name)
    label = called(wishes.chronology, scenario.name)
    events = read_chronology(wishes.chronology, scenario, ignored, label)
    path = wishes.past or own
    older = read_chronology(path, scenario, ignored, called(path, scenario.name)) if path else ()
    before = tuple(each for each in older if each.day < events[0].day)
    begins = wishes.covered[0] or _before(events[0].day)
    opening = _opening(scenario, starts)
    first = min(before[0].day, begins) if before else begins
    return Facts(
        file=label,
        events=events,
        before=before,
        past=path or "" if before else "",
        since=max(first, opening),
        begins=max(begins, opening) if wishes.covered[0] is None else begins,
        until=wishes.covered[1] or events[-1].day,
    )


def _before(day: date) -> date:
    """`SLACK` days before a day, where the calendar reaches so far back."""
    return day - min(timedelta(days=SLACK), day - date.min)


def _opening(scenario: Scenario, starts: Sequence[Origin]) -> date:
    """The scenario's start: chronologies hold single events from before it, not all."""
    local = scenario.calendar.start.local
    return local.date() if local else starts[0].day


def shipped(name: str) -> str | None:
    """The chronology of a built-in scenario, if it has one."""
    path = catalogue.scenario_dir() / name / SHIPPED
    return str(path) if path.is_file() else None


def called(path: str, name: str) -> str:
    """What messages call a chronology: one that comes with a scenario by its name there."""
    return f"{name}/{SHIPPED}" if path == shipped(name) else path


def scripted(event: Dated, series: Series | None, script: Sequence[Scripted], origin: date) -> Scripted | None:
    """What of the script an event is: the row of its id and day, or an action of its kind and actor days from it."""
    for each in script:
        apart = abs((each.day - event.day).days)
        if each.id == event.id and apart <= 1:
            return each
        if series is None or apart > NEAR or event.day < origin or not each.option:
            continue
        sides = {*event.actors, *(event.targets if series.spec.mutual else ())}
        for actor in each.actors:
            for target in each.targets or ("",):
                if series.does(actor, each.option, target) and (actor in sides or target in sides):
                    return each
    return None


def _row(event: Dated, scenario: Scenario, series: Sequence[Series], starts: Sequence[Origin], window: int) -> Row:
    mine = [each for each in series if each.tells(event)]
    inside = [origin for origin in starts if 0 <= (event.day - origin.day).days < window]
    found = (scripted(event, each, origin.scripted, origin.day) for origin in inside for each in mine)
    by = next((each for each in found if each), None)
    reason = f"scripted: {by.id}" if by else "" if mine else _reason(event, scenario, series)
    return {
        "id": event.id,
        "line": event.line,
        "date": event.day,
        "kind": event.kind,
        "actors": ";".join(event.actors) + (">" + ";".join(event.targets) if event.targets else ""),
        "description": event.description,
        "source": event.source,
        "mark": _mark(event, scenario),
        "scored_as": [] if reason else [f"{each.kind} {each.actor}" for each in mine],
        "origins": 0 if reason else len(inside),
        "not_scored": reason or ("" if inside else "in no window of the runs"),
    }


def _mark(event: Dated, scenario: Scenario) -> str:
    """How the record marks it, `decided` or `exogenous`; nothing if the record does not have it."""
    place = RunCalendar(scenario.calendar)
    for row in scenario.history:
        if row.id == event.id and abs((place.at(place.seconds(row.at)).date() - event.day).days) <= 1:
            return row.mark
    return ""


def _reason(event: Dated, scenario: Scenario, series: Sequence[Series]) -> str:
    same = [each for each in series if event.kind in (each.spec.kinds or (each.kind,))]
    if not same:
        why = scenario.events.unscored.get(event.kind, "the scenario does not know it")
        return f"kind {event.kind}: {why}"
    coded = [each for each in same if not each.spec.cameo or any(map(event.cameo.startswith, each.spec.cameo))]
    return "its actors are not scored for this kind" if coded else f"no kind takes {event.kind} {event.cameo}".rstrip()
