"""Two rivals with talks, a council, a freeze and a demand, and people in both seats."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from support.engine import changed, loaded
from wargame.journal.records import RawRecord
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.governments import ForumMove, TermMove
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

QUIET = (("ARD", "human"), ("BRL", "human"))


def option(**fields: Any) -> model.Option:
    """An option of both rivals on the strait."""
    base: dict[str, Any] = {
        "title": "moves",
        "dossier": "strait",
        "by": ("ARD", "BRL"),
        "cameo": "036",
        "goldstein": 4.0,
        "lead": (0, 0, 0),
        "cool_down": 0,
    }
    return model.Option(**(base | fields))


@lru_cache(maxsize=1)
def table() -> Loaded:
    """Two rivals with talks, a council, a freeze and a demand."""
    base = loaded()
    moves = {
        f"{move}_talks": option(forum=ForumMove(name="talks", move=move))
        for move in ("propose", "accept", "decline", "leave", "return")
    }
    council = {
        f"{move}_draft": option(forum=ForumMove(name="council", move=move))
        for move in ("propose", "accept", "dilute", "veto")
    }
    terms = {
        f"{move}_freeze": option(to=("ARD", "BRL"), agreement=TermMove(name="freeze", move=move))
        for move in ("offer", "accept", "verify", "break", "withdraw")
    }
    demand = {"demand": option(to=("BRL",), by=("ARD",), demands=True), "pay": option(to=("BRL",), by=("ARD",))}
    asks = (model.Demand(of="BRL", wants=("trade",), inducement="pay", threat="patrol", within=60 * DAY),)
    return changed(
        base,
        injects=(),
        options={**base.scenario.options, **moves, **council, **terms, **demand},
        forums={
            "talks": model.Forum(
                title="Talks", dossier="strait", members=("ARD", "BRL"), rounds=4, suspends_at=20.0, pace=0.9
            ),
            "council": model.Forum(
                title="Council",
                dossier="strait",
                members=("ARD", "BRL"),
                council=True,
                agreed={"tension": model.Effect(by="-strength[council]")},
            ),
        },
        agreements={
            "freeze": model.Agreement(
                title="Freeze",
                parties=("ARD", "BRL"),
                rules_out={"ARD": ("patrol",), "BRL": ("patrol",)},
                in_force={"tension": model.Effect(to=0.1)},
                benefits={"ARD": 0.2, "BRL": "0.5 * tension"},
            )
        },
        strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=asks),))},
    )


def begin(*forbid: str, **parts: Any) -> Exercise:
    """At STARTEX, with people in both seats."""
    base = changed(table(), **parts) if parts else table()
    exercise = Exercise(base, 1, Settings(seats=QUIET, strategies=(("ARD", "push"),), forbid=forbid))
    exercise.advance(HOUR)
    return exercise


def order(exercise: Exercise, who: str, name: str, target: str | None = None, days: float = 0.1) -> None:
    """Gives an order and advances the clock."""
    exercise.apply(Command(kind="order", data={"government": who, "option": name, "target": target}))
    exercise.advance(exercise.now + round(days * DAY))


def turns(exercise: Exercise, kind: str = "forum", about: str = "talks") -> list[str]:
    """The states that a forum or agreement went through."""
    return [r[6]["to"] for r in exercise.records() if r[2] == kind and r[4] == about]


def records(exercise: Exercise, kind: str) -> list[RawRecord]:
    """The records of a kind."""
    return [r for r in exercise.records() if r[2] == kind]
