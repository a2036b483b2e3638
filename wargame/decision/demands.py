"""Asks: an option wanted of another, with a carrot, an or-else and a deadline; and the word that is kept or not.

An open ask adds credibility[asker, asked] · (1 + trust)/2 · (worth of the carrot + threatened loss) to the
wanted options' score. Once it is met the carrot falls due, once it is refused the or-else does. Keeping
one's word raises credibility; an empty threat or an unpaid carrot costs it, and approval at home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.scenario.model import Demand

OPEN, DONE, OWED, SETTLED = "open", "done", "owed", "settled"


@dataclass(slots=True)
class ActiveDemand:
    """An ask in hand.

    What was asked for may be done before the asker learns of it; `action` is its number. `owes` is the option that keeps
    the asker's word once the ask is met or refused.
    """

    number: int
    asker: str
    ask: Demand
    until: int
    cause: int
    state: str = OPEN
    owes: str | None = None
    met: bool = False
    action: int | None = None


class DemandBook:
    """All asks of one run."""

    def __init__(self) -> None:
        self._asks: list[ActiveDemand] = []
        self._made = 0

    @property
    def any(self) -> bool:
        """Whether there is any ask in hand."""
        return bool(self._asks)

    def make(self, asker: str, ask: Demand, until: int, cause: int) -> ActiveDemand | None:
        """Puts an ask; None if the same one is still in hand."""
        if any(s.asker == asker and s.ask == ask for s in self._asks):
            return None
        standing = ActiveDemand(self._made, asker, ask, until, cause)
        self._made += 1
        self._asks.append(standing)
        return standing

    def settle(self, standing: ActiveDemand) -> None:
        """Closes an ask for good."""
        standing.state = SETTLED
        self._asks.remove(standing)

    def put_to(self, government: str) -> list[ActiveDemand]:
        """Open asks that others have put to it."""
        return [s for s in self._asks if s.state == OPEN and s.ask.of == government]

    def wants(self, asker: str, asked: str, option: str) -> bool:
        """Whether the one waits for the other to do this."""
        return any(
            s.asker == asker and s.ask.of == asked and option in s.ask.wants and s.state in (OPEN, DONE)
            for s in self._asks
        )

    def done_by(self, asker: str, action: int) -> list[ActiveDemand]:
        """Asks of it that this action has met."""
        return [s for s in self._asks if s.asker == asker and s.state == DONE and s.action == action]

    def owed_by(self, government: str) -> list[ActiveDemand]:
        """Promises and threats of it that have fallen due."""
        return [s for s in self._asks if s.state == OWED and s.asker == government]

    def answered_by(self, actor: str, option: str, target: str | None) -> list[ActiveDemand]:
        """Asks that this action settles or moves on: wanted of the actor, or owed by the actor to that target."""
        wanted = [s for s in self._asks if s.state == OPEN and s.ask.of == actor and option in s.ask.wants]
        owed = [s for s in self.owed_by(actor) if s.owes == option and target in (s.ask.of, None)]
        return wanted + owed
