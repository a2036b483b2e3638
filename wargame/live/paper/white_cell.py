"""The pack of the white cell: a guide, the MSEL, the commands, cards of the injects; and the evaluation guide.

That one follows the exercise evaluation guides of HSEEP: expected actions with their times, observations, a rating.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from html import escape

from wargame.journal.wording import Titles
from wargame.language.times import Time, format_duration
from wargame.live.console.dispatch import COMMANDS
from wargame.live.paper.page import Section, document, fill, grid, left_out, table
from wargame.live.timetable import released_by_endex
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExpectedAction, Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.messages import Showing, Source, embedded, message_html, message_of_inject
from wargame.simulation.control.adjudication import RATINGS
from wargame.simulation.exercise import Exercise
from wargame.world.calendar import RunCalendar

READER = "White cell"
BLANK_CARDS = 4
"""Cards without text, for injects that are improvised."""
GUIDE = ("next", "advance", "until", "pause", "release", "hold", "skip", "delay", "inject", "order", "message", "rule",
        "action", "adjudicate", "note", "noplay", "endex")  # fmt: skip
HAND_OUT = """<h2>To print and hand out</h2><ul>
<li>Each player: the role sheet and the options of the own seat, and of no other.</li>
<li>Each seat: one order form for each move or decision; copy the last page of its pack.</li>
<li>White cell: this guide, the MSEL, the commands. Cut the inject cards, one copy for each seat that receives it, and
hand it out when its inject is released. The last cards are blank.</li></ul>"""
POWER = """<h2>After a power failure</h2>
<p>Play continues on the forms and cards; write the game time on each. When the power is back, run
<code>wargame resume RUN</code> and enter what happened in its order: <code>until DATE</code>, <code>release ID</code>,
<code>order GOV OPTION TARGET --why "..."</code>, <code>note "..."</code>. The ids are on the cards, the codes on the
forms.</p>"""
FOOT = f'<p class="meta"><span>{fill("Game time", 30)}</span><span class="banner">EXERCISE</span></p>'
"""The last line of a card, which is cut out: it says by itself that it is part of an exercise."""
BLANK = f'<div class="card"><p>{fill("To", 60)}</p>' + '<div class="line"></div>' * 3 + f"{FOOT}</div>"
"""A card to write on."""


def white_cell_sections(exercise: Exercise) -> Iterator[Section]:
    """Yield the sections of the pack. All text of the scenario is escaped."""
    loaded = exercise.loaded
    yield Section(READER, "Guide", _guide(loaded, exercise.calendar))
    released = released_by_endex(loaded.injects, exercise.calendar)
    injects = sorted(released, key=lambda inject: (due_time(inject, exercise.calendar), inject.id))
    yield Section(READER, "MSEL", _msel(loaded, injects))
    commands = ((COMMANDS[name].usage, COMMANDS[name].help) for name in GUIDE)
    yield Section(READER, "Commands", table(("Command", "What it does"), commands))
    yield Section(READER, "Inject cards", _cards(loaded.scenario, injects, embedded(loaded.attached)))


def _guide(loaded: Loaded, calendar: RunCalendar) -> str:
    scenario = loaded.scenario
    first, last = calendar.at(calendar.startex), calendar.at(calendar.end)
    governments = scenario.governments
    seats = [(name, spec.name, ", ".join(sorted(scenario.dossiers[d].title for d in spec.dossiers)))
             for name, spec in governments.items()]  # fmt: skip
    objectives = [(name, spec.title) for name, spec in scenario.objectives.items()]
    moves = f"one move is {format_duration(scenario.calendar.move)}"
    if loaded.exercise and loaded.exercise.moves:
        moves = f"{len(loaded.exercise.moves)} moves, as in the running order"
    return (
        f"<p><strong>{escape(scenario.title)}.</strong> {escape(scenario.summary)}</p>"
        f"<p>STARTEX {first:%Y-%m-%d %H:%M}, ENDEX {last:%Y-%m-%d %H:%M}; {moves}. "
        "Anyone who says NO PLAY stops the exercise.</p>"
        f"{HAND_OUT}<h2>Seats</h2>{table(('Code', 'Government', 'Dossiers'), seats, (10, 25, 65))}"
        f"<h2>Objectives</h2>{table(('Id', 'Objective'), objectives, (25, 75))}{POWER}"
    )


def _msel(loaded: Loaded, injects: list[Inject]) -> str:
    calendar = RunCalendar(loaded.scenario.calendar)
    rows = [
        (
            inject.id,
            released_when(inject, calendar),
            inject.channel,
            "white cell" if inject.kind == "facilitation" else ", ".join(inject.audience) or "all",
            inject.title,
            _expected(loaded.scenario, inject),
            inject.notes,
        )
        for inject in injects
    ]
    head = ("Id", "When", "Channel", "To", "Title", "Expected", "Notes")
    return left_out(len(loaded.injects) - len(injects)) + table(head, rows, (17, 14, 9, 8, 17, 19, 16))


def due_time(inject: Inject, calendar: RunCalendar) -> float:
    """Return the second of an inject with a date; infinite for others."""
    return calendar.seconds(inject.at) if inject.at else float("inf")


def released_when(inject: Inject, calendar: RunCalendar) -> str:
    """Return the date of an inject, or what triggers it."""

    def moment(time: Time) -> str:
        return f"{calendar.at(calendar.seconds(time)):%Y-%m-%d %H:%M}"

    return trigger_phrase(inject, Wording(moment, lambda time: moment(time).removesuffix(" 00:00")))[0]


def _expected(scenario: Scenario, inject: Inject) -> str:
    return "; ".join(
        f"{each.who}: {each.title or ' or '.join(scenario.options[option].title for option in each.any_of)}"
        for each in inject.expected
    )


def _cards(scenario: Scenario, injects: list[Inject], pictures: Source) -> str:
    """One card for each inject sent to players, with nothing on it that its readers may not know; then blank ones."""
    names = titles(scenario)
    cards = [_card(names, inject, pictures) for inject in injects if inject.kind != "facilitation"]
    return f'<div class="two">{"".join(cards)}{BLANK * BLANK_CARDS}</div>'


def _card(names: Titles, inject: Inject, pictures: Source) -> str:
    """The message as it would look, with the id by which the white cell finds it; questions are a form to fill in."""
    message = message_of_inject(inject, names)
    audience = ", ".join(message.to) or "all"
    return (
        f'<div class="card"><p class="meta"><span>{escape(message.name)} to {escape(audience)}</span> '
        f"<code>{escape(inject.id)}</code></p>{message_html(message, Showing(pictures, to_fill_in=True))}{FOOT}</div>"
    )


EVALUATORS = "Evaluators"
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
    return Section(EVALUATORS, spec.title if spec else "Expected actions without an objective", "".join(lines))


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
