"""The warm start: governments deliberate before STARTEX, and nothing that they order is carried out before it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest

from support.engine import changed, loaded, run
from wargame.language.times import DAY, parse_time
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

STARTEX = "2030-04-01"


@lru_cache(maxsize=2)
def rivals(warm_start: int | None = 60 * DAY) -> Loaded:
    """Two rivals with a history of patrols, who take up to two months to act."""
    base = loaded()
    scenario = base.scenario
    options = {name: replace(option, lead=(DAY, 20 * DAY, 60 * DAY)) for name, option in scenario.options.items()}
    rows = tuple(
        model.HistoryRow(
            id=f"R{day}", at=parse_time(f"2030-03-{day}"), mark="decided", title="A patrol", by=("ARD",), to=("BRL",),
            option="patrol",
        )
        for day in ("01", "15")
    )  # fmt: skip
    leaders = {name: replace(leader, threshold=-1.0, tempo=10 * DAY) for name, leader in scenario.leaders.items()}
    rules = replace(scenario.rules, warm_start=warm_start)
    return changed(base, options=options, history=rows, leaders=leaders, rules=rules, injects=())


def in_hand(exercise: Exercise) -> list[tuple[str, str, int]]:
    """Government, option and due time of the orders in hand, in their order."""
    return [
        (name, order.candidate.option, order.until)
        for name, government in exercise.governments.items()
        for order in government.pending.values()
    ]


def test_before_startex_the_journal_is_that_of_the_history() -> None:
    """What governments order before STARTEX is neither recorded nor carried out."""
    cold, warm = (run(rivals(length), startex=STARTEX) for length in (None, 60 * DAY))
    before = [[r for r in e.records()[1:] if r[1] < e.calendar.startex] for e in (cold, warm)]
    assert before[0] == before[1]
    assert {r[2] for r in before[0]} >= {"action", "signal"}


def test_orders_in_hand_are_carried_over() -> None:
    """Each has a record at STARTEX, and what follows from it has that record as its cause."""
    exercise = run(rivals(), startex=STARTEX)
    carried = [r for r in exercise.records() if r[2] == "order.carried_over"]
    assert carried
    assert {r[1] for r in carried} == {exercise.calendar.startex}
    assert all(r[6]["given"] < exercise.calendar.startex <= r[6]["until"] for r in carried)
    followed = {r[5][0] for r in exercise.records() if r[2] in ("action", "order.cancelled") and r[5]}
    assert {r[0] for r in carried} <= followed


def test_an_action_of_the_history_is_the_order_in_hand() -> None:
    """It is not carried out a second time."""
    exercise = Exercise(rivals(), 1, Settings(startex=STARTEX))
    exercise.advance(exercise.calendar.startex - 20 * DAY)
    government = exercise.governments["ARD"]
    candidate = next(c for menu in government.menus.values() for c in menu.candidates if str(c) == "patrol BRL")
    if candidate not in government.pending:
        government.order(candidate, 40 * DAY, 0, "decision")
    exercise.advance(exercise.calendar.startex - 15 * DAY)
    assert candidate not in government.pending


def test_an_order_that_falls_due_before_startex_is_dropped_and_cools_down() -> None:
    """As if it had been carried out, so that deferred decisions do not come out together."""
    exercise = Exercise(rivals(), 1, Settings(startex=STARTEX))
    exercise.advance(exercise.calendar.startex - 10 * DAY)
    government = exercise.governments["BRL"]
    menu = government.menus["economy"]
    candidate = next(c for c in menu.candidates if str(c) == "trade ARD")
    government.pending.pop(candidate, None)
    government.order(candidate, DAY, 0, "decision")
    exercise.advance(exercise.calendar.startex - 8 * DAY)
    assert candidate not in government.pending
    cool_down = exercise.loaded.scenario.options["trade"].cool_down
    until = exercise.calendar.startex - 9 * DAY + cool_down
    assert exercise.feasibility._states[menu].ready[menu.place[candidate]] == until


@pytest.mark.parametrize(("unnamed", "noticed"), [(None, False), (0.5, False), (8.0, True)])
def test_an_everyday_act_that_the_history_does_not_name_adds_salience(unnamed: float | None, noticed: bool) -> None:
    """An order that was dropped, up to the largest weight; nothing else changes."""
    base = rivals()
    leaders = {name: replace(each, threshold=100.0) for name, each in base.scenario.leaders.items()}
    base = changed(base, leaders=leaders, rules=replace(base.scenario.rules, unnamed=unnamed), history=())
    exercise = Exercise(base, 1, Settings(startex=STARTEX))
    exercise.advance(exercise.calendar.startex - 10 * DAY)
    government = exercise.governments["BRL"]
    candidate = next(c for c in government.menus["economy"].candidates if str(c) == "trade ARD")
    government.order(candidate, DAY, 0, "decision")
    exercise.advance(exercise.calendar.startex - 8 * DAY)
    entry = exercise.governments["ARD"].desk.entries["economy"]
    assert (entry.salience > 0.0) is noticed
    assert not [r for r in exercise.records() if r[2] in ("action", "signal")]


@pytest.mark.parametrize(("warm_start", "turned"), [(60 * DAY, True), (None, False)])
def test_the_results_before_startex_count_for_the_search_of_a_strategy(warm_start: int | None, turned: bool) -> None:
    """A leader whose strategy falls short need not wait for a whole window after STARTEX."""
    base = rivals(warm_start)
    failing = model.Strategy(title="Push", stages=(model.Stage(name="push"),), aim="control[ARD]", floor=0.5)
    talks = model.Strategy(title="Talks", stages=(model.Stage(name="talk"),), appeal="10")
    leaders = {name: replace(each, threshold=100.0) for name, each in base.scenario.leaders.items()}
    leaders["arda_council"] = replace(leaders["arda_council"], strategy="push", repertoire=("talks",))
    rules = replace(base.scenario.rules, aspirations=model.Aspirations(window=40 * DAY, patience=10 * DAY))
    base = changed(base, strategies={"push": failing, "talks": talks}, leaders=leaders, rules=rules)
    exercise = Exercise(base, 1, Settings(startex=STARTEX))
    exercise.advance(exercise.calendar.startex)
    assert exercise.context.offices.strategy["ARD"] == "push"
    exercise.advance(exercise.calendar.startex + 35 * DAY)
    assert (exercise.context.offices.strategy["ARD"] == "talks") is turned


def test_draws_from_startex_on_are_those_of_a_cold_start() -> None:
    """The warm start draws under its own keys, so that arms with and without it share their later draws."""
    cold, warm = (Exercise(rivals(length), 3, Settings(startex=STARTEX)) for length in (None, 60 * DAY))
    for exercise in (cold, warm):
        exercise.advance(exercise.calendar.startex + 1)
    draws = [[h.draw for g in e.governments.values() for h in g.action_hazards.values()] for e in (cold, warm)]
    assert draws[0] == draws[1]
    assert len(draws[0]) == 4


def test_people_inherit_no_orders() -> None:
    """Nothing acts for a person unasked: the orders of their government are dropped without a trace."""
    exercise = Exercise(rivals(), 1, Settings(startex=STARTEX, seats=(("ARD", "human"),)))
    exercise.advance(exercise.calendar.startex + 1)
    holders = {name for name, *_ in in_hand(exercise)}
    assert holders == {"BRL"}
    assert {r[3] for r in exercise.records() if r[2] == "order.carried_over"} == {"BRL"}


def test_seeds_differ_before_startex() -> None:
    """Orders in hand are part of chance."""
    exercises = [Exercise(rivals(), seed, Settings(startex=STARTEX)) for seed in (1, 2)]
    for exercise in exercises:
        exercise.advance(exercise.calendar.startex + 1)
    assert in_hand(exercises[0]) != in_hand(exercises[1])


def series(spacing: int, warm_start: int | None = 60 * DAY) -> Exercise:
    """A plan of three more patrols after the first, of which the history has one; nothing else is decided."""
    base = rivals(warm_start)
    plan = model.Plan(
        title="A season of patrols", by=("ARD",), begins=model.ActionPattern(options=("patrol",)), steps=("patrol",),
        rounds=3, spacing=(spacing, spacing, spacing),
    )  # fmt: skip
    leaders = {name: replace(each, threshold=100.0) for name, each in base.scenario.leaders.items()}
    leaders["arda_council"] = replace(leaders["arda_council"], leanings={"patrol": 1.0})
    return run(changed(base, plans={"season": plan}, leaders=leaders), startex=STARTEX)


def test_a_series_of_the_history_goes_on_after_startex() -> None:
    """Its actions are the first steps; the next one is due at its spacing after the last."""
    exercise = series(20 * DAY)
    startex = exercise.calendar.startex
    (begun,) = [r for r in exercise.records() if r[2] == "plan.begun"]
    assert (begun[1], begun[6]["steps"]) == (startex, ["patrol", "patrol"])
    steps = [(r[1] - startex) // DAY for r in exercise.records() if r[2] == "action" and r[6]["from"] == "plan"]
    assert steps == [3, 23]


def test_a_series_that_stopped_before_startex_is_over() -> None:
    """A step was due and did not happen; and without a warm start nothing is under way."""
    for exercise in (series(5 * DAY), series(20 * DAY, None)):
        assert not [r for r in exercise.records() if r[2] == "plan.begun"]
