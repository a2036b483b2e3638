"""State tables: every state can be reached and left, and an MSEL item moves only along its table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.engine import changed, loaded
from support.injects import inject
from wargame.errors import UsageFault
from wargame.language.times import DAY, parse_time
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command
from wargame.simulation.kernel.state_tables import (
    AGREEMENT,
    FORUM,
    MSEL_ITEM,
    AgreementState,
    ForumState,
    ItemState,
)

TABLES = [(FORUM, ForumState), (AGREEMENT, AgreementState), (MSEL_ITEM, ItemState)]
COMMANDS = ["release", "hold", "unhold", "skip", "reset"]


@pytest.mark.parametrize(("table", "states"), TABLES, ids=[states.__name__ for _, states in TABLES])
def test_every_state_can_be_reached_and_left(
    table: Mapping[tuple[StrEnum, str], StrEnum], states: type[StrEnum]
) -> None:
    """Every state of the enum can be reached from the first one, and has an event that leaves it or stays in it."""
    start = next(iter(table))[0]
    reached, pending = {start}, [start]
    while pending:
        here = pending.pop()
        for (state, _), after in table.items():
            if state == here and after not in reached:
                reached.add(after)
                pending.append(after)
    assert reached == set(states)
    assert {state for state, _ in table} == set(states)


def state(exercise: Exercise, name: str) -> str:
    """The state of an item."""
    return exercise.injector.lines[name].state


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.sampled_from("abcd"), st.integers(0, 3)), max_size=8))
def test_items_are_released_or_explained_whatever_the_white_cell_does(commands: list[tuple[str, str, int]]) -> None:
    """A refused command leaves the states alone; at ENDEX each item was released, or a record says why it was not."""
    injects = (
        inject("a", at=parse_time("D+2"), every=2 * DAY, repeat=3),
        inject("b", when="tension > 0.2", repeat=2),
        inject("c", at=parse_time("D+3"), enables=("d",), disables=("a",)),
        inject("d", at=parse_time("D+5"), enabled=False),
    )
    exercise = Exercise(changed(loaded(), injects=injects), 1)
    for kind, name, days in commands:
        exercise.advance(exercise.now + days * DAY)
        before = {name: state(exercise, name) for name in "abcd"}
        try:
            exercise.apply(Command(kind=kind, data={"inject": name}))
        except UsageFault:
            assert {name: state(exercise, name) for name in "abcd"} == before
    exercise.apply(Command(kind="endex", data={}))
    about = {kind: [r[4] for r in exercise.records() if r[2] == f"inject.{kind}"] for kind in ("released", "skipped")}
    for name, item in exercise.injector.lines.items():
        assert item.released == about["released"].count(name)
        assert item.released or name in about["skipped"]


@pytest.mark.parametrize(
    ("name", "state_held", "again"),
    [("scheduled", "held", "scheduled"), ("off", "held_disabled", "disabled"), ("often", "held_released", "released")],
)
def test_a_hold_returns_an_item_to_the_state_before_it(name: str, state_held: str, again: str) -> None:
    """Scheduled, disabled or released with repeats left."""
    injects = (
        inject("scheduled", at=parse_time("D+50")),
        inject("off", at=parse_time("D+50"), enabled=False),
        inject("often", at=parse_time("D+2"), every=30 * DAY, repeat=3),
    )
    exercise = Exercise(changed(loaded(), injects=injects), 1)
    exercise.advance(10 * DAY)
    exercise.apply(Command(kind="hold", data={"inject": name}))
    assert state(exercise, name) == state_held
    assert exercise.injector.lines[name].status == "held"
    exercise.apply(Command(kind="unhold", data={"inject": name}))
    assert state(exercise, name) == again


def test_another_inject_enables_an_item_that_is_held() -> None:
    """It stays held, and is scheduled once the hold ends."""
    injects = (
        inject("first", at=parse_time("D+20"), enables=("second",)),
        inject("second", at=parse_time("D+50"), enabled=False),
    )
    exercise = Exercise(changed(loaded(), injects=injects), 1)
    exercise.advance(10 * DAY)
    exercise.apply(Command(kind="hold", data={"inject": "second"}))
    exercise.advance(30 * DAY)
    assert state(exercise, "second") == ItemState.HELD
    exercise.apply(Command(kind="unhold", data={"inject": "second"}))
    exercise.advance(60 * DAY)
    assert state(exercise, "second") == ItemState.RELEASED


def test_an_event_that_is_not_in_the_table_cannot_happen() -> None:
    """Looking it up raises KeyError."""
    with pytest.raises(KeyError):
        MSEL_ITEM[ItemState.RELEASED, "unhold"]
