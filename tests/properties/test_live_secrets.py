"""A seat or the public screen must not learn a secret indirectly: from demands, outcomes or titles."""

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
    """Two rivals who can burn each other's harbour, a demand with that threat, and two outcomes of it."""
    base = loaded()
    blow = model.Option(
        title="burns the harbour", dossier="strait", by=("ARD", "BRL"), to=("ARD", "BRL"), cameo="183", goldstein=-9.0,
        lead=(0, 0, 0), cool_down=0, visibility=visibility,
    )  # fmt: skip
    demand = replace(blow, title="demands", goldstein=-1.0, demands=True, visibility="public", by=("ARD",), to=("BRL",))
    wants = (model.Demand(of="BRL", wants=("trade",), threat="blow", within=20 * DAY),)
    blind = {
        name: replace(spec, perception=replace(spec.perception, detection=0.0))
        for name, spec in base.scenario.governments.items()
    }
    return changed(
        base,
        injects=(),
        governments=blind,
        options={**base.scenario.options, "blow": blow, "demand": demand},
        strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=wants),))},
        outcomes={
            "burnt": model.Outcome(title="A harbour burns", action=model.ActionPattern(options=("blow",))),
            "both": model.Outcome(
                title="Both harbours burn", exchange=model.Exchange(options=("blow",), within=30 * DAY)
            ),
        },
    )


def play(visibility: str, *orders: tuple[str, str, str, float]) -> Exercise:
    """An exercise with orders, each followed by a number of days."""
    exercise = Exercise(world(visibility), 1, Settings(seats=PEOPLE, strategies=(("ARD", "push"),)))
    exercise.advance(DAY)
    for who, option, target, days in orders:
        exercise.apply(Command(kind="order", data={"government": who, "option": option, "target": target}))
        exercise.advance(exercise.now + round(days * DAY))
    return exercise


def records(exercise: Exercise) -> list[Record]:
    """All records, as in a journal."""
    return Stamps(exercise.calendar.iso).records(exercise.records())


def screen(exercise: Exercise, who: str) -> str:
    """Everything that a seat, or the public screen, has been shown."""
    return "\n".join(item.text for item in feed(exercise, who, records(exercise)))


def reviewed(exercise: Exercise, who: str) -> list[tuple[str, str]]:
    """Kind and subject of the records in the review of a seat."""
    source: Any = RunSource(None, None, records(exercise), exercise.loaded)  # type: ignore[arg-type]
    return [(record.kind, str(record.data.get("title") or record.data.get("how"))) for record in known_to(source, who)]


def test_a_threat_that_is_carried_out_in_secret_is_not_announced() -> None:
    """The addressee sees that the deadline passed, not that the threat was carried out; the sender sees both."""
    exercise = play("covert", ("ARD", "demand", "BRL", 25), ("ARD", "blow", "BRL", 5))
    assert "Arda carries out its threat against Brel" in screen(exercise, "ARD")
    assert "Brel does not meet the demand of Arda in time" in screen(exercise, "BRL")
    assert "carries out" not in screen(exercise, "BRL")
    settled = [how for kind, how in reviewed(exercise, "BRL") if kind == "demand.settled"]
    assert settled == ["refused"]
    open_one = play("public", ("ARD", "demand", "BRL", 25), ("ARD", "blow", "BRL", 5))
    assert "burns the harbour (Brel)" in screen(open_one, "BRL")
    assert "Arda carries out its threat against Brel" in screen(open_one, "BRL")


@pytest.mark.parametrize("who", ["ARD", "BRL"])
def test_an_exchange_reveals_to_neither_side_the_secret_of_the_other(who: str) -> None:
    """On the terminal and in the review, each side knows only its own action."""
    exercise = play("covert", ("ARD", "blow", "BRL", 5), ("BRL", "blow", "ARD", 5))
    assert exercise.outcomes["both"] is not None
    assert "Both harbours burn" not in screen(exercise, who)
    assert ("outcome", "Both harbours burn") not in reviewed(exercise, who)


def test_the_public_screen_shows_nothing_of_private_actions() -> None:
    """Even if both governments know of them; the seats see the outcome."""
    exercise = play("private", ("ARD", "blow", "BRL", 5))
    assert "A harbour burns" in screen(exercise, "BRL")
    assert "A harbour burns" not in screen(exercise, PUBLIC)
    assert "A harbour burns" in screen(play("public", ("ARD", "blow", "BRL", 5)), PUBLIC)
