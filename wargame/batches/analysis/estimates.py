"""Estimates of a batch: each measure in each arm with an interval, cumulative incidences of outcomes, quantiles."""

from math import inf, isfinite
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from wargame.batches.running.parts import RunTable
from wargame.batches.study.design import LISTED, OWN, SHARED
from wargame.batches.study.prepared import PreparedStudy
from wargame.executor.campaign import number_ranges
from wargame.journal.template_cache import paragraphs
from wargame.scenario.model.measures import Parsed
from wargame.statistics import incidence as incidences
from wargame.statistics import intervals
from wargame.statistics.intervals import Estimate, Floats, finite


class EstimateRow(msgspec.Struct, frozen=True, kw_only=True):
    """The estimate of a measure in an arm, from `n` runs, with its standard error and 95 % interval.

    A `time` is the mean of the days until the outcome; runs without it count with the days until their end.
    `runs_to_halve` is the number of runs that would halve the interval. None stands for what cannot be estimated. In
    `replaced` of the runs the model took decisions in the place of a player.
    """

    measure: str
    arm: str
    n: int
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    kind: str
    interval: str
    runs_to_halve: int | None
    replaced: int = 0


def values_of(table: RunTable, measure: Parsed, arm: str, most: float = inf) -> Floats:
    """Return a measure in each replication of an arm; NaN for failed runs.

    Times are cut off at ENDEX, or at `most` days: arms over different periods are compared up to the shorter one.
    """
    column = table.column(measure.name)
    row = table.row(arm)
    values: Floats = column[row]
    if measure.kind != "time":
        return values
    cut: Floats = np.minimum(np.where(np.isnan(values), table.prepared.horizon(arm), values), most)
    return np.where(table.ok[row], cut, np.nan)


def common(*spans: tuple[PreparedStudy, str]) -> float:
    """Return the days that the runs of all these arms cover."""
    return min(prepared.horizon(arm) for prepared, arm in spans)


def notes(table: RunTable, *, failures_alone: bool = False) -> tuple[str, ...]:
    """Return what a reader must know before the numbers, in sentences: of periods, failures and replaced players."""
    days = {} if failures_alone else {arm: table.prepared.horizon(arm) for arm in table.arms}
    arms, quick = [_counts(table, arm) for arm in table.arms], table.prepared.quick_look
    return paragraphs("wargame.batches", "notes.txt.j2", days=days, arms=arms, quick=quick)


def _counts(table: RunTable, arm: str) -> dict[str, Any]:
    """Return how many runs an arm has, by what became of them, and which failed."""
    row = table.row(arm)
    there, ok, failed = table.there[row], table.ok[row], table.failed[row]
    replaced, numbers = table.replaced()[row] & ok, np.flatnonzero(failed).tolist()
    counts = {"runs": there, "ok": ok, "dropped": there & ~ok & ~failed, "replaced": replaced}
    shown = {"arm": arm, "failed": numbers, "which": shortened(number_ranges(numbers))}
    return {name: int(cells.sum()) for name, cells in counts.items()} | shown


def shortened(ranges: str, most: int = 60) -> str:
    """Return a list of number ranges, cut where it is long."""
    return ranges if len(ranges) <= most else ranges[: ranges.rindex(",", 0, most)] + ", …"


def units(prepared: PreparedStudy, values: Floats) -> Floats:
    """Return independent numbers: of single runs, or means over runs that share draws or a point.

    The points of a grid share their draws, so a unit is one set of draws over all points. Runs at one point of a
    hypercube share its parameters, so a unit is one point, or a run while not every point has one. Of Sobol's design
    only the two independent samples count.
    """
    points = prepared.points
    if points is None:
        return values
    apart = independent(prepared, len(values))
    if points.sharing == LISTED and apart is not None:
        return np.asarray(values[apart])
    count = len(points.values)
    if points.sharing == OWN and len(values) < count:
        return values
    cells = values[: len(values) // count * count].reshape(-1, count)
    return np.asarray(cells.mean(axis=1) if points.sharing == SHARED else cells.mean(axis=0))


def independent(prepared: PreparedStudy, runs: int) -> NDArray[np.bool_] | None:
    """Return which of the `runs` of an arm are independent of one another; None if none are.

    In Sobol's design two in each block; none where points share their draws, or several runs share a point.
    """
    points = prepared.points
    if points is None or (points.sharing == OWN and runs <= len(points.values)):
        return np.ones(runs, dtype=np.bool_)
    if points.sharing != LISTED:
        return None
    per = len(points.names) + 3
    return np.isin(np.arange(runs) % per, (0, per - 1))


def estimate(prepared: PreparedStudy, measure: Parsed, values: Floats, arm: str = "") -> Estimate:
    """Return the estimate of a measure from its numbers."""
    numbers = units(prepared, values)
    if is_share(prepared, measure, len(values), numbers):
        return intervals.proportion(numbers)
    if measure.interval == "bootstrap":
        return intervals.bootstrap_mean(numbers, f"{measure.name} {arm}")
    return intervals.mean(numbers)


def is_share(prepared: PreparedStudy, measure: Parsed, runs: int, *samples: Floats) -> bool:
    """Return whether the units of a share are zeros and ones: single runs, or means of several that are all equal.

    At the points of a hypercube units are single runs as long as an arm has no more runs than points.
    """
    if measure.kind != "share":
        return False
    points = prepared.points
    if points is None or points.sharing == LISTED or (points.sharing == OWN and runs < 2 * len(points.values)):
        return True
    return all(set(intervals.without_nan(sample).tolist()) in ({0.0}, {1.0}) for sample in samples)


def runs_of_unit(prepared: PreparedStudy, runs: int) -> float:
    """Return how many of the `runs` of an arm are behind one independent number."""
    points = prepared.points
    if points is None:
        return 1.0
    if points.sharing == LISTED:
        return (len(points.names) + 3) / 2
    return float(len(points.values) if points.sharing == SHARED else max(1, runs // len(points.values)))


def estimate_row(prepared: PreparedStudy, measure: Parsed, arm: str, values: Floats) -> EstimateRow:
    """Return the estimate of a measure in an arm."""
    result = estimate(prepared, measure, values, arm)
    share = is_share(prepared, measure, len(values), units(prepared, values))
    halve = intervals.runs_to_halve(result, share=share)
    more = None if halve is None else round(halve * runs_of_unit(prepared, len(values)))
    if more is not None and prepared.points is not None and prepared.points.sharing == OWN:
        more = more if more <= len(prepared.points.values) else None  # more runs bring no more points
    return EstimateRow(
        measure=measure.name,
        arm=arm,
        n=result.n,
        kind=measure.kind,
        interval="Wilson" if share else ("BCa bootstrap" if measure.interval == "bootstrap" else "t"),
        runs_to_halve=more,
        **intervals.reported(result, alike=not share and result.se == 0.0),
    )


def estimate_rows(table: RunTable) -> list[EstimateRow]:
    """Return all estimates, measure by measure and arm by arm."""
    replaced = dict(zip(table.arms, (table.replaced() & table.ok).sum(axis=1).tolist(), strict=True))
    return [
        replace(estimate_row(table.prepared, measure, arm, values_of(table, measure, arm)), replaced=replaced[arm])
        for measure in table.prepared.measures
        for arm in table.arms
    ]


def widest(table: RunTable, name: str) -> float:
    """Return the width of a measure's interval in the arm where it is widest; infinite where there is none.

    Equal numbers have no interval yet: what has not occurred so far may still occur.
    """
    measure = table.prepared.measured[" ".join(name.split())]
    widths = [estimate(table.prepared, measure, values_of(table, measure, arm), arm).width for arm in table.arms]
    return max(width if isfinite(width) and width > 0.0 else inf for width in widths)


def threshold_rows(table: RunTable, estimates: list[EstimateRow]) -> list[dict[str, Any]]:
    """Return each threshold in each arm that it applies to: the estimate and whether it is crossed."""
    rows = []
    for threshold in table.prepared.thresholds:
        for each in estimates:
            if each.measure == threshold.measure and threshold.arm in ("", each.arm):
                at = table.row(each.arm)
                row = {"threshold": threshold.text, "arm": each.arm, "estimate": each.estimate}
                failed = int(table.failed[at].sum())
                rows.append(row | {"crossed": threshold.crossed(each.estimate), "failed": failed})
    return rows


QUANTILES = (0.1, 0.5, 0.9)
CURVE_POINTS = 60


def curve(table: RunTable, outcome: str, arm: str) -> incidences.Incidence:
    """Return the cumulative incidence of an outcome in an arm by day, without bands if runs are not independent."""
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
    """Return incidences on a grid of days, for reports: of outcomes that occurred in any run, in all arms."""
    every: list[dict[str, Any]] = []
    for outcome in table.prepared.outcomes:
        rows = []
        for arm in table.arms:
            days = np.linspace(0.0, table.prepared.horizon(arm), CURVE_POINTS + 1)
            steps = curve(table, outcome, arm).at(days)
            columns = {"share": steps.share, "low": steps.low, "high": steps.high}
            numbers = {name: [finite(value) for value in each.round(6).tolist()] for name, each in columns.items()}
            rows.append({"outcome": outcome, "arm": arm, "days": days.round(3).tolist()} | numbers)
        every += rows if any(row["share"][-1] for row in rows) else []
    return every


def quantiles(table: RunTable) -> list[dict[str, Any]]:
    """Return quantiles of numbers and times, with distribution-free intervals; None for a time after the end.

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
