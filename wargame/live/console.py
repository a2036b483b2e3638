"""What a line typed at a console does: the same for a person, a script, a seat's terminal and a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from wargame.errors import UsageFault, nearest
from wargame.journal import phrases
from wargame.live import clock_verbs, look_verbs, script_verbs, seat_verbs, talk_verbs, travel_verbs, white_verbs
from wargame.live.console_words import BANNER
from wargame.live.sight import clean
from wargame.live.verbs import FACILITATOR, GROUPS, SCRIBE, SEAT, VERBS, Verb, verb
from wargame.live.wall import Wall
from wargame.live.words import Words, split

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.live.session import Session

MODULES = (clock_verbs, look_verbs, script_verbs, seat_verbs, talk_verbs, travel_verbs, white_verbs)
"""Imported for the verbs that they list."""
CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""Clears a terminal with what it keeps above the screen."""
TOLD = frozenset(
    {"inject.released", "inject.skipped", "inject.retracted", "deed", "ask", "ask.settled", "outcome", "leader"}
    | {"lapsed", "expected", "due", "missed", "message", "offer", "answer", "vote", "ballot", "vote.result", "request"}
    | {"ruling", "standing", "hazard", "record", "hand_over", "forum", "agreement", "note", "rating", "run.end"}
)
"""Kinds of records that a facilitator's console shows as they come."""

Moments = Callable[["list[Record]"], list[str]]
"""Finds the decisive moments of an exercise, in words; whoever makes a console may bring it."""


def worth_telling(record: Record) -> bool:
    """Whether a facilitator's console shows a record: what happens, and what seats command."""
    return record.kind in TOLD or (record.kind == "command" and bool(record.who))


def known_verbs() -> dict[str, Verb]:
    """Every verb by name."""
    return dict(VERBS)


class Console:
    """The verbs at work on one session, in one role. `seat` is the government whose eyes it sees with, if any."""

    def __init__(
        self,
        session: Session,
        wall: Wall | None = None,
        *,
        role: str = FACILITATOR,
        seat: str = "",
        moments: Moments | None = None,
    ) -> None:
        self.session = session
        self.wall = wall or Wall(session)
        self.role, self.seat = role, seat
        self.moments = moments
        self.over = False
        self.errands: list[tuple[str, ...]] = []
        """Questions to the look-ahead that wait for whoever runs this console."""
        self.sitting = False

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
        if self.role == SEAT and found.takes[:1] == ("government",):
            first = words.args[0] if words.args else ""
            others = set(self.session.exercise.governments) - {self.seat}
            if first in others and found.takes[1:2] != ("other",):
                raise UsageFault(f"this is the seat of {self.seat}: it sees and orders for {self.seat} alone")
            words.args = [self.seat, *(words.args[1:] if words.args[:1] == [self.seat] else words.args)]
        return found.handler(self, words)

    # --- what is shown as it happens -----------------------------------------------------------

    def news(self, records: Iterable[Record]) -> list[str]:
        """The lines that this console shows of new records."""
        from wargame.live.brief import inbox

        if self.role == SEAT or self.sitting:
            return inbox(self.session.exercise, list(records), self.seat)
        if self.role in (FACILITATOR, SCRIBE):
            return [self.line(record) for record in records if worth_telling(record)]
        return look_verbs.public(self.session, list(records))

    def line(self, record: Record) -> str:
        """One record as the white cell sees it."""
        at = self.session.exercise.calendar.at(record.t)
        return clean(f"{at:%m-%d %H:%M}  #{record.seq:<5} {phrases.headline(record)}")

    def prompt(self) -> str:
        """What stands before the cursor."""
        who = self.seat if self.role == SEAT or self.sitting else {FACILITATOR: "EXCON"}.get(self.role, self.role)
        return f"{who} {self.session.exercise.calendar.at(self.session.exercise.now):%Y-%m-%d %H:%M}> "

    def greeting(self) -> list[str]:
        """The first lines of a console."""
        session = self.session
        lines = [BANNER, clean(f"{session.title}, {session.folder.call}")]
        lines.append(f"{session.instant(session.exercise.now)}, ENDEX {session.instant(session.exercise.end)}")
        if self.role == SEAT:
            lines.append(f"You are {self.seat}. help lists your commands; brief {self.seat} says what you know.")
        elif self.role == FACILITATOR:
            lines.append("help lists the commands; next goes on to what happens next; quit leaves it to be resumed.")
        return lines


@verb("help [COMMAND]", "Lists the commands, or explains one.", "session", frozenset({FACILITATOR, SEAT, SCRIBE}))
def _help(console: Console, words: Words) -> list[str]:
    mine = {name: each for name, each in VERBS.items() if console.role in each.roles}
    if words.args:
        asked = words.args[0].lower()
        if asked not in mine:
            raise UsageFault(f"there is no command '{clean(asked)[:40]}' ({nearest(asked, mine) or 'help lists them'})")
        return [mine[asked].usage, f"  {mine[asked].help}"]
    lines: list[str] = []
    for group in GROUPS:
        here = [each for each in mine.values() if each.group == group]
        if here:
            lines += [f"{group}:", *(f"  {each.usage:<58} {each.help}" for each in here)]
    return lines


@verb("quit", "Leaves the exercise, to be resumed.", "session", frozenset({FACILITATOR, SEAT, SCRIBE}))
def _quit(console: Console, words: Words) -> list[str]:
    words.take(0, "quit")
    console.over = True
    if console.role != FACILITATOR:
        return ["You have left; the exercise goes on."]
    name = console.session.folder.call
    return [f"wargame resume {name}" if not console.session.exercise.done else f"wargame show {name}"]


@verb("sit GOV", "Clears this terminal and makes it a seat's.", "session", takes=("government",))
def _sit(console: Console, words: Words) -> list[str]:
    from wargame.simulation.naming import known

    (name,) = words.take(1, "sit GOV")
    console.seat = known("government", name, console.session.exercise.governments)
    console.role, console.sitting = SEAT, True
    return [CLEAR + BANNER, *console.run("brief")]


@verb("stand", "Clears this terminal and makes it the facilitator's again.", "session", frozenset({SEAT}))
def _stand(console: Console, words: Words) -> list[str]:
    words.take(0, "stand")
    if not console.sitting:
        raise UsageFault("this terminal is a seat's own")
    console.role, console.sitting, console.seat = FACILITATOR, False, ""
    return [CLEAR + BANNER]
