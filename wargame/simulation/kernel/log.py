"""The records of a run, as tuples; other packages write them as JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from wargame.journal.records import LEFT_OUT, RawRecord
from wargame.world.state import ClockLike

Record = RawRecord
_CHANGES = frozenset({"action", "forum", "agreement", "leader"})
"""Kinds of record that change the world; so does the command `set`, and what is marked (`mark_change`)."""


class Log:
    """Appends records. `seq` counts all of them, including those that the level leaves out.

    `keeps_any` and `keeps_all` say whether records are kept at all, and whether of every kind (those of signals and
    snapshots too). Data of records that are not kept need not be computed.
    """

    def __init__(self, clock: ClockLike, level: str) -> None:
        self._clock = clock
        self.keeps_any, self.keeps_all = level != "none", level == "full"
        self.records: list[Record] = []
        self.readers: list[Callable[[Record], None]] = []
        """Receive each record when it is written, whatever the level."""
        self.next_seq = 0
        self.on_change: Callable[[int], None] = lambda _: None
        """Receives the seq of each record that changed the world, once it has done so."""
        self._changed = (-1, 0)

    def mute(self) -> None:
        """Stop keeping records, for a future of which only counts are used."""
        self.keeps_any = self.keeps_all = False

    def write(
        self, kind: str, who: str = "", about: str = "", cause: Iterable[int] = (), data: dict[str, Any] | None = None
    ) -> int:
        """Append a record and return its seq."""
        seq = self.next_seq
        self.next_seq = seq + 1
        if kind in _CHANGES or (kind == "command" and about == "set"):
            self.mark_change(seq)
        if self.keeps_any or self.readers:
            record = (seq, self._clock.now, kind, who, about, tuple(cause), data or {})
            for reader in self.readers:
                reader(record)
            if self.keeps_all or (self.keeps_any and kind not in LEFT_OUT["decisions"]):
                self.records.append(record)
        return seq

    def mark_change(self, seq: int) -> None:
        """Mark a record of this second as one that changed the world."""
        self._changed = (self._clock.now, seq)
        self.on_change(seq)

    def just_changed(self) -> tuple[int, ...]:
        """Return the last record of this second that changed the world: the cause of a condition that became true."""
        return (self._changed[1],) if self._changed[0] == self._clock.now else ()
