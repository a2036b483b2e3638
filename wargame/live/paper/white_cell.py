"""The pack of the white cell: a guide, the MSEL, the commands, and cards of the injects to hand out."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from wargame.journal.wording import Titles
from wargame.language.times import Time, format_duration
from wargame.live.console.dispatch import COMMANDS
from wargame.live.paper.page import Section, fill, left_out, table
from wargame.live.timetable import released_by_endex
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.messages import Showing, Source, embedded, message_html, message_of_inject
from wargame.simulation.exercise import Exercise
from wargame.world.calendar import RunCalendar

READER = "White cell"
BLANK_CARDS = 4
"""Cards without text, for injects that are improvised."""
GUIDE = ("next", "advance", "until", "pause", "release", "hold", "skip", "delay", "inject", "order", "message", "rule",
        "action", "adjudicate", "note", "noplay", "endex")  # fmt: skip


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
    """Return who is expected to do what, by title."""
    return "; ".join(
        f"{each.who}: {each.title or ' or '.join(scenario.options[option].title for option in each.any_of)}"
        for each in inject.expected
    )


def _cards(scenario: Scenario, injects: list[Inject], pictures: Source) -> str:
    """One card for each inject sent to players, with nothing on it that its readers may not know; then blank ones."""
    names = titles(scenario)
    cards = [_card(names, inject, pictures) for inject in injects if inject.kind != "facilitation"]
    return f'<div class="two">{"".join(cards)}{BLANK * BLANK_CARDS}</div>'


FOOT = f'<p class="meta"><span>{fill("Game time", 30)}</span><span class="banner">EXERCISE</span></p>'
"""The last line of a card, which is cut out: it says by itself that it is part of an exercise."""
BLANK = f'<div class="card"><p>{fill("To", 60)}</p>' + '<div class="line"></div>' * 3 + f"{FOOT}</div>"
"""A card to write on."""


def _card(names: Titles, inject: Inject, pictures: Source) -> str:
    """The message as it would look, with the id by which the white cell finds it; questions are a form to fill in."""
    message = message_of_inject(inject, names)
    audience = ", ".join(message.to) or "all"
    return (
        f'<div class="card"><p class="meta"><span>{escape(message.name)} to {escape(audience)}</span> '
        f"<code>{escape(inject.id)}</code></p>{message_html(message, Showing(pictures, to_fill_in=True))}{FOOT}</div>"
    )
