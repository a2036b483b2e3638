"""Differences of a batch: each arm against the baseline, paired by replication."""

from __future__ import annotations

from collections.abc import Iterable
from math import nan

import msgspec

from wargame.batches.analysis.estimates import common, is_share, units, values_of
from wargame.batches.running.table import RunTable
from wargame.batches.study.prepared import PreparedStudy
from wargame.scenario.model.measures import Parsed
from wargame.statistics.differences import holm, unpaired
from wargame.statistics.differences import paired as paired_difference
from wargame.statistics.intervals import Floats, finite


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


def differences(table: RunTable, measures: Iterable[Parsed] | None = None) -> list[DifferenceRow]:
    """Return each arm against the baseline of the batch, replication by replication."""
    base = table.prepared.study.against
    rows = []
    for measure in table.prepared.measures if measures is None else measures:
        for arm in table.arms:
            if arm != base:
                most = common((table.prepared, arm), (table.prepared, base))
                pair = (values_of(table, measure, arm, most), values_of(table, measure, base, most))
                rows.append(difference(table.prepared, measure, arm, base, pair, paired=True))
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
        estimate=finite(result.estimate),
        se=finite(result.se),
        low=None if alike else finite(result.low),
        high=None if alike else finite(result.high),
        p=None if alike else finite(result.p),
        p_holm=None,
        paired=paired,
        gain=finite(result.gain),
        ceiling=finite(result.ceiling),
    )


def adjusted(rows: list[DifferenceRow]) -> list[DifferenceRow]:
    """Return the rows with Holm's p-values over all of them."""
    ps = holm([nan if each.p is None else each.p for each in rows])
    return [msgspec.structs.replace(each, p_holm=finite(p)) for each, p in zip(rows, ps, strict=True)]
