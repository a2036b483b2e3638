"""Runs share the programs of their scenario: one can be evaluated while another evaluation of it has not ended."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from support.twins import compiled


def levels(engine: Any, level: float, events: Callable[..., float]) -> Any:
    """The levels of a world with one slot."""
    numbers = array("d", [level]), array("q", [0]), *(array("d", [number]) for number in (0.0, 0.0, -1e9, 1e9))
    curves = engine.Curves(*numbers, engine.Instant(), set(), array("q", [0]))
    made = engine.Levels(curves, array("q", [0]), [None], events, engine.Memory(1))
    made.look()
    return made


def test_a_program_is_evaluated_by_two_runs_at_once() -> None:
    """As by two threads: one calls an event function in the middle of a formula, and the other runs meanwhile."""
    engine = compiled("levels")
    code = array("q", [number for pair in (("v", 0), ("e", 0), ("+", -1)) for number in (ord(pair[0]), pair[1])])
    program = engine.FormulaCode(lambda v, e: v[0] + e("day"), code, array("d"), [("day",)], 2)
    other = levels(engine, 1000.0, lambda *_: 100.0)
    found = []

    def day(*_: str) -> float:
        found.append(program.value(other))
        return 1.0

    assert program.value(levels(engine, 5.0, day)) == 6.0
    assert found == [1100.0]
