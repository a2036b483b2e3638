"""When outcomes occur and how numbers are distributed in a batch: cumulative incidences and quantiles."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wargame.batches.analysis.estimates import independent
from wargame.batches.running.table import RunTable
from wargame.statistics import incidence as incidences
from wargame.statistics import intervals
from wargame.statistics.intervals import finite

QUANTILES = (0.1, 0.5, 0.9)
CURVE_POINTS = 60


def curve(table: RunTable, outcome: str, arm: str) -> incidences.Incidence:
    """Return the cumulative incidence of an outcome in an arm, by days since STARTEX.

    It has no bands where runs are not independent.
    """
    row = table.row(arm)
    apart = independent(table.prepared, table.shape[1])
    ok = table.ok[row] if apart is None else table.ok[row] & apart
    days = table.column(f"time({outcome})")[row][ok]
    lived = table.column("days")[row][ok]
    came = ~np.isnan(days)
    full = lived >= table.prepared.horizon(arm) - 1e-9
    kind: NDArray[np.int64] = np.where(
        came, incidences.EVENT, np.where(full, incidences.CENSORED, incidences.COMPETING)
    )
    result = incidences.incidence(np.where(came, days, lived), kind)
    return result if apart is not None else result.without_bands()


def curves(table: RunTable) -> list[dict[str, Any]]:
    """Incidences on a grid of days, for reports: of outcomes that occurred in any run, in all arms."""
    every = []
    for outcome in table.prepared.outcomes:
        rows = [_curve_row(table, outcome, arm) for arm in table.arms]
        every += rows if any(row["share"][-1] for row in rows) else []
    return every


def _curve_row(table: RunTable, outcome: str, arm: str) -> dict[str, Any]:
    days = np.linspace(0.0, table.prepared.horizon(arm), CURVE_POINTS + 1)
    steps = curve(table, outcome, arm).at(days)
    columns = {"share": steps.share, "low": steps.low, "high": steps.high}
    return {"outcome": outcome, "arm": arm, "days": days.round(3).tolist()} | {
        name: [finite(value) for value in values.round(6).tolist()] for name, values in columns.items()
    }


def quantiles(table: RunTable) -> list[dict[str, Any]]:
    """Quantiles of numbers and times, with distribution-free intervals; None for a time after the end.

    They have no interval where runs are not independent, as order statistics assume.
    """
    rows = []
    apart = independent(table.prepared, table.shape[1])
    for measure in table.prepared.measures:
        if measure.kind == "share":
            continue
        for arm in table.arms:
            row = table.row(arm)
            counted = table.ok[row] if apart is None else table.ok[row] & apart
            values = table.column(measure.name)[row][counted]
            values = np.where(np.isnan(values), inf, values) if measure.kind == "time" else values
            for share in QUANTILES:
                result = intervals.quantile(values, share)
                low, high = (None, None) if apart is None else (finite(result.low), finite(result.high))
                numbers = {"estimate": finite(result.estimate), "low": low, "high": high}
                rows.append({"measure": measure.name, "arm": arm, "quantile": share, "n": result.n, **numbers})
    return rows
