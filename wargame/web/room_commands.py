"""Commands of people in browsers and of programs: each is carried out once, however often it is sent.

Whether a command was carried out is a question to the logs: the lines that it has written, in `commands.jsonl` or in
`access.jsonl`, bear its key. The answers kept here save reading a log, and are what a client receives a second time; if
one is lost, the log still says that the command is not to be carried out again. The answer of a command without a line
in a log, such as one that pauses the clock, is kept as well. After a restart, only what reads or asks is carried out
again.
"""

import asyncio
import contextlib
import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec

from wargame.errors import NoPlay, UsageFault, nearest, shortened
from wargame.journal.command_log import ADVANCE, CommandEntry, NotKept
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.live.console.command_line import split
from wargame.live.console.dispatch import COMMANDS, commands_of
from wargame.live.console.roles import EVALUATOR
from wargame.live.terminals.shared_session import CARRIED_OUT, words_of
from wargame.web.access.access_file import AnswerLine, CommandLine
from wargame.web.access.people import Person
from wargame.web.access.throttle import Allowance
from wargame.web.answers import OF_TERMINALS, HttpAnswer, body, fault, is_refused, offered
from wargame.web.room import Room
from wargame.web.shapes import Line, Posted

RATE = 5.0
"""Commands a second of one person."""
REMEMBERED = 200
"""Answers of one person that are kept in memory."""
QUESTIONS = frozenset({"forecast", "whatif", "where"})
"""Commands whose answers come later, from separate processes."""
OTHER_COMMAND = fault(422, "this key belongs to another command")
MOST_QUESTIONS = 3
"""Questions that are worked on at the same time."""


class RoomCommands:
    """Carries out the commands of the people of a room.

    A long one works in steps, and others have turns in between. A repetition of a command that is under way waits for
    its answer.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._allowances: dict[int, Allowance] = {}
        self._answers: dict[int, OrderedDict[str, tuple[bytes, HttpAnswer]]] = {}
        self._under_way: dict[tuple[str, str], tuple[bytes, asyncio.Future[HttpAnswer]]] = {}
        self._kept = {(each.number, each.key): each.lines for each in room.file.lines if isinstance(each, AnswerLine)}
        self._keys: set[tuple[object, object]] = set()
        self._read = [0, 0]
        """How many lines of each log `_keys` has."""

    async def run(self, person: Person, posted: Posted) -> HttpAnswer:
        """Carry out a command, or return the answer that it had before."""
        wait = self._allowances.setdefault(person.number, Allowance(time.monotonic, RATE)).take()
        if wait:
            return fault(429, f"at most {RATE:.0f} commands a second", wait)
        if not person.admitted:
            return fault(403, "you have not been admitted yet")
        content = hashlib.sha256(msgspec.json.encode((posted.verb, posted.args))).digest()
        if (under_way := self._under_way.get((person.id, posted.key))) is not None:
            return await asyncio.shield(under_way[1]) if under_way[0] == content else OTHER_COMMAND
        if (before := self._before(person, posted.key, content)) is not None:
            return before
        audience = self._room.audience_of(person)
        if posted.epoch != audience.epoch:
            body = fault(
                409, "The exercise has gone to another past since you wrote this. Look again, then repeat it."
            ).body
            return HttpAnswer(409, {**body, "epoch": audience.epoch})
        coming = asyncio.get_running_loop().create_future()
        self._under_way[person.id, posted.key] = content, coming
        try:
            answer = await self._answered(person, posted)
            coming.set_result(answer)
        finally:
            coming.cancel()
            del self._under_way[person.id, posted.key]
        if answer.status in (200, 422, 403):
            answers = self._answers[person.number]
            answers[posted.key] = content, answer
            if len(answers) > REMEMBERED:
                answers.popitem(last=False)
        return answer

    def _before(self, person: Person, key: str, content: bytes) -> HttpAnswer | None:
        remembered = self._answers.setdefault(person.number, OrderedDict()).get(key)
        if remembered is not None:
            return remembered[1] if remembered[0] == content else OTHER_COMMAND
        lines = self._kept.get((person.number, key))
        if lines is None and not self._is_logged(person, key):
            return None
        return self._answer(person, {"lines": lines or [self._without_answer(person, key)], "hints": []})

    def _is_logged(self, person: Person, key: str) -> bool:
        """Return whether a command with this key has written a line into a log."""
        logs: tuple[Sequence[object], ...] = self._room.session.log.lines, self._room.file.lines
        for number, lines in enumerate(logs):
            fresh = (line for line in lines[self._read[number] :] if isinstance(line, CommandEntry | CommandLine))
            self._keys.update((line.by, line.key) for line in fresh)
            self._read[number] = len(lines)
        return (person.id, key) in self._keys

    def _without_answer(self, person: Person, key: str) -> str:
        """Return what is known of a command that a crash of the server has left without an answer."""
        session = self._room.session
        moves = [line for line in session.path if (line.by, line.key) == (person.id, key) and line.kind == ADVANCE]
        if not moves:
            return "This was carried out before the connection broke."
        return f"The clock had moved to {session.instant(int(moves[-1].data['to']))} when the server stopped."

    async def _answered(self, person: Person, posted: Posted) -> HttpAnswer:
        """Return the answer to a command; one that is in a log has been carried out, whatever fails after that."""
        try:
            return await self._carried_out(person, posted)
        except Exception as error:  # noqa: BLE001 - whatever it is, the log says what has been done
            if self._is_logged(person, posted.key):
                return self._answer(person, {"lines": [CARRIED_OUT, f"! {words_of(error)}"], "hints": []})
            if isinstance(error, NotKept):
                return fault(507, str(error))
            if isinstance(error, UsageFault):
                return self._refused(person, posted, error)
            return fault(500, words_of(error))

    def _refused(self, person: Person, posted: Posted, error: UsageFault) -> HttpAnswer:
        """Return why a command was refused; a page has its remedies as buttons."""
        status = 423 if isinstance(error, NoPlay) else 422
        if person.program or isinstance(posted.args, Line):
            return fault(status, str(error))
        offers = offered(person, self._room.consoles[person.number], error.said.hints)
        return fault(status, sentence(error.said.shown()), hints=offers)

    async def _carried_out(self, person: Person, posted: Posted) -> HttpAnswer:
        room = self._room
        console = room.consoles[person.number]
        words = _words(posted)
        verb = words[0].lower()
        proposed = room.teams.must_propose(person, verb)
        refused = _refused(person, verb, available=set(commands_of(console)))
        if refused is not None:
            return refused
        asked = sum(not each.done for each in room.shared.questions.latest.values())
        if verb in QUESTIONS and asked >= MOST_QUESTIONS:
            return fault(429, f"{MOST_QUESTIONS} questions are being worked on; wait, or withdraw one", 5)
        typed = f"{posted.verb} {posted.args.line}".strip() if isinstance(posted.args, Line) else ""
        line: str | list[str] = (
            ["propose", typed or msgspec.json.encode(words).decode()] if proposed else typed or words
        )
        reply = await room.shared.run_shared(console, line, who=person.name, by=person.id, key=posted.key)
        shown = body(person, console, reply, typed=isinstance(posted.args, Line))
        console.over = False
        logged = self._is_logged(person, posted.key)
        if logged or not (COMMANDS[verb].only_reads or verb in QUESTIONS):
            self._kept[person.number, posted.key] = shown["lines"]
            with contextlib.suppress(NotKept):  # the command has been carried out in any case
                room.file.append(AnswerLine(person.number, posted.key, shown["lines"]), sync=not logged)
        for kind, *question in console.requested:  # their answers come as `reply`
            room.shared.questions.put(
                kind, question, lambda shown: room.streams.tell(person, "reply", shown), early=True
            )
        console.requested.clear()
        room.changed(room.audience_of(person))
        return self._answer(person, shown)

    def _answer(self, person: Person, shown: dict[str, Any]) -> HttpAnswer:
        audience = self._room.audience_of(person)
        return HttpAnswer(200, {**shown, "epoch": audience.epoch, "k": len(audience.entries)})


def _words(posted: Posted) -> list[str]:
    """Return the words of a command, the verb first; UsageFault if there is none."""
    if isinstance(posted.args, Line):
        words = [split(f"{posted.verb} {posted.args.line}".strip()).command]
    else:
        words = [posted.verb, *posted.args]
    if not words[0].strip() or "\0" in "".join(words):
        raise UsageFault("the verb is the name of a command (help lists them)")
    return words


def _refused(person: Person, verb: str, available: set[str]) -> HttpAnswer | None:
    """Return why the person may not give this command; None if the console decides."""
    if verb in OF_TERMINALS:
        return fault(422, f"'{verb}' is for terminals (to leave, sign out)")
    if verb not in COMMANDS:
        hint = nearest(verb, available) or "help lists the commands"
        return fault(422, f"there is no command '{shortened(clean(verb), 40)}' ({hint})")
    if verb not in available or is_refused(person, verb):
        article = "an" if person.role == EVALUATOR else "a"
        return fault(403, f"'{verb}' is not available to {article} {person.role} (help lists what is)")
    return None
