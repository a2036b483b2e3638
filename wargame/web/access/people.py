"""The people of an exercise: they join with a code, wait in the lobby, are admitted and may be removed."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wargame.errors import UsageFault
from wargame.live.console.participants import Participants, person_name
from wargame.simulation.control.lookup import valid_name
from wargame.web.access import FACILITATOR, SEAT, access_file

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U."""
BITS = 40
ONE_TIME_BITS = 80
"""Bits of the code in the facilitator's address, which is not typed by hand."""
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_code(bits: int = BITS) -> str:
    """Return a random code in groups of four: `K7QF-2MXA`."""
    number = secrets.randbits(bits)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(0, bits, 5))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def plain_code(text: str) -> str:
    """Return a code as it is compared: in capitals, without spaces and dashes, O read as 0, I and L as 1."""
    return "".join(text.split()).upper().translate(_ALIKE)


def same_code(typed: str, code: str) -> bool:
    """Return whether the typed text is this code; takes the same time wherever they differ."""
    return secrets.compare_digest(plain_code(typed).encode(), plain_code(code).encode())


def digest(token: str) -> str:
    """Return the SHA-256 of a token, which is stored in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


MOST_WAITING = 100
"""People in the lobby at the same time."""
WAITING_OF_ONE = 20
"""Of these, people from one address with the same code."""
MOST_PEOPLE = 500
"""People at the same time, with those in the lobby."""


class WrongCode(UsageFault):
    """No role has this code."""


class Locked(UsageFault):
    """New people are refused."""


@dataclass(slots=True, eq=False)
class Person:
    """A person, or a program. `id` is `p` and the number, as the command log has it.

    `address` is that from which a person in the lobby has joined; it is not kept on the disk. `sees_all` is whether the
    facilitator lets an evaluator see what the white cell sees.
    """

    number: int
    name: str
    role: str
    seat: str
    token: str
    admitted: bool
    program: bool
    address: str = ""
    sees_all: bool = False

    @property
    def id(self) -> str:
        """How the command log names the person."""
        return f"p{self.number}"

    @property
    def group(self) -> str:
        """The seat, or the role of those without one."""
        return self.seat if self.role == SEAT else self.role


class People:
    """Codes and people of one exercise, in `access.jsonl`. `participants` gives the numbers."""

    def __init__(self, file: access_file.AccessFile, participants: Participants, governments: Collection[str]) -> None:
        self._file, self._participants, self._governments = file, participants, governments
        self.codes: dict[tuple[str, str], str] = {}
        """The code of each role, and of each seat."""
        self.people: dict[int, Person] = {}
        participants.people, participants.on_grant = self.people.values, self._grant
        self._by_token: dict[str, Person] = {}
        self.locked = False
        self._revealed: int | None = None
        """The last change of the past when the views of all seats were opened; None if they are closed."""
        for number, line in enumerate(file.lines, start=1):
            try:
                self._apply(line)
            except (KeyError, UsageFault) as error:
                raise file.damaged(
                    number, f"names what the exercise and the lines before do not have: {error}"
                ) from None

    def _apply(self, line: access_file.AnyLine) -> None:
        if isinstance(line, access_file.CodeLine | access_file.PersonLine):
            for seat in filter(None, line.seat.split(",")):
                valid_name("government", seat, self._governments)
        match line:
            case access_file.CodeLine():
                self.codes[line.role, line.seat] = line.code
            case access_file.PersonLine():
                person = Person(line.number, line.name, line.role, line.seat, line.token, line.admitted, line.program)
                self.people[line.number] = self._by_token[line.token] = person
                self._participants.last_number = max(self._participants.last_number, line.number)
                if line.role == FACILITATOR:  # its code is for one person
                    self.codes.pop((FACILITATOR, ""), None)
            case access_file.AdmitLine():
                self.people[line.number].admitted = True
            case access_file.RemoveLine():
                del self._by_token[self.people.pop(line.number).token]
            case access_file.EndLine():
                self.people.clear()
                self._by_token.clear()
            case access_file.LockLine():
                self.locked = line.on
            case access_file.GrantLine():
                self.people[line.number].sees_all = line.everything
            case access_file.RevealLine():
                self._revealed = line.turn if line.on else None

    def _keep(self, *lines: access_file.AnyLine) -> None:
        self._file.append(*lines)
        for line in lines:
            self._apply(line)

    def code(self, role: str, seat: str = "", *, new: bool = False) -> str:
        """Return the code of a role or seat; a new one makes the previous one invalid. People who have joined stay."""
        if new or (role, seat) not in self.codes:
            self._keep(access_file.CodeLine(role, seat, new_code(ONE_TIME_BITS if role == FACILITATOR else 40)))
        return self.codes[role, seat]

    def of_code(self, typed: str) -> tuple[str, str]:
        """Return the role and seat of a code; compares with all codes. WrongCode if there is none."""
        matches = [of for of, code in self.codes.items() if same_code(typed, code)]
        if not matches:
            raise WrongCode("this code is not valid (ask the facilitator for yours)")
        return matches[0]

    def join(self, typed: str, name: str, *, program: bool, lobby: bool, address: str = "") -> tuple[Person, str]:
        """Add the person who has this code; returns the token of the session, which is not kept."""
        role, seat = self.of_code(typed)
        if self.locked and role != FACILITATOR:
            raise Locked("the facilitator is not admitting new people at the moment")
        if lobby and len(self.waiting()) >= MOST_WAITING and role != FACILITATOR:
            raise Locked("the lobby is full: ask the facilitator to admit the people in it")
        plain, waiting = person_name(name, self._participants.names(), self._governments), self.waiting()
        mine = sum((each.address, each.role, each.seat) == (address, role, seat) for each in waiting)
        if lobby and mine >= WAITING_OF_ONE and address and role != FACILITATOR:
            raise Locked(
                f"{mine} people with this code wait already: ask the facilitator to admit them, then try again"
            )
        person, token = self.add(role, seat, plain, program=program, admitted=not lobby or role == FACILITATOR)
        person.address = address
        return person, token

    def add(self, role: str, seat: str, name: str, *, program: bool, admitted: bool) -> tuple[Person, str]:
        """Add a person without a code."""
        if len(self.people) >= MOST_PEOPLE and role != FACILITATOR:
            raise Locked(f"{MOST_PEOPLE} people have already joined (the facilitator can remove some)")
        token, number = secrets.token_urlsafe(32), self._participants.next_number()
        self._keep(access_file.PersonLine(number, name, role, digest(token), seat, admitted, program))
        return self.people[number], token

    def of_token(self, token: str) -> Person | None:
        """Return the person of a session."""
        return self._by_token.get(digest(token)) if token else None

    def waiting(self) -> list[Person]:
        """Return those in the lobby."""
        return [each for each in self.people.values() if not each.admitted]

    def admit(self, people: Iterable[Person]) -> None:
        """Let people in."""
        if waiting := [access_file.AdmitLine(each.number) for each in people if not each.admitted]:
            self._keep(*waiting)

    def remove(self, people: Iterable[Person]) -> None:
        """End the sessions of people for good."""
        self._keep(*(access_file.RemoveLine(each.number) for each in people))

    def _grant(self, number: int, everything: bool) -> None:
        if number in self.people:
            self._keep(access_file.GrantLine(number, everything))

    def end(self) -> None:
        """End all sessions, after the exercise has ended: cookies and tokens are no longer valid."""
        if self.people:
            self._keep(access_file.EndLine())

    def lock(self, *, on: bool) -> None:
        """Refuse new people, or accept them again."""
        if on != self.locked:
            self._keep(access_file.LockLine(on))

    def reveal(self, turn: int, *, on: bool) -> None:
        """Open the views of all seats to everyone, or close them again. `turn` is the last change of the past."""
        if on != self.revealed(turn):
            self._keep(access_file.RevealLine(on, turn))

    def revealed(self, turn: int) -> bool:
        """Return whether the views of all seats were opened after this change of the past, which is the last one."""
        return self._revealed == turn
