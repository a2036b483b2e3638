"""The effects of moments: what is lost on the way is counted, named and left out with its pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.executors import KILLED, FirstChunkDies
from wargame.executor.campaign import Results
from wargame.executor.run import Destination, simulate
from wargame.futures import continuation
from wargame.futures.continuation import Future
from wargame.review.findings import effects
from wargame.review.findings.effects import measure, placebos
from wargame.review.findings.findings import Findings
from wargame.review.findings.moment_effects import EffectEstimate, EffectsPlan, MomentEffects, RunMoment
from wargame.review.findings.reviewer_notes import ReviewerNotes
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.report_header import Review
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise


def test_a_run_lost_with_its_worker_is_named_and_left_out_with_its_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimates rest on complete pairs, and the summary says how many runs are missing, where and why."""
    run = simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "run"))
    executor = FirstChunkDies()
    monkeypatch.setattr(effects, "on_cores", lambda _: lambda: executor)
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(1, 0, 3, 0, 0))

    measured = measure(open_run(run.folder), "quick")

    (future,) = executor.lost
    assert measured.runs == 6
    assert [(each.cell.turn.seq, each.cell.epoch, each.reason) for each in measured.failures] == [
        (future.turn.seq, future.epoch, KILLED)
    ]
    assert [moment.pairs for moment in measured.tested] == [2]
    assert f"1 of 6 runs failed and are left out with their pairs (1 at record {future.turn.seq})" in measured.summary
    assert KILLED in measured.summary


def test_a_future_that_fails_is_named_and_the_others_of_its_fork_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Futures of a moment are played several to a fork."""

    def broken(exercise: Exercise, future: Future) -> dict[str, bool]:
        if future.epoch == 2 and future.otherwise:
            raise ValueError("no such future")
        return dict.fromkeys(exercise.outcomes, future.otherwise)

    run = simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "run"))
    monkeypatch.setattr(continuation, "_outcomes", broken)
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(1, 0, 3, 0, 0))

    measured = measure(open_run(run.folder), "quick", jobs=1)

    assert [(each.cell.epoch, each.reason) for each in measured.failures] == [(2, "ValueError: no such future")]
    assert [(moment.pairs, moment.seemed) for moment in measured.tested] == [(2, 1.0)]


def test_an_order_in_a_future_knows_what_happened_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a run without people, whose governments learn what no person knew: no future fails."""
    run = simulate(load("cuba-1962"), 2, place=Destination(out=tmp_path / "run"))
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(12, 0, 1, 0, 0))
    measured = measure(open_run(run.folder), "quick", jobs=1)
    assert measured.runs == 24
    assert measured.failures == ()


def test_a_deeper_review_plays_no_future_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the futures of the first depth the second one plays only its own, and says the same as by itself."""
    source = open_run(simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "run")).folder)
    monkeypatch.setattr(effects, "PLANS", {"quick": EffectsPlan(1, 1, 2, 1, 2), "full": EffectsPlan(2, 2, 4, 1, 3)})
    alone, kept = Results(), Results()
    by_itself = measure(source, "full", jobs=1, results=alone)

    measure(source, "quick", jobs=1, results=kept)
    shallow = set(kept.values)
    deeper = measure(source, "full", jobs=1, results=kept)

    assert shallow & set(alone.values)
    assert len(kept.values) == len(shallow | set(alone.values))
    assert deeper == by_itself


@pytest.mark.slow
def test_a_review_says_what_was_not_tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments that are not candidates are counted; one that is not estimated again is not called noise."""
    run = simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "run"))
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(3, 2, 8, 0, 0))
    source = open_run(run.folder)

    measured = measure(source, "quick", jobs=1)

    alternatives = {"decision": lambda r: r.about != "wait", "inject.released": lambda r: r.data["trigger"] != "manual"}
    others = [r for r in source.since if r.kind == "hazard" or (r.kind in alternatives and alternatives[r.kind](r))]
    assert measured.untested == len(others) - 5 > 0
    assert f"Not tested: {measured.untested} other moments" in measured.summary
    for moment in measured.tested:
        above = moment.seemed > measured.noise
        assert measured.in_words(moment)[-1] == ("above the noise, not estimated" if above else "within the noise")


def _measured(source: RunSource, *differences: tuple[float, float, float]) -> MomentEffects:
    """Effects with these differences and intervals, of the first decisions of a run, in this order."""
    turns = placebos(source, 40, set())[: len(differences)]
    tested = []
    for turn, (difference, low, high) in zip(turns, differences, strict=True):
        estimate = EffectEstimate("war", 32, 0.5 + difference, 0.5, difference, low, high)
        record = source.index[turn.seq]
        tested.append(RunMoment(turn, f"moment {difference}", "", record.at, 1.0, "other", "fork", 12, 0.3, estimate))
    return MomentEffects(tuple(tested), 0.1, EffectsPlan(5, 4, 12, 2, 32), "quick", {"war": "War"}, 400)


def test_moments_are_not_ranked_by_effects_that_are_not_distinguishable(source: RunSource) -> None:
    """The review then has its turning points, and says why."""
    findings, effects = Findings(source), _measured(source, (0.2, -0.1, 0.5), (0.1, -0.2, 0.4))
    for text in (render(findings, "md", effects=effects).decode(), render(findings, "html", effects=effects).decode()):
        assert "Ranked by" not in text
        assert "No effect of a moment is distinguishable from chance." in text
        assert "their effects are not measured" not in text
        assert findings.turning_points[0].what in text
    assert Review(findings, ReviewerNotes(), effects=effects).moments == Review(findings, ReviewerNotes()).moments


def test_only_distinguishable_effects_are_ranked(source: RunSource) -> None:
    """By the size of the effect, in either direction."""
    effects = _measured(source, (0.2, 0.1, 0.3), (0.3, -0.1, 0.6), (-0.4, -0.6, -0.2))
    assert [row["what"] for row in Review(Findings(source), ReviewerNotes(), effects=effects).moments] == [
        "moment -0.4",
        "moment 0.2",
    ]
    text = render(Findings(source), "md", effects=effects).decode()
    assert "only effects that are distinguishable from chance" in text
