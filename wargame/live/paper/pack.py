"""The printed documents of an exercise: all packs in one, those of some seats, or one document for each reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wargame.live.paper.page import Section, document
from wargame.live.paper.seat_pages import seat_sections
from wargame.live.paper.white_cell import white_cell_sections
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

WHITE_CELL = "white-cell"
"""Name of the document of the white cell."""


def paper(loaded: Loaded, seats: Sequence[str] = (), *, white_cell: bool = True) -> str:
    """One document: the pack of the white cell, then those of these seats, by default of all."""
    sections = list(white_cell_sections(loaded)) if white_cell else []
    sections += _packs(loaded, seats or list(loaded.scenario.governments))
    return document(f"{loaded.scenario.title}: on paper", sections)


def documents(loaded: Loaded, seats: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """One document for each of these seats, by default all, and one for the white cell: names and pages."""
    title = loaded.scenario.title
    if not seats:
        yield WHITE_CELL, document(f"{title}: white cell", white_cell_sections(loaded))
    for seat in seats or list(loaded.scenario.governments):
        yield seat, document(f"{title}: {loaded.scenario.governments[seat].name}", _packs(loaded, [seat]))


def _packs(loaded: Loaded, seats: Sequence[str]) -> Iterator[Section]:
    everyone = tuple((name, "human") for name in loaded.scenario.governments)
    exercise = Exercise(loaded, 1, Settings(seats=everyone))
    exercise.advance(exercise.calendar.startex)
    for seat in seats:
        yield from seat_sections(exercise, seat)
