"""Records of talks, councils and agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field

from wargame.journal.records.record import Audience, Record

if TYPE_CHECKING:
    from wargame.journal.viewer_memory import ViewerMemory


AMBIGUOUS = frozenset({"veto", "withdraw"})
"""Steps that end a proposal, as its lapse does: only the step itself says that a government made a move."""


def _audience(step: ForumRecord | AgreementRecord, viewer: ViewerMemory) -> Audience:
    hidden = step.event in AMBIGUOUS and not viewer.knows(step.cause)
    return Audience.UNINFORMED if hidden else Audience.EVERYONE


class ForumRecord(Record, frozen=True):
    """A step of talks or of a council, from one state to another.

    `committed` and `stated` are governments that support the proposal or a statement; `because_of` is the government
    that a block is directed at.
    """

    kind = "forum"
    shown = {
        Audience.EVERYONE: ("before", "after", "event", "title", "progress"),
        Audience.UNINFORMED: ("before", "after", "title", "progress"),
    }

    before: str = field(name="from")
    after: str = field(name="to")
    event: str
    title: str
    progress: float
    strength: float
    committed: tuple[str, ...]
    because_of: str = ""
    stated: tuple[str, ...] = ()

    def audience_of(self, viewer: ViewerMemory) -> Audience:
        """A change of state is for all; of a hidden action only what the new state says."""
        return _audience(self, viewer)


class AgreementRecord(Record, frozen=True):
    """A step of an agreement, from one state to another."""

    kind = "agreement"
    shown = {
        Audience.EVERYONE: ("before", "after", "event", "title"),
        Audience.UNINFORMED: ("before", "after", "title"),
    }

    before: str = field(name="from")
    after: str = field(name="to")
    event: str
    title: str

    def audience_of(self, viewer: ViewerMemory) -> Audience:
        """A change of state is for all; of a hidden action only what the new state says."""
        return _audience(self, viewer)
