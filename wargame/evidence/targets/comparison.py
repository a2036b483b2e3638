"""The model compared with the targets of a scenario: statistics with intervals, inside or outside their bands."""

from math import ceil, isfinite, isnan
from typing import Any

import numpy as np

from wargame.batches.api import Batch
from wargame.dataclasses import dataclass
from wargame.evidence.targets.runs import EvaluationOptions, batch_of, conditions_of, failures_of, played, tallies_of
from wargame.evidence.targets.tallies import Tally, value
from wargame.journal.atomic import json_data
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.measures import parse_measure
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import Statistic, Target
from wargame.statistics import intervals as statistics
from wargame.statistics.draws import mix, name_key
from wargame.statistics.intervals import Estimate

RESAMPLES = 1000
ENOUGH = 10
"""Runs from which a statistic that no run has counts as outside its band."""
INSIDE, OUTSIDE, FEW = "inside", "outside", "too few runs"


@dataclass(frozen=True, slots=True)
class StatisticRow:
    """A simulated statistic beside its band. `estimate` is NaN if no run has it, infinite for a time never reached."""

    title: str
    observed: str
    n: int
    """Runs that have the statistic."""
    estimate: float
    se: float
    low: float
    """Lower end of the interval of the estimate."""
    high: float
    verdict: str
    """`inside`, `outside` or `too few runs`."""
    sure: bool
    """Whether the whole interval is on the same side."""
    runs_needed: int | None
    """About how many runs make the interval as narrow as the band, if it is wider."""
    band: tuple[float, float]


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target with its verdict: inside if all of its statistics are."""

    id: str
    title: str
    source: str
    verdict: str
    statistics: tuple[StatisticRow, ...]


@dataclass(frozen=True, slots=True)
class TargetComparison:
    """The results of an evaluation."""

    runs: int
    failures: tuple[dict[str, Any], ...]
    """Each run that failed or was lost: condition, replication, error. No statistic uses them."""
    targets: tuple[JudgedTarget, ...]

    @property
    def inside(self) -> int:
        """Number of targets inside."""
        return sum(target.verdict == INSIDE for target in self.targets)

    @property
    def undecided(self) -> int:
        """Number of targets with too few runs."""
        return sum(target.verdict == FEW for target in self.targets)


def compare_targets(
    loaded: Loaded, targets: dict[str, Target], how: EvaluationOptions, change: Arm | None = None
) -> TargetComparison:
    """Run the conditions of targets in a batch, with the additional changes `change`, and judge each statistic."""
    conditions, level = conditions_of(loaded, targets, change), loaded.scenario.evidence.level

    def read(batch: Batch) -> TargetComparison:
        tallies = tallies_of(batch, conditions)
        judged = tuple(_judged(name, target, tallies, level) for name, target in targets.items())
        return TargetComparison(int(batch.table.there.sum()), failures_of(batch), judged)

    return played(batch_of(loaded, conditions, how.seed, how.n), how.batch, read)


def _judged(name: str, target: Target, tallies: dict[str, list[Tally]], level: float) -> JudgedTarget:
    rows = tuple(row(name, each, tallies.get(f"{name}.{n}", []), level) for n, each in enumerate(target.statistics))
    verdicts = {each.verdict for each in rows}
    verdict = OUTSIDE if OUTSIDE in verdicts else FEW if FEW in verdicts else INSIDE
    return JudgedTarget(name, target.title, target.source, verdict, rows)


def row(name: str, statistic: Statistic, tallies: list[Tally], level: float) -> StatisticRow:
    """Compute a statistic from the tallies of its runs, and compare it with its band."""
    simulated = estimate(statistic, tallies, level, name)
    low, high = statistic.band
    verdict, sure = _verdict(simulated, low, high, len(tallies))
    needed = _needed(simulated, high - low, len(tallies)) if verdict == FEW else None
    numbers = (simulated.n, simulated.estimate, simulated.se, simulated.low, simulated.high)
    return StatisticRow(statistic.title, statistic.observed, *numbers, verdict, sure, needed, (low, high))


def estimate(statistic: Statistic, tallies: list[Tally], level: float, key: str = "") -> Estimate:
    """Return the simulated statistic: computed by run and pooled, or of all runs with a bootstrap over runs."""
    used = [tally for tally in tallies if tally]
    if statistic.pool == "all":
        return _bootstrap(statistic.computed, used, level, key)
    measure = statistic.measure
    own = [tally[0] for tally in used] if measure else [value(statistic.computed, [tally]) for tally in used]
    numbers = np.array(own, dtype=float)
    if statistic.pool == "median":
        return statistics.quantile(numbers, 0.5, level)
    if measure and parse_measure(measure).kind == "share":
        return statistics.proportion(numbers, level)
    return statistics.mean(numbers, level)


def _bootstrap(statistic: Any, tallies: list[Tally], level: float, key: str) -> Estimate:
    """Return the statistic of all runs together, with the percentile interval of resampled runs."""
    n, point = len(tallies), value(statistic, tallies)
    if n < 3:
        return Estimate(n, point, np.nan, np.nan, np.nan)
    resampled = []
    for resample in range(RESAMPLES):
        base = name_key("targets", key, str(resample))
        resampled.append(value(statistic, [tallies[mix(base + i) % n] for i in range(n)]))
    known = statistics.without_nan(np.array(resampled))
    if not len(known):
        return Estimate(n, point, np.nan, np.nan, np.nan)
    tail = (1 - level) / 2
    low, high = (float(np.quantile(known, share, method="inverted_cdf")) for share in (tail, 1 - tail))
    finite = known[np.isfinite(known)]
    se = float(finite.std(ddof=1)) if len(finite) > 1 else np.nan
    return Estimate(n, point, se, low, high)


def _verdict(simulated: Estimate, low: float, high: float, runs: int) -> tuple[str, bool]:
    """Return the verdict, and whether the whole interval agrees; too few runs if it is wider than the band."""
    if isnan(simulated.estimate):
        return (OUTSIDE, True) if runs >= ENOUGH else (FEW, False)
    if isnan(simulated.low) or isnan(simulated.high):
        return FEW, False
    if low <= simulated.low and simulated.high <= high:
        return INSIDE, True
    if simulated.high < low or simulated.low > high:
        return OUTSIDE, True
    if not simulated.width <= high - low:
        return FEW, False
    return (INSIDE if low <= simulated.estimate <= high else OUTSIDE), False


def _needed(simulated: Estimate, band: float, runs: int) -> int:
    """Return about how many runs make the interval as narrow as the band."""
    width = simulated.width
    if not isfinite(width):
        return max(2 * runs, 2 * ENOUGH)
    return max(ceil(runs * (width / band) ** 2), runs + 1)


def document(result: TargetComparison) -> dict[str, Any]:
    """Return the results as JSON data; numbers that are not finite are null."""
    counts = {"inside": result.inside, "of": len(result.targets), "too_few_runs": result.undecided}
    return {**json_data(result), "failed": len(result.failures), **counts}
