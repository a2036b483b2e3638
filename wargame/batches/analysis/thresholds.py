"""Which thresholds of a batch are crossed."""

from __future__ import annotations

from typing import Any

from wargame.batches.analysis.estimates import EstimateRow
from wargame.batches.running.table import Table


def threshold_rows(table: Table, estimates: list[EstimateRow]) -> list[dict[str, Any]]:
    """Each threshold in each arm that it applies to: the estimate and whether it is crossed."""
    names = {m.name: m for m in table.prepared.measures}
    rows = []
    for threshold in table.prepared.thresholds:
        measure = names[threshold.measure].name
        for each in estimates:
            if each.measure == measure and threshold.arm in ("", each.arm):
                row = {"threshold": threshold.text, "arm": each.arm, "estimate": each.estimate}
                crossed, failed = threshold.crossed(each.estimate), _failed(table, each.arm)
                rows.append(row | {"crossed": crossed, "failed": failed})
    return rows


def _failed(table: Table, arm: str) -> int:
    row = table.row(arm)
    return int((table.there[row] & ~table.ok[row]).sum())
