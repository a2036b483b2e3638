"""The standing procedures of a government: what they respond to, what they do, and what is put to its seat now."""

from wargame.dataclasses import dataclass, replace
from wargame.seat.feed import reader_of
from wargame.simulation.control.correspondence import InformationRequest
from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class ProcedureNote:
    """A standing procedure; `after` is in seconds, `mode` (`act`, `propose`, `off`) that of whoever plays now."""

    procedure: str
    title: str
    action: str
    after: int
    mode: str


@dataclass(frozen=True, slots=True)
class ProposedProcedure:
    """A response that is put to the person in a seat.

    It is carried out at second `until` if it was accepted, or with the mode `act` if it was not refused. `answer` is
    `accept`, `refuse` or empty.
    """

    number: int
    procedure: str
    title: str
    action: str
    until: int
    mode: str
    answer: str
    is_standing: bool = True
    """Whether it is a procedure of the government, and not an action of the script or of chance."""


def standing_procedures(exercise: Exercise, seat: str) -> tuple[ProcedureNote, ...]:
    """Return the standing procedures of a government, by id."""
    titles, specs = reader_of(exercise, seat).titles, exercise.context.scenario.procedures
    found = []
    for name in exercise.procedures.of(seat):
        spec, mode = specs[name], exercise.procedures.mode_with(exercise.commands.seats.of(seat), name)
        action = titles.ordered(spec.does, None if spec.to == "actor" else spec.to)
        found.append(ProcedureNote(name, spec.title, action, spec.after, mode))
    return tuple(found)


def unanswered(exercise: Exercise, seat: str) -> list[int]:
    """Return the numbers of the responses that are put to a seat and that it has not answered."""
    return [each.number for each in exercise.procedures.open_to(seat) if not each.answer]


def proposed_procedures(exercise: Exercise, seat: str) -> tuple[ProposedProcedure, ...]:
    """Return the responses that are put to a seat and not carried out yet, oldest first."""
    titles = reader_of(exercise, seat).titles
    return tuple(
        ProposedProcedure(
            each.number,
            each.procedure,
            each.title,
            titles.order(each),
            each.until,
            each.mode,
            each.answer,
            each.spec is not None,
        )
        for each in exercise.procedures.open_to(seat)
    )


def information_requests(exercise: Exercise, seat: str) -> tuple[InformationRequest, ...]:
    """Return the requests of a seat as they are now, oldest first."""
    return tuple(replace(each) for each in exercise.commands.correspondence.information_requests.get(seat, []))
