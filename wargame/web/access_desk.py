"""Commands of the console about browsers: codes, people, lobby, lock, removal, reveal."""

import sys
from collections.abc import Callable
from hashlib import sha256

from wargame.errors import UsageFault, nearest, shortened
from wargame.journal.decoding import Undecodable, decode
from wargame.language.plain_text import clean
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.evaluation_commands import author_of
from wargame.live.console.names import same_word
from wargame.live.console.participants import chosen, listed
from wargame.live.console.reply import Reply
from wargame.scenario.loading.amend import new_ids
from wargame.seat.feed import letters
from wargame.sentence import Sentence, hint
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.kernel.settings import Command
from wargame.web.access import EVALUATOR, FACILITATOR, ROLES, SEAT
from wargame.web.access.people import Person
from wargame.web.room import Room

MARK = b"\x1e"  # begins a line of a room that is a command for all rooms; twice, for all others
KEY = b"\x1f"  # stands between the key of that command and the command
OF_TEAMS = frozenset({"head", "propose", "proposal", "team"})


class AccessDesk:
    """The desk of a room, which the console's commands call."""

    def __init__(self, room: Room) -> None:
        self._room, self._people, self.sheets = room, room.people, room.sheets

    def answer(self, console: Console, line: ParsedLine) -> Reply:
        """Carry out a command about browsers: the method of its name, here or in the teams of the seats."""
        handler: Callable[[Console, ParsedLine], Reply]
        handler = getattr(self._room.teams if line.command in OF_TEAMS else self, line.command)
        return handler(console, line)

    def everywhere(self, _: Console, line: ParsedLine) -> Reply:
        """Give a command in all rooms, through the lobby."""
        text, rooms = " ".join(line.text(0).split()), self._room.rooms
        if not rooms:
            raise UsageFault("there is one room (wargame serve RUN RUN hosts several)")
        session, mark, sent = self._room.session, MARK, text
        released = text.removeprefix("release ")
        added = (str(each.data["yaml"]) for each in reversed(session.path) if each.kind == "inject")
        if text != released and (yaml := next((each for each in added if released in new_ids(each)), "")):
            session.exercise.check(Command(kind="release", data={"inject": released}))
            escaped = yaml.replace("\\n", "\\u000a").replace("\n", "\\n")
            mark, sent = MARK * 2, f"inject {escaped} --now"  # the others do not have it
        key = sha256(f"{session.folder.path} {session.origin}".encode()).hexdigest() if "key" in session.origin else ""
        sys.stdout.buffer.write(mark + key.encode() + KEY + sent.encode() + b"\n")
        sys.stdout.flush()
        if mark != MARK:  # last: until it is in the log, a repetition sends the line again, and rooms know its key
            session.submit("release", inject=released)
        return Reply([f"Sent to {len(rooms)} rooms: {clean(text)}"])

    def _role_and_seat(self, text: str) -> tuple[str, str]:
        governments = self._room.session.exercise.governments
        seat = same_word(text, governments)
        if seat in governments:
            return SEAT, seat
        role, _, observed = text.partition(":")
        role = role.lower()
        if role == EVALUATOR and observed:
            named = [same_word(each.strip(), governments) for each in observed.split(",") if each.strip()]
            return role, ",".join(valid_name("government", each, governments) for each in named)
        if role in ROLES and role != SEAT:
            return role, ""
        names = [*governments, *(each for each in ROLES if each != SEAT)]
        raise UsageFault(
            f"there is no seat or role '{shortened(clean(text), 40)}' ({nearest(text, names) or ', '.join(names)})"
        )

    def code(self, _: Console, line: ParsedLine) -> Reply:
        """Return the code of a seat or role with its address, `new` another one in its place."""
        line.need(1, 2)
        if line.args[1:] not in ([], ["new"]):
            raise line.fault()
        role, seat = self._role_and_seat(line.args[0])
        code = self._people.code(role, seat, new=bool(line.args[1:]))
        self._room.changed()
        of = f"{role} of {seat}" if role == EVALUATOR and seat else seat or role
        return Reply([f"{of}: {code}  {self._room.join_url}#{code}"])

    def people(self, *_: object) -> Reply:
        """Return one line for each person, those in the lobby first."""
        people = sorted(self._people.people.values(), key=lambda each: (each.admitted, each.number))
        lines = [self._line(each) for each in people]
        accept = hint("lock off", "accepts them", "Accept new people")
        locked = [Sentence("New people are refused", accept, ".")] if self._people.locked else []
        return Reply([*(lines or ["Nobody has joined in a browser (code GOV shows a join code)."]), *locked])

    def _line(self, person: Person) -> str:
        state = {"waiting": f"in the lobby (admit {person.number})", "here": "here", "away": "away"}
        program = ", program" if person.program else ""
        name = f"{person.number:>3}  {person.name:<24} {person.seat or person.role:<12}"
        return f"{name} {state[self._room.presence(person).state]}{program}"

    def admit(self, _: Console, line: ParsedLine) -> Reply:
        """Let people of the lobby in."""
        named = line.text(0)
        if named.strip().casefold() == "all":
            found = waiting = self._people.waiting()
        else:
            found = chosen(named, self._people.people.values())
            waiting = [each for each in found if not each.admitted]
        if found and not waiting:
            raise UsageFault(f"{listed(found)}: already admitted")
        if not found and named.strip().casefold() != "all":
            here = listed(self._people.people.values()) or "nobody has joined"
            raise UsageFault(f"there is no person '{shortened(clean(named), 40)}' ({here})")
        self._room.admit(waiting)
        names = ", ".join(f"{each.number} {each.name} ({each.seat or each.role})" for each in waiting)
        return Reply([f"Admitted: {names}" if waiting else "Nobody waits."])

    def lock(self, _: Console, line: ParsedLine) -> Reply:
        """Refuse new people, or accept them again."""
        on = _is_on(line)
        self._people.lock(on=on)
        self._room.changed()
        return Reply(
            ["New people are refused; those who have joined stay." if on else "New people may join with their codes."]
        )

    def kick(self, named: str) -> Reply:
        """Remove people for good; they would need a code to join again. No lines if nobody is meant."""
        removed = chosen(named, self._people.people.values())
        self._room.remove(removed)
        if not removed:
            return Reply()
        of = removed[0].seat or removed[0].role
        return Reply([Sentence(f"Removed: {listed(removed)}", hint(f"code {of} new", "changes the code", "New code"))])

    def nudge(self, _: Console, line: ParsedLine) -> Reply:
        """Remind people of a message of the script; UsageFault if nobody in a browser has been sent it."""
        inject, named = line.text(0).partition(" ")[0], line.text(1) if line.args[1:] else ""
        receipts = self._room.receipts.of(inject)
        meant = {each.number for each in chosen(named, self._people.people.values())} if named else set()
        found = [each.person for each in receipts if each.person.number in meant or not (named or each.done)]
        if not receipts or (named and not found):
            raise UsageFault(f"{inject} was not sent to {'this person' if named else 'anybody in a browser'}")
        for person in found:
            sent = letters(self._room.session.exercise, person.seat)
            number = next((each.number for each in reversed(sent) if each.inject == inject), 0)
            text = f"The facilitator reminds you of message {number} in your inbox."
            self._room.streams.notify(person, Reply([text]))
        return Reply([f"Reminded: {listed(found)}" if found else "Everybody has done what it asks for."])

    def sheet(self, _: Console, line: ParsedLine) -> Reply:
        """Say how the sheet that was sent is read, import it, or remove it."""
        self._room.changed()
        return self.sheets.command(line.args, line.options)

    def finding(self, console: Console, line: ParsedLine) -> Reply:
        """Write texts of the review; an evaluator without the view of the white cell adds areas for improvement."""
        (row,), said, author = line.take(1), line.options, author_of(console)
        desk, texts = self._room.review, dict(said)
        try:
            shown = decode(texts.pop("was", "{}").encode(), dict[str, str])
        except Undecodable as error:
            raise UsageFault(
                f"--was has the texts that were displayed, as a JSON object: {clean(str(error))}"
            ) from None
        if row != "area" and not console.sees_all:
            raise UsageFault("you can add areas for improvement; the white cell edits the review")
        if row == "area" and not console.sees_all and said.get("who", "-") not in ("-", *console.observed):
            raise UsageFault("you do not observe this seat")
        self._room.changed()
        if row == "area":
            return desk.add_area(texts)
        who = author.get("evaluator") or author.get("who") or FACILITATOR
        return desk.merge() if row == "merge" else desk.edit(row, texts, shown, who)

    def name_of(self, by: str) -> str:
        """Return the name of a person; empty if the person has been removed."""
        return next((each.name for each in self._people.people.values() if each.id == by), "")

    def notify(self, by: str, shown: Reply) -> None:
        """Show lines on the open pages of a person; nothing if the person has been removed."""
        for person in self._people.people.values():
            if person.id == by:
                self._room.streams.notify(person, shown)

    def reveal(self, _: Console, line: ParsedLine) -> Reply:
        """Open all views after ENDEX, or close them."""
        on = _is_on(line)
        if on and not self._room.session.exercise.done:
            raise UsageFault("the views of all seats can be opened after ENDEX")
        self._people.reveal(self._room.session.last_turn, on=on)
        self._room.changed()
        return Reply(["Everyone sees the views of all seats." if on else "Everyone sees only their own view."])


def _is_on(line: ParsedLine) -> bool:
    """Return False for `off`, True without a word; UsageFault for another one."""
    if line.args not in ([], ["off"]):
        raise line.fault()
    return not line.args
