"""The governments that people decided for, and the times."""

from bisect import bisect_right
from collections.abc import Sequence

from wargame.journal.command_words import is_setting
from wargame.journal.records import Record
from wargame.journal.records.correspondence import Written
from wargame.journal.records.run import CommandRecord, StartexRecord
from wargame.journal.records.seats import ProcedureAnswerRecord
from wargame.review.findings.source import RunSource
from wargame.tables import by_key, tables

HUMAN, MODEL = "human", "model"
WHITE_CELL = "EXCON"
ORDERS = frozenset({"order", "standing_order"})
"""Commands by which a seat acts."""


class SeatHistory:
    """The kind of each seat over time: as at STARTEX, then as the facilitator assigned it."""

    def __init__(self, source: RunSource) -> None:
        self._records = source.records
        kinds = {str(who): str(kind) for who, kind in source.manifest.settings.get("seats", ())}
        self._changes: dict[str, list[tuple[int, str]]] = {who: [(-1, kind)] for who, kind in kinds.items()}
        for record in source.records:
            if isinstance(record, StartexRecord):
                self._changes |= {who: [(-1, kind)] for who, kind in (record.seats or {}).items()}
            elif isinstance(record, CommandRecord) and record.about == "seat":
                change = (record.seq, str(record.data.get("kind")))
                self._changes.setdefault(str(record.data.get("government")), []).append(change)

    def kind(self, who: str, seq: int) -> str:
        """Return the kind of player in a seat when the record of this number was written; empty if it is not known."""
        changes = self._changes.get(who, [])
        place = bisect_right(changes, seq, key=lambda change: change[0]) - 1
        return changes[place][1] if place >= 0 else ""

    def is_human(self, who: str, seq: int) -> bool:
        """Return whether a government had a human seat when the record of this number was written."""
        return self.kind(who, seq) == HUMAN

    def always_model(self, who: str) -> bool:
        """Return whether the model held the seat of a government throughout."""
        return all(kind == MODEL for _, kind in self._changes.get(who, []))

    def is_human_within(self, who: str, first: int, last: int) -> bool:
        """Return whether a person decided for a government at any time between two records."""
        changes = self._changes.get(who, [])
        return self.is_human(who, first) or any(first < seq <= last and kind == HUMAN for seq, kind in changes)

    def always_human(self, who: str) -> bool:
        """Return whether a person decided for a government from STARTEX to the end."""
        changes = self._changes.get(who, [])
        return bool(changes) and changes[0][0] < 0 and all(kind == HUMAN for _, kind in changes)

    def human_at_any_time(self) -> frozenset[str]:
        """Return governments that had a human seat, without those whose person came last and did nothing."""
        return frozenset(
            who
            for who, changes in self._changes.items()
            if any(kind == HUMAN and not self._is_idle(who, seq) for seq, kind in changes)
        )

    def _is_idle(self, who: str, seq: int) -> bool:
        """Return whether no time passed after this record, and a person in this seat did nothing."""
        after = [record for record in self._records if record.seq >= seq]
        if seq < 0 or not after or after[-1].at != after[0].at:
            return False
        return not any(who in (record.who, government_of(record)) for record in after[1:])


INPUT: frozenset[str] = frozenset(tables("journal/kinds.yaml")["input"])
"""Kinds of what comes from a seat."""


def entered_by_white_cell(record: Record) -> bool:
    """Return whether the white cell entered what belongs to a seat: no seat gave it."""
    by = record.data.get("by") if isinstance(record, CommandRecord) else isinstance(record, Written) and record.by
    return not record.who or bool(by)


def active_seats(source: RunSource) -> frozenset[str]:
    """Return the governments from whose seats something came since STARTEX: an order, a message, a vote, an answer."""
    given = (each for each in source.since if each.kind in INPUT and not entered_by_white_cell(each))
    return frozenset(each.who for each in given) & source.governments.keys()


def order_of(record: Record) -> str:
    """Return the government whose seat gave an order or a standing order; empty for other records."""
    return record.who if record.kind == "command" and record.about in ORDERS else ""


def government_of(record: Record) -> str:
    """Return the government that a command or another record concerns, else the one that it is of."""
    named = record.data.get("government") if isinstance(record, CommandRecord) else getattr(record, "government", "")
    return str(named or record.who)


def reason_of(record: Record) -> str:
    """Return the reason that was given; empty if there is none."""
    why = record.data.get("why") if isinstance(record, CommandRecord) else getattr(record, "why", "")
    return str(why or "")


def ordered_for(record: Record) -> str:
    """Return the government that an order, or the answer to a standing procedure, is of; empty for other records."""
    if isinstance(record, ProcedureAnswerRecord):
        return record.government
    return str(record.data.get("government")) if isinstance(record, CommandRecord) and record.about in ORDERS else ""


def is_forced(order: Record) -> bool:
    """Return whether an order is one of the settings, of a fork, or of the white cell that overrides requirements."""
    return is_setting(order.data) or bool(order.data.get("override"))


def consequences(records: Sequence[Record]) -> dict[int, list[Record]]:
    """Return the records that name another record as their trigger, by its number."""
    return by_key((record.cause[0], record) for record in records if record.cause)
