"""Injects that repeat, and names that injects, options and outcomes share."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import loaded, run
from support.injects import fired, inject, play, skipped
from wargame.language.times import DAY, parse_time


def test_an_outcome_with_the_id_of_an_option_is_not_an_action() -> None:
    """`count` of such an id is the number of actions or releases only."""
    exercise = run(loaded("korea-2017"), 2, until="D+240")
    done = [record[4] for record in exercise.records() if record[2] == "action"]
    assert done.count("icbm_test") > 0
    for name in ("icbm_test", "nuclear_test"):
        assert exercise.context.events.count(name) == done.count(name)
    exercise = play(inject("war", at=parse_time("D+5"), effects={}))
    assert exercise.context.events.count("war") == 1


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_series_continues_after_a_date_without_release(seed: int) -> None:
    """Each of its dates is tried and none after them; a date without a release counts."""
    exercise = play(inject("a", at=parse_time("D+10"), repeat=5, every=10 * DAY, chance=0.5), seed=seed)
    days = [day for _, day in fired(exercise)]
    failed = [r[1] / DAY for r in exercise.records() if r[2] == "inject.skipped" and r[4] == "a"]
    assert sorted(days + failed) == [10.0, 20.0, 30.0, 40.0, 50.0]


def test_a_repeated_trigger_restarts_the_delay() -> None:
    """As the reference says of `delay`."""
    again = inject("again", at=parse_time("D+10"), repeat=4, every=4 * DAY)
    after = inject("after", after=_after("again", 5 * DAY))
    assert ("after", 27.0) in fired(play(again, after))
    assert "after" not in skipped(play(again, after))


def _after(name: str, delay: int) -> Any:
    from wargame.scenario.model import After

    return After(inject=name, delay=delay)
