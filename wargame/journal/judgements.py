"""Judgements of expected actions, which are records of kind `rating`."""

from __future__ import annotations

from collections.abc import Sequence

from wargame.journal.records import Record


def present_judgements(records: Sequence[Record]) -> frozenset[int]:
    """The numbers of the ratings that gave expected actions the status which they still have.

    Whoever lists expected actions with who judged them need not list these again. A rating is not among them once
    another judgement has replaced it for any expected action.
    """
    statuses = [record for record in records if record.kind == "expected"]
    replaced = {seq for record in statuses for seq in record.cause}
    judged = [record for record in statuses if record.data.get("by_hand") and record.cause]
    earlier = {record.cause[0] for record in judged if record.seq in replaced}
    return frozenset(record.cause[0] for record in judged if record.cause[0] not in earlier)
