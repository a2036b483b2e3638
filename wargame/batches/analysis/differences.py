"""Differences of a batch: each arm against the baseline by replication, whose interests it serves, and rankings.

Rankings of many arms have their uncertainty: all pairs, and the ranks of resampled runs.
"""

from collections.abc import Iterable
from itertools import combinations, product
from math import nan
from typing import Any

import msgspec
import numpy as np

from wargame.batches.analysis.estimates import common, estimate_row, is_share, units, values_of
from wargame.batches.running.parts import RunTable
from wargame.batches.study.prepared import PreparedStudy
from wargame.scenario.model import Scenario
from wargame.scenario.model.measures import OF_PATHS, WELFARE, Parsed, welfare_args
from wargame.statistics.games import resampled
from wargame.statistics.intervals import Floats, finite, holm, reported, unpaired
from wargame.statistics.intervals import paired as paired_difference


class DifferenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The difference of a measure between an arm and a baseline, with a 95 % interval.

    `p` is the p-value of the test of no difference, `p_holm` the same corrected for all comparisons reported together.
    `gain` is the factor by which pairing cuts the runs needed, `ceiling` the largest possible one for shares.
    """

    measure: str
    arm: str
    baseline: str
    n: int
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    paired: bool
    gain: float | None
    ceiling: float | None


def differences(
    table: RunTable, measures: Iterable[Parsed] | None = None, *, pairs: bool = False
) -> list[DifferenceRow]:
    """Return each arm against the baseline of the batch, replication by replication; with `pairs`, against each other.

    Holm's p-values are over all rows.
    """
    base, rows = table.prepared.study.against, []
    against = list(combinations(table.arms, 2)) if pairs else [(arm, base) for arm in table.arms if arm != base]
    for measure, (arm, other) in product(table.prepared.measures if measures is None else measures, against):
        most = common((table.prepared, arm), (table.prepared, other))
        pair = (values_of(table, measure, arm, most), values_of(table, measure, other, most))
        rows.append(difference(table.prepared, measure, arm, other, pair, paired=True))
    return adjusted(rows)


def difference(
    prepared: PreparedStudy, measure: Parsed, arm: str, base: str, pair: tuple[Floats, Floats], *, paired: bool
) -> DifferenceRow:
    """Return the difference of a pair of samples, `p_holm` still missing."""
    first, second = (units(prepared, values) for values in pair)
    share = is_share(prepared, measure, len(pair[0]), first, second)
    if paired:
        count = min(len(first), len(second))
        first, second = first[:count], second[:count]
        share = share or (measure.kind == "share" and bool((first == second).all()))
        result = paired_difference(first, second, share=share)
    else:
        result = unpaired(first, second, share=share)
    alike = not share and result.se == 0.0
    return DifferenceRow(
        measure=measure.name,
        arm=arm,
        baseline=base,
        n=result.n,
        p=None if alike else finite(result.p),
        p_holm=None,
        paired=paired,
        gain=finite(result.gain),
        ceiling=finite(result.ceiling),
        **reported(result, alike=alike),
    )


def adjusted(rows: list[DifferenceRow]) -> list[DifferenceRow]:
    """Return the rows with Holm's p-values over all of them."""
    ps = holm([nan if each.p is None else each.p for each in rows])
    return [msgspec.structs.replace(each, p_holm=finite(p)) for each, p in zip(rows, ps, strict=True)]


SURE = 0.05
"""A government is better or worse off if the corrected p-value of a difference is below this."""


class InterestRow(msgspec.Struct, frozen=True, kw_only=True):
    """The differences that an arm makes for a government, compared with the baseline.

    `at_end` and `over_time` are the differences of its welfare at the end and of its mean, None if they are not
    measured. `leader` is the one whose interests count, empty for whoever is in office. `verdict` is `better`, `worse`,
    `mixed` if the two differences disagree, or empty if none is shown.
    """

    arm: str
    government: str
    leader: str
    name: str
    at_end: DifferenceRow | None
    over_time: DifferenceRow | None
    verdict: str


def interests(prepared: PreparedStudy, comparisons: Iterable[DifferenceRow]) -> list[InterestRow]:
    """Return one row for each arm and government whose welfare is measured, in the order of the arms."""
    rows = {(row.measure, row.arm): row for row in comparisons}
    measured: dict[tuple[str, ...], dict[str, str]] = {}
    for measure in prepared.measures:
        whose, when = _of(measure)
        if whose:
            measured.setdefault(whose, {}).setdefault(when, measure.name)
    result = []
    for arm in dict.fromkeys(row.arm for row in rows.values()):
        for whose, names in sorted(measured.items()):
            ends = {when: rows.get((names.get(when, ""), arm)) for when in ("at_end", "over_time")}
            leader, name = "".join(whose[1:]), name_of(prepared.loaded.scenario, whose)
            verdict = _verdict(*ends.values())
            row = InterestRow(arm=arm, government=whose[0], leader=leader, name=name, verdict=verdict, **ends)
            result.append(row)
    return result


def name_of(scenario: Scenario, whose: tuple[str, ...]) -> str:
    """Return a government by name, with the title of the leader whose interests count: `Brel (the general)`."""
    name = scenario.governments[whose[0]].name
    return f"{name} ({scenario.leaders[whose[1]].title})" if whose[1:] else name


def _of(measure: Parsed) -> tuple[tuple[str, ...], str]:
    """Return the government (and leader) of a measure of welfare and when it is measured; empty for other measures."""
    calls = list(measure.calls.values())
    if len(calls) != 1 or measure.expression.text.strip() not in measure.calls:
        return (), ""
    (call,) = calls
    if call.function == WELFARE:
        return call.args, "at_end"
    over_time = welfare_args(call.args[0]) if call.function == OF_PATHS[0] else ()
    return over_time, "over_time" if over_time else ""


def _verdict(*rows: DifferenceRow | None) -> str:
    sure = (row.estimate for row in rows if row is not None and row.p_holm is not None and row.p_holm < SURE)
    signs = {estimate > 0 for estimate in sure if estimate is not None}
    if len(signs) > 1:
        return "mixed"
    return "" if not signs else "better" if signs.pop() else "worse"


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
    measured = table.prepared.measured
    return [row for name, known in by_measure.items() for row in _ranking(table, measured[name], known)]


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
