"""The printed documents of an exercise: all packs in one, those of some seats, or one document for each reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wargame.live.paper.page import document
from wargame.live.paper.seat_pages import seat_sections
from wargame.live.paper.white_cell import white_cell_sections
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

WRITTEN = Settings()
"""STARTEX and ENDEX as the scenario has them."""
WHITE_CELL = "white-cell"
"""Name of the document of the white cell."""


def paper(loaded: Loaded, seats: Sequence[str] = (), *, white_cell: bool = True, settings: Settings = WRITTEN) -> str:
    """One document: the pack of the white cell, then those of these seats, by default of all.

    `settings` may move STARTEX and ENDEX.
    """
    exercise = _at_startex(loaded, settings)
    sections = list(white_cell_sections(exercise)) if white_cell else []
    for seat in seats or list(loaded.scenario.governments):
        sections += seat_sections(exercise, seat)
    return document(f"{loaded.scenario.title}: on paper", sections)


def documents(loaded: Loaded, seats: Sequence[str] = (), settings: Settings = WRITTEN) -> Iterator[tuple[str, str]]:
    """One document for each of these seats, by default all, and one for the white cell: names and pages."""
    exercise, title = _at_startex(loaded, settings), loaded.scenario.title
    if not seats:
        yield WHITE_CELL, document(f"{title}: white cell", white_cell_sections(exercise))
    for seat in seats or list(loaded.scenario.governments):
        name = loaded.scenario.governments[seat].name
        yield seat, document(f"{title}: {name}", seat_sections(exercise, seat))


def _at_startex(loaded: Loaded, settings: Settings) -> Exercise:
    """An exercise with people in all seats, before its first event."""
    everyone = tuple((name, "human") for name in loaded.scenario.governments)
    exercise = Exercise(loaded, 1, replace(settings, seats=everyone))
    exercise.advance(exercise.calendar.startex)
    return exercise
