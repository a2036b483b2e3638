"""Evaluators: people who observe seats, write notes and judge, each under their own name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.errors import UsageFault, shortened
from wargame.simulation.control.lookup import valid_name

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise

LONGEST_NAME = 60
"""Characters of the name of an evaluator."""
RESERVED = ("facilitator", "the facilitator", "scribe", "the scribe", "evaluator", "screen", "excon", "white cell")
"""Names under which others appear in the review."""


@dataclass(slots=True)
class Evaluator:
    """An evaluator at a terminal.

    `seats` are the governments observed; if it is empty, all seats that people hold at the moment. `sees_all` is
    whether the facilitator lets the evaluator see what the white cell sees.
    """

    name: str
    seats: tuple[str, ...] = ()
    sees_all: bool = False

    def observed(self, exercise: Exercise) -> list[str]:
        """The governments observed now; all of them with the view of the white cell."""
        if self.sees_all:
            return list(exercise.governments)
        return list(self.seats) or [
            name for name in exercise.governments if exercise.commands.seats.of(name) == "human"
        ]


def new_evaluator(exercise: Exercise, name: str, seats: Iterable[str]) -> Evaluator:
    """The evaluator with this name who observes these seats; UsageFault for a wrong name or seat."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise UsageFault(f'the name of an evaluator has 1 to {LONGEST_NAME} characters: --evaluator "A. Name"')
    if plain.casefold() in RESERVED or plain.isdecimal() or plain.upper() in exercise.governments:
        raise UsageFault(f"'{shortened(plain, 40)}' is not the name of a person: --evaluator \"A. Name\"")
    codes = {code.casefold(): code for code in exercise.governments}
    named = [codes.get(seat.strip().casefold(), seat.strip()) for seat in seats if seat.strip()]
    return Evaluator(
        plain, tuple(dict.fromkeys(valid_name("government", seat, exercise.governments) for seat in named))
    )
