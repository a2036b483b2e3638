"""The causes of a record: which one is its trigger, and which records only pass a cause on."""

from collections.abc import Mapping
from typing import Any

from wargame.journal.records import Record

LATELY = 30 * 86400
"""Seconds before a meeting that nothing called, within which it was held in view of events. Judgement."""
UNCALLED = frozenset({"routine", "resumed"})
"""Meetings that take place at their time: their causes are recent news, of which none called the meeting."""
OF_TALKS = frozenset({"suspend", "return", "leave"})
"""Steps of talks that are reasons themselves: what came before them is not the reason of what follows."""


def trigger(record: Record, index: Mapping[int, Record], after: Record | None = None) -> Record | None:
    """Return the record that brought this one about; of a meeting that nothing called, the latest news before it.

    If what was decided there, by the record itself or by the order `after` it, has a target, reports on others than
    the target are no such news.
    """
    if _uncalled(record):
        target = _target(record) or _target(after)
        news = contributing(record, index)
        of_target = [each for each in news if not target or getattr(each, "actor", target) == target]
        return max(of_target, key=lambda each: each.seq, default=None)
    return index.get(record.cause[0]) if record.cause else None


def _target(record: Record | None) -> Any:
    in_data = record is not None and record.kind == "command"
    return record.data.get("target") if record and in_data else getattr(record, "target", None)


def contributing(record: Record, index: Mapping[int, Record]) -> list[Record]:
    """All causes of a record that the journal has; of a meeting that nothing called, those of the last 30 days."""
    causes = [index[seq] for seq in record.cause if seq in index]
    return [each for each in causes if record.t - each.t <= LATELY] if _uncalled(record) else causes


def _uncalled(record: Record) -> bool:
    return record.kind in ("decision", "decision.due") and getattr(record, "meeting", "") in UNCALLED


def turns_talks(record: Record) -> bool:
    """Return whether a record says that talks were suspended or went on."""
    return record.kind == "forum" and getattr(record, "event", "") in OF_TALKS
