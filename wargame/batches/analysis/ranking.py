"""Rankings of many arms, with their uncertainty: all pairs, and the ranks of resampled runs."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from wargame.batches.analysis.differences import SURE, DifferenceRow
from wargame.batches.analysis.estimates import estimate_row, units, values_of
from wargame.batches.running.parts import RunTable
from wargame.scenario.model.measures import Parsed
from wargame.statistics.games import resampled

MANY = 6
"""Arms above which results are rankings, since a line for each arm and measure is more than anybody reads."""


def rankings(table: RunTable, pairs: Iterable[DifferenceRow]) -> list[dict[str, Any]]:
    """Return the arms by each measure, the largest estimate first.

    `ranks` are the 2.5th and the 97.5th percentile of the rank in bootstrap samples, `first` the share of samples in
    which the arm has the largest mean. `against` has the difference to each other arm, and whether it is sure.
    """
    by_measure: dict[str, dict[tuple[str, str], tuple[float | None, bool]]] = {}
    for row in pairs:
        known, sure = by_measure.setdefault(row.measure, {}), row.p_holm is not None and row.p_holm < SURE
        known[row.arm, row.baseline] = row.estimate, sure
        known[row.baseline, row.arm] = None if row.estimate is None else -row.estimate, sure
    measures = {each.name: each for each in table.prepared.measures}
    return [row for name, known in by_measure.items() for row in _ranking(table, measures[name], known)]


def _ranking(table: RunTable, measure: Parsed, known: dict[Any, tuple[float | None, bool]]) -> list[dict[str, Any]]:
    values = np.stack([units(table.prepared, values_of(table, measure, arm)) for arm in table.arms])
    whole = values[:, ~np.isnan(values).any(axis=0)]
    ranks = np.ones((1, len(table.arms)))
    if whole.shape[1]:
        means = np.stack(resampled(whole, f"{table.prepared.study.seed} {measure.name}"))
        ranks = (means[:, None, :] > means[:, :, None]).sum(axis=2) + 1.0
    low, high = np.quantile(ranks, (0.025, 0.975), axis=0, method="nearest").astype(int)
    rows = []
    for i, arm in enumerate(table.arms):
        estimate = estimate_row(table.prepared, measure, arm, values_of(table, measure, arm))
        against = {other: known[arm, other] for other in table.arms if other != arm}
        about = {"measure": measure.name, "arm": arm, "n": estimate.n, "estimate": estimate.estimate}
        numbers = {"low": estimate.low, "high": estimate.high, "ranks": [int(low[i]), int(high[i])]}
        rows.append({**about, **numbers, "first": float((ranks[:, i] == 1.0).mean()), "against": against})
    return sorted(rows, key=lambda row: (row["estimate"] is None, -(row["estimate"] or 0.0), row["arm"]))
