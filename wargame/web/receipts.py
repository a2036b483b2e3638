"""Receipts of messages of the script: received, opened, acknowledged, answered, person by person, with the times.

That a page has received a message, and that a person has opened it, is known to this server alone and kept in the
access file. Acknowledgements and answers are commands, and bear the person who gave them.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress

from wargame.dataclasses import dataclass
from wargame.executor.replay import TIME_TRAVEL
from wargame.journal.command_log import NotKept
from wargame.journal.manifest import now
from wargame.live.console.msel_view import human_recipients
from wargame.live.session.session import Session
from wargame.seat.feed import Letter, letters
from wargame.simulation.control.lookup import valid_name
from wargame.web.access import SEAT
from wargame.web.access.access_file import AccessFile, MarkLine
from wargame.web.access.people import People, Person

DELIVERED, OPENED = "delivered", "opened"
Key = tuple[int, str, int, int]
"""A person, an inject, the number of its release and its second."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One person and one message: wall times in ISO form, empty for what has not happened.

    A seat acknowledges a message once, whoever does it; it answers questions once, or each person does.
    """

    person: Person
    delivered: str
    opened: str
    acknowledged: str
    answered: str
    asks: bool
    """Whether the message has questions."""

    @property
    def done(self) -> bool:
        """Whether the person has done with it what it asks for."""
        return bool(self.opened and (self.answered if self.asks else self.acknowledged))


class Receipts:
    """The messages that the people of a room have received and opened."""

    def __init__(self, file: AccessFile, session: Session, people: People) -> None:
        self._file, self._session, self._people = file, session, people
        self._marks: dict[Key, dict[str, MarkLine]] = {}
        self._seen: dict[int, int] = {}
        """How many records there were when a person's page last received everything."""
        for line in file.lines:
            if isinstance(line, MarkLine):
                key = line.number, line.inject, line.release, line.t
                self._marks.setdefault(key, {})[line.how] = line
                if line.number in people.people and OPENED in self._valid(key):
                    session.read.setdefault(people.people[line.number].seat, set()).add((line.inject, line.release))

    def received(self, person: Person) -> None:
        """Record that a page of a person in a seat has everything so far."""
        count = len(self._session.records)
        if self._seen.get(person.number) != count:
            self._seen[person.number] = count
            self._mark(person, DELIVERED, letters(self._session.exercise, person.seat))

    def opened(self, person: Person, numbers: Collection[int]) -> None:
        """Record that a person of a seat has opened the messages with these numbers."""
        sent = [each for each in letters(self._session.exercise, person.seat) if each.number in numbers]
        self._session.mark_read(person.seat, sent)
        self._mark(person, OPENED, sent)

    def _mark(self, person: Person, how: str, sent: Iterable[Letter]) -> None:
        keys = [(person.number, each.inject, each.release, self._session.records[each.seq].t) for each in sent]
        fresh = [key for key in keys if how not in self._valid(key)]
        lines = [MarkLine(*key, how, wall=now(), n=len(self._session.log.lines)) for key in fresh]
        for key, line in zip(fresh, lines, strict=True):
            self._marks.setdefault(key, {})[how] = line
        if lines:
            with suppress(NotKept):
                self._file.append(*lines, sync=False)

    def _valid(self, key: Key) -> dict[str, str]:
        """Return the marks of a release; after a rewind to a time before it, what comes again has not been read."""
        log = self._session.log.lines
        turned = max((line.n for line in log if line.kind in TIME_TRAVEL and line.t <= key[-1]), default=0)
        return {how: mark.wall for how, mark in self._marks.get(key, {}).items() if mark.n >= turned}

    def of(self, inject: str) -> Sequence[Receipt]:
        """Return the receipts of an inject's last release in the seats that it was sent to; UsageFault without one."""
        lines = self._session.exercise.injector.lines
        item = lines[valid_name("inject", inject, lines)]
        session, this = self._session, {"inject": item.spec.id, "release": item.released}
        released = [r.t for r in session.records if r.kind == "inject.released" and r.about == item.spec.id]
        seats = human_recipients(session, item) if released else []
        asked, given = item.spec.questionnaire, dict[tuple[str, str], str]()
        for entry in session.path:
            if entry.kind in ("ack", "respond") and this.items() <= entry.data.items():
                given[entry.kind, str(entry.data["who"])] = given[entry.kind, entry.by or ""] = entry.wall
        found = []
        for each in self._people.people.values():
            if each.role == SEAT and each.admitted and not each.program and each.seat in seats:
                marks = self._valid((each.number, item.spec.id, item.released, released[-1]))
                opened = marks.get(OPENED) or given.get(("ack", each.id)) or given.get(("respond", each.id), "")
                answers = each.id if asked is not None and asked.each == "person" else each.seat
                ends = given.get(("ack", each.seat), ""), given.get(("respond", answers), "")
                found.append(Receipt(each, marks.get(DELIVERED, ""), opened, *ends, asked is not None))
        return found
