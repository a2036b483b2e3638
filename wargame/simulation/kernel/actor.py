"""What mechanisms know of a government that decides: a protocol, so that they import no actor."""

from collections.abc import Collection
from typing import Protocol

from wargame.decision.menu import Candidate, Menu
from wargame.decision.responses import Habits, ResponseBook
from wargame.scenario.model import Leader, Stage

PERSON = "human"
"""The seat of a government for which a person decides."""


class Actor(Protocol):
    """One government of a run; `actors.government.GovernmentProcess` implements it."""

    name: str
    seat: str
    """Who decides: `model`, `human` or `script`."""
    habits: Habits
    """Its own recent actions."""
    responses: ResponseBook
    """How others have responded to it."""

    @property
    def limits(self) -> str:
        """The limits of whoever decides: those of the leader, unless a person decides under others (`LIMITS`)."""

    @property
    def pending(self) -> Collection[Candidate]:
        """Orders that are being carried out."""

    @property
    def leader(self) -> Leader:
        """The profile of the leader in office."""

    def menu_of(self, candidate: Candidate) -> Menu | None:
        """Return the menu that has this candidate; None for one that it cannot choose."""

    def current_stage(self) -> Stage | None:
        """Return the stage of the strategy in force, None without a strategy."""

    def install(self, leader: str, cause: int | None = None) -> None:
        """Put a leader in office."""

    def follow(self, strategy: str, cause: int | None = None, *, held: bool = False) -> None:
        """Adopt a strategy, from its first stage. If `held`, it ends only with the leader or by an inject."""

    def add_salience(self, dossier: str, strength: float, seq: int | None) -> None:
        """Add salience to a dossier, which may call a meeting; `seq` is the record that it came from, if any."""

    def review_orders(self, towards: Collection[str], occasion: str) -> None:
        """Review the orders in hand that are directed at one of these governments, if the rules have reviews."""

    def vote(self, candidate: Candidate, cause: int, source: str) -> None:
        """Cast the vote for which a council sits."""

    def withhold(self, candidate: Candidate, reason: str) -> None:
        """Give up an order that waited for a sitting."""

    def summon(
        self, dossier: str, reason: str, trigger: int | None, *, crisis: bool = False, deadline: int | None = None
    ) -> None:
        """Call a meeting on a dossier; a crisis interrupts the work in hand. `deadline` is in seconds of the run."""
