"""Which records a judgement of an expected action may name as what was done."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from wargame.errors import UsageFault, shortened
from wargame.simulation.kernel.log import Record
from wargame.simulation.mechanisms.expected_actions import ExpectedItem

BY_GOVERNMENT = frozenset(
    {
        *("action", "message", "offer", "answer", "vote", "ballot", "request", "rfi", "demand", "standing_order"),
        "inject.released",
    }
)
"""Kinds of records that are of the government in `who`."""
NAMED_IN_DATA = frozenset({"procedure.answer"})
"""Kinds of records that are of the government in their data."""
ORDERS = frozenset({"order", "standing_order"})
"""Commands that are of the government in their data, unless the white cell forces them."""


def check_evidence(records: Sequence[Record], items: Sequence[ExpectedItem], evidence: int) -> None:
    """Raise UsageFault unless a record may be evidence for all of these expected actions."""
    place = bisect_left(records, evidence, key=lambda record: record[0])
    record = records[place] if place < len(records) and records[place][0] == evidence else None
    for item in items:
        if record is None or evidence < item.seq or not _is_of(record, item.spec.who):
            raise UsageFault(refusal(str(evidence), item))


def refusal(evidence: str, item: ExpectedItem) -> str:
    """Return why a record is no evidence, and what is accepted; the same for every record, so that it reveals none."""
    who = item.spec.who
    accepted = (
        f"an action, order, message, demand, offer, answer, vote or request of {who}, the ruling on its request, "
        "or a message of the script in its name"
    )
    named = f"name a record of {who} since the release of {item.inject} ({accepted})"
    return f"#{shortened(evidence, 20)} is no evidence for expected action {item.number}: {named}"


def _is_of(record: Record, government: str) -> bool:
    """Return whether a record shows what a government did, or what was done on its behalf."""
    _, _, kind, who, about, _, data = record
    if kind in BY_GOVERNMENT:
        return who == government
    if kind in NAMED_IN_DATA:
        return data.get("government") == government
    if kind == "ruling":
        return about == government
    is_order = kind == "command" and about in ORDERS and not (data.get("forced") or data.get("override"))
    return is_order and data.get("government") == government
