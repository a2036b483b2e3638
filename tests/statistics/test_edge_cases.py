"""Statistics at the edge: ties, constants, empty denominators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from support.in_process import inside
from wargame.batches.api import open_batch
from wargame.statistics import intervals as statistics


def test_rounding_errors_are_not_variance() -> None:
    """Values that differ in the last digit are constant, in one sample and in pairs."""
    values = np.array([0.3, 0.1 + 0.2] * 20)
    assert statistics.variance(values) == 0.0
    estimate = statistics.paired(1e6 + values, np.full(40, 1e6), share=False)
    assert (estimate.se, estimate.p) == (0.0, 0.0)


def test_a_bootstrap_with_ties_equals_scipy() -> None:
    """Counts have many ties, half of which count as below."""
    from scipy.stats import bootstrap

    values = np.array([0.0] * 15 + [1.0] * 5)
    estimate = statistics.bootstrap_mean(values, "x")
    reference = bootstrap((values,), np.mean, method="BCa", n_resamples=4000, rng=1).confidence_interval
    assert (estimate.low, estimate.high) == pytest.approx((reference.low, reference.high), abs=0.051)


def test_a_ratio_without_a_denominator_is_left_out(tmp_path: Path) -> None:
    """A run whose denominator is 0 has no ratio; it is left out, not counted as 0."""
    words = ("two-rivals", "-n", "40", "--until", "40d", "--jobs", "1", "--out", "b")
    measures = ("--measure", "severity(ARD) / actions(ARD)", "--measure", "actions(ARD)", "--measure", "1 / 0 > 2")
    assert inside("batch", *words, *measures, cwd=tmp_path).returncode == 0
    frame = open_batch(str(tmp_path / "b")).frame()
    ratio, actions = frame["severity(ARD) / actions(ARD)"], frame["actions(ARD)"]
    assert (ratio.isna() == (actions == 0)).all()
    assert 0 < ratio.isna().sum() < 40
    assert frame["1 / 0 > 2"].isna().all()
