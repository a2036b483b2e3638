"""Which factors matter: Sobol's indices by SALib, and a tornado of one factor at a time.

A failed run leaves a hole that SALib (1.6) turns into indices of zero without a word: such tables are refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wargame.batch.analysis.estimates import told, values_of
from wargame.batch.running.table import Table
from wargame.batch.study.design import LISTED, LUCK
from wargame.errors import WargameError
from wargame.scenario.model.measures import Parsed
from wargame.statistics import tests
from wargame.statistics.intervals import Floats, variance

RESAMPLES = 200


class Refused(WargameError):
    """The table has holes where every row is needed; the rows that are there stay usable."""


def sensitivity(table: Table) -> list[dict[str, Any]]:
    """Indices or bars of each measure in each arm, for designs that have them; Refused if a run has failed."""
    design = table.prepared.study.design
    if design is None or design.kind not in ("sobol", "one_at_a_time"):
        return []
    failed, unplayed = int((table.there & ~table.ok).sum()), int((~table.there).sum())
    if failed:
        raise Refused(
            f"no sensitivity: {failed} of {table.ok.size} runs failed, and every one is needed (a hole would turn all "
            "indices into zeros); mend what they fail of and play the study again in another folder"
        )
    points = table.prepared.points
    assert points is not None
    if unplayed or table.shape[1] % len(points.values):
        left = unplayed or len(points.values) - table.shape[1] % len(points.values)
        raise Refused(f"no sensitivity: the design is not played to its end, {left} runs are missing (--resume)")
    study = sobol if design.kind == "sobol" else tornado
    return [
        row
        for measure in table.prepared.measures
        for arm in table.arms
        for row in study(table, measure, arm, values_of(table, measure, arm))
    ]


def sobol(table: Table, measure: Parsed, arm: str, values: Floats) -> list[dict[str, Any]]:
    """First-order and total indices of each factor and of luck, with 95 % intervals of SALib's bootstrap."""
    points = table.prepared.points
    assert points is not None
    assert points.luck == LISTED
    if np.isnan(values).any():
        raise Refused(f"no Sobol indices of {measure.name} in {arm}: not every run has a number")
    if variance(values) == 0.0:
        return []
    from SALib.analyze import sobol as salib

    names = [*points.names, LUCK]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    seed = table.prepared.study.seed % 2**32
    found = salib.analyze(problem, values, calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
    made = []
    for i, name in enumerate(names):
        first = {"first": float(found["S1"][i]), "first_half_width": float(found["S1_conf"][i])}
        total = {"total": float(found["ST"][i]), "total_half_width": float(found["ST_conf"][i])}
        made.append({"measure": measure.name, "arm": arm, "factor": name, **first, **total})
    return made


def tornado(table: Table, measure: Parsed, arm: str, values: Floats) -> list[dict[str, Any]]:
    """What each factor's lower and upper end do to a measure, against the middle and with the same luck."""
    points = table.prepared.points
    assert points is not None
    count = len(points.values)
    cells = values.reshape(-1, count)
    made = []
    for i, name in enumerate(points.names):
        bar: dict[str, Any] = {"measure": measure.name, "arm": arm, "factor": name}
        for end, place in (("low", 2 * i + 1), ("high", 2 * i + 2)):
            found = tests.paired(cells[:, place], cells[:, 0], share=measure.kind == "share")
            alike = measure.kind != "share" and found.se == 0.0
            span = {"from": None, "to": None} if alike else {"from": told(found.low), "to": told(found.high)}
            effect = {"effect": told(found.estimate), **span}
            bar[f"at_{end}"] = {"value": points.values[place][i], **effect}
        effects = [bar[f"at_{end}"]["effect"] or 0.0 for end in ("low", "high")]
        bar["swing"] = max(0.0, *effects) - min(0.0, *effects)
        made.append(bar)
    return sorted(made, key=lambda bar: -bar["swing"])
