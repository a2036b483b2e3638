"""Quantiles and differences of a batch, from its table to its report, recomputed from the rows."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from support.in_process import inside, inside_json
from wargame import batch
from wargame.batches.api import Batch, open_batch
from wargame.errors import Invalid

MEASURES = ("actions()", "time(blockade_laid)", "mean(tension)")


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch of two arms, one of them with a much lower tension."""
    place = tmp_path_factory.mktemp("numbers") / "b"
    arms = {"calm": "set tension=0.0; forbid ARD patrol; forbid BRL patrol"}
    return batch("two-rivals", 60, arms=arms, measures=MEASURES, until="120d", jobs=1, out=place)


@pytest.fixture(scope="module")
def report(rivals: Batch) -> str:
    """Its report as Markdown."""
    place = Path(rivals.path)
    done = inside("report", place.name, "--format", "md", cwd=place.parent)
    assert done.returncode == 0, done.stderr
    return (place / "report.md").read_text(encoding="utf-8")


def test_each_number_has_three_quantiles_in_each_arm(rivals: Batch) -> None:
    """Those of the rows, each with an interval; a time that never occurs has none."""
    quantiles = rivals.summary["quantiles"]
    frame = rivals.frame()
    keys = [(row["measure"], row["arm"], row["quantile"]) for row in quantiles]
    assert keys == [(m, arm, q) for m in MEASURES for arm in ("baseline", "calm") for q in (0.1, 0.5, 0.9)]
    for row in quantiles:
        values = frame[frame["arm"] == row["arm"]][row["measure"]].fillna(np.inf)
        expected = float(np.quantile(values, row["quantile"], method="inverted_cdf"))
        assert row["n"] == len(values)
        assert row["estimate"] == (pytest.approx(expected) if np.isfinite(expected) else None)


def test_quantiles_have_intervals_that_contain_them(rivals: Batch) -> None:
    """Sixty runs are enough for the three quantiles of a number."""
    rows = [row for row in rivals.summary["quantiles"] if row["measure"] == "actions()"]
    assert len(rows) == 6
    for row in rows:
        assert row["low"] <= row["estimate"] <= row["high"]
        assert row["low"] < row["high"]


def test_the_report_lists_all_quantiles(rivals: Batch, report: str) -> None:
    """Measure, arm, quantile, value and interval."""
    rows = [row for row in rivals.summary["quantiles"] if row["measure"] == "actions()"]
    assert rows
    for row in rows:
        start = f"| actions\\(\\) | {row['arm']} | {100 * row['quantile']:.0f} % | {row['estimate']:.4g} |"
        assert start.replace("\\", "") in report.replace("\\", "")


def test_the_report_states_a_decrease_with_a_positive_interval(rivals: Batch, report: str) -> None:
    """`lower by X (A to B)` with A below X below B, for a difference of -X from -B to -A."""
    (row,) = (each for each in rivals.summary["comparisons"] if each.measure == "mean(tension)")
    assert row.estimate is not None
    assert row.high is not None
    assert row.high < 0, "the arm is meant to lower the tension"
    stated = re.search(r"lower by ([\d.]+) \(([-\d.]+) to ([-\d.]+)\)", report)
    assert stated
    size, low, high = map(float, stated.groups())
    assert 0 < low <= size <= high
    assert size == pytest.approx(-row.estimate, rel=0.05)
    assert low == pytest.approx(-row.high, rel=0.05)


def test_a_folder_without_a_manifest_is_reported_with_its_path(tmp_path: Path) -> None:
    """Exit code 3 with the path and a hint; also for a manifest that is a folder."""
    (tmp_path / "b" / "runs").mkdir(parents=True)
    with pytest.raises(Invalid, match=r"manifest\.json: cannot be read: No such file .* \(is this a batch\?\)"):
        open_batch(str(tmp_path / "b"))
    (tmp_path / "b" / "manifest.json").mkdir()
    with pytest.raises(Invalid, match=r"manifest\.json: cannot be read"):
        open_batch(str(tmp_path / "b"))


def test_the_json_document_has_the_same_estimates(rivals: Batch) -> None:
    """`show --json` reads what the batch computed."""
    place = Path(rivals.path)
    shown = inside_json("show", place.name, cwd=place.parent)
    estimates = {(row["measure"], row["arm"]): row["estimate"] for row in shown["estimates"]}
    assert estimates == {(row.measure, row.arm): row.estimate for row in rivals.rows}
