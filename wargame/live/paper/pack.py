"""The printed documents of an exercise: all packs in one, those of some seats, or one document for each reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from wargame.journal.records import Stamps
from wargame.language.times import format_duration
from wargame.live.paper.exercise_pages import read_ahead, white_cell_pages
from wargame.live.paper.page import Section, document, empty_table, fill, grid
from wargame.live.paper.white_cell import white_cell_sections
from wargame.scenario.loading.load import Loaded
from wargame.seat.options import DossierOptions, seat_options
from wargame.seat.role import role_sheet
from wargame.seat.role_text import role_sections
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

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
