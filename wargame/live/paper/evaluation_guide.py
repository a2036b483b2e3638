"""The evaluation guide on paper, as one HTML page: for each objective what to watch for, and room to write it down.

It follows the exercise evaluation guides of HSEEP: expected actions with their times, observations, a rating.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from html import escape

from wargame.language.times import format_duration
from wargame.live.paper.page import Section, document, fill, grid, left_out, table
from wargame.live.paper.white_cell import due_time, released_when
from wargame.live.timetable import released_by_endex
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExpectedAction, Inject, Scenario
from wargame.simulation.control.adjudication import RATINGS
from wargame.world.calendar import RunCalendar

READER = "Evaluators"
BOX, LINE = "&#9744;", '<div class="line"></div>'
Watched = tuple[Inject, ExpectedAction]
"""An expected action with the inject after which it is expected."""


def evaluation_guide(loaded: Loaded, seats: Collection[str] = (), calendar: RunCalendar | None = None) -> str:
    """Return the whole document; with `seats`, only what is expected of these governments.

    `calendar` may have another ENDEX: injects that are due only after it are left out. The document loads nothing from
    any host; all text of the scenario is escaped.
    """
    scenario = loaded.scenario
    injects = released_by_endex(loaded.injects, calendar or RunCalendar(scenario.calendar))
    note = left_out(len(loaded.injects) - len(injects))
    loaded = replace(loaded, injects=injects)
    parts = [_objective(loaded, name, seats) for name in scenario.objectives]
    if _watched(loaded, None, seats) or not parts:
        parts.append(_objective(loaded, None, seats))
    title = f"{scenario.title}: evaluation guide"
    return document(title, (replace(part, content=f"{part.content}{note}") for part in parts), landscape=True)


def _watched(loaded: Loaded, objective: str | None, seats: Collection[str]) -> list[Watched]:
    """The expected actions that serve an objective, or none if it is None, in the order of their planned times."""
    calendar = RunCalendar(loaded.scenario.calendar)
    ordered = sorted(loaded.injects, key=lambda inject: (due_time(inject, calendar), inject.id))
    return [
        (inject, action)
        for inject in ordered
        for action in inject.expected
        if (action.objective or inject.objective) == objective and (not seats or action.who in seats)
    ]


def _objective(loaded: Loaded, name: str | None, seats: Collection[str]) -> Section:
    scenario = loaded.scenario
    spec = scenario.objectives[name] if name is not None else None
    observed = ", ".join(scenario.governments[seat].name for seat in scenario.governments if seat in seats)
    about = f"{scenario.title}{f', objective {name}' if name else ''}"
    about += f", capability: {spec.capability}" if spec and spec.capability else ""
    lines = [
        '<p class="meta">For evaluators. Players must not see this page.</p>',
        f'<p class="meta">{escape(about)}</p>',
        f"<p>{fill('Evaluator')} &ensp; Seats observed: {escape(observed) or fill('')} &ensp; {fill('Date')}</p>",
    ]
    lines += _measures(loaded, name) if name is not None else ()
    watched = _watched(loaded, name, seats)
    lines.append("<h2>What to watch for</h2>")
    lines.append(_table(loaded, watched) if watched else "<p>No action is expected. Write down what you observe.</p>")
    lines += _others(loaded, name, watched) if name is not None else ()
    columns = "".join(f"<div><h2>{title}</h2>{LINE * 3}</div>" for title in ("Strengths", "Areas for improvement"))
    lines.append(f'<div class="two">{columns}</div>')
    lines.append(_rating(name) if name is not None else "")
    return Section(READER, spec.title if spec else "Expected actions without an objective", "".join(lines))


def _measures(loaded: Loaded, objective: str) -> Iterator[str]:
    """Yield the measures of an objective in the exercise file, and who evaluates it."""
    plan = loaded.exercise
    planned = plan.objectives.get(objective) if plan else None
    if plan is None or planned is None:
        return
    for each in plan.evaluators:
        if not each.objectives or objective in each.objectives:
            watch = f" {each.watch}" if each.watch else ""
            yield f"<p>{escape(each.name)} ({escape(', '.join(each.seats) or 'all seats')}).{escape(watch)}</p>"
    if planned.measures:
        rows = ((each.title, each.standard, "") for each in planned.measures)
        yield f"<h2>Measures</h2>{table(('Measure', 'Performed if', 'Observed'), rows, (35, 35, 30))}"


def _table(loaded: Loaded, watched: list[Watched]) -> str:
    head = ("When", "Inject", "Who", "Expected", "Counts at once", "In time, late", "Status", "Observed: when, what, #")
    return grid(head, (_row(loaded, inject, action) for inject, action in watched), (9, 13, 8, 13, 17, 10, 8, 22))


def _row(loaded: Loaded, inject: Inject, action: ExpectedAction) -> str:
    scenario = loaded.scenario
    times = f"within {format_duration(action.within)}; late for another {format_duration(action.late)}"
    texts = (
        released_when(inject, RunCalendar(scenario.calendar)),
        f"{inject.title} ({inject.id})",
        scenario.governments[action.who].name,
        action.title or "An action of the next column",
        _options(scenario, action),
        times,
    )
    boxes = "<br>".join(f"{BOX} {status}" for status in ("met", "late", "missed"))
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    return f"{cells}<td>{boxes}</td><td></td>"


def _options(scenario: Scenario, action: ExpectedAction) -> str:
    """Return the listed options by their titles, and towards whom."""
    titles = "; ".join(scenario.options[option].title for option in action.any_of)
    towards = " or ".join(scenario.governments[name].name for name in action.towards)
    return f"{titles} (towards {towards})" if towards else titles


def _others(loaded: Loaded, objective: str, watched: list[Watched]) -> Iterator[str]:
    """Injects that serve the objective without an expected action in the table."""
    listed = {inject.id for inject, _ in watched}
    others = [each for each in loaded.injects if each.objective == objective and each.id not in listed]
    if others:
        calendar = RunCalendar(loaded.scenario.calendar)
        texts = (f"{escape(each.title)} ({escape(released_when(each, calendar))})" for each in others)
        yield f'<p class="meta">Other injects for this objective: {"; ".join(texts)}.</p>'


def _rating(objective: str) -> str:
    boxes = " &nbsp; ".join(f"{BOX} {letter} {meaning}" for letter, meaning in RATINGS.items())
    return (
        f"<h2>Rating</h2><p>{boxes}</p><p>Why</p>{LINE}"
        '<p class="meta">At a terminal: <code>judge NUMBER met --by RECORD --why "..."</code> for an expected action '
        f'(<code>expected</code> lists the numbers), <code>rate {escape(objective)} P "why"</code>, '
        "<code>note</code>.</p>"
    )
