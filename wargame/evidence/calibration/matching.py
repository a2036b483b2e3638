"""Calibration by history matching: which numbers of the scenario do the targets not rule out?

Points of a Latin hypercube over the numbers that the scenario leaves to calibration (`evidence.calibration`),
each played for every target up to the cut-off. Not a search for the best: a point is ruled out
once `SPEAK` targets speak against it, the rest survives (Craig, Goldstein, Seheult and Smith 1997; Vernon, Goldstein
and Bower 2010). What is compared is the implausibility

    I = |simulated - centre of the band| / sqrt(half its width ** 2 + half the interval's width ** 2),

for a target the largest of its statistics: above 1 a statistic is outside its band by more than the error of its runs. The
first point is the scenario as it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.evidence.rehearsal.rehearsal import Tell
from wargame.evidence.targets.comparison import (
    Held,
    JudgedTarget,
    Row,
    chosen,
    declared,
    judge,
    plan_of,
    try_ways,
    ways,
)
from wargame.evidence.targets.runs import play
from wargame.evidence.targets.store import RunStore
from wargame.executor.work import Executor
from wargame.language.times import DAY
from wargame.scenario.building.numbers import ScenarioNumber, at, numbers, plausible
from wargame.scenario.model.questions import Arm, Spread
from wargame.scenario.model.targets import Target

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded

SPEAK = 2
"""So many targets rule a point out: one alone may do so by chance."""
LIMIT = 1.0
"""The implausibility above which a target speaks against a point."""
FACTOR, DAYS = "factor", "days"
WORST = 99.0
"""Implausibility of what never comes."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One number that is varied, or several together: its paths and where in their spread they may lie."""

    name: str
    paths: tuple[str, ...]
    spread: Spread
    written: float
    unit: str = ""
    """`factor` on what is written, for several numbers together; `days` for a duration."""

    def value(self, known: dict[str, ScenarioNumber], share: float) -> float:
        """The value at a share of the spread, in its unit."""
        if self.unit == FACTOR and self.spread.times is not None:
            low, high = self.spread.times
            return float(low * (high / low) ** share)
        return at(known[self.paths[0]], self.spread, share) / (DAY if self.unit == DAYS else 1)


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """A point: its values by draw, what each target says against it, whether it survives."""

    label: str
    values: dict[str, float]
    parameters: dict[str, float]
    """By path, for an arm; empty at the scenario as it is written."""
    implausibility: dict[str, float]
    held: Held

    @property
    def against(self) -> list[str]:
        """The targets that speak against it."""
        return [name for name, value in self.implausibility.items() if value > LIMIT]

    @property
    def survives(self) -> bool:
        """Whether it is not ruled out."""
        return len(self.against) < SPEAK

    @property
    def worst(self) -> float:
        """The implausibility that decides: the one of rank `SPEAK`."""
        ranked = sorted(self.implausibility.values(), reverse=True)
        return ranked[SPEAK - 1] if len(ranked) >= SPEAK else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of it. The first point is the scenario as written."""

    fixed: dict[str, Any]
    runs: int
    draws: tuple[Draw, ...]
    targets: tuple[str, ...]
    held_out: tuple[str, ...]
    points: tuple[CalibrationPoint, ...]

    @property
    def surviving(self) -> list[CalibrationPoint]:
        """The points that are not ruled out, without the written one."""
        return [point for point in self.points[1:] if point.survives]

    def survivors(self, draw: str) -> tuple[float, float] | None:
        """The range of a number over the surviving points."""
        values = [point.values[draw] for point in self.surviving]
        return (min(values), max(values)) if values else None


def calibrate(  # noqa: PLR0913 - each is an option of the command
    loaded: Loaded,
    *,
    points: int,
    n: int,
    seed: int,
    executor: Executor,
    folder: Path | None = None,
    resume: bool = False,
    tell: Tell | None = None,
) -> Calibration:
    """Plays `n` runs of each way at each point, and says which points the targets do not rule out."""
    targets, held_out = parted(chosen(loaded))
    known = numbers(loaded.scenario, loaded.injects)
    draws = draws_of(loaded, known)
    places = [{}, *hypercube(draws, points, seed)]
    arms = [parameters(draws, known, shares) for shares in places]
    labels = [f"p{i:03}" for i in range(len(arms))]
    every = [
        way
        for label, arm in zip(labels, arms, strict=True)
        for way in ways(loaded, targets, Arm(parameters=arm), label)
    ]
    plan = plan_of(loaded, seed, tuple(every), n)
    try_ways(loaded, plan_of(loaded, seed, tuple(every[: len(every) // len(arms)]), n))
    fixed = {**declared(loaded, plan), "points": dict(zip(labels, arms, strict=True))}
    kept = RunStore(folder, fixed, resume=resume)
    try:
        found = play(plan, kept, executor, tell)
    finally:
        kept.close()
    made = [
        _point(label, _values(draws, known, shares), arm, judge(loaded, targets, plan, found, label))
        for label, shares, arm in zip(labels, places, arms, strict=True)
    ]
    return Calibration(fixed, n, tuple(draws), tuple(targets), held_out, tuple(made))


def parted(targets: dict[str, Target]) -> tuple[dict[str, Target], tuple[str, ...]]:
    """The targets that calibration may look at, and the names of those that it is kept from."""
    mine = {name: target for name, target in targets.items() if target.calibrate}
    if len(mine) < SPEAK:
        raise UsageFault(f"calibration needs at least {SPEAK} targets that it may look at (`calibrate: true`)")
    return mine, tuple(name for name in targets if name not in mine)


def draws_of(loaded: Loaded, known: dict[str, ScenarioNumber]) -> list[Draw]:
    """The numbers that calibration may move; UsageFault if there are none."""
    found: dict[str, tuple[list[str], Spread]] = {}
    for path, (name, spread) in plausible(loaded.scenario.evidence.calibration, known).items():
        found.setdefault(name, ([], spread))[0].append(path)
    if not found:
        told = f"the scenario '{loaded.scenario.name}' leaves no number to calibration"
        raise UsageFault(f"{told} (`evidence: calibration:` lists what it may move)")
    return [_draw(name, tuple(paths), spread, known[paths[0]]) for name, (paths, spread) in found.items()]


def _draw(name: str, paths: tuple[str, ...], spread: Spread, first: ScenarioNumber) -> Draw:
    if len(paths) > 1 and spread.times is not None:
        return Draw(name, paths, spread, 1.0, FACTOR)
    if first.duration:
        return Draw(name, paths, spread, first.value / DAY, DAYS)
    return Draw(name, paths, spread, first.value)


def hypercube(draws: Sequence[Draw], points: int, seed: int) -> list[dict[str, float]]:
    """Points of a scrambled Latin hypercube: shares of each draw's spread, by name; SciPy makes them."""
    try:
        from scipy.stats import qmc
    except ImportError:
        raise UsageFault("calibration needs SciPy (pip install 'crisis-wargame[evidence]')") from None
    sample = qmc.LatinHypercube(d=len(draws), rng=seed % 2**32).random(points)
    names = [draw.name for draw in draws]
    return [dict(zip(names, map(float, row), strict=True)) for row in sample]


def parameters(draws: Sequence[Draw], known: dict[str, ScenarioNumber], shares: dict[str, float]) -> dict[str, float]:
    """The numbers of a point by path."""
    return {
        path: round(at(known[path], draw.spread, shares[draw.name]), 9)
        for draw in draws
        if draw.name in shares
        for path in draw.paths
    }


def _values(draws: Sequence[Draw], known: dict[str, ScenarioNumber], shares: dict[str, float]) -> dict[str, float]:
    return {d.name: d.value(known, shares[d.name]) if d.name in shares else d.written for d in draws}


# --- implausibility ----------------------------------------------------------------------------------


def implausibility(row: Row) -> float:
    """How far a statistic is from the centre of its band, in units of the band and the error of its runs together."""
    if isnan(row.estimate) or not isfinite(row.estimate):
        return WORST
    half = (row.high_end - row.low_end) / 2
    error = (row.high - row.low) / 2
    if isnan(error):
        error = 0.0
    if error == inf:
        return 0.0
    return min(abs(row.estimate - (row.low_end + half)) / sqrt(half**2 + error**2), WORST)


def _of(target: JudgedTarget) -> float:
    return max(map(implausibility, target.statistics))


def _point(label: str, values: dict[str, float], arm: dict[str, float], held: Held) -> CalibrationPoint:
    return CalibrationPoint(label, values, arm, {target.id: _of(target) for target in held.targets}, held)


# --- telling -----------------------------------------------------------------------------------------


def document(found: Calibration) -> dict[str, Any]:
    """JSON data of a calibration."""
    return {
        "fixed": {name: value for name, value in found.fixed.items() if name != "points"},
        "method": {"kind": "history matching", "speak": SPEAK, "limit": LIMIT, "points": len(found.points) - 1}
        | {"runs_each": found.runs, "targets": list(found.targets), "held_out": list(found.held_out)},
        "numbers": [_number(found, draw) for draw in found.draws],
        "points": [
            {
                "point": point.label,
                "survives": point.survives,
                "inside": point.held.inside,
                "failed": point.held.failed,
                "worst": round(point.worst, 4),
                "against": point.against,
                "values": {name: round(value, 6) for name, value in point.values.items()},
                "parameters": point.parameters,
                "implausibility": {name: round(value, 4) for name, value in point.implausibility.items()},
            }
            for point in found.points
        ],
    }


def _number(found: Calibration, draw: Draw) -> dict[str, Any]:
    values = [point.values[draw.name] for point in found.points[1:]]
    survivors = found.survivors(draw.name)
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
