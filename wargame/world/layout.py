"""The layout of a scenario's world: which slot is where, and its formulas as code. Shared by all its runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

from wargame.language.expressions import Expression, compile_expression, parse
from wargame.world.slots import SYMMETRIC, Index, Slot, all_slots

if TYPE_CHECKING:
    from wargame.scenario import model

Read = Callable[[int], float]
Event = Callable[..., float]
Compiled = Callable[[Read, Event], float]

VARIANCE_HALF_LIFE = 365 * 86400
"""An estimate that no report refreshes goes stale in about a year. Judgement."""


class Layout:
    """Slots 0..n-1 are the world's; beliefs (a mean and a variance each) follow behind them.

    `derived` lists the derived slots so that each stands behind those it reads; `coupled` those that rest on a formula.
    """

    def __init__(self, scenario: model.Scenario) -> None:
        self.governments = tuple(sorted(scenario.governments))
        self.slots: list[Slot] = list(all_slots(scenario))
        self._where = {(slot.name, slot.index): i for i, slot in enumerate(self.slots)}
        self._code: dict[Expression, Compiled] = {}
        self.reads_of = lru_cache(maxsize=None)(self._base_reads)
        self.dependents = lru_cache(maxsize=None)(self._derived_from)
        self.derived = self._in_order()
        self.coupled = tuple(i for i, slot in enumerate(self.slots) if isinstance(slot.rest, str))
        self.regard_slots = {
            pair: (self.slot("flow", pair), self.slot("surprise", pair), self.slot("trust", pair))
            for pair in permutations(self.governments, 2)
        }
        """Where a government's expectation of, surprise at and trust in another stand."""
        self.beliefs: dict[tuple[str, int], tuple[int, int]] = {}
        self._add_beliefs()
        hidden = ("flow", "surprise", "variance of")
        self.shown = tuple("" if slot.name.startswith(hidden) else slot.path for slot in self.slots)
        """The path of each slot that a snapshot tells of, empty for the engine's own bookkeeping."""

    def _add_beliefs(self) -> None:
        """For each estimated slot and each government that it is not its own."""
        hidden = [i for i, s in enumerate(self.slots) if s.known == "estimated" and s.formula is None]
        for government in self.governments:
            for i in hidden:
                slot = self.slots[i]
                if government in slot.index[:1]:
                    continue
                bias, variance = slot.prior
                mean = min(max(slot.start + bias, slot.low), slot.high)
                self.beliefs[government, i] = (len(self.slots), len(self.slots) + 1)
                name = f"belief of {government} in {slot.path}"
                self.slots.append(Slot(name, (), slot.low, slot.high, mean, known="own"))
                self.slots.append(
                    Slot(f"variance of {name}", (), 0.0, 1e12, variance, variance, VARIANCE_HALF_LIFE, known="own")
                )

    def _in_order(self) -> tuple[int, ...]:
        order: dict[int, None] = {}

        def visit(slot: int) -> None:
            formula = self.slots[slot].formula
            if formula is None or slot in order:
                return
            for read in parse(formula).reads:
                visit(self.slot(read.name, read.index))
            order[slot] = None

        for slot in range(len(self.slots)):
            visit(slot)
        return tuple(order)

    def slot(self, name: str, index: Index = ()) -> int:
        """The number of a slot; KeyError if there is none."""
        if name in SYMMETRIC:
            index = tuple(sorted(index))
        return self._where[name, index]

    def compile(self, formula: str | Expression) -> Compiled:
        """A formula ready to be evaluated; it may read every slot."""
        expression = parse(formula) if isinstance(formula, str) else formula
        code = self._code.get(expression)
        if code is None:
            code = self._code[expression] = compile_expression(expression, self.slot)
        return code

    def _base_reads(self, formula: str) -> tuple[int, ...]:
        """The base slots that a formula reads, also behind derived ones."""
        found: set[int] = set()
        for read in parse(formula).reads:
            slot = self.slot(read.name, read.index)
            inner = self.slots[slot].formula
            found.update(self._base_reads(inner) if inner is not None else (slot,))
        return tuple(sorted(found))

    def _derived_from(self, read: int) -> tuple[int, ...]:
        """The derived slots that a base slot moves, each behind those it reads."""
        return tuple(slot for slot in self.derived if read in self.reads_of(str(self.slots[slot].formula)))


_LAYOUTS: dict[str, Layout] = {}


def layout_of(scenario: model.Scenario, sha256: str) -> Layout:
    """The layout of the scenario with this hash, made once and kept for the next runs."""
    if sha256 not in _LAYOUTS:
        if len(_LAYOUTS) > MOST_KEPT:
            _LAYOUTS.clear()
        _LAYOUTS[sha256] = Layout(scenario)
    return _LAYOUTS[sha256]


MOST_KEPT = 8
