"""Times at which the injects of an MSEL can be released, by the files alone, and a Gantt chart, as picture or page.

The page has the picture and its data as a table. Both clocks have an axis if the pace is known. Colours are of the
Okabe-Ito palette, and each kind of row also has its own shape. The picture refers to no other file and follows the
colour scheme of the reader.
"""

from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from itertools import groupby
from math import ceil
from typing import Any

from markupsafe import Markup

from wargame.dataclasses import dataclass, field
from wargame.journal.template_cache import environment
from wargame.language.plain_text import clean
from wargame.language.times import DAY, format_duration
from wargame.scenario.model import Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.world.calendar import RunCalendar

LAST = 1e9
"""A day after all others."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The result of a rehearsal for an inject: the share of runs that release it, and on which days from STARTEX."""

    share: float
    first: float | None = None
    """The day before which a tenth of these runs release it; None if no run does."""
    median: float | None = None
    last: float | None = None
    """The day before which nine tenths of these runs release it."""


@dataclass(frozen=True, slots=True)
class ScheduledInject:
    """One row. Days count from STARTEX. `kind` is one of moment, window, after, condition and hand."""

    id: str
    title: str
    storyline: str
    inject_kind: str
    kind: str
    note: str
    """The trigger as a phrase, with the chance and further conditions."""
    days: tuple[float, ...] = ()
    """The moments of a `moment`; the first and last day of the others, as far as they are known."""
    parent: str = ""
    """The inject that an `after` follows."""
    rehearsed: Rehearsed | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All injects by storyline, in the order of time. `length` is ENDEX in days from STARTEX."""

    scenario: Scenario
    rows: tuple[ScheduledInject, ...]
    length: float
    calendar: RunCalendar = field(repr=False)
    rehearsed_runs: int = 0


def schedule(
    scenario: Scenario, injects: Mapping[str, Inject], rehearsal: Mapping[str, Rehearsed] | None = None, runs: int = 0
) -> Schedule:
    """Return the schedule of these injects, with what a rehearsal of them found."""
    calendar = RunCalendar(scenario.calendar)
    end = calendar.day(calendar.end)
    known: dict[str, ScheduledInject] = {}

    def row(name: str, waiting: tuple[str, ...] = ()) -> ScheduledInject:
        if name not in known:
            after = injects[name].after
            parent = after.inject or "" if after else ""
            before = row(parent, (*waiting, name)) if parent in injects and parent not in waiting else None
            known[name] = _row(injects[name], calendar, end, before, (rehearsal or {}).get(name))
        return known[name]

    rows = sorted(map(row, injects), key=lambda each: (_start(each), each.id))
    first: dict[str, float] = {}
    for each in rows:
        first.setdefault(each.storyline, _start(each))
    ordered = sorted(rows, key=lambda each: (first[each.storyline], each.storyline))
    return Schedule(scenario, tuple(ordered), end, calendar, runs)


def _start(row: ScheduledInject) -> float:
    """Return the day by which rows are ordered: those without a date come last, those by hand at the very end."""
    return row.days[0] if row.days and row.kind != "condition" else LAST + (row.kind == "hand")


def _row(
    inject: Inject, calendar: RunCalendar, end: float, before: ScheduledInject | None, rehearsed: Rehearsed | None
) -> ScheduledInject:
    kind, days, words = _trigger(inject, calendar, end, before)
    until = calendar.day(calendar.seconds(inject.until)) if inject.until else end
    days = tuple(day for day in days if day <= until) or days[:1]
    if kind in ("condition", "window") and len(days) == 2:
        days = (days[0], min(days[1], until))
    notes = [words]
    notes += [f"{100 * inject.chance:.0f} % chance"] if inject.chance < 1 else []
    notes += ["if its condition holds"] if inject.provided else []
    notes += [f"one of group {inject.group}"] if inject.group else []
    notes += ["disabled at first"] if not inject.enabled else []
    return ScheduledInject(
        inject.id,
        inject.title,
        inject.storyline.replace("_", " "),
        inject.kind,
        kind,
        ", ".join(notes),
        days,
        inject.after.inject or "" if inject.after else "",
        rehearsed,
    )


def _trigger(
    inject: Inject, calendar: RunCalendar, end: float, before: ScheduledInject | None
) -> tuple[str, tuple[float, ...], str]:
    """Return the kind of the row, its days, and the trigger as a phrase."""
    if inject.at is not None:
        first = calendar.day(calendar.seconds(inject.at))
        if not inject.every:
            return "moment", (first,), f"{calendar.at(calendar.seconds(inject.at)):%Y-%m-%d %H:%M}"
        step = inject.every / DAY
        days = tuple(first + step * n for n in range(inject.repeat) if first + step * n <= end)
        return "moment", days or (first,), f"every {format_duration(inject.every)}, {len(days)} times"
    if inject.after is not None:
        delay = inject.after.delay / DAY
        words = f"{format_duration(inject.after.delay)} after" if delay else "after"
        if inject.after.inject is not None:
            days = tuple(day + delay for day in before.days) if before else ()
            return "after", days, f"{words} {inject.after.inject}"
        pattern = inject.after.action or inject.after.decision
        what = " or ".join(pattern.options) if pattern else ""
        return "condition", (0.0, end), f"{words} the {'action' if inject.after.action else 'decision'} {what}"
    if inject.random is not None and inject.random.between is not None:
        first, last = (calendar.day(calendar.seconds(moment)) for moment in inject.random.between)
        return "window", (first, last), "at a random time in this window"
    if inject.random is not None:
        return "condition", (0.0, end), "at random, at a rate"
    words, _ = trigger_phrase(inject, Wording(str, str, inline=lambda _: False))
    return ("hand", (), words) if inject.manual else ("condition", (0.0, end), words)


STEPS = (1, 2, 7, 14, 30, 61, 91, 183, 365, 730, 1461, 3652)
"""Days between two lines of the grid."""
MOST_TICKS = 14
LEFT, WIDTH = 330, 820
"""Where the chart begins beside the titles, and its width, in pixels."""


def to_svg(plan: Schedule, pace: float = 0.0) -> str:
    """Return the picture. `pace` is in game seconds per second of wall time; 0 draws no wall clock."""
    return _rendered("gantt.svg.j2", plan, pace, alone=True)


def to_page(plan: Schedule, pace: float = 0.0) -> str:
    """Return a page with the picture and the table of its data, without references to other files."""
    headings = ["Inject", "Title", "Storyline", "Kind", "Trigger", *(["Rehearsed"] if plan.rehearsed_runs else [])]
    return _rendered("gantt.html.j2", plan, pace, alone=False, headings=headings, cells=_cells)


def _rendered(template: str, plan: Schedule, pace: float, **more: Any) -> str:
    startex, form = plan.calendar.at(plan.calendar.startex), date_form(plan.length)
    days = tick_days(0.0, plan.length, MOST_TICKS)
    style = (files("wargame.sheets") / "templates/gantt.css").read_text("utf-8")

    def x(day: float) -> float:
        return round(LEFT + WIDTH * min(max(day / plan.length, 0.0), 1.0), 1)

    return (
        environment("wargame.sheets", "templates")
        .get_template(template)
        .render(
            plan=plan,
            groups=[(storyline, list(rows)) for storyline, rows in groupby(plan.rows, lambda row: row.storyline)],
            ticks=[(day, f"{startex + timedelta(days=day):{form}}") for day in days],
            pace=pace,
            x=x,
            xs=lambda days: list(map(x, days)),
            left=LEFT,
            right=LEFT + WIDTH,
            style=Markup(style),  # noqa: S704  # a file of this package
            clean=clean,
            **more,
        )
    )


def tick_days(first: float, last: float, most: int) -> list[int]:
    """Return the days from `first` to `last` on the axis of a chart: multiples of a step, about `most` of them."""
    step = next((each for each in STEPS if (last - first) / each <= most), STEPS[-1])
    return [step * n for n in range(ceil(first / step), int(last // step) + 1)]


def date_form(length: float) -> str:
    """Return the format of dates in a chart of this number of days."""
    return "%d %b %y" if length > 300 else "%d %b"


def _cells(plan: Schedule, row: ScheduledInject) -> list[str]:
    cells = [row.id, row.title, row.storyline, row.inject_kind, row.note]
    if not plan.rehearsed_runs:
        return cells
    found = row.rehearsed
    if found is None or found.median is None:
        return [*cells, "" if found is None else "in no run"]
    return [*cells, f"in {100 * found.share:.0f} % of runs, median D+{found.median:.0f}"]
