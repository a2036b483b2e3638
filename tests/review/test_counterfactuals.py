"""Counterfactual effects of the moments of a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import environment
from support.run_tables import tables_of
from support.waiting import PATIENCE
from wargame.errors import UsageFault
from wargame.executor.run import Destination, simulate
from wargame.futures.continuation import Future, Past, play
from wargame.review.findings import effects, knowledge
from wargame.review.findings.effects import Pairs, candidates, estimate, forecast, measure, placebos
from wargame.review.findings.moment_effects import EffectsPlan
from wargame.review.findings.source import RunSource, open_run
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


def test_an_estimate_is_the_paired_difference() -> None:
    """It has both shares, their difference and an interval around it."""
    pairs: Pairs = [({"war": True}, {"war": False})] * 12 + [({"war": True}, {"war": True})] * 8
    effect = estimate(pairs, "war")

    assert (effect.n, effect.as_it_was, effect.otherwise, effect.difference) == (20, 1.0, 0.4, 0.6)
    assert 0 < effect.low < 0.6 < effect.high < 1
    assert effect.shown


def test_the_interval_of_no_change_includes_zero() -> None:
    """Equal outcomes in all pairs show no effect."""
    effect = estimate([({"war": False}, {"war": False})] * 40, "war")
    assert effect.low < 0 < effect.high


def test_simultaneous_estimates_have_wider_intervals() -> None:
    """So that all of them are valid at once."""
    pairs: Pairs = [({"war": True}, {"war": False})] * 6 + [({"war": True}, {"war": True})] * 14
    alone, together = estimate(pairs, "war"), estimate(pairs, "war", of=6)

    assert together.difference == alone.difference
    assert together.low < alone.low
    assert together.high > alone.high


def test_the_cost_of_a_depth_is_known_beforehand(folder: Path) -> None:
    """Runs at most, and seconds that grow with them."""
    runs, seconds = forecast(open_run(folder), "quick", jobs=1)
    many, longer = forecast(open_run(folder), "full", jobs=1)

    assert 0 < runs < many
    assert 0 < seconds < longer


def test_candidates_and_placebos_have_an_alternative(source: RunSource) -> None:
    """They are decisions to act, injects and chance events; no moment is both."""
    turns, ordinary = candidates(source, 5), placebos(source, 4, set())
    kinds = {turn.seq: source.index[turn.seq].kind for turn in (*turns, *ordinary)}

    assert turns
    assert ordinary
    assert set(kinds.values()) <= {"decision", "inject.released", "hazard"}
    assert not {turn.seq for turn in placebos(source, 4, {t.seq for t in turns})} & {turn.seq for turn in turns}


@pytest.mark.slow
def test_counterfactuals_are_reproducible_and_within_their_budget(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal draws give equal estimates; no more runs than the depth allows; each moment has its command."""
    monkeypatch.setitem(effects.PLANS, "quick", EffectsPlan(3, 1, 6, 1, 6))
    progress: list[tuple[int, int]] = []
    first = measure(open_run(folder), "quick", lambda done, due: progress.append((done, due)), jobs=1)
    again = measure(open_run(folder), "quick", jobs=2)

    assert any(moment.estimate for moment in first.tested)
    assert first.tested == again.tested
    assert max(done for done, _ in progress) <= first.plan.runs
    assert all(
        each.command.startswith("wargame fork ") and f"--at {each.turn.seq}" in each.command for each in first.tested
    )


def test_a_run_without_a_journal_has_no_moments(tmp_path: Path) -> None:
    """A usage error says what is missing."""
    run = simulate(load("two-rivals"), 3, Settings(journal="none"), place=Destination(out=tmp_path / "none"))
    with pytest.raises(UsageFault, match="no moments"):
        measure(open_run(run.folder), "quick")


LIVE = """next
advance 10d
message ARD BRL "Stay out of the strait"
order ARD patrol BRL
stop at nothing
advance 40d
order ARD protest BRL
until 2030-12-31
advance 10d
quit
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live exercise with a person in one seat."""
    place = tmp_path_factory.mktemp("live")
    words = ("play", "two-rivals", "--seat", "ARD=human", "--seed", "2", "--out", "table")
    subprocess.run(
        [sys.executable, "-m", "wargame", *words],
        cwd=place,
        env=environment(),
        input=LIVE,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=PATIENCE,
    )
    return place / "table"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", "live"])
def test_a_fork_starts_at_the_state_of_the_run(kind: str, request: pytest.FixtureRequest) -> None:
    """Re-run up to a moment, a run has written as many records as its journal has before it."""
    path: Path = request.getfixturevalue(kind)
    source = open_run(path)
    past = Past(path)
    for turn in (*candidates(source, 3), *placebos(source, 3, set())):
        first = next(record.seq for record in source.records if record.t >= turn.t)
        assert past.exercise(turn.t).context.log.next_seq == first


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", "live"])
def test_a_future_is_the_same_in_a_fork_and_re_simulated(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever futures the process has run before, and in any order."""
    path: Path = request.getfixturevalue(kind)
    source = open_run(path)
    turns = (*candidates(source, 3), *placebos(source, 3, set()))
    futures = [Future(turn, otherwise, epoch) for turn in turns for epoch in (1, 2) for otherwise in (False, True)]
    past = Past(path)
    forked = play(past, futures)
    backwards = [result for each in reversed(futures) for result in play(past, [each])]
    monkeypatch.delattr("os.fork")
    assert forked == play(past, futures)
    assert backwards[::-1] == forked


def test_an_order_of_a_person_is_compared_with_the_model(live: Path) -> None:
    """Such an order is a candidate; its alternative is the choice of the model."""
    source = open_run(live)
    orders = [turn for turn in candidates(source, 12) if turn.kind == "order"]

    assert orders
    assert {source.index[turn.seq].data["government"] for turn in orders} == {"ARD"}


def test_a_message_is_known_to_its_addressee(live: Path) -> None:
    """And listed among the notes."""
    assert "Stay out of the strait" in set(tables_of(live).inbox("BRL").message)
    assert "Stay out of the strait" in set(tables_of(live).notes().text)
    assert not [r for r in knowledge.known_to(open_run(live), "BRL") if r.kind == "command"]
