"""Sensitivity: Sobol's indices by SALib, a tornado of one factor at a time, and the sources of variance.

A failed run leaves a hole that SALib (1.6) silently turns into indices of zero, so such tables are refused.
"""

from typing import Any

import numpy as np

from wargame.batches.analysis.estimates import values_of
from wargame.batches.running.parts import RunTable
from wargame.batches.study.design import DRAWS, LISTED, SHARED
from wargame.errors import WargameError
from wargame.scenario.model.measures import Parsed
from wargame.statistics.intervals import Floats, finite, paired, split, variance

RESAMPLES = 200
"""Of SALib's bootstrap."""


class NoSensitivity(WargameError):
    """Rows are missing where every one is needed; the others remain usable."""


def sensitivity(table: RunTable) -> list[dict[str, Any]]:
    """Return indices or bars of each measure in each arm, for designs with them; NoSensitivity if a run has failed."""
    design = table.prepared.study.design
    if design is None or design.kind not in ("sobol", "one_at_a_time"):
        return []
    failed, unplayed = int((table.there & ~table.ok).sum()), int((~table.there).sum())
    if failed:
        why = "every one is needed (a hole would turn all indices into zeros)"
        remedy = "fix what makes them fail and run the study in another folder"
        raise NoSensitivity(f"no sensitivity: {failed} of {table.ok.size} runs failed, and {why}; {remedy}")
    points = table.prepared.points
    assert points is not None
    if unplayed or table.shape[1] % len(points.values):
        left = unplayed or len(points.values) - table.shape[1] % len(points.values)
        raise NoSensitivity(f"no sensitivity: the design is not complete, {left} runs are missing (--resume)")
    study = sobol if design.kind == "sobol" else tornado
    return [
        row
        for measure in table.prepared.measures
        for arm in table.arms
        for row in study(table, measure, arm, values_of(table, measure, arm))
    ]


def sobol(table: RunTable, measure: Parsed, arm: str, values: Floats) -> list[dict[str, Any]]:
    """Return first and total indices of each factor and of the draws, with 95 % intervals by SALib's bootstrap."""
    points = table.prepared.points
    assert points is not None
    assert points.sharing == LISTED
    if np.isnan(values).any():
        raise NoSensitivity(f"no Sobol indices of {measure.name} in {arm}: not every run has a number")
    if variance(values) == 0.0:
        return []
    from SALib.analyze import sobol as salib

    names = [*points.names, DRAWS]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    seed = table.prepared.study.seed % 2**32
    indices = salib.analyze(problem, values, calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
    rows = []
    for i, name in enumerate(names):
        first = {"first": float(indices["S1"][i]), "first_half_width": float(indices["S1_conf"][i])}
        total = {"total": float(indices["ST"][i]), "total_half_width": float(indices["ST_conf"][i])}
        rows.append({"measure": measure.name, "arm": arm, "factor": name, **first, **total})
    return rows


def tornado(table: RunTable, measure: Parsed, arm: str, values: Floats) -> list[dict[str, Any]]:
    """Return the effect of each factor's lower and upper end on a measure, against the middle, with the same draws."""
    points = table.prepared.points
    assert points is not None
    cells = values.reshape(-1, len(points.values))
    bars = []
    for i, name in enumerate(points.names):
        bar: dict[str, Any] = {"measure": measure.name, "arm": arm, "factor": name}
        for end, place in (("low", 2 * i + 1), ("high", 2 * i + 2)):
            result = paired(cells[:, place], cells[:, 0], share=measure.kind == "share")
            alike = measure.kind != "share" and result.se == 0.0
            span = {"from": None, "to": None} if alike else {"from": finite(result.low), "to": finite(result.high)}
            effect = {"effect": finite(result.estimate), **span}
            bar[f"at_{end}"] = {"value": points.values[place][i], **effect}
        effects = [bar[f"at_{end}"]["effect"] or 0.0 for end in ("low", "high")]
        bar["swing"] = max(0.0, *effects) - min(0.0, *effects)
        bars.append(bar)
    return sorted(bars, key=lambda bar: -bar["swing"])


def variance_shares(table: RunTable) -> list[dict[str, Any]]:
    """Return the variance of each measure by draws, parameters and arm, where a study repeats its points."""
    points, design = table.prepared.points, table.prepared.study.design
    if points is None or points.sharing == LISTED or (design is not None and design.kind == "one_at_a_time"):
        return []  # the middle and the ends are not a sample of likely values
    count = len(points.values)
    rows = []
    for measure in table.prepared.measures:
        values = np.stack([values_of(table, measure, arm) for arm in table.arms])
        runs = values.shape[1] // count
        cells = values[:, : runs * count].reshape(len(table.arms), runs, count).transpose(0, 2, 1)
        parts = split(cells, shared=points.sharing == SHARED)
        if parts is not None and parts.total > 0:
            shares = {name: getattr(parts, name) / parts.total for name in ("draws", "parameters", "arm")}
            rows.append({"measure": measure.name, "variance": parts.total, **shares})
    return rows
