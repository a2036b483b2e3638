"""The effects of moments: what is lost on the way is counted, named and left out with its pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.executors import KILLED, FirstChunkDies
from wargame.executor.run import Place, simulate
from wargame.review.findings import effects
from wargame.review.findings.candidates import count_with_alternative
from wargame.review.findings.effects import measure
from wargame.review.findings.moment_effects import EffectsPlan
from wargame.review.findings.source import open_run
from wargame.scenario.loading.load import load


def test_a_run_lost_with_its_worker_is_named_and_left_out_with_its_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimates rest on complete pairs, and the summary says how many runs are missing, where and why."""
    run = simulate(load("two-rivals"), 3, place=Place(out=tmp_path / "run"))
    executor = FirstChunkDies()
    monkeypatch.setattr(effects, "on_cores", lambda _: lambda: executor)
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(1, 0, 3, 0, 0))

    measured = measure(open_run(run.folder), "quick")

    (future,) = executor.lost
    assert measured.runs == 6
    assert [(each.seq, each.draws, each.error) for each in measured.failures] == [
        (future.turn.seq, future.epoch, KILLED)
    ]
    assert [moment.pairs for moment in measured.tested] == [2]
    assert f"1 of 6 runs failed and are left out with their pairs (1 at record {future.turn.seq})" in measured.summary
    assert KILLED in measured.for_page()["summary"]


def test_a_review_says_what_was_not_tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments that are not candidates are counted; one that is not estimated again is not called noise."""
    run = simulate(load("two-rivals"), 3, place=Place(out=tmp_path / "run"))
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(3, 2, 8, 0, 0))
    source = open_run(run.folder)

    measured = measure(source, "quick", jobs=1)

    assert measured.untested == count_with_alternative(source) - 5 > 0
    assert f"Not tested: {measured.untested} other moments" in measured.summary
    for moment, row, summary in zip(measured.tested, measured.for_page()["rows"], measured.moments, strict=True):
        above = moment.seemed > measured.noise
        assert row["verdict"] == ("above the noise, not estimated" if above else "within the noise")
        assert ("not estimated again" in summary["effect"]) is above
