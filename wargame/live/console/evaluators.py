"""Evaluators: people who observe seats, write notes and judge, each under their own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.live.console.person_names import person_name
from wargame.simulation.control.lookup import valid_name

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise


@dataclass(slots=True)
class Evaluator:
    """An evaluator at a terminal.

    `seats` are the governments observed; if it is empty, all seats that people hold at the moment. `sees_all` is
    whether the facilitator lets the evaluator see what the white cell sees. Rights and what is signed belong to the
    `number`.
    """

    name: str
    seats: tuple[str, ...] = ()
    sees_all: bool = False
    number: int = 0

    @property
    def id(self) -> str:
        """The person in the data of commands."""
        return f"p{self.number}"

    def observed(self, exercise: Exercise) -> list[str]:
        """The governments observed now; all of them with the view of the white cell."""
        if self.sees_all:
            return list(exercise.governments)
        return list(self.seats) or [
            name for name in exercise.governments if exercise.commands.seats.of(name) == "human"
        ]


def new_evaluator(exercise: Exercise, name: str, seats: Iterable[str], present: Mapping[int, str]) -> Evaluator:
    """The evaluator with this name who observes these seats; UsageFault for a wrong name or seat.

    `present` has the names of those who have joined, by number.
    """
    plain = person_name(name, present, exercise.governments)
    codes = {code.casefold(): code for code in exercise.governments}
    named = [codes.get(seat.strip().casefold(), seat.strip()) for seat in seats if seat.strip()]
    return Evaluator(
        plain, tuple(dict.fromkeys(valid_name("government", seat, exercise.governments) for seat in named))
    )
