"""The printed documents of an exercise: all packs in one, those of some seats, or one document for each reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wargame.live.paper.exercise_pages import read_ahead, white_cell_pages
from wargame.live.paper.page import Section, document
from wargame.live.paper.seat_pages import seat_sections
from wargame.live.paper.white_cell import white_cell_sections
from wargame.scenario.loading.load import Loaded
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
