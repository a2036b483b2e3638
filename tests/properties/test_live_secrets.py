"""What a seat or the public screen must not learn by a side door: from asks, outcomes, titles."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from support.engine import changed, loaded
from wargame.journal.records import Record, Stamps
from wargame.language.times import DAY
from wargame.review.findings.knowledge import known_to
from wargame.review.findings.source import RunSource
from wargame.scenario import model
from wargame.seat.feed import PUBLIC, feed
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

PEOPLE = (("ARD", "human"), ("BRL", "human"))


@lru_cache(maxsize=4)
def world(visibility: str) -> Any:
    """Two rivals who can blow up each other's harbour, an ask with that threat, and two outcomes of it."""
    base = loaded()
    blow = model.Option(
        title="burns the harbour", dossier="strait", by=("ARD", "BRL"), to=("ARD", "BRL"), cameo="183", goldstein=-9.0,
        lead=(0, 0, 0), cool_down=0, visibility=visibility,
    )  # fmt: skip
    ask = replace(blow, title="asks", goldstein=-1.0, demands=True, visibility="public", by=("ARD",), to=("BRL",))
    wants = (model.Demand(of="BRL", wants=("trade",), threat="blow", within=20 * DAY),)
    blind = {
        name: replace(spec, perception=replace(spec.perception, detection=0.0))
        for name, spec in base.scenario.governments.items()
    }
    return changed(
        base,
        injects=(),
        governments=blind,
        options={**base.scenario.options, "blow": blow, "demand": ask},
        strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=wants),))},
        outcomes={
            "burnt": model.Outcome(title="A harbour burns", action=model.ActionPattern(options=("blow",))),
            "both": model.Outcome(
                title="Both harbours burn", exchange=model.Exchange(options=("blow",), within=30 * DAY)
            ),
        },
    )


def play(visibility: str, *orders: tuple[str, str, str, float]) -> Exercise:
    """Orders one after another, each with the days that pass after it."""
    exercise = Exercise(world(visibility), 1, Settings(seats=PEOPLE, strategies=(("ARD", "push"),)))
    exercise.advance(DAY)
    for who, option, target, days in orders:
        exercise.apply(Command(kind="order", data={"government": who, "option": option, "target": target}))
        exercise.advance(exercise.now + round(days * DAY))
    return exercise


def records(exercise: Exercise) -> list[Record]:
    """All that has happened, as it stands in a journal."""
    return Stamps(exercise.calendar.at).records(exercise.records())


def told(exercise: Exercise, who: str) -> str:
    """All that a seat, or the screen of the room, has been shown."""
    return "\n".join(item.text for item in feed(exercise, who, records(exercise)))


def reviewed(exercise: Exercise, who: str) -> list[tuple[str, str]]:
    """Kind and subject of what stands in the review of a seat."""
    source: Any = RunSource(None, None, records(exercise), exercise.loaded)  # type: ignore[arg-type]
    return [(record.kind, str(record.data.get("title") or record.data.get("how"))) for record in known_to(source, who)]


def test_a_threat_that_is_carried_out_in_secret_is_not_announced() -> None:
    """The asked one hears that its time ran out, and not what came of it; the asker knows."""
    exercise = play("covert", ("ARD", "demand", "BRL", 25), ("ARD", "blow", "BRL", 5))
    assert "Arda carries out its threat against Brel" in told(exercise, "ARD")
    assert "Brel does not meet the demand of Arda in time" in told(exercise, "BRL")
    assert "carries out" not in told(exercise, "BRL")
    settled = [how for kind, how in reviewed(exercise, "BRL") if kind == "demand.settled"]
    assert settled == ["refused"]
    open_one = play("public", ("ARD", "demand", "BRL", 25), ("ARD", "blow", "BRL", 5))
    assert "burns the harbour (Brel)" in told(open_one, "BRL")
    assert "Arda carries out its threat against Brel" in told(open_one, "BRL")


@pytest.mark.parametrize("who", ["ARD", "BRL"])
def test_an_exchange_tells_neither_side_of_the_others_secret(who: str) -> None:
    """On the terminal and in the review alike: each knows of its own action alone."""
    exercise = play("covert", ("ARD", "blow", "BRL", 5), ("BRL", "blow", "ARD", 5))
    assert exercise.outcomes["both"] is not None
    assert "Both harbours burn" not in told(exercise, who)
    assert ("outcome", "Both harbours burn") not in reviewed(exercise, who)


def test_the_screen_of_the_room_tells_nothing_of_private_actions() -> None:
    """Also where everybody concerned knows of them; the seats hear of what came of it."""
    exercise = play("private", ("ARD", "blow", "BRL", 5))
    assert "A harbour burns" in told(exercise, "BRL")
    assert "A harbour burns" not in told(exercise, PUBLIC)
    assert "A harbour burns" in told(play("public", ("ARD", "blow", "BRL", 5)), PUBLIC)
