"""What a government knew of its indicators on the first of each month, from the snapshots that it may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.journal.records.run import SnapshotRecord
from wargame.journal.viewer_memory import BELIEF
from wargame.seat.feed import feed

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.seat.brief import KnownValue
    from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class MonthlyValues:
    """The values, by path, that a government knew or estimated at second `t`; those that were 0 are left out."""

    government: str
    t: int
    values: dict[str, float]

    def of(self, known: KnownValue) -> float:
        """Return the value of an indicator at that time: the estimate, where the government only estimates it."""
        return self.values.get(f"{BELIEF}{self.government} in {known.path}", self.values.get(known.path, 0.0))


def monthly_values(exercise: Exercise, seat: str, records: Sequence[Record]) -> tuple[MonthlyValues, ...]:
    """Return the values of all months so far, oldest first."""
    snapshots = [record for record in records if isinstance(record, SnapshotRecord) and record.values]
    seen = (item.record for item in feed(exercise, seat, snapshots))
    return tuple(MonthlyValues(seat, r.t, r.values) for r in seen if isinstance(r, SnapshotRecord) and r.values)
