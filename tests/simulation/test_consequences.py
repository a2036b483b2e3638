"""Who is called after an event of a run, and what observers are told. `test_order_of_consequences` has the order."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.engine import changed, loaded
from support.injects import inject
from wargame.language.times import DAY, parse_time
from wargame.scenario.model import (
    ActionPattern,
    ActionSpec,
    After,
    ExpectedAction,
    Inject,
    Outcome,
)
from wargame.simulation import exercise as tables
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.context import Action, ForumStep, Observers, Release
from wargame.simulation.kernel.settings import Settings

SIMULATION = Path(tables.__file__).parent


@pytest.mark.parametrize("event", ["of_action", "of_signal"])
def test_a_government_takes_note_of_its_own_actions_and_signals_only(event: str) -> None:
    """The method of a government is that of the actor, or of the receiver."""
    exercise = Exercise(loaded(), 1)
    for name, steps in getattr(exercise.context.consequences, event).items():
        owners = [method.__self__ for method, *_ in steps]
        assert [each for each in owners if each in exercise.governments.values()] == [exercise.governments[name]]


def test_a_part_with_nothing_to_do_is_not_called() -> None:
    """The container of a consequence is the one that its part fills: no program watches, then one does."""
    exercise = Exercise(loaded(), 1)
    steps: list[Any] = list(exercise.context.consequences.of_action["ARD"])
    idle = {method.__func__: container for method, container, by_option in steps if not (container or by_option)}
    assert list(idle) == [Observers.acted]
    exercise.observers.actions.append(lambda _: None)
    assert idle[Observers.acted]


def test_a_consequence_that_is_only_called_for_some_options_does_nothing_for_others(monkeypatch: Any) -> None:
    """The journal with calls for every option equals the one with calls for those that are listed."""

    def journal() -> list[Any]:
        exercise = Exercise(loaded("korea-2017"), 1, Settings(until="D+60"))
        exercise.advance(exercise.end)
        return exercise.records()

    listed = journal()
    monkeypatch.setattr(tables, "ONLY_FOR", {})
    monkeypatch.setattr(tables, "_owned", tables._owned.__wrapped__)
    assert journal() == listed


def test_nothing_else_changes_the_consequences() -> None:
    """Only exercise.py assigns `consequences` of a run, and no module appends to them."""
    written = Counter(
        path.name
        for path in SIMULATION.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "consequences" and isinstance(node.ctx, ast.Store)
    )
    assert written == {"exercise.py": 1, "context.py": 1}


def an_inject_that_acts() -> Exercise:
    """An inject carries out a protest, on which an outcome, an expected action and two other injects depend."""
    protest = ActionPattern(options=("protest",), by=("ARD",))
    expected = ExpectedAction(who="ARD", any_of=("talk",), within=DAY)
    injects: tuple[Inject, ...] = (
        inject(
            "a", at=parse_time("D+5"), action=ActionSpec(option="protest", by="ARD", to="BRL"), expected=(expected,)
        ),
        inject("b", after=After(action=protest)),
        inject("c", after=After(inject="a")),
        inject("d", manual=True),
    )
    stop = inject("e", after=After(inject="a"))
    outcomes = {"protested": Outcome(title="A protest", action=protest)}
    base = changed(loaded(), injects=(*injects, stop), outcomes=outcomes)
    exercise = Exercise(base, 1)
    exercise.advance(6 * DAY)
    return exercise


def test_the_journal_of_an_inject_that_acts() -> None:
    """The release comes first, then its action, then the outcome of the action, then the injects that follow."""
    records = an_inject_that_acts().records()
    first = next(i for i, r in enumerate(records) if r[2] == "inject.released")
    at_once = [(r[2], r[4]) for r in records[first:] if r[1] == 5 * DAY and r[2] != "signal"]
    assert at_once[:3] == [("inject.released", "a"), ("action", "protest"), ("outcome", "protested")]
    assert [about for kind, about in at_once[3:] if kind == "inject.released"] == ["b", "c", "e"]


def test_observers_are_called_where_the_tables_say_so() -> None:
    """A release is reported before its action; an action after everything that it leads to at once."""
    calls: list[str] = []
    exercise = Exercise(
        changed(
            loaded(),
            injects=(inject("a", at=parse_time("D+5"), action=ActionSpec(option="protest", by="ARD", to="BRL")),),
        ),
        1,
    )

    def acted(action: Action) -> None:
        if action.source == "inject":
            calls.append(f"action {action.option}")

    def released(release: Release) -> None:
        calls.append(f"release {release.inject.id} {release.trigger}")

    exercise.observers.actions.append(acted)
    exercise.observers.releases.append(released)
    exercise.advance(6 * DAY)
    assert calls == ["release a at", "action protest"]


def test_an_observer_changes_nothing() -> None:
    """The journal with observers equals the journal without them."""
    settings = Settings(until="D+200")
    plain, watched = (Exercise(loaded("korea-2017"), 1, settings) for _ in range(2))
    steps: list[ForumStep] = []
    watched.observers.actions.append(lambda _: None)
    watched.observers.forum_steps.append(steps.append)
    for exercise in (plain, watched):
        exercise.advance(exercise.end)
    assert steps
    assert watched.records() == plain.records()
