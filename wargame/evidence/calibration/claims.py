"""Claims over what calibration leaves: does each hold at all surviving points, or only at some?

The claims are played at each surviving point with few runs, on the same luck as ever. At a point a claim is as
expected if every measure of it points the expected way on average; with few runs some of that is noise, so that
"at all of them" is the strong answer and "at some" a weak one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wargame.batch.api import BatchOptions
from wargame.evidence.calibration.matching import CalibrationPoint
from wargame.evidence.claims.experiment import ClaimPlan, plan, play, verdicts
from wargame.evidence.rehearsal.rehearsal import Tell

FEW = 6
MOST = 6
"""Surviving points that are looked at: the ends and those evenly between, in the order of what speaks against them."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a claim holds over the surviving range."""

    claim: str
    holds: int
    points: int

    @property
    def told(self) -> str:
        """In words."""
        if not self.points:
            return "no point survives"
        if self.holds == self.points:
            return "at all points"
        return f"at {self.holds} of {self.points} points" if self.holds else "at none"


def reach(
    target: str,
    surviving: Sequence[CalibrationPoint],
    folder: Path,
    *,
    n: int = FEW,
    how: BatchOptions | None = None,
    tell: Tell | None = None,
) -> tuple[Reach, ...]:
    """Plays the claims of a scenario at some surviving points; a folder for each, so that it can be gone on with."""
    how = how or BatchOptions()
    looked = spread(surviving)
    base = plan(target, replications=n)
    found = []
    for number, point in enumerate(looked):
        if tell:
            tell(number, len(looked))
        found.append(_holds(base, point, folder, how))
    return tuple(Reach(name, sum(each[name] for each in found), len(found)) for name in base.claims)


def spread(surviving: Sequence[CalibrationPoint], most: int = MOST) -> list[CalibrationPoint]:
    """At most so many of the points, evenly from the one that fits best to the one that is nearly ruled out."""
    ranked = sorted(surviving, key=lambda point: (point.worst, point.label))
    if len(ranked) <= most:
        return ranked
    return [ranked[round(i * (len(ranked) - 1) / (most - 1))] for i in range(most)]


def at_point(base: ClaimPlan, parameters: dict[str, float]) -> ClaimPlan:
    """The same claims with the numbers of a point; what an arm itself changes stays so."""
    study = base.prepared.study
    arms = {name: replace(arm, parameters=parameters | arm.parameters) for name, arm in study.arms.items()}
    return replace(base, prepared=replace(base.prepared, study=replace(study, arms=arms)))


def _holds(base: ClaimPlan, point: CalibrationPoint, folder: Path, how: BatchOptions) -> dict[str, bool]:
    there = at_point(base, point.parameters)
    place = folder / f"claims-{point.label}"
    batch = play(there, replace(how, out=str(place), resume=place.exists(), summary=False))
    return {each.id: all(m.judged.as_expected for m in each.measures) for each in verdicts(there, batch)}


def document(found: Sequence[Reach]) -> list[dict[str, Any]]:
    """JSON data."""
    return [{"claim": each.claim, "holds": each.holds, "points": each.points, "told": each.told} for each in found]
