"""The people of an exercise: their numbers, the terminals that have joined, and who is meant by a number or a name.

Anyone who may open the run folder may join as any seat. Joining is not authenticated: the facilitator and the other
terminals of a seat are shown who joins and leaves, and the facilitator can close a terminal. Terminals and people in
browsers are numbered together, and no number is used twice. What a person may do belongs to the number, not to a name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from wargame.errors import UsageFault, shortened
from wargame.journal.command_log import CommandEntry
from wargame.journal.wording import count
from wargame.language.plain_text import clean, folded_name
from wargame.live.console.reply import Reply
from wargame.live.console.roles import EVALUATOR, SEAT
from wargame.sentence import Name, Sentence
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.exercise import Exercise
from wargame.tables import tables

Show = Callable[[Reply], None]
LONGEST_NAME = 60
"""Characters of a name."""
RESERVED = frozenset(tables("live/phrases.yaml")["reserved"])
"""Words of commands, and names under which others appear in the review."""
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Characters that count as printable and show nothing; beside them, U+FE00 to U+FE0F and U+E0100 to U+E01EF."""


class Participant(Protocol):
    """Somebody who has joined. `group` is the seat, or the role of those without one."""

    @property
    def number(self) -> int:
        """The number that the server gave."""

    @property
    def name(self) -> str:
        """The name under which the person has joined."""

    @property
    def group(self) -> str:
        """The seat or role."""


P = TypeVar("P", bound=Participant)


def chosen(text: str, present: Iterable[P]) -> list[P]:
    """Return the one with this number, else seat or role, else name; empty without any, UsageFault for several."""
    everyone, plain, key = list(present), text.strip().casefold().lstrip("p#"), folded_name(text)
    if plain.isdecimal():
        return [each for each in everyone if each.number == int(plain[:20])]
    if group := [each for each in everyone if each.group.casefold() == key]:
        return group
    named = [each for each in everyone if folded_name(each.name) == key]
    if len(named) > 1:
        raise UsageFault(f"several are called '{shortened(clean(text), 40)}': give one of the numbers {listed(named)}")
    return named


def listed(present: Iterable[Participant]) -> str:
    """Return numbers and names, as in `1 ARD, 2 Kim Lee`; empty for nobody."""
    return clean(shortened(", ".join(f"{each.number} {each.name}" for each in present), 200))


def last_number(log: Iterable[CommandEntry]) -> int:
    """Return the largest number of a person in a command log; 0 if it has none."""
    ids = (str(each) for line in log for each in (line.by, line.data.get("person", "")))
    return max((int(each[1:]) for each in ids if each[:1] == "p" and each[1:].isdecimal()), default=0)


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
        """Return the governments observed now; all of them with the view of the white cell."""
        if self.sees_all:
            return list(exercise.governments)
        return list(self.seats) or exercise.commands.seats.human


@dataclass(frozen=True, slots=True, eq=False)
class Terminal:
    """A terminal that has joined. `close` closes it from this side; `since` is the time of day at which it joined."""

    number: int
    role: str
    seat: str
    show: Show
    close: Callable[[], None]
    since: str
    evaluator: Evaluator | None = None

    @property
    def name(self) -> str:
        """The name of the evaluator, else the seat or role."""
        return self.evaluator.name if self.evaluator is not None else self.group

    @property
    def group(self) -> str:
        """Its seat, or its role."""
        return self.seat if self.role == SEAT else self.role

    @property
    def details(self) -> str:
        """The observation of an evaluator; empty for others."""
        if self.evaluator is None:
            return ""
        seats = ", ".join(self.evaluator.seats) or "all human seats"
        return f", evaluator of {'everything' if self.evaluator.sees_all else seats}"


class Participants:
    """Those who have joined; `notify` shows facilitators a line. `last_number` is the largest number given so far."""

    def __init__(self, notify: Callable[[Reply], None], last_number: int) -> None:
        self._notify = notify
        self.last_number = last_number
        self.joined: list[Terminal] = []
        self.in_browsers: list[Terminal] = []
        """The people in browsers who have been admitted; they come and go without an announcement here."""
        self.people: Callable[[], Iterable[Participant]] = tuple
        """All people in browsers, those in the lobby included."""
        self.on_grant: Callable[[int, bool], None] = lambda _, __: None
        """Called before an evaluator may see everything, or no longer."""

    def next_number(self) -> int:
        """Return a number that nobody has had."""
        self.last_number += 1
        return self.last_number

    def join(self, terminal: Terminal) -> None:
        """Add a terminal and announce it."""
        others = self.sharing(terminal) if terminal.role == SEAT else []
        self.joined.append(terminal)
        shared = f", shared with {count(len(others), 'other')}" if others else ""
        who = f"{terminal.name} has joined{terminal.details}, terminal {terminal.number}{shared}"
        self._notify(Reply([Sentence(Name("+ "), who)], "person"))
        for other in others:
            other.show(Reply([f"! Another terminal has joined the seat of {terminal.name}; you now share it."]))

    def leave(self, terminal: Terminal) -> None:
        """Remove a terminal and announce it."""
        self.joined.remove(terminal)
        self._notify(Reply([Sentence(Name("- "), f"{terminal.name} has left, terminal {terminal.number}")], "person"))
        for other in self.sharing(terminal) if terminal.role == SEAT else ():
            other.show(Reply([f"Another terminal has left the seat of {terminal.name}."]))

    def sharing(self, terminal: Terminal) -> list[Terminal]:
        """Return the other terminals of the same seat or role."""
        return [each for each in self.joined if each.name == terminal.name and each is not terminal]

    def grant(self, text: str, *, everything: bool) -> Terminal:
        """Let one evaluator see what the white cell sees, or only what the seats observed see."""
        found = [each for each in chosen(text, (*self.joined, *self.in_browsers)) if each.evaluator is not None]
        if len(found) != 1 or found[0].evaluator is None:
            evaluators = [each for each in (*self.joined, *self.in_browsers) if each.role == EVALUATOR]
            here = listed(evaluators) or "none has joined"
            raise UsageFault(f"'{shortened(clean(text), 40)}' is not the number of an evaluator ({here})")
        terminal, evaluator = found[0], found[0].evaluator
        self.on_grant(terminal.number, everything)
        evaluator.sees_all = everything
        seats = ", ".join(evaluator.seats) or "all that people hold"
        view = "the white cell sees" if everything else f"these seats see: {seats}"
        terminal.show(Reply([f"The facilitator lets you see what {view}."]))
        return terminal

    def names(self) -> dict[int, str]:
        """Return the names of the people who have joined, by number."""
        evaluators = (each for each in self.joined if each.evaluator is not None)
        return {each.number: each.name for each in (*self.people(), *evaluators)}

    def seats(self) -> set[str]:
        """Return the seats that have a terminal."""
        return {each.name for each in (*self.joined, *self.in_browsers) if each.role == SEAT}

    def terminals(self, text: str) -> list[Terminal]:
        """Return the terminals with this number, name, seat or role; UsageFault if there are none."""
        if found := chosen(text, self.joined):
            return found
        here = listed(self.joined) or "nobody has joined"
        raise UsageFault(f"there is no terminal '{shortened(clean(text), 40)}' ({here})")


def new_evaluator(exercise: Exercise, name: str, seats: Iterable[str], present: Mapping[int, str]) -> Evaluator:
    """Return the evaluator of these seats; UsageFault for a wrong name or seat. `present` has the names by number."""
    plain = person_name(name, present, exercise.governments)
    codes = {code.casefold(): code for code in exercise.governments}
    named = [codes.get(seat.strip().casefold(), seat.strip()) for seat in seats if seat.strip()]
    observed = dict.fromkeys(valid_name("government", seat, exercise.governments) for seat in named)
    return Evaluator(plain, tuple(observed))


def person_name(text: str, present: Mapping[int, str], governments: Collection[str]) -> str:
    """Return the name in one line; UsageFault if it is empty, too long, invisible, a number, a command, or taken.

    `present` has the names of those who have joined, by number.
    """
    plain, key = " ".join(text.split()), folded_name(text)
    said = f"'{shortened(clean(plain), 40)}'"
    if not plain or len(plain) > LONGEST_NAME:
        raise UsageFault(f"a name has 1 to {LONGEST_NAME} characters")
    if hidden := next((each for each in plain if _is_hidden(each)), ""):
        raise UsageFault(f"the name has a character that cannot be seen, U+{ord(hidden):04X}: type it without")
    if all(each.isnumeric() for each in key.lstrip("p# ").replace(" ", "") or "x"):
        raise UsageFault(f"{said} is a number, and not the name of a person: numbers are given by the server")
    if key in RESERVED or key in {each.casefold() for each in governments}:
        raise UsageFault(f"{said} is not the name of a person: it means a seat, a role or all (write your own name)")
    number = next((number for number, name in present.items() if folded_name(name) == key), None)
    if number is not None:
        remedy = "add something to your name, or ask the facilitator to remove that number if it is you"
        raise UsageFault(f"{said} has joined already, as number {number}: {remedy}")
    return plain


def _is_hidden(character: str) -> bool:
    code = ord(character)
    variation = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return character in BLANK or variation or not character.isprintable()
