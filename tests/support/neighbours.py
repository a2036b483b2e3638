"""Neighbours in the tables of consequences (`simulation/exercise.py`): what happens if two of them are swapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import pairwise
from typing import Any

import pytest

from wargame.numbers.minor_acts import MinorActs
from wargame.simulation import exercise
from wargame.simulation.actors.government import GovernmentProcess
from wargame.simulation.actors.optional_parts import VisitEffects
from wargame.simulation.actors.procedures import Procedures
from wargame.simulation.control.questionnaires import Questionnaires
from wargame.simulation.control.seats import Seats
from wargame.simulation.mechanisms.agreements import Agreements
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.expected_actions import ExpectedActions
from wargame.simulation.mechanisms.inject_contents import InjectContents
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.signals import Signals
from wargame.simulation.mechanisms.triggers import Triggers

Step = Callable[..., None]
Pair = tuple[Step, Step]

COMMUTING: tuple[Pair, ...] = (
    (GovernmentProcess.acted, MinorActs.acted),
    (MinorActs.acted, Agreements.moved),
    (ExpectedActions.acted, Signals.send),
    (Signals.send, Demands.acted),
    (VisitEffects.acted, Triggers.after_action),
    (Seats.delegated, Triggers.after_decision),
    (GovernmentProcess.perceive, MinorActs.perceived),
    (MinorActs.perceived, Procedures.respond),
    (InjectContents.act, ExpectedActions.released),
    (ExpectedActions.released, Questionnaires.opened),
    (Questionnaires.opened, Injector.disable_others),
)
"""Neighbours whose order changes nothing, as the comments of the tables say."""

ORDERED: list[Pair] = []
"""Neighbours whose order has a test."""


def neighbours() -> list[Pair]:
    """All neighbours in the tables."""
    tables: dict[str, Any] = {name: table for name, table in vars(exercise).items() if name.startswith("AFTER_")}
    return [pair for table in tables.values() for pair in pairwise(table)]


@contextmanager
def swapped(first: Step, second: Step) -> Iterator[None]:
    """Exercises that are made meanwhile have these two neighbours in the other order."""
    assert (first, second) in neighbours()
    with pytest.MonkeyPatch.context() as patch:
        for name, table in list(vars(exercise).items()):
            if name.startswith("AFTER_") and (first, second) in pairwise(table):
                at = table.index(first)
                patch.setattr(exercise, name, (*table[:at], second, first, *table[at + 2 :]))
        yield


def order_matters(*pairs: Pair) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Marks a test of the order of neighbours: it passes, and it fails while any of the pairs is swapped."""
    ORDERED.extend(pairs)

    def decorate(test: Callable[[], None]) -> Callable[[], None]:
        @wraps(test)
        def in_both_orders() -> None:
            test()
            for first, second in pairs:
                with swapped(first, second), pytest.raises(AssertionError):
                    test()

        return in_both_orders

    return decorate
