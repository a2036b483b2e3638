"""The state of one console: whose it is, and what its prompt and its first and last lines say."""

from typing import Any, Protocol

from wargame.dataclasses import dataclass
from wargame.journal.wording import Titles
from wargame.language.plain_text import clean
from wargame.live.console import consent
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.participants import Evaluator, Participants
from wargame.live.console.reply import Reply
from wargame.live.console.roles import FACILITATOR, SCRIBE, SEAT, WHITE_CELL
from wargame.live.session.session import Session
from wargame.live.session.wall_clock import WallClock
from wargame.seat.feed import reader_of
from wargame.seat.role import role_lines, role_sheet
from wargame.sentence import BANNER
from wargame.simulation.control.correspondence import WHITE_CELL as WHITE_CELL_NAME
from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line of the hot wash: its date, its record and its text; whether it is among those to discuss first."""

    at: str
    seq: int
    text: str
    first: bool = True

    @property
    def typed(self) -> str:
        """The line on a terminal."""
        return f"{self.at}  #{self.seq:<5} {self.text}"


class ExerciseReview(Protocol):
    """The review of an exercise that is still open."""

    def turning_points(self) -> list[ReviewLine]:
        """Return the turning points so far."""

    def players(self) -> list[ReviewLine]:
        """Return what people ordered, answered, wrote and voted, in order of time."""

    def findings(self) -> Any:
        """Return the findings of the present state."""

    def document(self, form: str, seat: str = "") -> bytes:
        """Return the review as a document of a format, or the page for one seat; UsageFault if it cannot be made."""

    def write(self) -> list[str]:
        """Write the report of the exercise into its folder; returns the lines that say where, or why it could not."""


class BrowserAccess(Protocol):
    """The desk of an exercise that is served: codes and people in browsers."""

    def answer(self, console: "Console", line: ParsedLine) -> Reply:
        """Carry out a command about browsers; UsageFault if it is invalid."""

    def kick(self, named: str) -> Reply:
        """Remove people for good; no lines if nobody has this number, name, seat or role."""

    def name_of(self, by: str) -> str:
        """Return the name of the person who is `by` in the command log; empty if the person has been removed."""

    def notify(self, by: str, shown: Reply) -> None:
        """Show lines on the pages of the person who is `by` in the command log."""


class Console:
    """The state of one console on a session. `dispatch.run` runs a line on it.

    `seat` is the government whose view it shows; empty for a console that is not a seat. `evaluator` is who sits at the
    console of an evaluator. `review` is the review of the exercise; None if the program has none.
    """

    def __init__(
        self,
        session: Session,
        wall: WallClock | None = None,
        *,
        role: str = FACILITATOR,
        seat: str = "",
        evaluator: Evaluator | None = None,
        review: ExerciseReview | None = None,
    ) -> None:
        self.session = session
        self.wall = wall or WallClock(session)
        self.role, self.seat, self.evaluator = role, seat, evaluator
        self.review = review
        self.over = False
        self.asks = False
        """Whether a person reads each answer before the next command, and can be asked whether a command is meant."""
        self.part: int | None = None
        """The seconds of game time that one step of a move of the clock takes; None for all of it in one step."""
        self.requested: list[tuple[str, ...]] = []
        """Questions to the look-ahead, and waits, which the owner of this console carries out."""
        self.opening: list[str] = []
        """Answers to the options of the command line, which the greeting ends with."""
        self.sitting = False
        """Whether a seat sits at the facilitator's terminal."""
        self.participants: Participants | None = None
        """The terminals that have joined; None if none can join."""
        self.access: BrowserAccess | None = None
        """Codes and people in browsers; None if the exercise is not served."""

    @property
    def exercise(self) -> Exercise:
        """The present state of the exercise."""
        return self.session.exercise

    @property
    def is_seat(self) -> bool:
        """Whether this console shows the view of one government."""
        return self.role == SEAT

    @property
    def sees_all(self) -> bool:
        """Whether this console shows what the white cell sees."""
        return self.role in WHITE_CELL or (self.evaluator is not None and self.evaluator.sees_all)

    @property
    def roles(self) -> frozenset[str]:
        """Its role, and that of the scribe for an evaluator who may see what the white cell sees."""
        return frozenset({self.role, SCRIBE} if self.sees_all and self.evaluator is not None else {self.role})

    @property
    def observed(self) -> list[str]:
        """The governments whose view it may show: all for the white cell, those observed for an evaluator."""
        exercise = self.exercise
        if self.evaluator is not None:
            return self.evaluator.observed(exercise)
        return list(exercise.governments) if self.sees_all else [self.seat] if self.is_seat else []

    @property
    def sender(self) -> dict[str, str]:
        """The seat that gives a command, as data of the command; empty for the facilitator."""
        return {"who": self.seat} if self.is_seat else {}

    def in_name_of(self, sender: str) -> dict[str, str]:
        """Return the data of a command of the white cell in the name of a government."""
        return {} if self.is_seat or sender == WHITE_CELL_NAME else {"by": WHITE_CELL_NAME}

    def prompt(self) -> str:
        """Return the prompt: role or seat, and game time."""
        who = self.seat if self.is_seat else {FACILITATOR: "EXCON"}.get(self.role, self.role)
        return f"{who} {self.exercise.calendar.minute(self.session.clock)}> "

    def greeting(self) -> list[str]:
        """Return the first lines of a console, for a seat at STARTEX with its role sheet."""
        from wargame.journal.template_cache import text_lines

        exercise, programs = self.exercise, self.wall.programs.seats if self.wall.programs is not None else {}
        human = [name for name in exercise.commands.seats.human if name not in programs]
        shown = {"banner": BANNER, "human": human, "consent_lines": consent.consent_lines}
        return [
            *text_lines("wargame.live", "greeting.txt.j2", console=self, session=self.session, **shown),
            *self.opening,
        ]

    @property
    def at_startex(self) -> bool:
        """Whether the exercise has not gone on from STARTEX yet: a seat that arrives now receives its role sheet."""
        return self.exercise.now <= self.exercise.calendar.startex

    def role_lines(self, government: str = "") -> list[str]:
        """Return the role sheet of a government, by default of this seat."""
        exercise = self.exercise
        return role_lines(role_sheet(exercise, government or self.seat, self.session.records), exercise.calendar.at)

    def leaving(self) -> list[str]:
        """Return the last lines of a console: how to continue."""
        if self.role not in (FACILITATOR, SEAT) or (self.is_seat and not self.sitting):
            return ["You have left; the exercise continues."]
        name = self.session.typed()
        if self.exercise.done:
            return [
                f"The exercise has ended and is kept. wargame show {name} sums it up, wargame report {name} reviews it."
            ]
        return [f"The exercise is kept as it is. To continue it: wargame resume {name}"]

    @property
    def titles(self) -> Titles:
        """The names of governments and the titles of what the scenario declares, for sentences."""
        return reader_of(self.exercise, self.seat).titles

    def name(self, *governments: str) -> str:
        """Return governments by name, within a sentence."""
        return clean(self.titles.listed(governments))
