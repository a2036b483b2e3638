"""From the table of a batch to what is told of it: estimates, incidences, differences, sensitivity, thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isfinite, nan
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from wargame.batch.running.table import Table
from wargame.batch.study.design import LISTED, OWN, SHARED
from wargame.batch.study.prepared import Prepared
from wargame.scenario.model.measures import Parsed
from wargame.statistics import incidence as incidences
from wargame.statistics import intervals as statistics
from wargame.statistics import tests
from wargame.statistics.intervals import Estimate, Floats
from wargame.statistics.variance import split

QUANTILES = (0.1, 0.5, 0.9)
CURVE_POINTS = 60


class EstimateRow(msgspec.Struct, frozen=True, kw_only=True):
    """One estimate: of a measure in an arm, from `n` runs, with its standard error and 95 % interval.

    A `time` is the mean of days until the outcome, those that it does not come in counted to the end.
    `runs_to_halve` says how many runs in all would halve the interval. None is what cannot be told.
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


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A measure's difference between an arm and a baseline.

    `p` is of the test of no difference, `p_holm` the same corrected for all comparisons told together. `gain` is by
    what factor pairing cuts the runs needed, `ceiling` the most that it could for shares.
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


def told(value: float) -> float | None:
    """A number for JSON: None for what is not finite."""
    return value if isfinite(value) else None


def values_of(table: Table, measure: Parsed, arm: str, most: float = inf) -> Floats:
    """A measure's number of each replication of an arm; NaN for failed runs.

    Times end with ENDEX, or at `most` days: arms that are played over different periods are compared up to the shorter
    one.
    """
    column = table.column(measure.name)
    row = table.row(arm)
    values: Floats = column[row]
    if measure.kind != "time":
        return values
    cut: Floats = np.minimum(np.where(np.isnan(values), table.prepared.horizon(arm), values), most)
    return np.where(table.ok[row], cut, np.nan)


def common(*spans: tuple[Prepared, str]) -> float:
    """The days over which all of these arms are played."""
    return min(prepared.horizon(arm) for prepared, arm in spans)


def notes(table: Table) -> list[str]:
    """What a reader must know before the numbers."""
    made, days = [], {arm: table.prepared.horizon(arm) for arm in table.arms}
    if len(set(days.values())) > 1:
        spans = ", ".join(f"{arm} {span:g} days" for arm, span in days.items())
        made.append(
            f"Arms are played over different periods ({spans}): days until something are compared up to the shorter "
            "one; shares, counts and means are over each arm's own period and differ for that alone."
        )
    return made + failures(table)


def failures(table: Table) -> list[str]:
    """How many runs of an arm have failed, where some have."""
    made = []
    for arm in table.arms:
        failed = _failed(table, arm)
        if failed:
            count = f"{failed} of {int(table.there[table.row(arm)].sum())} runs of {arm}"
            made.append(f"{count} failed and count in no number: what they have in common is missing from all of them.")
    return made


def _failed(table: Table, arm: str) -> int:
    row = table.row(arm)
    return int((table.there[row] & ~table.ok[row]).sum())


def units(prepared: Prepared, values: Floats) -> Floats:
    """Numbers of independent runs: as they are, or means over what shares luck or a point.

    Points of a grid have the same luck, so a unit is one luck over all of them; runs at one point of a hypercube have
    the same parameters, so a unit is one point; of Sobol's design only the two independent samples count.
    """
    points = prepared.points
    if points is None:
        return values
    apart = independent(prepared, len(values))
    if points.luck == LISTED and apart is not None:
        return np.asarray(values[apart])
    count = len(points.values)
    cells = values[: len(values) // count * count].reshape(-1, count)
    means = cells.mean(axis=1) if points.luck == SHARED else cells.mean(axis=0)
    return np.asarray(means)


def independent(prepared: Prepared, runs: int) -> NDArray[np.bool_] | None:
    """Which runs of an arm, out of so many, have nothing to do with one another; None if no run stands alone.

    Of Sobol's design two in each block; none where points share their luck, or several runs a point.
    """
    points = prepared.points
    if points is None or (points.luck == OWN and runs <= len(points.values)):
        return np.ones(runs, dtype=np.bool_)
    if points.luck != LISTED:
        return None
    per = len(points.names) + 3
    place = np.arange(runs) % per
    return np.isin(place, (0, per - 1))


def line(prepared: Prepared, measure: Parsed, arm: str, values: Floats) -> EstimateRow:
    """The estimate of a measure in an arm."""
    found = estimate(prepared, measure, values, arm)
    share = _is_share(prepared, measure, len(values), units(prepared, values))
    alike = not share and found.se == 0.0  # numbers that are all equal say nothing of how they spread
    halve = statistics.runs_to_halve(found, share=share)
    more = None if halve is None else round(halve * runs_of_unit(prepared, len(values)))
    if more is not None and prepared.points is not None and prepared.points.luck == OWN:
        more = more if more <= len(prepared.points.values) else None  # more runs bring no more points
    return EstimateRow(
        measure=measure.name,
        arm=arm,
        n=found.n,
        estimate=told(found.estimate),
        se=told(found.se),
        low=None if alike else told(found.low),
        high=None if alike else told(found.high),
        kind=measure.kind,
        interval="Wilson" if share else ("BCa bootstrap" if measure.interval == "bootstrap" else "t"),
        runs_to_halve=more,
    )


def runs_of_unit(prepared: Prepared, runs: int) -> float:
    """How many runs of an arm stand behind one independent number, out of so many in all."""
    points = prepared.points
    if points is None:
        return 1.0
    if points.luck == LISTED:
        return (len(points.names) + 3) / 2
    return float(len(points.values) if points.luck == SHARED else max(1, runs // len(points.values)))


def _is_share(prepared: Prepared, measure: Parsed, runs: int, *samples: Floats) -> bool:
    """Whether units are single runs that have it or not; means over several runs are, where all are 0 or all are 1.

    At the points of a hypercube they are single as long as there are no more runs of an arm than points.
    """
    if measure.kind != "share":
        return False
    points = prepared.points
    if points is None or points.luck == LISTED or (points.luck == OWN and runs < 2 * len(points.values)):
        return True
    return all(set(statistics.known(sample).tolist()) in ({0.0}, {1.0}) for sample in samples)


def estimate(prepared: Prepared, measure: Parsed, values: Floats, arm: str = "") -> Estimate:
    """The estimate of a measure from its numbers."""
    made = units(prepared, values)
    if _is_share(prepared, measure, len(values), made):
        return statistics.proportion(made)
    if measure.interval == "bootstrap":
        return statistics.bootstrap_mean(made, f"{measure.name} {arm}")
    return statistics.mean(made)


def lines(table: Table) -> list[EstimateRow]:
    """All estimates, measure by measure and arm by arm."""
    return [
        line(table.prepared, measure, arm, values_of(table, measure, arm))
        for measure in table.prepared.measures
        for arm in table.arms
    ]


def widest(table: Table, name: str) -> float:
    """The width of a measure's interval, in the arm where it is widest; infinite where there is none.

    Numbers that are all equal have none yet: what has not been seen may still come.
    """
    measure = next(m for m in table.prepared.measures if m.name == " ".join(name.split()))
    widths = [estimate(table.prepared, measure, values_of(table, measure, arm), arm).width for arm in table.arms]
    return max(width if isfinite(width) and width > 0.0 else inf for width in widths)


# --- differences -----------------------------------------------------------------------------------


def differences(table: Table, measures: Iterable[Parsed] | None = None) -> list[Compared]:
    """Each arm against the baseline of the batch, replication by replication."""
    base = table.prepared.study.against
    found = []
    for measure in table.prepared.measures if measures is None else measures:
        for arm in table.arms:
            if arm != base:
                most = common((table.prepared, arm), (table.prepared, base))
                pair = (values_of(table, measure, arm, most), values_of(table, measure, base, most))
                found.append(compared(table.prepared, measure, arm, base, pair, paired=True))
    return adjusted(found)


def compared(
    prepared: Prepared, measure: Parsed, arm: str, base: str, pair: tuple[Floats, Floats], *, paired: bool
) -> Compared:
    """One difference, not adjusted yet."""
    first, second = (units(prepared, values) for values in pair)
    share = _is_share(prepared, measure, len(pair[0]), first, second)
    if paired:
        count = min(len(first), len(second))
        first, second = first[:count], second[:count]
        share = share or (measure.kind == "share" and bool((first == second).all()))
        found = tests.paired(first, second, share=share)
    else:
        found = tests.unpaired(first, second, share=share)
    alike = not share and found.se == 0.0
    return Compared(
        measure=measure.name,
        arm=arm,
        baseline=base,
        n=found.n,
        estimate=told(found.estimate),
        se=told(found.se),
        low=None if alike else told(found.low),
        high=None if alike else told(found.high),
        p=None if alike else told(found.p),
        p_holm=None,
        paired=paired,
        gain=told(found.gain),
        ceiling=told(found.ceiling),
    )


def adjusted(found: list[Compared]) -> list[Compared]:
    """The same with Holm's p-values over all of them."""
    ps = tests.holm([nan if each.p is None else each.p for each in found])
    return [msgspec.structs.replace(each, p_holm=told(p)) for each, p in zip(found, ps, strict=True)]


# --- first passages, quantiles ---------------------------------------------------------------------


def curve(table: Table, outcome: str, arm: str) -> incidences.Incidence:
    """The cumulative incidence of an outcome in an arm, by days since STARTEX.

    Without bands where runs hang together.
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
    found = incidences.incidence(np.where(came, days, lived), kind)
    return found if apart is not None else found.without_bands()


def curves(table: Table) -> list[dict[str, Any]]:
    """Incidences on a grid of days, for reports: of the outcomes that came in any run, in all arms."""
    made = []
    for outcome in table.prepared.outcomes:
        rows = [_curve_told(table, outcome, arm) for arm in table.arms]
        made += rows if any(row["share"][-1] for row in rows) else []
    return made


def _curve_told(table: Table, outcome: str, arm: str) -> dict[str, Any]:
    days = np.linspace(0.0, table.prepared.horizon(arm), CURVE_POINTS + 1)
    found = curve(table, outcome, arm).at(days)
    columns = {"share": found.share, "low": found.low, "high": found.high}
    return {"outcome": outcome, "arm": arm, "days": days.round(3).tolist(), **_rounded(columns)}


def _rounded(columns: dict[str, Floats]) -> dict[str, list[float | None]]:
    return {name: [told(value) for value in values.round(6).tolist()] for name, values in columns.items()}


def quantiles(table: Table) -> list[dict[str, Any]]:
    """Quantiles of numbers and times, with distribution-free intervals; None for a time beyond the end.

    No interval where runs hang together: order statistics know nothing of that.
    """
    made = []
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
                found = statistics.quantile(values, share)
                low, high = (None, None) if apart is None else (told(found.low), told(found.high))
                numbers = {"estimate": told(found.estimate), "low": low, "high": high}
                made.append({"measure": measure.name, "arm": arm, "quantile": share, "n": found.n, **numbers})
    return made


# --- factors ---------------------------------------------------------------------------------------


def splits(table: Table) -> list[dict[str, Any]]:
    """The variance of each measure by luck, parameters and arm, where a study repeats its points."""
    points, design = table.prepared.points, table.prepared.study.design
    if points is None or points.luck == LISTED or (design is not None and design.kind == "one_at_a_time"):
        return []  # middle and ends are no sample of what is likely
    count = len(points.values)
    made = []
    for measure in table.prepared.measures:
        values = np.stack([values_of(table, measure, arm) for arm in table.arms])
        runs = values.shape[1] // count
        cells = values[:, : runs * count].reshape(len(table.arms), runs, count).transpose(0, 2, 1)
        found = split(cells, shared=points.luck == SHARED)
        if found is not None and found.total > 0:
            shares = {name: getattr(found, name) / found.total for name in ("draws", "parameters", "arm")}
            made.append({"measure": measure.name, "variance": found.total, **shares})
    return made


# --- thresholds ------------------------------------------------------------------------------------


def judged(table: Table, found: list[EstimateRow]) -> list[dict[str, Any]]:
    """Each threshold in each arm that it is about: the estimate and whether it is crossed."""
    names = {m.name: m for m in table.prepared.measures}
    made = []
    for threshold in table.prepared.thresholds:
        measure = names[threshold.measure].name
        for each in found:
            if each.measure == measure and threshold.arm in ("", each.arm):
                crossed = threshold.crossed(each.estimate)
                made.append(
                    {
                        "threshold": threshold.text,
                        "arm": each.arm,
                        "estimate": each.estimate,
                        "crossed": crossed,
                        "failed": _failed(table, each.arm),
                    }
                )
    return made
