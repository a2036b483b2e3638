"""What a line typed at a console does: the same for a person, a script, a seat's terminal and a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from wargame.errors import UsageFault, nearest
from wargame.live.console import clock_commands as clock_verbs
from wargame.live.console import control_commands as white_verbs
from wargame.live.console import history_commands as travel_verbs
from wargame.live.console import script_commands as script_verbs
from wargame.live.console import seat_commands as seat_verbs
from wargame.live.console import talk_commands as talk_verbs
from wargame.live.console import view_commands as look_verbs
from wargame.live.console.command_line import ParsedLine, split
from wargame.live.console.registry import FACILITATOR, GROUPS, SCRIBE, SEAT, VERBS, Verb, verb
from wargame.live.session.wall_clock import WallClock
from wargame.live.terminals import participants as room
from wargame.seat import lines as feed
from wargame.seat.banner import BANNER
from wargame.seat.feed import clean

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.live.session.session import Session

MODULES = (clock_verbs, look_verbs, room, script_verbs, seat_verbs, talk_verbs, travel_verbs, white_verbs)
"""Imported for the verbs that they list."""
CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""Clears a terminal with what it keeps above the screen."""
TOLD = frozenset(
    {"inject.released", "inject.skipped", "inject.retracted", "action", "demand", "demand.settled", "outcome", "leader"}
    | {
        "order.cancelled",
        "expected",
        "decision.due",
        "decision.missed",
        "message",
        "offer",
        "answer",
        "vote",
        "ballot",
        "vote.result",
        "request",
    }
    | {"ruling", "standing_order", "hazard", "history", "startex", "forum", "agreement", "note", "rating", "run.end"}
)
"""Kinds of records that a facilitator's console shows as they come."""

SETTLED = frozenset({"decision.due", "decision.missed"})
"""Kinds that are only counted after a jump: decisions that fell due, and those that went by."""

MOST = 80
"""Lines of news that are shown at once."""

Moments = Callable[["list[Record]"], list[str]]
"""Finds the turning points of an exercise, in words; whoever makes a console may bring it."""


def worth_telling(record: Record) -> bool:
    """Whether a facilitator's console shows a record: what happens, and what seats command."""
    return record.kind in TOLD or (record.kind == "command" and bool(record.who))


def _settled(records: list[Record]) -> str:
    due, missed = (sum(record.kind == kind for record in records) for kind in ("decision.due", "decision.missed"))
    return f"Decisions that fell due meanwhile: {due}, not taken in time: {missed} (log 500 lists them)"


def known_verbs() -> dict[str, Verb]:
    """Every verb by name."""
    return dict(VERBS)


class Console:
    """The verbs at work on one session, in one role. `seat` is the government whose eyes it sees with, if any."""

    def __init__(
        self,
        session: Session,
        wall: WallClock | None = None,
        *,
        role: str = FACILITATOR,
        seat: str = "",
        moments: Moments | None = None,
    ) -> None:
        self.session = session
        self.wall = wall or WallClock(session)
        self.role, self.seat = role, seat
        self.moments = moments
        self.over = False
        self.errands: list[tuple[str, ...]] = []
        """Questions to the look-ahead that wait for whoever runs this console."""
        self.sitting = False
        self.room: room.Participants | None = None
        """Who has joined, where this console lets others join."""

    def run(self, line: str) -> list[str]:
        """Carries out one line and returns what to show; UsageFault leaves the exercise as it was."""
        if not line.strip() or line.lstrip().startswith("# "):
            return []
        words = split(line)
        found = VERBS.get(words.verb)
        if found is not None and self.role not in found.roles:
            raise UsageFault(f"'{words.verb}' is not for a {self.role} (help lists what is)")
        if found is None:
            mine = [name for name, each in VERBS.items() if self.role in each.roles]
            hint = nearest(words.verb, mine) or "help lists them"
            raise UsageFault(f"there is no command '{clean(words.verb)[:40]}' ({hint})")
        words.name(found.options)
        if self.role != SEAT or found.takes[:1] != ("government",):
            return found.handler(self, words)
        self._for_its_own(found, words)
        try:
            return found.handler(self, words)
        except UsageFault as fault:
            raise UsageFault(_seated_usage(found.name, str(fault))) from None

    def _for_its_own(self, found: Verb, words: ParsedLine) -> None:
        """Puts the seat's government first on its line; UsageFault for another one, and for one that it only watches.

        A seat need not name itself.
        """
        mine, others = words.args[:1] == [self.seat], set(self.session.exercise.governments) - {self.seat}
        to_other = found.takes[1:2] == ("other",)
        for_another = words.args[:1] != [] and words.args[0] in others
        if for_another and (not to_other or words.args[1:2] == [self.seat]):
            raise UsageFault(f"this is the seat of {self.seat}: it sees and orders for {self.seat} alone")
        if found.acts and (kind := self.session.exercise.commands.seats.of(self.seat)) != "human":
            raise UsageFault(
                f"the seat of {self.seat} is with the {kind} now: you watch until the facilitator hands it over "
                f"(seat {self.seat} human)"
            )
        words.args = [self.seat, *(words.args[1:] if mine else words.args)]

    # --- what is shown as it happens -----------------------------------------------------------

    def news(self, records: Iterable[Record]) -> list[str]:
        """The lines that this console shows of new records; after a jump, without what has settled itself."""
        from wargame.seat.brief import inbox

        fresh = list(records)
        jumped = bool(fresh) and fresh[-1].t - fresh[0].t >= clock_verbs.JUMP
        kept = [record for record in fresh if record.kind not in SETTLED] if jumped else fresh
        if self.role == SEAT or self.sitting:
            told = [item.line for item in inbox(self.session.exercise, kept, self.seat)]
            return clock_verbs.caught_up(self.session, self.seat, fresh, told) if jumped else told
        if self.role in (FACILITATOR, SCRIBE):
            lines = self.of_the_white_cell(kept)
            return [*lines, *([_settled(fresh)] if len(kept) < len(fresh) else [])]
        return look_verbs.public(self.session, fresh)

    def of_the_white_cell(self, records: Iterable[Record]) -> list[str]:
        """The lines of new records for a facilitator or a scribe, the last of them if there are many."""
        told = [record for record in records if worth_telling(record)]
        lines = [self._of_group(group) for group in feed.grouped(told)]
        if len(lines) > MOST:
            return [f"({len(lines) - MOST} lines before these are left out: log {len(told)})", *lines[-MOST:]]
        return lines

    def _of_group(self, group: list[Record]) -> str:
        return self.line(group[0], feed.together(group) if len(group) > 1 else "")

    def line(self, record: Record, said: str = "") -> str:
        """One record as the white cell sees it, or other words about it: by titles, injects with their id too."""
        at = self.session.exercise.calendar.at(record.t)
        return clean(f"{at:%Y-%m-%d %H:%M}  #{record.seq:<5} {said or feed.said(self.session.exercise, record)}")

    def prompt(self) -> str:
        """What stands before the cursor."""
        who = self.seat if self.role == SEAT or self.sitting else {FACILITATOR: "EXCON"}.get(self.role, self.role)
        return f"{who} {self.session.exercise.calendar.at(self.session.clock):%Y-%m-%d %H:%M}> "

    def greeting(self) -> list[str]:
        """The first lines of a console; a seat or a screen that joins later is shown what came last."""
        session = self.session
        name = f", {session.folder.call}" if self.role in (FACILITATOR, SCRIBE) else ""
        lines = [BANNER, clean(f"{session.title}{name}")]
        lines.append(f"{session.instant(session.clock)}, ENDEX {session.instant(session.exercise.end)}")
        if self.role == SEAT:
            lines += self._seated()
        elif self.role == FACILITATOR:
            if session.resumed:
                lines.append(f"All is here up to line {session.head} of the command log.")
            lines.append("help lists the commands; next goes on to what happens next; quit leaves it to be resumed.")
        elif self.role == SCRIBE:
            lines.append('note "TEXT" writes a note; log, msel and status show how things stand; help lists the rest.')
        return lines

    def leaving(self) -> list[str]:
        """The last lines of a console: how to come back."""
        if self.role not in (FACILITATOR, SEAT) or (self.role == SEAT and not self.sitting):
            return ["You have left; the exercise goes on."]
        name = self.session.call()
        return [f"wargame show {name}" if self.session.exercise.done else f"wargame resume {name}"]

    def _seated(self) -> list[str]:
        kind = self.session.exercise.commands.seats.of(self.seat)
        lines = [f"You are {self.seat}. help lists your commands; brief says what you know; options what you may do."]
        if kind != "human":
            lines.append(f"This seat is with the {kind} now: you watch until the facilitator hands it over.")
        return lines


@verb(
    "help [COMMAND|GROUP|all]",
    "Lists the commands, or explains one or a group.",
    "session",
    frozenset({FACILITATOR, SEAT, SCRIBE}),
    ("help",),
)
def _help(console: Console, words: ParsedLine) -> list[str]:
    mine = {name: each for name, each in VERBS.items() if console.role in each.roles}
    if console.role == SEAT and not console.sitting:
        mine.pop("stand", None)
    asked = " ".join(words.args).lower()
    asked = "" if asked in LITERALLY else asked
    if asked in mine and asked not in GROUPS:
        return [_usage(console, mine[asked]), f"  {mine[asked].help}"]
    lines: list[str] = []
    for group in GROUPS if asked in ("", "all") else (asked,):
        here = [each for each in mine.values() if each.group == group]
        if here and not asked and len(mine) > FEW:
            lines.append(f"{group:<12}  {', '.join(each.name for each in here)}")
        elif here:
            lines += [f"{group}:", *(f"  {_usage(console, each):<36}  {each.help}" for each in here)]
    if not lines:
        raise UsageFault(f"there is no command '{clean(asked)[:40]}' ({nearest(asked, mine) or 'help lists them'})")
    return [*lines, *(["help COMMAND explains one, help GROUP a group, help all everything."] if not asked else [])]


def _seated_usage(name: str, told: str) -> str:
    """The usage of a verb as it is for a seat, which does not name itself."""
    return told.replace(f"write: {name} GOV", f"write: {name}", 1)


FEW = 10
"""Commands up to which `help` explains each."""
LITERALLY = ("group", "command", "[command|group|all]")
"""What stands for a name in the line that explains `help`; asked for as it stands, it is answered as `help` alone."""


def _usage(console: Console, each: Verb) -> str:
    """A seat need not name itself."""
    mine = console.role == SEAT and each.takes[:1] == ("government",)
    return each.usage.replace(" GOV", "", 1) if mine else each.usage


@verb(
    "quit",
    "Leaves: the facilitator the exercise, to be resumed; others their terminal.",
    "session",
    frozenset({FACILITATOR, SEAT, SCRIBE}),
)
def _quit(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "quit")
    if console.sitting:
        raise UsageFault("this terminal is the facilitator's: stand gives it back, quit then leaves the exercise")
    console.over = True
    return console.leaving()


@verb("sit GOV", "Clears this terminal and makes it a seat's.", "session", takes=("government",))
def _sit(console: Console, words: ParsedLine) -> list[str]:
    from wargame.simulation.control.lookup import known

    (name,) = words.take(1, "sit GOV")
    console.seat = known("government", name, console.session.exercise.governments)
    console.role, console.sitting = SEAT, True
    return [CLEAR + BANNER, *console.run("brief")]


@verb("stand", "Clears this terminal and makes it the facilitator's again.", "session", frozenset({SEAT}))
def _stand(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "stand")
    if not console.sitting:
        raise UsageFault("this terminal is a seat's own")
    console.role, console.sitting, console.seat = FACILITATOR, False, ""
    return [CLEAR + BANNER]
