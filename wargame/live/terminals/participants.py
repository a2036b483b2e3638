"""Who sits at which terminal: those concerned are told who joins and leaves, and the facilitator can close one.

Whoever may open the run folder may join as any seat. This room does not ask who somebody is: it shows who is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.live.console.registry import SEAT, verb

if TYPE_CHECKING:
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console

Show = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True, eq=False)
class Terminal:
    """A terminal that has joined. `close` ends it from this side; `since` is the time on the wall."""

    number: int
    console: Console
    show: Show
    close: Callable[[], None]
    since: str

    @property
    def name(self) -> str:
        """What it is called: its seat, or its role."""
        return self.console.seat if self.console.role == SEAT else self.console.role


class Participants:
    """The terminals that have joined an exercise; `tell` shows a line to its facilitator."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._numbered = 0
        self.joined: list[Terminal] = []

    def enter(self, console: Console, show: Show, close: Callable[[], None], since: str) -> Terminal:
        """A terminal comes in."""
        self._numbered += 1
        terminal = Terminal(self._numbered, console, show, close, since)
        others = self.at(terminal)
        self.joined.append(terminal)
        also = f", where {len(others)} sat already" if others and console.role == SEAT else ""
        self._tell(f"+ {terminal.name} has joined, terminal {terminal.number}{also}")
        for other in others if console.role == SEAT else ():
            other.show([f"! Another terminal has joined the seat of {terminal.name}: you share it now."])
        return terminal

    def leave(self, console: Console) -> None:
        """A terminal has gone."""
        for terminal in [each for each in self.joined if each.console is console]:
            self.joined.remove(terminal)
            self._tell(f"- {terminal.name} has left, terminal {terminal.number}")
            for other in self.at(terminal) if console.role == SEAT else ():
                other.show([f"Another terminal has left the seat of {terminal.name}."])

    def at(self, terminal: Terminal) -> list[Terminal]:
        """The other terminals at the same place."""
        return [each for each in self.joined if each.name == terminal.name and each is not terminal]

    def seats(self) -> set[str]:
        """The seats that have a terminal."""
        return {each.name for each in self.joined if each.console.role == SEAT}

    def found(self, text: str) -> list[Terminal]:
        """The terminals that a number, a seat or a role names; UsageFault if there are none."""
        named = [each for each in self.joined if text.lower() in (str(each.number), each.name.lower())]
        if not named:
            there = ", ".join(f"{each.number} {each.name}" for each in self.joined) or "nobody has joined"
            raise UsageFault(f"there is no terminal '{text[:40]}' ({there})")
        return named


def _room(console: Console) -> Participants:
    if console.room is None:
        raise UsageFault("no terminal can join here")
    return console.room


@verb("terminals", "Who has joined, since when, and which seats of people nobody sits at.", "session")
def _terminals(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "terminals")
    room, seats = _room(console), console.session.exercise.commands.seats
    lines = [f"{each.number:>3}  {each.name:<8} since {each.since}" for each in room.joined]
    here = room.seats()
    empty = [n for n in console.session.exercise.governments if seats.of(n) == "human" and n not in here]
    lines += (
        [f"Nobody at: {', '.join(empty)} (wargame join {console.session.call()} --seat {empty[0]})"] if empty else []
    )
    return lines or ["Nobody has joined."]


@verb("kick NUMBER|GOV|scribe|screen", "Closes a terminal; the exercise goes on.", "session", takes=("terminal",))
def _kick(console: Console, words: ParsedLine) -> list[str]:
    (text,) = words.take(1, "kick NUMBER, kick GOV, kick scribe or kick screen (terminals lists them)")
    gone = _room(console).found(text)
    for terminal in gone:
        terminal.show(["The facilitator has closed this terminal."])
        terminal.close()
    return [f"Closed: {', '.join(f'{each.number} {each.name}' for each in gone)}"]
