"""Records of talks, councils and agreements."""

from __future__ import annotations

from msgspec import field

from wargame.journal.records.record import Record


class ForumRecord(Record, frozen=True):
    """A step of talks or of a council, from one state to another.

    `committed` and `stated` are governments that support the proposal or a statement; `because_of` is the government
    that a block is directed at.
    """

    kind = "forum"

    before: str = field(name="from")
    after: str = field(name="to")
    event: str
    title: str
    progress: float
    strength: float
    committed: tuple[str, ...]
    because_of: str = ""
    stated: tuple[str, ...] = ()


class AgreementRecord(Record, frozen=True):
    """A step of an agreement, from one state to another."""

    kind = "agreement"

    before: str = field(name="from")
    after: str = field(name="to")
    event: str
    title: str
