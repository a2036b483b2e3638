"""The standing procedures of a government, and its requests for information."""

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


def standing_procedures(exercise: Exercise, seat: str) -> tuple[ProcedureNote, ...]:
    """Return the standing procedures of a government, by id."""
    titles, specs = reader_of(exercise, seat).titles, exercise.context.scenario.procedures
    found = []
    for name in exercise.procedures.of(seat):
        spec, mode = specs[name], exercise.procedures.mode_with(exercise.commands.seats.of(seat), name)
        action = titles.ordered(spec.does, None if spec.to == "actor" else spec.to)
        found.append(ProcedureNote(name, spec.title, action, spec.after, mode))
    return tuple(found)


def information_requests(exercise: Exercise, seat: str) -> tuple[InformationRequest, ...]:
    """Return the requests of a seat as they are now, oldest first."""
    return tuple(replace(each) for each in exercise.commands.correspondence.information_requests.get(seat, []))
