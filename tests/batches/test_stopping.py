"""Batches that stop early."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from support.in_process import inside
from support.study_files import CALM, GRID, study_file
from wargame.batches.api import BatchOptions, open_batch, play
from wargame.batches.running.opening import open_target
from wargame.batches.study.overrides import StudyOverrides
from wargame.statistics import intervals as statistics


def test_a_measure_that_is_always_zero_does_not_stop_a_batch(tmp_path: Path) -> None:
    """A count of 0 in all runs has no width yet: the batch continues, and reports that the runs were not enough."""
    words = ("two-rivals", "-n", "120", "--until", "5d", "--jobs", "1", "--until-ci", "count(strike, ARD):0.1")
    done = inside("batch", *words, "--out", "b", cwd=tmp_path)
    assert "complete at 120 replications" in done.stdout
    assert "note: the interval of count(strike, ARD) is not known yet; the goal is 0.1 " in done.stderr


def test_shares_of_a_design_are_as_uncertain_as_others(tmp_path: Path) -> None:
    """Twenty replications at three points have Wilson's interval of twenty; the runs needed count runs."""
    text = f"{GRID}measures: [p(war), actions()]\nreplications: 60\narms: {{baseline: {{}}, same: {{}}}}\n"
    result = play(open_target(study_file(tmp_path, text)), BatchOptions(out=str(tmp_path / "b")))
    war, actions = (
        next(x for x in result.rows if (x.measure, x.arm) == (m, "baseline")) for m in ("p(war)", "actions()")
    )
    assert (war.n, war.low) == (20, 0.0)
    assert war.high == pytest.approx(statistics.wilson(0.0, 20)[1])
    assert actions.runs_to_halve == 4 * 60
    (difference, _) = result.summary["comparisons"]
    assert difference.low < 0.0 < difference.high
    assert result.summary["quantiles"]
    assert all(row["low"] is None for row in result.summary["quantiles"])


def test_a_tornado_stops_after_whole_passes_only(tmp_path: Path) -> None:
    """Widths are checked after whole passes over its points; an interrupted tornado has no bars and says why."""
    text = f"{CALM}design: one_at_a_time\nmeasures: [p(war)]\nreplications: 450\n"
    study = study_file(tmp_path, text)
    early = play(open_target(study, StudyOverrides(until_ci=("p(war)", 0.5))), BatchOptions(out=str(tmp_path / "b")))
    assert (early.manifest.ended, early.manifest.counted) == ("stopped early", 102)
    assert len(early.summary["sensitivity"]) == 1
    for part in sorted((tmp_path / "b" / "runs").glob("*.parquet")):
        pq.write_table(pq.read_table(part).slice(0, 50), part, compression="none")
    assert "the design is not complete" in open_batch(str(tmp_path / "b")).summary["refused"]
