"""Where the variance of a measure comes from: the law of total variance over arms, points and replications."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wargame.statistics.intervals import Floats


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """Variance by source: `draws` within a point, `parameters` between points of an arm, `arm` between arms."""

    draws: float
    parameters: float
    arm: float

    @property
    def total(self) -> float:
        """The sum of all sources."""
        return self.draws + self.parameters + self.arm


def split(cells: Floats, *, shared: bool) -> VarianceSplit | None:
    """Return the law of total variance over an array arms × points × replications; None without two runs at a point.

    `shared` says that all points use the same random draws. What these do to all points alike does not change the
    differences between their means, so only the interaction of draws and points is subtracted.
    """
    arms, points, runs = cells.shape
    if runs < 2 or np.isnan(cells).any():
        return None
    within = float(cells.var(axis=2, ddof=1).mean())
    between = 0.0
    if points > 1:
        means = cells.mean(axis=2)
        noise = _interaction(cells) if shared else within
        between = max(0.0, float(means.var(axis=1, ddof=1).mean()) - noise / runs)
    arm = 0.0
    if arms > 1:
        # All arms share their draws, so only the interaction of draws and arms blurs the differences of their means.
        noise = _interaction(cells.mean(axis=1)[None])
        arm = max(0.0, float(cells.mean(axis=(1, 2)).var()) - (1 - 1 / arms) * noise / runs)
    return VarianceSplit(within, between, arm)


def _interaction(cells: Floats) -> float:
    """Return the mean square of the residuals of a two-way layout, points × replications, averaged over arms."""
    residuals = (
        cells
        - cells.mean(axis=2, keepdims=True)
        - cells.mean(axis=1, keepdims=True)
        + cells.mean(axis=(1, 2), keepdims=True)
    )
    _, points, runs = cells.shape
    squares: Floats = (residuals * residuals).sum(axis=(1, 2))
    return float(squares.mean()) / float((points - 1) * (runs - 1))
