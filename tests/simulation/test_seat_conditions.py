"""Conditions of a seat are evaluated over what the seat may know; numbers and refusals reveal nothing of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from support.engine import changed, loaded
from support.injects import inject
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

PEOPLE = (("ARD", "human"), ("BRL", "human"))


def exercise_of(*injects: model.Inject, **parts: Any) -> Exercise:
    """Two rivals with a person in each seat, on the first day."""
    exercise = Exercise(changed(loaded(), injects=injects, **parts), 1, Settings(seats=PEOPLE))
    exercise.advance(DAY)
    return exercise


def say(exercise: Exercise, kind: str, **data: Any) -> None:
    """Gives a command."""
    exercise.apply(Command(kind=kind, data=data))


def standing(exercise: Exercise, who: str, when: str, *, by_seat: bool = True) -> None:
    """A standing order to offer talks to the other government."""
    author = {"who": who} if by_seat else {}
    target = "ARD" if who == "BRL" else "BRL"
    say(exercise, "standing_order", government=who, option="talk", target=target, when=when, **author)


def triggered(exercise: Exercise) -> list[str]:
    """The governments whose standing orders were given."""
    return [record[3] for record in exercise.records() if record[2] == "standing_order"]


MOLE = inject("mole", manual=True, audience=("ARD",))


@pytest.mark.parametrize(("who", "given"), [("ARD", ["ARD"]), ("BRL", [])])
def test_an_inject_counts_for_those_to_whom_it_was_sent(who: str, given: list[str]) -> None:
    """A standing order of the others on it is never given, although the inject was released."""
    exercise = exercise_of(MOLE)
    standing(exercise, who, "count(mole) > 0", by_seat=False)
    say(exercise, "release", inject="mole")
    exercise.advance(10 * DAY)
    assert triggered(exercise) == given


def test_a_seat_cannot_ask_for_an_inject_that_it_was_not_sent() -> None:
    """The refusal is that of an id that does not exist, before and after the release to others."""
    exercise = exercise_of(MOLE)

    def refusal(name: str) -> str:
        with pytest.raises(UsageFault) as error:
            standing(exercise, "BRL", f"count({name}) > 0")
        return str(error.value).replace(name, "NAME")

    expected = "'count(NAME) > 0': BRL knows of no option, message or outcome 'NAME'"
    assert refusal("mole") == refusal("zzzz") == expected
    say(exercise, "release", inject="mole")
    assert refusal("mole") == expected
    standing(exercise, "ARD", "count(mole) > 0")


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("count(pratest) > 0", "BRL knows of no option, message or outcome 'pratest' (did you mean 'protest'?)"),
        ("days_since(nothing) < 3", "BRL knows of no option, message or outcome 'nothing'"),
        ("count(adjudicated_1) > 0", "BRL knows of no option, message or outcome 'adjudicated_1'"),
        ("leads(nobody)", "there is no leader in office 'nobody'"),
        ("leads(brel_general)", "there is no leader in office 'brel_general' (did you mean 'brel_premier'?)"),
        ("leads(brel_genera)", "there is no leader in office 'brel_genera' (did you mean 'brel_premier'?)"),
        ("leads(arda_counci)", "there is no leader in office 'arda_counci' (did you mean 'arda_council'?)"),
        ("follows(BRL, pres)", "there is no strategy 'pres'"),
        ("follows(ARD, press)", "BRL does not know the strategy of ARD"),
        ("follows(XYZ, press)", "there is no government 'XYZ'"),
        ("credibility[ARD, BRL] > 0.5", "uses credibility[ARD, BRL], which is not known here"),
        ("trust[ARD, BRL] > 0", "uses trust[ARD, BRL], which does not exist or is not known here"),
    ],
)
def test_a_condition_names_only_what_the_seat_knows(when: str, message: str) -> None:
    """The message names nothing else."""
    exercise = exercise_of(strategies={"press": model.Strategy(title="Press", stages=(model.Stage(name="one"),))})
    say(exercise, "action", government="ARD", title="digs", goldstein=-1, visibility="covert")
    with pytest.raises(UsageFault) as error:
        standing(exercise, "BRL", when)
    assert str(error.value).endswith(message)


def test_a_seat_knows_its_own_strategy() -> None:
    """And may state a condition on it."""
    exercise = exercise_of(
        inject("turn", manual=True, audience=("ARD",), installs=(model.Install(government="BRL", strategy="press"),)),
        strategies={"press": model.Strategy(title="Press", stages=(model.Stage(name="one"),))},
    )
    standing(exercise, "BRL", "follows(BRL, press)")
    exercise.advance(3 * DAY)
    assert triggered(exercise) == []
    say(exercise, "release", inject="turn")
    exercise.advance(6 * DAY)
    assert triggered(exercise) == ["BRL"]


@pytest.mark.parametrize("text", ["count(pratest) > 0", "leads(nobody)", "follows(ARD, press)"])
def test_a_condition_of_the_white_cell_names_ids_that_exist(text: str) -> None:
    """`until count(typo) > 0` would run to ENDEX."""
    from wargame.executor.replay import check_move

    exercise = exercise_of(MOLE)
    with pytest.raises(UsageFault, match="there is no"):
        check_move(exercise, {"to": exercise.end, "when": text})
    check_move(exercise, {"to": exercise.end, "when": "count(mole) > 0 or leads(brel_general)"})


def test_a_model_government_knows_the_injects_that_it_was_sent() -> None:
    """And no strategy but its own; outcomes and the world have their own count."""
    exercise = exercise_of(MOLE, inject("hint", manual=True, kind="facilitation"), inject("news", manual=True))
    for name in ("mole", "hint", "news"):
        say(exercise, "release", inject=name)
    context = exercise.context
    counts = {
        who: [events.count(name) for name in ("mole", "hint", "news")]
        for who, events in {**context.memories, "world": context.events}.items()
    }
    assert counts == {"ARD": [1, 0, 1], "BRL": [0, 0, 1], "world": [1, 1, 1]}
    context.offices.strategy["ARD"] = "press"
    assert [context.memories[who].follows("ARD", "press") for who in ("ARD", "BRL")] == [1, 0]


# --- hidden actions ------------------------------------------------------------------------------------


def blind(*options: model.Option) -> dict[str, Any]:
    """Parts of a scenario in which nobody detects a covert action, with these options besides its own."""
    scenario = loaded().scenario
    governments = {
        name: replace(spec, perception=replace(spec.perception, detection=0.0))
        for name, spec in scenario.governments.items()
    }
    extra = {f"secret_{number}": option for number, option in enumerate(options, 1)}
    return {"governments": governments, "options": {**scenario.options, **extra}}


def covert(rung: int, **fields: Any) -> model.Option:
    """A covert option of ARD against BRL."""
    given: dict[str, Any] = {
        "title": "acts in secret", "dossier": "strait", "by": ("ARD",), "to": ("BRL",), "cameo": "180",
        "goldstein": -5.0, "rung": rung, "lead": (0, 0, 0), "visibility": "covert",
    }  # fmt: skip
    return model.Option(**given | fields)


def seen_by(exercise: Exercise, who: str, names: Iterable[str]) -> list[str]:
    """The obstacles of these options of a government, as its seat reads them."""
    from wargame.seat.options import seat_options

    entries = [
        entry for dossier in seat_options(exercise, who).dossiers for entry in (*dossier.available, *dossier.blocked)
    ]
    return [f"{entry.option}: {entry.obstacle}" for entry in entries if entry.option in names]


def test_a_covert_action_does_not_raise_the_rung_for_its_target() -> None:
    """Neither in its options, nor in a condition, nor in what its orders may do; it does for the actor."""
    exercise = exercise_of(**blind(covert(3)))
    step_up = ("patrol",)
    before = {who: seen_by(exercise, who, step_up) for who in ("ARD", "BRL")}
    assert "climbs at most 2 rungs" in before["BRL"][0]
    standing(exercise, "BRL", "rung[ARD, BRL] > 1")
    say(exercise, "order", government="ARD", option="secret_1", target="BRL", override=True, why="x")
    exercise.advance(2 * DAY)
    assert exercise.context.world.get("rung", "ARD", "BRL") > 2
    assert triggered(exercise) == []
    assert seen_by(exercise, "BRL", step_up) == before["BRL"]
    assert seen_by(exercise, "ARD", step_up) != before["ARD"]


def test_a_public_action_raises_the_rung_for_all_once_they_know_of_it() -> None:
    """When its signal has arrived, the rung is the same as in the world."""
    exercise = exercise_of(**blind())
    say(exercise, "order", government="ARD", option="protest", target="BRL", override=True, why="x")
    exercise.advance(20 * DAY)
    world = exercise.context.world
    assert world.get("rung", "ARD", "BRL") > 0.3
    for who in ("ARD", "BRL"):
        view = exercise.context.knowledge(who).view
        assert view.value(view.slot("rung", ("ARD", "BRL"))) == pytest.approx(world.get("rung", "ARD", "BRL"))


def test_an_attack_that_is_not_known_licenses_no_violence() -> None:
    """For the order itself as well as in the list of options; the attack is known to the attacker."""
    exercise = exercise_of(**blind(covert(8)))
    say(exercise, "order", government="ARD", option="secret_1", target="BRL", override=True, why="x")
    exercise.advance(2 * DAY)
    assert exercise.actions.last_attack
    with pytest.raises(UsageFault, match="violence requires a previous attack"):
        say(exercise, "order", government="BRL", option="strike", target="ARD")


# --- numbers and refusals ------------------------------------------------------------------------------


def test_standing_orders_are_numbered_for_each_government() -> None:
    """The first of each is number 1."""
    exercise = exercise_of()
    for who in ("ARD", "ARD", "BRL"):
        standing(exercise, who, "tension > 0.99")
    numbers = [(each.government, each.number) for each in exercise.commands.seats.standing]
    assert numbers == [("ARD", 1), ("ARD", 2), ("BRL", 1)]


def test_standing_orders_are_checked_from_the_first_one_of_their_own_government() -> None:
    """An earlier one of another government does not change when an order is given."""

    def given_at(*, with_other: bool) -> list[int]:
        exercise = exercise_of()
        if with_other:
            standing(exercise, "ARD", "tension > 0.99")
        exercise.advance(DAY + 5000)
        standing(exercise, "BRL", "day > 5")
        exercise.advance(8 * DAY)
        return [record[1] for record in exercise.records() if record[2] == "standing_order"]

    assert given_at(with_other=True) == given_at(with_other=False) != []
