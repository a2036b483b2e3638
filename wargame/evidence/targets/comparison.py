"""The model held against its targets: batches from each STARTEX, statistics with intervals, inside or outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from math import ceil, inf, isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import wargame
from wargame.errors import UsageFault, nearest
from wargame.evidence.rehearsal.rehearsal import Tell
from wargame.evidence.targets.runs import RunCondition, Served, TargetPlan, identity, play, prepared
from wargame.evidence.targets.statistics import Tally, value
from wargame.evidence.targets.store import RunStore, StoredRun
from wargame.executor.work import Executor
from wargame.language.times import Time
from wargame.scenario.model.measures import parse_measure
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import Statistic, Target
from wargame.statistics import intervals as statistics
from wargame.statistics.draws import mix, name_key
from wargame.statistics.intervals import Estimate

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded

RESAMPLES = 1000
ENOUGH = 10
"""Runs after which a statistic that none of them has is missed by the model, not by chance."""
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - dates of one scenario, in its own zone
INSIDE, OUTSIDE, FEW = "inside", "outside", "too few runs"


@dataclass(frozen=True, slots=True)
class Row:
    """A statistic held against its band. `estimate` is NaN where no run has the statistic, infinite where it never comes."""

    target: str
    title: str
    real: str
    low_end: float
    high_end: float
    n: int
    """Runs that have the statistic."""
    estimate: float
    se: float
    low: float
    high: float
    verdict: str
    """`inside`, `outside`, or `too few runs` to say so."""
    sure: bool
    """The whole interval is on the same side."""
    runs_needed: int | None
    """For an interval as narrow as the band, where it is too wide."""


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target: inside if all of its statistics are."""

    id: str
    title: str
    source: str
    verdict: str
    statistics: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding a model against its targets."""

    runs: int
    failed: int
    errors: tuple[str, ...]
    targets: tuple[JudgedTarget, ...]

    @property
    def inside(self) -> int:
        """How many targets are inside."""
        return sum(target.verdict == INSIDE for target in self.targets)

    @property
    def unsaid(self) -> int:
        """For how many there were too few runs."""
        return sum(target.verdict == FEW for target in self.targets)


def hold(  # noqa: PLR0913 - each is an option of the command
    loaded: Loaded,
    *,
    n: int,
    seed: int,
    executor: Executor,
    only: Sequence[str] = (),
    folder: Path | None = None,
    resume: bool = False,
    tell: Tell | None = None,
) -> Held:
    """Plays `n` runs of each way that the targets need, and judges each statistic by them."""
    targets = chosen(loaded, only)
    plan = plan_of(loaded, seed, ways(loaded, targets, Arm()), n)
    try_ways(loaded, plan)
    kept = RunStore(folder, declared(loaded, plan), resume=resume)
    try:
        found = play(plan, kept, executor, tell)
    finally:
        kept.close()
    return judge(loaded, targets, plan, found)


def judge(
    loaded: Loaded, targets: dict[str, Target], plan: TargetPlan, found: Iterable[StoredRun], label: str = ""
) -> Held:
    """What runs say of targets; `label` chooses those of one point."""
    mine = [run for run in found if plan.ways[run.way].label == label or not label]
    good = [run for run in mine if not run.error]
    tallies: dict[str, list[Tally]] = defaultdict(list)
    for run in good:
        for name, made in run.tallies.items():
            tallies[name].append(made)
    level = loaded.scenario.evidence.level
    rows = tuple(_judged(name, target, tallies, level) for name, target in targets.items())
    errors = tuple(dict.fromkeys(run.error for run in mine if run.error))
    return Held(len(mine), len(mine) - len(good), errors, rows)


# --- what to play ------------------------------------------------------------------------------------


def chosen(loaded: Loaded, only: Sequence[str] = ()) -> dict[str, Target]:
    """The targets of a scenario, or some of them; UsageFault if there are none of these names."""
    every = loaded.scenario.targets
    if not every:
        raise UsageFault(f"the scenario '{loaded.scenario.name}' has no targets (it may carry a section `targets:`)")
    for name in only:
        if name not in every:
            hint = nearest(name, every) or f"there are {', '.join(every)}"
            raise UsageFault(f"there is no target '{name[:60]}' ({hint})")
    return {name: target for name, target in every.items() if name in only or not only}


def ways(loaded: Loaded, targets: dict[str, Target], change: Arm, label: str = "") -> tuple[RunCondition, ...]:
    """The ways to play that targets need, each with the statistics it serves; all of them with `change`.

    Targets that share STARTEX, end and arm share runs. What is computed from events alone needs no run that ends
    with it: it looks at the first part of a longer one.
    """
    groups: dict[tuple[str | None, str, str], list[Served]] = defaultdict(list)
    arms: dict[str, Arm] = {}
    last: dict[tuple[str | None, str], Time] = {}
    for name, target in targets.items():
        arm = joined(target.arm or Arm(), change)
        start, key = (str(target.startex) if target.startex else None), repr(arm)
        arms[key] = arm
        end = target.until or loaded.scenario.calendar.end
        last[start, key] = max(last.get((start, key), end), end, key=_order)
        for number, statistic in enumerate(target.statistics):
            groups[start, str(end), key].append(Served(f"{name}.{number}", statistic, end))
    made: dict[tuple[str | None, str, str], list[Served]] = defaultdict(list)
    for (start, end_text, key), served in groups.items():
        longest = last[start, key]
        for each in served:
            whole = each.statistic.measure or each.statistic.given or longest.local is None or each.until.local is None
            made[start, end_text if whole else str(longest), key].append(each)
    return tuple(
        RunCondition(start, max((each.until for each in served), key=_order), arms[key], tuple(served), label)
        for (start, _, key), served in made.items()
    )


def _order(time: Time) -> tuple[bool, float]:
    """Sorts dates; offsets from STARTEX among themselves."""
    if time.local is None:
        return False, float(time.offset or 0)
    return True, (time.local - EPOCH).total_seconds()


def joined(first: Arm, second: Arm) -> Arm:
    """Two arms as one: lists and mappings together, where both say something the second counts."""
    made: dict[str, Any] = {}
    for item in fields(Arm):
        a, b = getattr(first, item.name), getattr(second, item.name)
        if isinstance(a, tuple):
            made[item.name] = (*a, *b)
        elif isinstance(a, dict):
            made[item.name] = a | b
        else:
            made[item.name] = b or a
    return replace(first, **made)


def plan_of(loaded: Loaded, seed: int, every: tuple[RunCondition, ...], runs: int) -> TargetPlan:
    """What workers get."""
    return TargetPlan(tuple(sorted(loaded.files.items())), seed, every, runs)


def try_ways(loaded: Loaded, plan: TargetPlan) -> None:
    """Sets up one run of each way: what makes no sense is told before anything is played."""
    from wargame.simulation.exercise import Exercise

    for way in plan.ways:
        ready = prepared(loaded, way, plan.seed)
        arm = ready.names[0]
        try:
            exercise = Exercise(ready.scenario_of(arm, 0), plan.seed, ready.settings(arm, 0))
        except UsageFault as error:
            about = ", ".join(dict.fromkeys(each.name.split(".")[0] for each in way.statistics))
            if not about:
                raise
            raise UsageFault(f"target {about}{f' ({way.label})' if way.label else ''}: {error}") from None
        del exercise


def declared(loaded: Loaded, plan: TargetPlan) -> dict[str, Any]:
    """What was fixed before the first run: hashes of questions, mechanisms and numbers, so that others can see it."""
    from wargame.batch.running.manifest import fixed

    about = {"scenario": loaded.scenario.name, "seed": plan.seed, "version": wargame.__version__}
    return {"identity": identity(loaded, plan), **about, "fixed": fixed(loaded)}


# --- statistics -----------------------------------------------------------------------------------------


def _judged(name: str, target: Target, tallies: dict[str, list[Tally]], level: float) -> JudgedTarget:
    rows = tuple(
        row(name, statistic, tallies[f"{name}.{number}"], level) for number, statistic in enumerate(target.statistics)
    )
    verdicts = {each.verdict for each in rows}
    verdict = OUTSIDE if OUTSIDE in verdicts else FEW if FEW in verdicts else INSIDE
    return JudgedTarget(name, target.title, target.source, verdict, rows)


def row(name: str, statistic: Statistic, tallies: list[Tally], level: float) -> Row:
    """A statistic from the tallies of its runs."""
    found = estimate(statistic, tallies, level, name)
    low, high = statistic.band
    verdict, sure = _verdict(found, low, high, len(tallies))
    needed = _needed(found, high - low, len(tallies)) if verdict == FEW else None
    numbers = (found.estimate, found.se, found.low, found.high)
    return Row(name, statistic.title, statistic.observed, low, high, found.n, *numbers, verdict, sure, needed)


def estimate(statistic: Statistic, tallies: list[Tally], level: float, key: str = "") -> Estimate:
    """The simulated statistic: of each run and pooled, or of all together with a bootstrap over runs."""
    kept = [made for made in tallies if made]
    if statistic.pool == "all":
        return _bootstrap(statistic.computed, kept, level, key)
    measure = statistic.measure
    own = [made[0] for made in kept] if measure else [value(statistic.computed, [made]) for made in kept]
    numbers = np.array(own, dtype=float)
    if statistic.pool == "median":
        return statistics.quantile(numbers, 0.5, level)
    if measure and parse_measure(measure).kind == "share":
        return statistics.proportion(numbers, level)
    return statistics.mean(numbers, level)


def _bootstrap(statistic: Any, tallies: list[Tally], level: float, key: str) -> Estimate:
    """The statistic of all runs together, with the percentile interval of resampled runs."""
    n = len(tallies)
    point = value(statistic, tallies)
    if n < 3:
        return Estimate(n, point, np.nan, np.nan, np.nan)
    made = []
    for resample in range(RESAMPLES):
        base = name_key("targets", key, str(resample))
        made.append(value(statistic, [tallies[mix(base + i) % n] for i in range(n)]))
    there = statistics.known(np.array(made))
    if not len(there):
        return Estimate(n, point, np.nan, np.nan, np.nan)
    tail = (1 - level) / 2
    low, high = (float(np.quantile(there, share, method="inverted_cdf")) for share in (tail, 1 - tail))
    finite = there[np.isfinite(there)]
    se = float(finite.std(ddof=1)) if len(finite) > 1 else np.nan
    return Estimate(n, point, se, low, high)


def _verdict(found: Estimate, low: float, high: float, runs: int) -> tuple[str, bool]:
    """Inside or outside, and whether the whole interval says so; too few runs if it is wider than the band."""
    if isnan(found.estimate):
        return (OUTSIDE, True) if runs >= ENOUGH else (FEW, False)
    if isnan(found.low) or isnan(found.high):
        return FEW, False
    if low <= found.low and found.high <= high:
        return INSIDE, True
    if found.high < low or found.low > high:
        return OUTSIDE, True
    if not found.width <= high - low:
        return FEW, False
    return (INSIDE if low <= found.estimate <= high else OUTSIDE), False


def _needed(found: Estimate, band: float, runs: int) -> int:
    """About how many runs make the interval as narrow as the band."""
    width = found.width
    if not isfinite(width) or width == inf:
        return max(2 * runs, 2 * ENOUGH)
    return max(ceil(runs * (width / band) ** 2), runs + 1)
