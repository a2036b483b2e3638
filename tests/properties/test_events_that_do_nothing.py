"""Events that do nothing change nothing: no number, draw, order or cause of what follows."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.engine import changed, loaded, run, story
from support.live import console, output_of
from wargame.language.times import Time
from wargame.scenario import model
from wargame.simulation.exercise import Exercise

UNTIL = {"two-rivals": "D+365", "cuba-1962": "D+5", "korea-2017": "D+60"}
"""Until when each scenario is played."""
SCENARIOS = ["two-rivals", "cuba-1962", pytest.param("korea-2017", marks=pytest.mark.slow)]
Places = list[tuple[bool, float]]
places = st.lists(st.tuples(st.booleans(), st.floats(0.0, 1.0)), min_size=1, max_size=12)
"""Where the extra events are, as shares of the run: at any second, or, if true, at that of a record."""


@lru_cache(maxsize=4)
def plain(scenario: str) -> Exercise:
    """The run without extra events."""
    return run(loaded(scenario), 3, until=UNTIL[scenario])


def instants(exercise: Exercise, where: Places) -> list[int]:
    """The seconds after STARTEX of the extra events."""
    start = exercise.calendar.startex
    times = [record[1] for record in exercise.records() if start < record[1] < exercise.end]
    anywhere = range(start + 1, exercise.end)
    chosen = (times if exact else anywhere for exact, _ in where)
    return [choice[int(share * (len(choice) - 1))] - start for choice, (_, share) in zip(chosen, where, strict=True)]


@pytest.mark.parametrize("scenario", SCENARIOS)
@settings(max_examples=6)
@given(where=places)
def test_injects_to_the_white_cell_leave_every_other_record_the_same(scenario: str, where: Places) -> None:
    """Whatever their number and times, the records, their causes and the bits of all values at the end are the same."""
    base, before = loaded(scenario), plain(scenario)
    extra = tuple(
        model.Inject(id=f"nothing_{i}", title="Nothing", kind="facilitation", at=Time("", offset=at))
        for i, at in enumerate(instants(before, where))
    )
    after = run(changed(base, injects=(*extra, *base.injects)), 3, until=UNTIL[scenario])
    assert sum(record[2] == "inject.released" for record in after.records()) >= len(extra)
    assert story(after, *(inject.id for inject in extra)) == story(before)
    assert after.context.world.levels() == before.context.world.levels()


LINES = ('note "nothing"', "pause", "status", 'inject hint "Nothing" --now', "brief ARD", "options ARD")
"""Commands of the facilitator that do nothing, or only look."""


def test_a_live_exercise_may_be_stopped_and_annotated_anywhere(tmp_path: Path) -> None:
    """An advance in parts, with notes, pauses and looks in between, is the same as one advance."""
    whole, parts = (console(tmp_path / name, seats=(("ARD", "human"),)) for name in ("whole", "parts"))
    output_of(whole, "advance 10d")
    output_of(parts, *(line for number in range(1, 5) for line in (*LINES, f"advance {number * 24}h")))
    first, second = whole.session.exercise, parts.session.exercise
    assert second.now == first.now
    extra = ("command", "note", *(f"adhoc_{number}" for number in range(1, 5)))
    assert story(second, *extra) == story(first)
    assert second.context.world.levels() == first.context.world.levels()
