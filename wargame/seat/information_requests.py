"""The requests for information that a seat has sent to the white cell, with status and reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.simulation.control.correspondence import IN_WORK, OPEN

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class InformationRequestNote:
    """A request for information. `status` is `open`, `in_work`, `answered` or `declined`; `since` is in seconds."""

    number: int
    text: str
    since: int
    status: str
    reply: str

    @property
    def waits(self) -> bool:
        """Whether it still waits for its answer."""
        return self.status in (OPEN, IN_WORK)


def information_requests(exercise: Exercise, seat: str) -> tuple[InformationRequestNote, ...]:
    """Return the requests of a seat, oldest first."""
    requests = exercise.commands.correspondence.information_requests.get(seat, [])
    return tuple(InformationRequestNote(r.number, r.text, r.since, r.status, r.reply) for r in requests)
