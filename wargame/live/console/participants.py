"""The terminals that have joined an exercise.

Anyone who may open the run folder may join as any seat. Joining is not authenticated: the facilitator and the other
terminals of a seat are shown who joins and leaves, and the facilitator can close a terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wargame.errors import UsageFault, shortened
from wargame.live.console.evaluators import Evaluator
from wargame.live.console.roles import SEAT

Show = Callable[[list[str]], None]


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
        """Its seat, the name of the evaluator, or its role."""
        if self.evaluator is not None:
            return self.evaluator.name
        return self.seat if self.role == SEAT else self.role

    @property
    def details(self) -> str:
        """What an evaluator observes; empty for others."""
        if self.evaluator is None:
            return ""
        seats = ", ".join(self.evaluator.seats) or "all human seats"
        return f", evaluator of {'everything' if self.evaluator.sees_all else seats}"


class Participants:
    """The terminals that have joined an exercise; `notify` shows a line to its facilitator."""

    def __init__(self, notify: Callable[[str], None]) -> None:
        self._notify = notify
        self._last_number = 0
        self.joined: list[Terminal] = []
        self.in_browsers: list[Terminal] = []
        """The people in browsers; they come and go without an announcement here."""
        self._see_all: set[str] = set()
        """Names of the evaluators who may see what the white cell sees."""

    def join(
        self,
        role: str,
        seat: str,
        show: Show,
        close: Callable[[], None],
        since: str,
        evaluator: Evaluator | None = None,
    ) -> Terminal:
        """Adds a terminal and announces it. An evaluator who was granted the view of the white cell has it again."""
        self._last_number += 1
        terminal = Terminal(self._last_number, role, seat, show, close, since, evaluator)
        if evaluator is not None:
            evaluator.sees_all = evaluator.name in self._see_all
        others = self.sharing(terminal)
        self.joined.append(terminal)
        shared = f", shared with {len(others)} other{'s' if len(others) > 1 else ''}" if others and role == SEAT else ""
        self._notify(f"+ {terminal.name} has joined{terminal.details}, terminal {terminal.number}{shared}")
        for other in others if role == SEAT else ():
            other.show([f"! Another terminal has joined the seat of {terminal.name}; you now share it."])
        return terminal

    def leave(self, terminal: Terminal) -> None:
        """Removes a terminal and announces it."""
        self.joined.remove(terminal)
        self._notify(f"- {terminal.name} has left, terminal {terminal.number}")
        for other in self.sharing(terminal) if terminal.role == SEAT else ():
            other.show([f"Another terminal has left the seat of {terminal.name}."])

    def sharing(self, terminal: Terminal) -> list[Terminal]:
        """The other terminals of the same seat or role."""
        return [each for each in self.joined if each.name == terminal.name and each is not terminal]

    def grant(self, text: str, *, everything: bool) -> list[Terminal]:
        """Lets an evaluator see what the white cell sees, or only what the seats observed see."""
        evaluators = [
            (each, each.evaluator) for each in self.named(text, *self.in_browsers) if each.evaluator is not None
        ]
        if not evaluators:
            raise UsageFault(f"'{shortened(text, 40)}' is not an evaluator (terminals lists those who have joined)")
        for terminal, evaluator in evaluators:
            evaluator.sees_all = everything
            (self._see_all.add if everything else self._see_all.discard)(evaluator.name)
            seats = ", ".join(evaluator.seats) or "all that people hold"
            view = "the white cell sees" if everything else f"these seats see: {seats}"
            terminal.show([f"The facilitator lets you see what {view}."])
        return [terminal for terminal, _ in evaluators]

    def seats(self) -> set[str]:
        """The seats that have a terminal."""
        return {each.name for each in (*self.joined, *self.in_browsers) if each.role == SEAT}

    def add_browser(self, role: str, seat: str, show: Show, evaluator: Evaluator | None) -> Terminal:
        """Adds a person in a browser."""
        terminal = Terminal(0, role, seat, show, lambda: None, "", evaluator)
        if evaluator is not None:
            evaluator.sees_all = evaluator.name in self._see_all
        self.in_browsers.append(terminal)
        return terminal

    def named(self, text: str, *others: Terminal) -> list[Terminal]:
        """The terminals, and of the others, with this number, seat or role; UsageFault if there are none."""
        named = (each for each in (*self.joined, *others) if text.lower() in (str(each.number), each.name.lower()))
        matches = list(named)
        if not matches:
            present = ", ".join(f"{each.number} {each.name}" for each in self.joined) or "nobody has joined"
            raise UsageFault(f"there is no terminal '{shortened(text, 40)}' ({present})")
        return matches
