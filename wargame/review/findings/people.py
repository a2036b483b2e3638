"""Which governments people decided for, and when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from wargame.journal.records import Record
from wargame.review.findings.source import RunSource

HUMAN = "human"
ORDERS = frozenset({"order", "standing_order"})
"""Commands by which a seat acts."""


class SeatHistory:
    """The kind of each seat over time: as at STARTEX, then as the facilitator assigned it."""

    def __init__(self, source: RunSource) -> None:
        self._records = source.records
        kinds = {str(who): str(kind) for who, kind in source.manifest.settings.get("seats", ())}
        self._changes: dict[str, list[tuple[int, str]]] = {who: [(-1, kind)] for who, kind in kinds.items()}
        for record in source.records:
            if record.kind == "startex" and isinstance(record.data.get("seats"), Mapping):
                for who, kind in record.data["seats"].items():
                    self._changes[str(who)] = [(-1, str(kind))]
            elif record.kind == "command" and record.about == "seat":
                change = (record.seq, str(record.data.get("kind")))
                self._changes.setdefault(str(record.data.get("government")), []).append(change)

    def is_human(self, who: str, seq: int) -> bool:
        """Whether a person decided for a government when the record of this number was written."""
        changes = self._changes.get(who, [])
        place = bisect_right(changes, seq, key=lambda change: change[0]) - 1
        return place >= 0 and changes[place][1] == HUMAN

    def is_human_within(self, who: str, first: int, last: int) -> bool:
        """Whether a person decided for a government at any time between two records."""
        changes = self._changes.get(who, [])
        return self.is_human(who, first) or any(first < seq <= last and kind == HUMAN for seq, kind in changes)

    def always_human(self, who: str) -> bool:
        """Whether a person decided for a government from STARTEX to the end."""
        changes = self._changes.get(who, [])
        return bool(changes) and changes[0][0] < 0 and all(kind == HUMAN for _, kind in changes)

    def human_at_any_time(self) -> frozenset[str]:
        """Governments for which a person decided at any time.

        A person who receives a seat at the last moment, and then does nothing, decides for nobody.
        """
        return frozenset(
            who
            for who, changes in self._changes.items()
            if any(kind == HUMAN and not self._is_idle(who, seq) for seq, kind in changes)
        )

    def _is_idle(self, who: str, seq: int) -> bool:
        """Whether no time passed after this record, and a person in this seat did nothing."""
        after = [record for record in self._records if record.seq >= seq]
        if seq < 0 or not after or after[-1].at != after[0].at:
            return False
        return not any(who in (record.who, record.data.get("government")) for record in after[1:])


def order_of(record: Record) -> str:
    """The government of an order or a standing order of its seat; empty for other records and for forced orders."""
    is_order = record.kind == "command" and record.about in ORDERS and not is_forced(record)
    return str(record.data.get("government") or "") if is_order else ""


def is_forced(order: Record) -> bool:
    """Whether an order is one of the settings or of the white cell, which overrides requirements."""
    return bool(order.data.get("forced") or order.data.get("override"))


def consequences(records: Sequence[Record]) -> dict[int, list[Record]]:
    """The records that name another record as their trigger, by its number."""
    followers: dict[int, list[Record]] = {}
    for record in records:
        if record.cause:
            followers.setdefault(record.cause[0], []).append(record)
    return followers
