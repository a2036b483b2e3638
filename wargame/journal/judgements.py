"""Judgements of expected actions, which are records of kind `rating`."""

from __future__ import annotations

from collections.abc import Sequence

from wargame.journal.records import Record


def present_judgements(records: Sequence[Record]) -> frozenset[int]:
    """The numbers of the ratings that gave expected actions the status which they still have.

    Whoever lists expected actions with who judged them need not list these again. A rating is not among them once
    another judgement has replaced it for any expected action.
    """
    return _judgements(records) - replaced_judgements(records)


def replaced_judgements(records: Sequence[Record]) -> frozenset[int]:
    """The numbers of the ratings that another judgement has replaced for any expected action."""
    replaced = {seq for record in records if record.kind == "expected" for seq in record.cause}
    return _judgements([record for record in records if record.seq in replaced])


def _judgements(records: Sequence[Record]) -> frozenset[int]:
    """The numbers of the ratings that gave expected actions the statuses among these records."""
    judged = [record for record in records if record.kind == "expected" and record.data.get("by_hand")]
    return frozenset(record.cause[0] for record in judged if record.cause)
