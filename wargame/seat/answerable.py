"""What an order of a seat may answer: decisions that are due, demands of others, and messages of the script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.errors import UsageFault, shortened
from wargame.language.plain_text import clean
from wargame.seat.feed import letters, reader_of

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise

NOTHING = "none"
"""What a person types for an order on the own initiative of the seat."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """Something that an order may answer: how a person names it, its record, and what it is in words."""

    name: str
    seq: int
    text: str


def answerable(exercise: Exercise, seat: str) -> tuple[Answerable, ...]:
    """What an order of this government may answer now: due decisions, open demands, its messages, newest first."""
    titles, lines = reader_of(exercise, seat).titles, exercise.injector.lines
    dues = [each for each in exercise.commands.seats.dues.values() if each.government == seat]
    sent = [(each, lines[each.inject].spec) for each in reversed(letters(exercise, seat)) if each.inject in lines]
    return (
        *(Answerable(each.dossier, each.seq, f"the decision due on {titles.dossier(each.dossier)}") for each in dues),
        *(
            Answerable(each.sender, each.cause, f"the demand of {titles.government(each.sender)}")
            for each in exercise.demands.put_to(seat)
        ),
        *(Answerable(str(each.number), each.seq, f"message {each.number}: {i.subject or i.title}") for each, i in sent),
    )


def answered(exercise: Exercise, seat: str, option: str, named: str) -> int | None:
    """The record that an order answers; without a name the decision that is due on its dossier, if it is a recent one.

    None if it answers nothing. Raises UsageFault if there is nothing of this name.
    """
    if named.lower() == NOTHING:
        return None
    if not named:
        due = exercise.commands.seats.due_on(seat, option)
        return due.seq if due else None
    found = answerable(exercise, seat)
    for each in found:
        if each.name.lower() == named.lstrip("#").lower():
            return each.seq
    names = ", ".join(each.name for each in found) or "there is nothing"
    raise UsageFault(f"--re {shortened(clean(named))}: nothing of this name can be answered ({names}; or {NOTHING})")
