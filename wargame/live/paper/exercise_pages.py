"""The pages of an exercise file: the read-ahead of a seat, and the checklist and running order of the white cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from wargame.language.times import DAY, format_duration
from wargame.live.paper.page import Section, table
from wargame.live.timetable import BREAK, MOVE, TimetableRow, clock_text, timetable
from wargame.scenario.model import ExercisePlan, Inject, SeatPlan
from wargame.simulation.exercise import Exercise
from wargame.world.calendar import RunCalendar

WHITE_CELL = "White cell"
BOX = "&#9744;"


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
    yield Section(WHITE_CELL, "Checklist", "".join(_checklist(exercise, plan, call)))
    yield Section(WHITE_CELL, "Running order", "".join(_running_order(exercise, plan)))


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
    yield "Open the terminals of the seats: " + ", ".join(
        f"<code>wargame join last --seat {escape(seat)}</code>" for seat, _ in _people(plan)
    )
    for evaluator in plan.evaluators:
        seats = f" --seats {','.join(evaluator.seats)}" if evaluator.seats else ""
        name = f"&quot;{escape(evaluator.name)}&quot;"
        yield f"For an evaluator: <code>wargame join last --evaluator {name}{escape(seats)}</code>"
    yield "Open the screen of the room: <code>wargame join last --screen</code>."
    forms = max(1, len(plan.moves))
    yield f"At each seat: role sheet, options, {forms} order form{'s' if forms > 1 else ''}."
    yield "Say how NO PLAY is called, and that it stops everything."


DURING = (
    "Read the opening of the move aloud, then type <code>resume</code>.",
    "Answer what waits: <code>queue</code>. Nobody waits for a ruling longer than two minutes.",
    "Compare the clock of the room with the running order; <code>pace</code> changes the pace.",
    "At the end of the move the clock stops: ask each seat what it is waiting for, then go on.",
)


def _after(exercise: Exercise, plan: ExercisePlan) -> Iterator[str]:
    yield "<code>endex</code> writes the review; <code>hotwash</code> shows the questions and the turning points."
    for name, objective in exercise.context.scenario.objectives.items():
        planned = plan.objectives.get(name)
        measures = "; ".join(each.title for each in planned.measures) if planned else ""
        yield (
            f"Rate: {escape(objective.title)} (<code>rate {escape(name)} P|S|M|U &quot;why&quot;</code>)"
            + (f". Measures: {escape(measures)}" if measures else "")
            + "."
        )
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
    dated = sorted(
        (calendar.seconds(inject.at), inject.id, inject) for inject in exercise.loaded.injects if inject.at is not None
    )
    for row in rows:
        if row.kind == MOVE:
            inside = [(t, inject) for t, _, inject in dated if row.start <= t < row.end]
            yield from _move(plan, calendar, row, inside)
        elif row.kind == BREAK:
            yield f"<h2>{escape(f'{_span(plan, row)}  {row.title}')}</h2>"
    others = [inject for inject in exercise.loaded.injects if inject.at is None and inject.enabled]
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
