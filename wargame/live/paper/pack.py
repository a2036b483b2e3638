"""The printed documents of an exercise: all packs in one, those of some seats, or one document for each reader.

The pack of a seat has no secrets of others. An exercise file adds read-aheads, a checklist and a running order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

from wargame.journal.records import Stamps
from wargame.language.times import DAY, format_duration
from wargame.live.paper.page import Section, document, empty_table, fill, grid, table
from wargame.live.paper.white_cell import white_cell_sections
from wargame.live.timetable import BREAK, MOVE, TimetableRow, clock_text, timetable
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExercisePlan, Inject, SeatPlan
from wargame.seat.options import DossierOptions, seat_options
from wargame.seat.role import role_sheet
from wargame.seat.role_text import role_sections
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.world.calendar import RunCalendar

WRITTEN = Settings()
"""STARTEX and ENDEX as the scenario has them."""
WHITE_CELL = "white-cell"
"""Name of the document of the white cell."""


def paper(
    loaded: Loaded,
    seats: Sequence[str] = (),
    *,
    white_cell: bool = True,
    settings: Settings = WRITTEN,
    call: str = "EXERCISE",
) -> str:
    """Return one document: the pack of the white cell, then those of these seats, by default of all that people play.

    `settings` may move STARTEX and ENDEX; `call` names the exercise in commands.
    """
    exercise = _at_startex(loaded, settings)
    sections = list(_white_cell(exercise, call)) if white_cell else []
    for seat in seats or _seats(loaded):
        sections += _seat(exercise, seat)
    return document(f"{loaded.scenario.title}: on paper", sections)


def documents(
    loaded: Loaded, seats: Sequence[str] = (), settings: Settings = WRITTEN, call: str = "EXERCISE"
) -> Iterator[tuple[str, str]]:
    """Yield one document for each of these seats, by default all, and one for the white cell: names and pages."""
    exercise, title = _at_startex(loaded, settings), loaded.scenario.title
    if not seats:
        yield WHITE_CELL, document(f"{title}: white cell", _white_cell(exercise, call))
    for seat in seats or _seats(loaded):
        name = loaded.scenario.governments[seat].name
        yield seat, document(f"{title}: {name}", _seat(exercise, seat))


def _seats(loaded: Loaded) -> list[str]:
    """Return the seats of people in an exercise; all governments if it names none."""
    plan = loaded.exercise
    people = [name for name, seat in plan.seats.items() if seat.player == "human"] if plan else []
    return people or list(loaded.scenario.governments)


def _white_cell(exercise: Exercise, call: str) -> Iterator[Section]:
    if exercise.loaded.exercise is not None:
        yield from white_cell_pages(exercise, exercise.loaded.exercise, call)
    yield from white_cell_sections(exercise)


def _seat(exercise: Exercise, seat: str) -> Iterator[Section]:
    if exercise.loaded.exercise is not None:
        yield read_ahead(exercise, exercise.loaded.exercise, seat)
    yield from seat_sections(exercise, seat)


def _at_startex(loaded: Loaded, settings: Settings) -> Exercise:
    """Return an exercise with people in all seats, before its first event."""
    everyone = tuple((name, "human") for name in loaded.scenario.governments)
    exercise = Exercise(loaded, 1, replace(settings, seats=everyone))
    exercise.advance(exercise.calendar.startex)
    return exercise


SEEN = {"public": "all", "private": "target", "covert": "few"}
"""Who learns of an option, in a table."""
OPEN = "●"
"""Mark of what can be ordered at STARTEX."""


def seat_sections(exercise: Exercise, seat: str) -> Iterator[Section]:
    """Yield the sections of the pack of a seat; the exercise is at STARTEX."""
    spec = exercise.context.scenario.governments[seat]
    reader = f"{spec.name} ({seat})"
    yield Section(reader, f"{reader}: role sheet", _role(exercise, seat))
    yield Section(reader, f"{reader}: options", _options(exercise, seat))
    yield Section(reader, f"{reader}: order form", _form(seat))


def _role(exercise: Exercise, seat: str) -> str:
    records = Stamps(exercise.calendar.at).records(exercise.records())
    parts = []
    for section in role_sections(role_sheet(exercise, seat, records), exercise.calendar.at):
        items = "".join(f"<li>{escape(text)}</li>" for text in section.items)
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [f"<p>{escape(text)}</p>" for text in section.paragraphs]
        parts += [f"<ul>{items}</ul>"] if items else []
    return "".join(parts)


def _options(exercise: Exercise, seat: str) -> str:
    intro = (
        f"<p>{OPEN} can be ordered at STARTEX; the others when their conditions hold: ask the white cell. An order "
        "names the option and its target by their codes. 'Seen by few' means that only governments that detect it "
        "learn of it. For anything that is not in the list, write a request in your own words.</p>"
    )
    rows = [row for dossier in seat_options(exercise, seat).dossiers for row in _dossier_rows(exercise, dossier)]
    return intro + grid(("", "What it is", "Code", "Targets", "Takes", "Seen by"), rows, (3, 35, 30, 17, 8, 7))


def _dossier_rows(exercise: Exercise, dossier: DossierOptions) -> Iterator[str]:
    yield f'<td colspan="6" class="group">{escape(dossier.title)} ({escape(dossier.dossier)})</td>'
    targets: dict[str, list[str]] = {}
    for entry in (*dossier.available, *dossier.blocked):
        targets.setdefault(entry.option, []).extend(entry.targets)
    available = {entry.option: entry.targets for entry in dossier.available}
    for option, names in sorted(targets.items(), key=lambda item: item[0] not in available):
        spec = exercise.context.scenario.options[option]
        now = set(available.get(option, ()))
        marked = ", ".join(f"{name}{OPEN}" if name in now and len(now) < len(names) else name for name in sorted(names))
        yield (
            f"<td>{OPEN if option in available else ''}</td><td>{escape(spec.title)}</td>"
            f"<td><code>{escape(option)}</code></td><td>{escape(marked)}</td>"
            f"<td>{format_duration(spec.lead[1]) if spec.lead[1] else 'at once'}</td><td>{SEEN[spec.visibility]}</td>"
        )


def _form(seat: str) -> str:
    line, code = '<div class="line"></div>', escape(seat)
    return (
        '<p class="meta">Copy this form: one for each move or decision. Hand it to the white cell.</p>'
        f"<p>{fill('Move', 18)} {fill('Game date and time', 44)} {fill('Dossier', 44)}</p><h2>Orders</h2>"
        + empty_table(("Option (code)", "Target", "Why, and what we expect of it"), 5, (30, 12, 58))
        + "<h2>Messages, offers, demands</h2>"
        + empty_table(("To", "Kind", "Text"), 4, (14, 14, 72))
        + f"<h2>Requests to the white cell, in our own words</h2>{line * 2}"
        f"<h2>What we know, what we assume, what we do not know</h2>{line * 3}"
        f"<p>&nbsp;</p><p>{fill('Signed', 60)} {fill('at (real time)', 30)}</p>"
        f"<p>{fill('White cell: received at', 26)} {fill('entered at', 26)} {fill('by', 40)}</p>"
        f'<p class="meta">To enter it: <code>order {code} OPTION TARGET --why "..."</code>, '
        f'<code>message {code} TO "..."</code>, <code>order {code} "in our own words"</code>.</p>'
    )


READER = "White cell"
BOX = "&#9744;"
DURING = (
    "Read the opening of the move aloud, then type <code>resume</code>.",
    "Answer what waits: <code>queue</code>. Nobody waits for a ruling longer than two minutes.",
    "Compare the clock of the room with the running order; <code>pace</code> changes the pace.",
    "At the end of the move the clock stops: ask each seat what it is waiting for, then go on.",
)


def read_ahead(exercise: Exercise, plan: ExercisePlan, seat: str) -> Section:
    """Return what a seat reads in the week before: when and where, who is in the team, what to prepare."""
    spec = exercise.context.scenario.governments[seat]
    reader, own = f"{spec.name} ({seat})", plan.seats.get(seat, SeatPlan())
    return Section(reader, f"{reader}: read-ahead", "".join(_read_ahead(exercise, plan, own)))


def _read_ahead(exercise: Exercise, plan: ExercisePlan, own: SeatPlan) -> Iterator[str]:
    calendar = exercise.calendar
    yield f"<p><strong>{escape(plan.title)}.</strong> {escape(plan.summary)}</p>"
    yield _prose(plan.read_ahead)
    if own.persons:
        yield "<h2>Your team</h2>"
        rows = ((post.role, post.person or "", post.tasks) for post in own.persons)
        yield table(("Role", "Name", "Task"), rows, (25, 25, 50))
    if own.read_ahead:
        yield f"<h2>For your seat</h2>{_prose(own.read_ahead)}"
    yield "<h2>When</h2>"
    yield table(("In the room", "What", "In the game"), _players_rows(plan, calendar), (18, 42, 40))
    yield (
        "<p>Bring this page, and read your role sheet and your list of options. You decide for your government within "
        "the rules of the exercise; whatever happens is part of a game. Anyone may say NO PLAY: then everything stops "
        "for the real world.</p>"
    )


def _players_rows(plan: ExercisePlan, calendar: RunCalendar) -> Iterator[tuple[str, str, str]]:
    """Yield the timetable without the titles of moves, which could give away what happens."""
    for row in timetable(plan, calendar):
        title = f"Move {row.number}" if row.kind == MOVE and row.number else row.title
        game = f"{calendar.at(row.start):%-d %B %Y} to {calendar.at(row.end):%-d %B %Y}" if row.end > row.start else ""
        yield _span(plan, row), title, game


def white_cell_pages(exercise: Exercise, plan: ExercisePlan, call: str) -> Iterator[Section]:
    """Yield the checklist and the running order; `call` names the exercise in commands."""
    yield Section(READER, "Checklist", "".join(_checklist(exercise, plan, call)))
    yield Section(READER, "Running order", "".join(_running_order(exercise, plan)))


# --- the checklist --------------------------------------------------------------------------------------------


def _checklist(exercise: Exercise, plan: ExercisePlan, call: str) -> Iterator[str]:
    name = escape(call)
    parts = (
        ("The week before", (*_week_before(exercise, plan, name), *map(escape, plan.checklist.week_before))),
        ("On the day", (*_on_the_day(plan, name), *map(escape, plan.checklist.on_the_day))),
        ("In each move", (*DURING, *map(escape, plan.checklist.during))),
        ("After ENDEX", (*_after(exercise, plan), *map(escape, plan.checklist.after))),
    )
    for title, items in parts:
        yield f"<h2>{title}</h2>" + "".join(f"<p>{BOX} {item}</p>" for item in items)


def _week_before(exercise: Exercise, plan: ExercisePlan, call: str) -> Iterator[str]:
    governments = exercise.context.scenario.governments
    yield f"Check the files: <code>wargame validate {call}</code>."
    yield f"Rehearse: <code>wargame rehearse {call} -n 50</code> shows which injects are released and when."
    yield f"Print: <code>wargame print {call} --folder paper</code>."
    for seat, spec in _people(plan):
        people = len(spec.persons) or 1
        open_posts = [post.role for post in spec.persons if not post.person]
        missing = f" Still to be named: {', '.join(open_posts)}." if open_posts else ""
        team = f"{people} {'person' if people == 1 else 'people'} of {governments[seat].name} ({seat})"
        yield escape(f"Send the read-ahead and the role sheet to the {team}.{missing}")
    for evaluator in plan.evaluators:
        seats = ", ".join(evaluator.seats) or "all seats"
        yield escape(f"Brief {evaluator.name} ({seats}). {evaluator.watch}".strip())
    if plan.evaluators:
        yield f"Evaluation guide: <code>wargame print {call} --evaluation</code>."


def _on_the_day(plan: ExercisePlan, call: str) -> Iterator[str]:
    yield f"Start the console: <code>wargame play {call}</code>. Its clock stands at STARTEX until you type resume."
    joins = (f"<code>wargame join last --seat {escape(seat)}</code>" for seat, _ in _people(plan))
    yield f"Open the terminals of the seats: {', '.join(joins)}"
    for evaluator in plan.evaluators:
        seats = f" --seats {','.join(evaluator.seats)}" if evaluator.seats else ""
        name = f"&quot;{escape(evaluator.name)}&quot;"
        yield f"For an evaluator: <code>wargame join last --evaluator {name}{escape(seats)}</code>"
    yield "Open the screen of the room: <code>wargame join last --screen</code>."
    forms = max(1, len(plan.moves))
    yield f"At each seat: role sheet, options, {forms} order form{'s' if forms > 1 else ''}."
    yield "Say how NO PLAY is called, and that it stops everything."


def _after(exercise: Exercise, plan: ExercisePlan) -> Iterator[str]:
    yield "<code>endex</code> writes the review; <code>hotwash</code> shows the questions and the turning points."
    for name, objective in exercise.context.scenario.objectives.items():
        planned = plan.objectives.get(name)
        measures = "; ".join(each.title for each in planned.measures) if planned else ""
        by = f". Measures: {escape(measures)}." if measures else "."
        yield f"Rate: {escape(objective.title)} (<code>rate {escape(name)} P|S|M|U &quot;why&quot;</code>){by}"
    yield "Collect forms and notes, then <code>quit</code>: the review is written again with the ratings."


def _people(plan: ExercisePlan) -> list[tuple[str, SeatPlan]]:
    return [(name, seat) for name, seat in plan.seats.items() if seat.player == "human"]


# --- the running order ----------------------------------------------------------------------------------------


def _running_order(exercise: Exercise, plan: ExercisePlan) -> Iterator[str]:
    calendar = exercise.calendar
    rows = timetable(plan, calendar)
    if spare := plan.wall - rows[-1].wall_end:
        yield f"<p>{format_duration(spare)} of {format_duration(plan.wall)} in the room are not planned.</p>"
    summary = ((_span(plan, row), row.title, _game(calendar, row)) for row in rows)
    yield table(("In the room", "What", "In the game"), summary, (18, 42, 40))
    injects = exercise.loaded.injects
    dated = sorted((calendar.seconds(each.at), each.id, each) for each in injects if each.at is not None)
    for row in rows:
        if row.kind == MOVE:
            inside = [(t, inject) for t, _, inject in dated if row.start <= t < row.end]
            yield from _move(plan, calendar, row, inside)
        elif row.kind == BREAK:
            yield f"<h2>{escape(f'{_span(plan, row)}  {row.title}')}</h2>"
    others = [inject for inject in injects if inject.at is None and inject.enabled]
    if others:
        yield "<h2>At any time</h2><p>These have no date; the MSEL says what releases them.</p>"
        yield table(("Id", "To", "Title", "Notes"), (_line(inject) for inject in others), (18, 12, 30, 40))


def _move(
    plan: ExercisePlan, calendar: RunCalendar, row: TimetableRow, injects: Iterable[tuple[int, Inject]]
) -> Iterator[str]:
    move = plan.moves[row.number - 1] if row.number else None
    yield f"<h2>{escape(f'{_span(plan, row)}  {row.title}')}</h2>"
    yield f'<p class="meta">{escape(_game(calendar, row))}</p>'
    if move and move.opening:
        yield f"<p><strong>Say:</strong> {escape(move.opening)}</p>"
    if move and move.notes:
        yield f"<p><strong>Watch:</strong> {escape(move.notes)}</p>"
    lines = [
        (clock_text(plan, row.wall_at(t)), f"{calendar.at(t):%d %b %H:%M}", *_line(inject)) for t, inject in injects
    ]
    if lines:
        yield table(("Room", "Game", "Id", "To", "Title", "Notes"), lines, (8, 12, 16, 10, 24, 30))
    else:
        yield "<p>No inject has a date in this move.</p>"


def _line(inject: Inject) -> tuple[str, str, str, str]:
    to = "white cell" if inject.kind == "facilitation" else ", ".join(inject.audience) or "all"
    return inject.id, to, inject.title, inject.notes


def _span(plan: ExercisePlan, row: TimetableRow) -> str:
    return f"{clock_text(plan, row.wall_start)} to {clock_text(plan, row.wall_end)}"


def _game(calendar: RunCalendar, row: TimetableRow) -> str:
    if row.end == row.start:
        return ""
    first, last = ((t - calendar.startex) / DAY for t in (row.start, row.end))
    span = f"{calendar.at(row.start):%d %b %Y %H:%M} to {calendar.at(row.end):%d %b %Y %H:%M}"
    return f"{span}, D+{first:.3g} to D+{last:.3g}"


def _prose(text: str) -> str:
    """Paragraphs, which are separated by empty lines."""
    return "".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip())
