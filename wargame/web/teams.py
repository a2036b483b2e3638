"""The people of a seat as a team: its head, what members propose for the head to send, and notes among them.

All of this is of the room, in `access.jsonl`; the world sees what the head sends, as a command of the head. Its line in
the command log bears the name of the proposal as its key, so that it is sent once.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.executor.replay import finish
from wargame.journal.command_log import CommandEntry
from wargame.journal.command_words import given
from wargame.journal.decoding import decode
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.live.console import dispatch
from wargame.live.console.command_line import ParsedLine, split
from wargame.live.console.console import Console
from wargame.live.console.participants import chosen, listed
from wargame.live.console.reply import Reply
from wargame.live.console.seat_commands import reversing
from wargame.live.session.session import Session
from wargame.sentence import Hint
from wargame.simulation.control.lookup import valid_name
from wargame.web.access import SEAT
from wargame.web.access.access_file import AccessFile, AnyLine, HeadLine, ProposalEndLine, ProposalLine, TeamLine
from wargame.web.access.people import People, Person

OF_MEMBERS = frozenset({"ack", "respond", "propose", "proposal", "head", "team", "quit", "stand"})
"""The commands of every member of a seat; anything else is proposed to the head of the seat, if it has one."""
NOTES, MOST, LONGEST = 50, 30, 2000
"""Notes that a page shows, open proposals of a seat, characters of a note. Judgement."""


class Teams:
    """The teams of a room. `changed` is called after each change."""

    def __init__(self, file: AccessFile, session: Session, people: People, changed: Callable[[], None]) -> None:
        self._file, self._session, self._people, self._changed = file, session, people, changed
        self._heads: dict[str, int] = {}
        self._proposals: dict[int, ProposalLine] = {}
        self._notes: defaultdict[str, list[TeamLine]] = defaultdict(list)
        self._last = 0
        for line in self._file.lines:
            self._apply(line)
        sent = {entry.key for entry in self._session.log.lines}
        self._proposals = {n: each for n, each in self._proposals.items() if _key(n) not in sent}

    def _apply(self, line: AnyLine) -> None:
        match line:
            case HeadLine():
                self._heads[line.seat] = line.number
            case ProposalLine():
                self._last, self._proposals[line.number] = line.number, line
            case ProposalEndLine():
                self._proposals.pop(line.number, None)
            case TeamLine():
                self._notes[line.seat].append(line)

    def _keep(self, line: AnyLine) -> None:
        self._file.append(line)
        self._apply(self._file.lines[-1])
        self._changed()

    def _head(self, seat: str) -> Person | None:
        """Return the head of a seat; None if it has none, or the head has been removed."""
        person = self._people.people.get(self._heads.get(seat, 0))
        return person if person is not None and person.group == seat and person.admitted else None

    def of(self, seat: str) -> dict[str, Any]:
        """Return what the page of a seat shows: its `head`, if any, what is proposed, and notes."""
        proposals = [each for each in self._proposals.values() if each.seat == seat]
        return {"head": self._head(seat), "proposals": proposals, "notes": self._notes[seat][-NOTES:]}

    def must_propose(self, person: Person, verb: str) -> bool:
        """Return whether a person has to propose this command to the head of the seat."""
        head = self._head(person.seat) if person.role == SEAT and not person.program else None
        known = dispatch.COMMANDS.get(verb)
        acts = known is not None and not known.only_reads and verb not in OF_MEMBERS
        return acts and head is not None and head is not person

    # --- the commands of these names, whose lines begin with the seat ---------------------------

    def team(self, _: Console, line: ParsedLine) -> Reply:
        """Write a note."""
        text = clean(line.text(1), lines=True)
        if not text.strip() or len(text) > LONGEST:
            raise UsageFault(f"a note has 1 to {LONGEST} characters")
        self._keep(TeamLine(seat=line.args[0], text=text))
        return Reply(["Your team can read it."])

    def _giver(self) -> Person | None:
        people = self._people.people.values()
        return next((each for each in people if each.id == self._session.giver), None)

    def head(self, console: Console, line: ParsedLine) -> Reply:
        """Name the head of a seat; its people do so while there is none, then the head and the facilitator."""
        seat, named = line.take(2)
        valid_name("government", seat, console.exercise.governments)
        head, giver = self._head(seat), self._giver()
        if console.is_seat and head is not None and giver is not head:
            raise UsageFault(f"{head.name} is the head of this seat: the head or the facilitator names another one")
        if named.casefold() == "none":
            self._keep(HeadLine(seat=seat, number=0))
            return Reply([f"{sentence(console.name(seat))} has no head: each of its people sends for it."])
        people = [each for each in self._people.people.values() if each.group == seat and each.admitted]
        found = chosen(named, people)
        if len(found) != 1:
            raise UsageFault(
                f"'{shortened(clean(named), 40)}' is not one person of {seat} ({listed(people) or 'none'})"
            )
        self._keep(HeadLine(seat=seat, number=found[0].number))
        return Reply([f"{found[0].name} is the head of {console.name(seat)}; what its other people give is proposed."])

    def propose(self, console: Console, line: ParsedLine) -> Reply:
        """Keep a command that would be valid now, for the head to send; as typed, or its words in JSON."""
        text, seat = line.text(1), line.args[0]
        words = decode(text.encode(), list[str]) if text.startswith("[") else []
        verb = (words[0] if words else split(text).command).lower()
        if verb in OF_MEMBERS or verb not in dispatch.commands_of(console) or dispatch.COMMANDS[verb].only_reads:
            raise UsageFault(f"'{shortened(clean(verb), 40)}' is not something that is proposed")
        if len(self.of(seat)["proposals"]) >= MOST:
            raise UsageFault(f"{MOST} proposals wait already: the head sends or drops some first")
        with self._session.trying() as tried:
            finish(dispatch.steps(console, words or text))
        if not tried:
            raise UsageFault("this changes nothing, and needs no proposal")
        first, now = tried[0], self._session.exercise.now
        entries = (
            CommandEntry(n=0, parent=0, t=now, wall="", kind=each.kind, data={**each.data, "text": ""})
            for each in tried
        )
        said = "; ".join(sentence(given(each, console.titles, self._session.instant)) for each in entries)
        ordered, cancelled = tried[-1].data, [each.data for each in tried[:-1]]
        notes = reversing(console, ordered, *cancelled) if tried[-1].kind.endswith("order") else {}
        body = str(first.data.get("text") or "\n".join(f"{sentence(each)}." for each in notes.values()))
        self._keep(ProposalLine(number=self._last + 1, seat=seat, words=words or [text], text=said, body=body))
        head = self._head(seat)
        return Reply([f"Proposed to {head.name}, who sends it." if head is not None else "Proposed to your team."])

    def proposal(self, console: Console, line: ParsedLine) -> Reply:
        """Send or drop a proposal: the head, or anyone while there is none; its author may drop it.

        What the head is asked about before it is sent is asked of the proposal: it does not stay open once it is sent.
        """
        seat, number, what = line.take(3)
        if what not in ("send", "drop"):
            raise line.fault()
        found = self._proposals.get(int(number[:9])) if number.isdecimal() else None
        if found is None or found.seat != seat:
            raise UsageFault(f"there is no open proposal {shortened(clean(number), 12)}")
        head, giver = self._head(seat), self._giver()
        author = giver is not None and giver.id == found.by
        if head is not None and giver is not head and not (author and what == "drop"):
            raise UsageFault(f"{head.name}, the head of this seat, sends or drops it")
        if what == "drop":
            self._keep(ProposalEndLine(number=found.number))
            return Reply([f"Dropped: {found.text}"])
        anyway = ["--anyway"] if "anyway" in line.options else []
        words = [*found.words, *anyway] if len(found.words) > 1 else " ".join([*found.words, *anyway])
        send = Hint(("proposal", number, what, "--anyway"), "sends it all the same", "Send it all the same")
        try:
            with self._session.given(self._session.giver, _key(found.number)):
                reply = finish(dispatch.steps(console, words))
        except UsageFault as fault:
            asked = (isinstance(part, Hint) and part.words[-1] == "--anyway" for part in fault.said.parts)
            parts = (send if is_asked else part for is_asked, part in zip(asked, fault.said.parts, strict=True))
            raise UsageFault(*parts) from None
        del self._proposals[found.number]
        self._keep(ProposalEndLine(number=found.number))
        return reply


def _key(number: int) -> str:
    return f"proposal-{number}"
