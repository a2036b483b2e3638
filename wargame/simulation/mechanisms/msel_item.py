"""One item of the MSEL in a run: an inject, its state and what is known about its trigger."""

from __future__ import annotations

from dataclasses import dataclass

from wargame.scenario.model import Inject
from wargame.simulation.kernel.state_tables import HELD_STATES, ItemState
from wargame.simulation.kernel.thinning import Thinning
from wargame.simulation.kernel.watch import Watched


@dataclass(slots=True, eq=False)
class MselItem:
    """An inject with its state, which only the injector changes. Times are in seconds of the run."""

    spec: Inject
    ad_hoc: bool = False
    """Added by the white cell during the run."""
    state: ItemState = ItemState.SCHEDULED
    released: int = 0
    """Number of releases so far."""
    passed: int = 0
    """Dates of a series on which it was not released: each uses up one of its repeats."""
    repeats_ended: bool = False
    """It is not released again, although repeats are left."""
    last: int | None = None
    """Time of the last release."""
    attempts: int = 0
    """Draws of its chance so far."""
    explained: bool = False
    """A record says why it was not released."""
    skipped_by_hand: bool = False

    due: int | None = None
    """Time at which its trigger fires, if that is known."""
    shift: int = 0
    """By how much the white cell has moved its time."""
    pending: int | None = None
    """The record that it follows, once that record exists."""
    not_before: int | None = None
    """Until when the white cell has delayed an item that waits for something without a date."""
    missed: tuple[str, tuple[int, ...]] | None = None
    """The trigger that fired while it was held or delayed, with the causes."""
    token: int = 0
    """Changes with every new time, so that an older one on the clock has no effect."""
    watched: Watched | None = None
    thinning: Thinning | None = None

    @property
    def status(self) -> str:
        """The state for people: the three held states are all `held`."""
        return "held" if self.state in HELD_STATES else self.state

    @property
    def left(self) -> bool:
        """Whether its trigger may release it once more."""
        return self.released + self.passed < self.spec.repeat and not self.repeats_ended

    @property
    def repeats(self) -> bool:
        """Whether it has been released and its trigger may release it again."""
        return self.state == ItemState.RELEASED and self.left and not self.spec.manual

    @property
    def alive(self) -> bool:
        """Whether it may still be released by its trigger."""
        return self.state not in (ItemState.RELEASED, ItemState.SKIPPED) or self.repeats
