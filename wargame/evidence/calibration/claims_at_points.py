"""Claims at the points that calibration leaves: at how many of them does each claim hold?

The claims are run at some surviving points with few runs, on common random numbers. A claim holds at a point if the
estimate of every measure is as expected. With few runs part of that is noise: "at all points" is strong evidence, "at
some points" is weak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wargame.batches.api import BatchOptions
from wargame.evidence.calibration.history_matching import CalibrationPoint
from wargame.evidence.claims.experiment import plan, play, verdicts
from wargame.executor.campaign import Progress

FEW = 6
"""Default number of runs of each arm at a point."""
MOST = 6
"""Number of surviving points to run, evenly spaced by how well they fit."""


@dataclass(frozen=True, slots=True)
class ClaimReach:
    """At how many points a claim holds."""

    claim: str
    holds: int
    points: int

    @property
    def text(self) -> str:
        """The result in words."""
        if not self.points:
            return "no point survives"
        if self.holds == self.points:
            return "at all points"
        return f"at {self.holds} of {self.points} points" if self.holds else "at no point"


def reach(
    target: str,
    surviving: Sequence[CalibrationPoint],
    folder: Path,
    *,
    n: int = FEW,
    how: BatchOptions | None = None,
    progress: Progress | None = None,
) -> tuple[ClaimReach, ...]:
    """Run the claims of a scenario at some surviving points, each in its own resumable batch in `folder`."""
    how = how or BatchOptions()
    points = spread(surviving)
    base = plan(target, replications=n)
    holding = []
    for number, point in enumerate(points):
        if progress:
            progress(number, len(points))
        study = base.prepared.study
        arms = {name: replace(arm, parameters=point.parameters | arm.parameters) for name, arm in study.arms.items()}
        there = replace(base, prepared=replace(base.prepared, study=replace(study, arms=arms)))
        place = folder / f"claims-{point.label}"
        batch = play(there, replace(how, out=str(place), resume=place.exists(), summary=False))
        holding.append({each.id: all(m.judged.as_expected for m in each.measures) for each in verdicts(there, batch)})
    return tuple(ClaimReach(name, sum(each[name] for each in holding), len(holding)) for name in base.claims)


def spread(surviving: Sequence[CalibrationPoint], most: int = MOST) -> list[CalibrationPoint]:
    """At most `most` points, evenly spaced from the best to the worst that survives."""
    ranked = sorted(surviving, key=lambda point: (point.worst, point.label))
    if len(ranked) <= most:
        return ranked
    return [ranked[round(i * (len(ranked) - 1) / (most - 1))] for i in range(most)]


def document(reaches: Sequence[ClaimReach]) -> list[dict[str, Any]]:
    """Return the results as JSON data."""
    return [{"claim": each.claim, "holds": each.holds, "points": each.points, "text": each.text} for each in reaches]
