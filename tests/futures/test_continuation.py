"""Continuations: a future is a function of the point, the changes and the epoch."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.engine import loaded
from support.live import console, output_of
from wargame.futures.continuation import BranchPoint, Continuation, commands_before
from wargame.futures.lookahead import futures, points_of
from wargame.live.console.console import Console
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

DAY = 86400


def present(there: Console) -> BranchPoint:
    """The present point of an exercise, read from its folder."""
    return points_of(there.session.folder)(there.session.head, there.session.exercise.now)


def test_a_point_re_simulates_the_exercise(tmp_path: Path) -> None:
    """With its commands, to the present second."""
    there = console(tmp_path / "run")
    output_of(there, "advance 20d", "release harvest", "advance 3d")
    again = present(there).exercise()
    assert again.now == there.session.exercise.now
    assert again.records() == there.session.exercise.records()


def test_runs_at_one_point_share_their_records(tmp_path: Path) -> None:
    """They are equal, almost all are in memory once, and both runs continue alike."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 20d", "release harvest", "next")
    point = present(there)
    now = point.present()
    first, second = now.exercise, point.present(now).exercise
    assert second.records() == first.records()
    shared = sum(ours is theirs for ours, theirs in zip(second.records(), first.records(), strict=True))
    assert shared > 0.9 * len(first.records())
    for each in (first, second):
        each.advance(each.now + 20 * DAY)
    assert second.records() == first.records()


def test_a_run_that_keeps_no_journal_continues_like_one_that_does() -> None:
    """An order there is judged by what its government knows of the actions before it."""
    order = Command(kind="order", data={"government": "USA", "option": "prepare_invasion", "target": "CUB"})
    scenario = loaded("cuba-1962")
    t = Exercise(scenario, 2).calendar.startex + 4 * DAY
    results = []
    for level in ("full", "none"):
        point = BranchPoint(scenario, 2, Settings(journal=level), (), t)
        results.append(Continuation(1, (order,)).play(point.present(), t + 3 * DAY))
    assert results[0] == results[1]


@pytest.mark.slow
def test_a_future_depends_on_its_epoch_alone(tmp_path: Path) -> None:
    """In a fork or re-simulated, it is the same; other epochs differ."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 20d", "release harvest")
    point, to = present(there), 120 * DAY
    now = point.present()
    forked = futures(point, [now], [Continuation(epoch) for epoch in range(1, 6)], to)
    again = [Continuation(epoch).play(point.present(), to) for epoch in range(1, 6)]
    together = futures(
        point, [point.present(now) for _ in range(3)], [Continuation(epoch) for epoch in range(1, 6)], to
    )
    assert forked == together == again
    assert len({tuple(sorted(result.measures.items())) for result in forked}) > 1


def test_without_forks_futures_are_re_simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The results are the same."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    point = present(there)
    now = point.present()
    forked = futures(point, [now], [Continuation(7)], 60 * DAY)
    monkeypatch.delattr("os.fork")
    assert futures(point, [now], [Continuation(7)], 60 * DAY) == forked


def test_a_change_without_effect_gives_the_same_future(tmp_path: Path) -> None:
    """Both sides of a comparison have the same random draws."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    skip = Command(kind="skip", data={"inject": "harvest"})
    point, to = present(there), 100 * DAY
    without = [Continuation(epoch).play(point.present(), to) for epoch in range(1, 4)]
    given = [Continuation(epoch, (skip,)).play(point.present(), to) for epoch in range(1, 4)]
    assert [result.measures for result in without] == [result.measures for result in given]


def test_people_are_replaced_by_the_model(tmp_path: Path) -> None:
    """In the order epoch, changes, seats."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    output_of(there, "advance 5d")
    skip = Command(kind="skip", data={"inject": "harvest"})
    epoch, change, seat = Continuation(3, (skip,)).commands(present(there).exercise())
    assert (epoch.kind, epoch.data) == ("epoch", {"number": 3})
    assert change == skip
    assert (seat.kind, seat.data) == ("seat", {"government": "BRL", "kind": "model"})


def test_commands_before_a_moment_leave_out_the_advance_past_it(tmp_path: Path) -> None:
    """An advance that ends at the moment is kept; commands of the moment itself are not."""
    there = console(tmp_path / "run")
    output_of(there, "advance 10d", "release harvest", "advance 60d", "release broker")

    def kinds(day: int) -> list[str]:
        return [entry.kind for entry in commands_before(there.session.path, day * DAY)]

    assert kinds(9) == []
    assert kinds(10) == ["advance"]
    assert kinds(40) == ["advance", "release"]
    assert kinds(70) == ["advance", "release", "advance"]
    assert kinds(71) == ["advance", "release", "advance", "release"]


def test_measures_count_actions_of_the_journal_and_of_the_future(tmp_path: Path) -> None:
    """By tone, since STARTEX."""
    there = console(tmp_path / "run")
    output_of(there, 'action ARD "x" --goldstein 3', 'action ARD "y" --goldstein -3', 'action BRL "z" --goldstein -1')
    point = present(there)
    result = Continuation(1).play(point.present(), point.t + 1)
    assert (result.measures["friendly actions"], result.measures["hostile actions"]) == (1.0, 2.0)
    output_of(there, "advance 40d")
    past, done = present(there).present().measures(), [r for r in there.session.records if r.kind == "action"]
    tones = [float(record.data["goldstein"]) for record in done]
    assert len(tones) > 3
    assert past["friendly actions"] == sum(tone > 0 for tone in tones)
    assert past["hostile actions"] == sum(tone < 0 for tone in tones)
    later = Continuation(1).play(point.present(), point.t + 100 * DAY)
    assert sum(later.measures[name] for name in ("friendly actions", "hostile actions")) > 3
