"""Calibration by history matching: which numbers of the scenario do the targets not rule out?

The points are a Latin hypercube over the numbers that the scenario leaves to calibration (`evidence.calibration`). Each
is run for every target up to the cut-off. This is not a search for the best point: a point is ruled out if `AGAINST`
targets or more are implausible there, otherwise it survives (Craig, Goldstein, Seheult and Smith 1997; Vernon,
Goldstein and Bower 2010). The implausibility of a statistic is

    I = |simulated - centre of the band| / sqrt(half its width ** 2 + half the interval's width ** 2),

that of a target is the largest of its statistics. Above 1 a statistic is outside its band by more than the error of its
runs. The first point is the scenario as written.

The claims are run at some of the points that are left, with few runs, on common random numbers. A claim holds at a
point if the estimate of every measure is as expected. With few runs part of that is noise: "at all points" is strong
evidence, "at some points" is weak.
"""

from collections.abc import Sequence
from math import inf, isfinite, isnan, sqrt
from pathlib import Path
from typing import Any

from wargame import __version__
from wargame.batches.api import BatchOptions
from wargame.batches.running.opening import fixed
from wargame.dataclasses import dataclass, replace
from wargame.errors import UsageFault, needs
from wargame.evidence.claims.experiment import plan, play, verdicts
from wargame.evidence.targets.comparison import StatisticRow, TargetComparison, compare_targets
from wargame.evidence.targets.runs import EvaluationOptions, selected_targets
from wargame.language.times import DAY
from wargame.scenario.building.numbers import ScenarioNumber, at, numbers, plausible
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.questions import Arm, Spread
from wargame.scenario.model.targets import Target

AGAINST = 2
"""Number of implausible targets that rule a point out; a single one may be implausible by chance."""
LIMIT = 1.0
"""The implausibility above which a target is against a point."""
FACTOR, DAYS = "factor", "days"
WORST = 99.0
"""Implausibility of a statistic that does not exist, and the largest value of any."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A number that is varied, or several numbers that are varied together, with its paths and its range."""

    name: str
    paths: tuple[str, ...]
    spread: Spread
    written: float
    unit: str = ""
    """`factor` for several numbers together (relative to the written ones); `days` for a duration."""

    def value(self, known: dict[str, ScenarioNumber], share: float) -> float:
        """Return the value at a position in the range, from 0 to 1, in its unit."""
        if self.unit == FACTOR and self.spread.times is not None:
            low, high = self.spread.times
            return float(low * (high / low) ** share)
        return at(known[self.paths[0]], self.spread, share) / (DAY if self.unit == DAYS else 1)


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """A point: its values by number, the implausibility of each target, and whether it survives."""

    label: str
    values: dict[str, float]
    parameters: dict[str, float]
    """Its numbers by path; empty for the scenario as written."""
    implausibility: dict[str, float]
    comparison: TargetComparison

    @property
    def against(self) -> list[str]:
        """The implausible targets."""
        return [name for name, value in self.implausibility.items() if value > LIMIT]

    @property
    def survives(self) -> bool:
        """Whether it is not ruled out."""
        return len(self.against) < AGAINST

    @property
    def worst(self) -> float:
        """The implausibility that decides: that of rank `AGAINST`."""
        ranked = sorted(self.implausibility.values(), reverse=True)
        return ranked[AGAINST - 1] if len(ranked) >= AGAINST else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The results of a calibration. The first point is the scenario as written."""

    fixed: dict[str, Any]
    runs: int
    draws: tuple[Draw, ...]
    targets: tuple[str, ...]
    held_out: tuple[str, ...]
    points: tuple[CalibrationPoint, ...]

    @property
    def surviving(self) -> list[CalibrationPoint]:
        """The points that are not ruled out, without the first."""
        return [point for point in self.points[1:] if point.survives]

    def survivors(self, draw: str) -> tuple[float, float] | None:
        """Return the range of a number over the surviving points."""
        values = [point.values[draw] for point in self.surviving]
        return (min(values), max(values)) if values else None


def calibrate(loaded: Loaded, points: int, how: EvaluationOptions) -> Calibration:
    """Run the conditions of the targets at each point, and judge which points the targets rule out."""
    targets, held_out = split_targets(selected_targets(loaded))
    known = numbers(loaded.scenario, loaded.injects)
    draws = draws_of(loaded, known)
    places = [{}, *hypercube(draws, points, how.seed)]
    judged: list[CalibrationPoint] = []
    for number, shares in enumerate(places):
        label, arm = f"p{number:03}", parameters(draws, known, shares)
        values = {d.name: d.value(known, shares[d.name]) if d.name in shares else d.written for d in draws}
        at_point = replace(how, batch=_of_point(how.batch, label, number, len(places)))
        comparison = compare_targets(loaded, targets, at_point, Arm(parameters=arm))
        against = {target.id: max(map(implausibility, target.statistics)) for target in comparison.targets}
        judged.append(CalibrationPoint(label, values, arm, against, comparison))
    about = {"scenario": loaded.scenario.name, "seed": how.seed, "version": __version__, "fixed": fixed(loaded)}
    return Calibration(about, how.n, tuple(draws), tuple(targets), held_out, tuple(judged))


def _of_point(how: BatchOptions, label: str, number: int, points: int) -> BatchOptions:
    """Return how to run the batch of a point: in its own folder, with the progress of all points."""
    bar, out = how.progress, str(Path(how.out) / label) if how.out else None
    if bar is None:
        return replace(how, out=out)
    return replace(how, out=out, progress=lambda done, total, *_: bar(number * total + done, points * total))


def split_targets(targets: dict[str, Target]) -> tuple[dict[str, Target], tuple[str, ...]]:
    """Return the targets that calibration may use, and the names of those that are held out."""
    mine = {name: target for name, target in targets.items() if target.calibrate}
    if len(mine) < AGAINST:
        raise UsageFault(f"calibration needs at least {AGAINST} targets with `calibrate: true`")
    return mine, tuple(name for name in targets if name not in mine)


def draws_of(loaded: Loaded, known: dict[str, ScenarioNumber]) -> list[Draw]:
    """Return the numbers that calibration may vary; UsageFault if there are none."""
    groups: dict[str, tuple[list[str], Spread]] = {}
    for path, (name, spread) in plausible(loaded.scenario.evidence.calibration, known).items():
        groups.setdefault(name, ([], spread))[0].append(path)
    if not groups:
        message = f"the scenario '{loaded.scenario.name}' has no numbers for calibration"
        raise UsageFault(f"{message} (list them under `evidence: calibration:`)")
    return [_draw(name, tuple(paths), spread, known[paths[0]]) for name, (paths, spread) in groups.items()]


def _draw(name: str, paths: tuple[str, ...], spread: Spread, first: ScenarioNumber) -> Draw:
    if len(paths) > 1 and spread.times is not None:
        return Draw(name, paths, spread, 1.0, FACTOR)
    if first.duration:
        return Draw(name, paths, spread, first.value / DAY, DAYS)
    return Draw(name, paths, spread, first.value)


def hypercube(draws: Sequence[Draw], points: int, seed: int) -> list[dict[str, float]]:
    """Return the points of a scrambled Latin hypercube (SciPy), as positions in the ranges of the numbers, by name."""
    with needs("calibration needs SciPy", "evidence"):
        from scipy.stats import qmc
    sample = qmc.LatinHypercube(d=len(draws), rng=seed % 2**32).random(points)
    names = [draw.name for draw in draws]
    return [dict(zip(names, map(float, row), strict=True)) for row in sample]


def parameters(draws: Sequence[Draw], known: dict[str, ScenarioNumber], shares: dict[str, float]) -> dict[str, float]:
    """Return the numbers of a point by path."""
    return {
        path: round(at(known[path], draw.spread, shares[draw.name]), 9)
        for draw in draws
        if draw.name in shares
        for path in draw.paths
    }


# --- implausibility ----------------------------------------------------------------------------------


def implausibility(row: StatisticRow) -> float:
    """Return the distance of a statistic from the centre of its band, in units of band width and error combined."""
    if not isfinite(row.estimate):
        return WORST
    half = (row.band[1] - row.band[0]) / 2
    error = 0.0 if isnan(row.high - row.low) else (row.high - row.low) / 2
    if error == inf:
        return 0.0
    return min(abs(row.estimate - (row.band[0] + half)) / sqrt(half**2 + error**2), WORST)


# --- JSON -----------------------------------------------------------------------------------------


def document(result: Calibration) -> dict[str, Any]:
    """Return the results as JSON data."""
    return {
        "fixed": result.fixed,
        "method": {"kind": "history matching", "against": AGAINST, "limit": LIMIT, "points": len(result.points) - 1}
        | {"runs_each": result.runs, "targets": list(result.targets), "held_out": list(result.held_out)},
        "numbers": [_number(result, draw) for draw in result.draws],
        "points": [
            {
                "point": point.label,
                "survives": point.survives,
                "inside": point.comparison.inside,
                "failed": len(point.comparison.failures),
                "failures": list(point.comparison.failures),
                "worst": round(point.worst, 4),
                "against": point.against,
                "values": {name: round(value, 6) for name, value in point.values.items()},
                "parameters": point.parameters,
                "implausibility": {name: round(value, 4) for name, value in point.implausibility.items()},
            }
            for point in result.points
        ],
    }


def _number(result: Calibration, draw: Draw) -> dict[str, Any]:
    values = [point.values[draw.name] for point in result.points[1:]]
    survivors = result.survivors(draw.name)
    return {
        "name": draw.name,
        "title": draw.spread.title,
        "numbers": len(draw.paths),
        "unit": draw.unit,
        "written": draw.written,
        "tried": [round(min(values), 6), round(max(values), 6)],
        "surviving": [round(x, 6) for x in survivors] if survivors else None,
        "source": draw.spread.source,
    }


FEW = 6
"""Default number of runs of each arm at a point."""
MOST = 6
"""Number of surviving points to run, evenly spaced by how well they fit."""


def reach(
    target: str, surviving: Sequence[CalibrationPoint], folder: Path, how: BatchOptions, n: int = FEW
) -> list[dict[str, Any]]:
    """Run the claims of a scenario at some surviving points, each in its own resumable batch in `folder`.

    Returns a row for each claim: the number of `points` at which it `holds`, also as `text`. Progress is by points.
    """
    points = spread(surviving)
    base = plan(target, replications=n)
    holding = []
    for number, point in enumerate(points):
        if how.progress:
            how.progress(number, len(points))
        study = base.prepared.study
        arms = {name: replace(arm, parameters=point.parameters | arm.parameters) for name, arm in study.arms.items()}
        there = replace(base, prepared=replace(base.prepared, study=replace(study, arms=arms)))
        place = folder / f"claims-{point.label}"
        batch = play(there, replace(how, out=str(place), resume=place.exists(), progress=None, summary=False))
        holding.append({each.id: all(m.judged.as_expected for m in each.measures) for each in verdicts(there, batch)})
    return [reached(name, sum(each[name] for each in holding), len(holding)) for name in base.claims]


def reached(claim: str, holds: int, points: int) -> dict[str, Any]:
    """Return a row of `reach`."""
    some = f"at {holds} of {points} points" if holds else "at no point"
    text = "no point survives" if not points else "at all points" if holds == points else some
    return {"claim": claim, "holds": holds, "points": points, "text": text}


def spread(surviving: Sequence[CalibrationPoint], most: int = MOST) -> list[CalibrationPoint]:
    """Return at most `most` points, evenly spaced from the best to the worst that survives."""
    ranked = sorted(surviving, key=lambda point: (point.worst, point.label))
    if len(ranked) <= most:
        return ranked
    return [ranked[round(i * (len(ranked) - 1) / (most - 1))] for i in range(most)]
