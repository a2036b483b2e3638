"""What the white cell enters counts: improvised actions, orders without requirements, outcomes by hand."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import changed, loaded
from wargame.errors import UsageFault
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings


def exercise(at: int = DAY, **parts: Any) -> Exercise:
    """Two rivals with people in both seats, by default on the second day; at 0, before the record of STARTEX."""
    new = Exercise(changed(loaded(), **parts), 1, Settings(seats=(("ARD", "human"), ("BRL", "human"))))
    new.advance(at)
    return new


def say(at: Exercise, kind: str, **data: Any) -> int:
    """Gives a command; `as_` stands for `as`."""
    return at.apply(Command(kind=kind, data={key.rstrip("_"): value for key, value in data.items()}))


def of(at: Exercise, *kinds: str) -> list[RawRecord]:
    """The records of these kinds since STARTEX."""
    return [record for record in at.records() if record[2] in kinds and record[1] > 0]


# --- improvised actions ----------------------------------------------------------------------------------


def test_an_action_as_an_option_has_its_numbers_effects_and_target() -> None:
    """Only the title differs. Without a target it has the only possible one."""
    there = exercise()
    tension = there.context.world.get("tension")
    say(there, "action", government="BRL", title="shells an island", as_="strike")
    ((*_, who, about, _, data),) = of(there, "action")
    assert (who, about, data["title"], data["target"], data["from"]) == (
        *("BRL", "strike", "shells an island", "ARD"),
        "adjudicated",
    )
    assert (data["severity"], data["rung"], data["goldstein"]) == (28, 7, -10)
    assert there.context.world.get("tension") > tension
    assert there.context.world.get("rung", "BRL", "ARD") == 7


def test_an_action_as_an_option_meets_its_outcomes() -> None:
    """Two shellings within a week are a war, as two strikes are."""
    there = exercise()
    say(there, "action", government="BRL", title="shells an island", as_="strike")
    say(there, "action", government="ARD", title="shells it too", as_="strike")
    assert there.outcomes["war"] == there.now
    assert there.context.clock.instant.over


@pytest.mark.parametrize("at", [0, DAY])
def test_an_action_that_ends_the_run_ends_it_at_once(at: int) -> None:
    """Also among the first commands, which come before the record of STARTEX."""
    there = exercise(at)
    say(there, "action", government="BRL", title="shells an island", as_="strike")
    say(there, "action", government="ARD", title="shells it too", as_="strike")
    assert there.outcomes["war"] == there.now
    assert there.done
    assert there.records()[-1][2] == "run.end"


@pytest.mark.parametrize("at", [0, DAY])
def test_an_action_as_an_option_triggers_what_waits_for_that_option(at: int) -> None:
    """An inject that follows the option, and conditions that count it."""
    echo = model.Inject(
        id="echo",
        title="The markets fall",
        after=model.After(action=model.ActionPattern(options=("strike",)), delay=0),
        message="Shares lose a tenth.",
    )
    there = exercise(at, injects=(*loaded().injects, echo))
    say(there, "action", government="BRL", title="shells an island", as_="strike")
    there.advance(there.now + DAY)
    assert "echo" in [record[4] for record in there.records() if record[2] == "inject.released"]
    assert there.context.events.count("strike") == 1


def test_numbers_and_effects_replace_those_of_the_option() -> None:
    """Also without an option; `+` and `-` are shares of the distance to the end of the range, `=` is a value."""
    there = exercise()
    say(
        there,
        "action",
        government="BRL",
        title="shells rocks",
        as_="strike",
        severity="12",
        rung="4",
        effects="tension = 0.9",
    )
    say(
        *(there, "action"),
        government="BRL",
        title="closes the port",
        goldstein=-4,
        severity=12,
        rung=2,
        target="ARD",
        effects="growth[target] -0.5; trust[ARD, actor] -0.1",
    )
    shells, closes = (record[6] for record in of(there, "action"))
    assert (shells["severity"], shells["rung"], shells["goldstein"]) == (12, 4, -10)
    assert list(shells["effects"]) == ["tension"]
    assert shells["effects"]["tension"][1] == 0.9
    assert sorted(closes["effects"]) == ["growth[ARD]", "trust[ARD, BRL]"]
    old, new = closes["effects"]["growth[ARD]"]
    assert new == pytest.approx(old / 2)


def test_others_learn_of_it_by_its_own_title() -> None:
    """The signal has the title; with `covert` nobody learns of it if nobody detects it."""
    there = exercise()
    say(there, "action", government="BRL", title="shells an island", as_="strike")
    there.advance(there.now + 3 * DAY)
    titles = [record[6].get("title") for record in of(there, "signal")]
    assert titles == ["shells an island"]


REFUSED = [
    ({"as": "strke"}, "did you mean 'strike'"),
    ({}, "the goldstein must be a number"),
    ({"as": "strike", "rung": 2.5}, "the rung must be a whole number"),
    ({"as": "strike", "severity": 99}, "the severity must be a number from -2 to 60"),
    ({"as": "strike", "effects": "tension 0.3"}, "'tension 0.3' is not an effect"),
    ({"as": "strike", "effects": "tensoin +0.3"}, "did you mean 'tension'"),
    ({"as": "strike", "effects": "tension = 7"}, "tension must be between 0 and 1"),
    ({"as": "strike", "effects": "tension +7"}, "at most 1"),
    ({"as": "strike", "effects": "tension +0.1, tension -0.1"}, "given twice"),
    ({"as": "strike", "effects": " "}, "the effects are missing"),
    ({"as": "strike", "target": "BRL"}, "there is no other government 'BRL'"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_a_wrong_action_is_refused(data: dict[str, Any], message: str) -> None:
    """With the reason; nothing happens."""
    there = exercise()
    before = list(there.records())
    with pytest.raises(UsageFault, match=message):
        say(there, "action", **{"government": "BRL", "title": "shells an island", **data})
    assert there.records() == before


def test_an_action_with_several_possible_targets_needs_one() -> None:
    """The refusal lists the governments at which the option can be directed, without the actor."""
    there = Exercise(loaded("korea-2017"), 1, Settings())
    option = there.context.scenario.options["give_ultimatum"]
    with pytest.raises(UsageFault) as refused:
        say(there, "action", government=option.by[0], title="sets a deadline", as_="give_ultimatum")
    listed = ", ".join(name for name in option.to if name != option.by[0])
    assert f"(add --to; possible: {listed})" in str(refused.value)


# --- orders without requirements -------------------------------------------------------------------------


def test_an_order_of_the_white_cell_overrides_the_requirements() -> None:
    """It takes its lead time, and the requirements do not count at its end either."""
    there = exercise()
    order = {"government": "ARD", "option": "strike", "target": "BRL"}
    with pytest.raises(UsageFault, match="violence requires"):
        say(there, "order", **order)
    say(there, "order", **order, override=True)
    assert not of(there, "action")
    there.advance(there.now + 4 * DAY)
    assert not of(there, "order.cancelled")
    ((*_, data),) = of(there, "action")
    assert (data["option"], data["from"]) == ("strike", "forced")


def test_a_forbidden_option_can_be_ordered_by_the_white_cell() -> None:
    """An option that the settings take from a government is not on its menus."""
    there = Exercise(loaded(), 1, Settings(seats=(("ARD", "human"),), forbid=("ARD talk BRL",)))
    there.advance(DAY)
    order = {"government": "ARD", "option": "talk", "target": "BRL"}
    with pytest.raises(UsageFault, match="there is no option of ARD 'talk'"):
        say(there, "order", **order)
    say(there, "order", **order, override=True)
    there.advance(there.now + 4 * DAY)
    assert [record[4] for record in of(there, "action") if record[3] == "ARD"] == ["talk"]


def reached(at: Exercise, outcome: str) -> int | None:
    """The second at which an outcome was met."""
    return at.outcomes[outcome]


# --- outcomes by hand ------------------------------------------------------------------------------------


def test_an_outcome_can_be_set_and_revoked() -> None:
    """Each is a record with the reason; after a revocation it can occur again."""
    there = exercise()
    say(there, "outcome", outcome="blockade_laid", status="occurred", why="agreed in the room")
    assert reached(there, "blockade_laid") == there.now
    say(there, "outcome", outcome="blockade_laid", status="revoked", why="a mistake")
    assert reached(there, "blockade_laid") is None
    occurred, revoked = of(there, "outcome", "outcome.revoked")
    assert (occurred[4], occurred[6]["by_hand"], occurred[6]["why"]) == ("blockade_laid", True, "agreed in the room")
    assert (revoked[5][1], revoked[6]["why"]) == (occurred[0], "a mistake")
    say(there, "action", government="BRL", title="lays mines", as_="blockade")
    assert there.outcomes["blockade_laid"] == there.now


def test_an_ending_outcome_ends_the_run() -> None:
    """As if its condition had become true."""
    there = exercise()
    say(there, "outcome", outcome="war", status="occurred", why="both sides fire")
    assert there.done
    assert [record[6]["reason"] for record in of(there, "run.end")] == ["war"]


def test_outcomes_can_be_corrected_after_endex() -> None:
    """The white cell rules in the hot wash, too; nothing is ended twice."""
    there = exercise()
    say(there, "endex")
    say(there, "outcome", outcome="war", status="occurred", why="it had begun")
    assert there.outcomes["war"] == there.now
    assert len(of(there, "run.end")) == 1


WRONG = [
    ({"outcome": "wra", "status": "occurred"}, "did you mean 'war'"),
    ({"outcome": "war", "status": "happened"}, "there is no status of an outcome 'happened'"),
    ({"outcome": "war", "status": "revoked"}, "war has not occurred and cannot be revoked"),
    ({"outcome": "war", "status": "occurred", "why": ""}, "the why is missing"),
]


@pytest.mark.parametrize(("data", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_ruling_is_refused(data: dict[str, Any], message: str) -> None:
    """With the reason."""
    with pytest.raises(UsageFault, match=message):
        say(exercise(), "outcome", **{"why": "because", **data})


def test_a_private_outcome_is_not_known_to_governments() -> None:
    """Neither as an event that their conditions count nor, by the rules of visibility, as a record."""
    there = exercise()
    say(there, "outcome", outcome="blockade_laid", status="occurred", why="for the record", private=True)
    assert there.context.memories["ARD"].count("blockade_laid") == 0


def test_a_request_stays_open_if_it_cannot_be_ruled_an_order() -> None:
    """The order is checked before anything is recorded."""
    there = exercise()
    say(there, "request", who="ARD", text="Send two tugs")
    before = there.records()
    with pytest.raises(UsageFault, match="did you mean 'patrol'"):
        say(there, "ruling", request=1, how="order", option="patroll")
    assert there.records() == before
    say(there, "ruling", request=1, how="order", option="talk", target="BRL")
    assert [order.candidate.option for order in there.governments["ARD"].pending.values()] == ["talk"]
    with pytest.raises(UsageFault, match="already has a ruling: order"):
        say(there, "ruling", request=1, how="refuse", why="too late")
