"""Demands: options wanted of another government, with an inducement, a threat and a deadline.

An open demand adds credibility[sender, addressee] · (1 + trust)/2 · (worth of the inducement + threatened loss) to the
score of the demanded options. Once it is met, the inducement is due; once it is refused, the threat is. Carrying out
what is due raises credibility; an empty threat or an undelivered inducement lowers credibility and approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.scenario.model import Demand

OPEN, DONE, OWED, SETTLED = "open", "done", "owed", "settled"


@dataclass(slots=True)
class ActiveDemand:
    """A demand that has been made and is not settled yet.

    The addressee may comply before the sender learns of it; `action` is the number of that action. `owes` is the option
    that the sender must carry out once the demand is met or refused.
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
    """All demands of one run."""

    def __init__(self) -> None:
        self._demands: list[ActiveDemand] = []
        self._made = 0

    @property
    def any(self) -> bool:
        """Whether any demand is active."""
        return bool(self._demands)

    def make(self, asker: str, ask: Demand, until: int, cause: int) -> ActiveDemand | None:
        """Adds a demand; None if the same one is still active."""
        if any(s.asker == asker and s.ask == ask for s in self._demands):
            return None
        demand = ActiveDemand(self._made, asker, ask, until, cause)
        self._made += 1
        self._demands.append(demand)
        return demand

    def settle(self, demand: ActiveDemand) -> None:
        """Closes a demand."""
        demand.state = SETTLED
        self._demands.remove(demand)

    def put_to(self, government: str) -> list[ActiveDemand]:
        """Open demands addressed to it."""
        return [s for s in self._demands if s.state == OPEN and s.ask.of == government]

    def wants(self, asker: str, asked: str, option: str) -> bool:
        """Whether the one has a demand to the other that this option meets."""
        return any(
            s.asker == asker and s.ask.of == asked and option in s.ask.wants and s.state in (OPEN, DONE)
            for s in self._demands
        )

    def done_by(self, asker: str, action: int) -> list[ActiveDemand]:
        """Its demands that this action has met."""
        return [s for s in self._demands if s.asker == asker and s.state == DONE and s.action == action]

    def owed_by(self, government: str) -> list[ActiveDemand]:
        """Its promises and threats that are due."""
        return [s for s in self._demands if s.state == OWED and s.asker == government]

    def answered_by(self, actor: str, option: str, target: str | None) -> list[ActiveDemand]:
        """Demands that this action advances: demanded of the actor, or due from the actor towards that target."""
        met = [s for s in self._demands if s.state == OPEN and s.ask.of == actor and option in s.ask.wants]
        owed = [s for s in self.owed_by(actor) if s.owes == option and target in (s.ask.of, None)]
        return met + owed
