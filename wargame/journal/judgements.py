"""Ratings of objectives and judgements of expected actions, which are both records of kind `rating`."""

from collections.abc import Sequence

from wargame.journal.records import Record
from wargame.journal.records.run import RatingRecord
from wargame.journal.records.script import ExpectedRecord

OF_OBJECTIVES = frozenset("PSMU")
"""Ratings of objectives."""


def present_judgements(records: Sequence[Record]) -> frozenset[int]:
    """Return the numbers of the ratings that gave expected actions the status which they still have.

    Whoever lists expected actions with who judged them need not list these again. A rating is not among them once
    another judgement has replaced it for any expected action.
    """
    return _judgements(records) - _replaced_judgements(records)


def replaced_ratings(records: Sequence[Record]) -> frozenset[int]:
    """Return the numbers of the ratings that no longer count.

    A judgement is replaced by another one of the same expected action, the rating of an objective by a later one of the
    same author.
    """
    last: dict[tuple[str, str], int] = {}
    of_objectives = [r for r in records if isinstance(r, RatingRecord) and r.about and r.rating in OF_OBJECTIVES]
    for record in of_objectives:
        last[record.about, record.evaluator or record.who] = record.seq
    earlier = frozenset(record.seq for record in of_objectives) - frozenset(last.values())
    return earlier | _replaced_judgements(records)


def replaced_by(rating: Record) -> str:
    """Return what is said of a rating that no longer counts: by what it was replaced."""
    what = "rating" if isinstance(rating, RatingRecord) and rating.rating in OF_OBJECTIVES else "judgement"
    return f"replaced by a later {what}"


def _replaced_judgements(records: Sequence[Record]) -> frozenset[int]:
    replaced = {seq for record in records if record.kind == "expected" for seq in record.cause}
    return _judgements([record for record in records if record.seq in replaced])


def _judgements(records: Sequence[Record]) -> frozenset[int]:
    """Return the numbers of the ratings that gave expected actions the statuses among these records."""
    judged = [record for record in records if isinstance(record, ExpectedRecord) and record.by_hand]
    return frozenset(record.cause[0] for record in judged if record.cause)
