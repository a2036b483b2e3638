"""Menus: the numbers of the candidates of a government on one dossier, and which of them it can choose now."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any, cast

from wargame.numbers import typed as cython
from wargame.numbers.arrays import flat, zeros
from wargame.numbers.levels import FormulaCode, Levels, Memory

Licence = tuple[Callable[[int], bool], Memory, int, dict[Any, int], list[Any]]
"""A function that says whether a candidate may use violence, and what it depends on; see `Availability`: the memory of
events, the number of the collapse, attacks, and promises and demands."""
NEAREST = 0.5
"""The current rung decays between two rungs: the nearest one counts."""
_NEAREST = cython.declare(cython.double, NEAREST)


@cython.ccall
def effect_line(
    amount: cython.double, low: cython.double, high: cython.double, sets: cython.bint
) -> tuple[cython.double, cython.double]:
    """(A, K) of the change A − K·x by an effect on a slot with value x. Effects saturate at the range of the slot."""
    if sets:
        return amount, 1.0
    if amount > 0:
        return amount * high, amount
    return -amount * low, -amount


@cython.final
@cython.cclass
class CandidateEffects:
    """The effects of candidates that differ in their slots alone, for their expected changes.

    `chance` and each of `amounts` are a number or a formula.

    By effect: `low` and `high`, the range of its slot; `sets`, whether it sets the slot; `share`, 0 if it counts with
    the chance of success, 1 with its complement, 2 in full; `line`, where its change is added, of as many as `lines`.
    `varies` says whether any depends on what a government sees.
    """

    chance: cython.double
    chance_formula: FormulaCode
    amounts: cython.doubles
    formulas: list[Any]
    low: cython.doubles
    high: cython.doubles
    sets: cython.longs
    share: cython.longs
    line: cython.longs
    lines: cython.longlong
    varies: cython.bint

    def __init__(
        self,
        chance: float | FormulaCode,
        amounts: list[float | FormulaCode],
        ranges: tuple[array[Any], array[Any]],
        sets: array[Any],
        share: array[Any],
        line: array[Any],
        lines: cython.longlong,
    ) -> None:
        self.chance_formula = cast("FormulaCode", None if isinstance(chance, float) else chance)
        self.chance = chance if isinstance(chance, float) else 1.0
        self.formulas = [None if isinstance(amount, float) else amount for amount in amounts]
        self.amounts = array("d", [amount if isinstance(amount, float) else 0.0 for amount in amounts])
        self.low, self.high = map(flat, ranges)
        self.sets, self.share, self.line = flat(sets), flat(share), flat(line)
        self.lines = lines
        self.varies = not isinstance(chance, float) or any(formula is not None for formula in self.formulas)

    @cython.ccall
    def fill(
        self, first: cython.longlong, levels: Levels | None, constants: cython.doubles, slopes: cython.doubles
    ) -> None:
        """Set the lines from `first` on to the expected changes at these levels, None if there are no formulas."""
        chance = self.chance
        if levels is not None and self.chance_formula is not None:
            chance = min(max(self.chance_formula.value(levels), 0.0), 1.0)
        for k in range(first, first + self.lines):
            constants[k] = slopes[k] = 0.0
        for j in range(len(self.formulas)):
            amount = self.amounts[j]
            if levels is not None and self.formulas[j] is not None:
                program: FormulaCode = self.formulas[j]
                amount = program.value(levels)
            constant, slope = effect_line(amount, self.low[j], self.high[j], self.sets[j] != 0)
            share = chance if self.share[j] == 0 else 1.0 - chance if self.share[j] == 1 else 1.0
            constants[first + self.line[j]] += share * constant
            slopes[first + self.line[j]] += share * slope


@cython.final
@cython.cclass
class Candidates:
    """The numbers of the candidates of one menu, the same in all runs (`decision.menu.Menu`).

    By candidate: `requirements` and `values`, formulas or None; `rungs`; `violent`; `leads`, the least lead; the slot
    of the rung towards its target, or -1 for the highest of all `rung_slots`; `targets`, the place of its target in
    `trust_slots`, or -1; `columns` of the learned responses; `priors`, three for each; `losses` by retaliation;
    `stance_slots`, the slot of the stance towards its target, or -1, and its Goldstein weight `weights`. `in_score` is
    what a stance of 1 adds to an action with the weight 10, 0 without stances; `has_own` says whether any has a value
    or a stance. `special` marks those that may have terms that only some candidates have, whatever demands there are: 1
    during talks and visits, 2 always.
    The expected changes for response r of candidate i are the lines `firsts[3i + r]` to `stops[3i + r]` of `slots`,
    `constants` and `slopes`: a slot with level x changes by constant − slope·x. Effects fill them; those that vary,
    `varying`, each with its first line, for each `Scorer`. `tests` and `reader` evaluate all requirements at once, for
    interpreted runs.
    """

    count: cython.longlong
    tests: Any
    reader: Any
    requirements: list[Any]
    values: list[Any]
    rungs: cython.doubles
    violent: cython.longs
    leads: cython.longs
    rung_slot: cython.longs
    rung_slots: cython.longs
    targets: cython.longs
    trust_slots: cython.longs
    columns: cython.longs
    priors: cython.doubles
    losses: cython.doubles
    stance_slots: cython.longs
    weights: cython.doubles
    in_score: cython.double
    has_own: cython.bint
    special: cython.longs
    firsts: cython.longs
    stops: cython.longs
    slots: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    varying: list[Any]

    def __init__(
        self,
        tests: tuple[Callable[..., Any], Callable[..., Any]],
        formulas: tuple[list[FormulaCode | None], list[FormulaCode | None]],
        ladder: tuple[array[Any], array[Any], array[Any], array[Any], array[Any]],
        responses: tuple[array[Any], array[Any], array[Any], array[Any], array[Any]],
        others: tuple[array[Any], array[Any], float, array[Any]],
        lines: tuple[array[Any], array[Any], array[Any]],
        effects: list[tuple[int, CandidateEffects]],
    ) -> None:
        self.tests, self.reader = tests
        self.requirements, self.values = formulas
        self.rungs, self.violent, self.leads, self.rung_slot, self.rung_slots = map(flat, ladder)
        self.targets, self.trust_slots, self.columns, self.priors, self.losses = map(flat, responses)
        self.stance_slots, self.weights, self.special = flat(others[0]), flat(others[1]), flat(others[3])
        self.in_score = others[2]
        self.firsts, self.stops, self.slots = map(flat, lines)
        self.count = len(self.requirements)
        self.has_own = any(value is not None for value in self.values) or any(s >= 0 for s in self.stance_slots)
        self.constants, self.slopes = zeros("d", len(lines[2])), zeros("d", len(lines[2]))
        effect: CandidateEffects
        for first, effect in effects:
            if not effect.varies:
                effect.fill(first, None, self.constants, self.slopes)
        self.varying = [(first, effect) for first, effect in effects if effect.varies]

    @cython.cfunc
    def requires(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Return whether the requirement of a candidate is met."""
        if self.requirements[i] is None:
            return True
        program: FormulaCode = self.requirements[i]
        return program.value(levels) != 0.0


@cython.final
@cython.cclass
class Availability:
    """Which candidates of one menu a government can choose, in one run.

    `ready` is the time from which each is available again. `allowed` marks those that forums and agreements allow: all
    but waiting, at first. They are up to date while all of `changes` are empty. `steep` marks those that depend on the
    current rung of the ladder; `step` is the leader's. `licensed` says whether a violent one is permitted now: none is
    without an attack, a promise or demand of the government (`owed`), or a `collapse`, which is an event of `memory`.
    """

    table: Candidates
    ready: cython.doubles
    licensed: Any
    memory: Memory
    collapse: cython.longlong
    attacks: dict[Any, Any]
    owed: list[Any]
    changes: tuple[Any, ...]
    allowed: cython.longs
    steep: cython.longs
    step: cython.double

    def __init__(self, table: Candidates, ready: array[Any], licence: Licence, changes: tuple[set[Any], ...]) -> None:
        self.table, self.ready, self.changes = table, ready, changes
        self.licensed, self.memory, self.collapse, self.attacks, self.owed = licence
        self.allowed, self.steep = zeros("q", table.count), zeros("q", table.count)
        for i in range(1, table.count):
            self.allowed[i] = 1
        self.climb(0.0)

    def climb(self, step: cython.double) -> None:
        """Take the step of the leader."""
        self.step = step
        for i in range(self.table.count):
            self.steep[i] = self.table.rungs[i] > step + _NEAREST and not self.table.violent[i]

    @cython.cfunc
    def is_current(self, step: cython.double) -> cython.bint:
        """Return whether it is up to date for a leader with this step."""
        for changed in self.changes:
            if changed:
                return False
        return self.step == step

    def allow(self, i: cython.longlong, allowed: cython.bint) -> None:
        """Allows a candidate, or takes it off the menu."""
        self.allowed[i] = allowed

    @cython.cfunc
    def near(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Return whether the leader can climb to it from the current rung."""
        table = self.table
        slot: cython.longlong = table.rung_slot[i]
        present = levels.level(slot if slot >= 0 else table.rung_slots[0])
        if slot < 0:
            for other in table.rung_slots:
                level = levels.level(other)
                present = max(present, level)
        return table.rungs[i] <= present + (self.step + _NEAREST)

    @cython.cfunc
    def permits(self, i: cython.longlong) -> cython.bint:
        """Return whether a violent candidate is permitted now."""
        if self.attacks or self.owed or self.memory.count(self.collapse) > 0.0:
            permitted: cython.bint = self.licensed(i)
            return permitted
        return False

    def feasible(self, levels: Levels, deadline: cython.double) -> list[int]:
        """Return the candidates that can be chosen now, ascending, and carried out before the deadline."""
        found = zeros("q", self.table.count)
        return list(found[: self.find(levels, deadline, found, 0)])

    @cython.cfunc
    @cython.exceptval(-1)
    def find(
        self, levels: Levels, deadline: cython.double, found: cython.longs, count: cython.longlong
    ) -> cython.longlong:
        """Add the same candidates to `found`, which has `count` already; returns their number with these."""
        levels.look()
        table, now = self.table, levels.now
        met: Any = None
        if not cython.compiled:  # one function evaluates the requirements of the whole menu
            levels.read(table.reader)
            met = table.tests(levels, levels.events)
        for i in range(table.count):
            if (
                self.allowed[i]
                and self.ready[i] <= now
                and now + table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
                and (table.requires(i, levels) if cython.compiled else met[i])
                and (not table.violent[i] or self.permits(i))
            ):
                found[count] = i
                count += 1
        return count

    @cython.ccall
    def has(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Return whether one candidate can be chosen now, whenever it was done last."""
        levels.look()
        if not self.allowed[i] or (self.steep[i] and not self.near(i, levels)):
            return False
        return self.table.requires(i, levels) and (not self.table.violent[i] or self.permits(i))

    @cython.ccall
    def available(self, some: list[Any], levels: Levels, deadline: cython.double) -> list[Any]:
        """Return which of some candidates are available, apart from requirements and licences."""
        levels.look()
        now, found = levels.now, []
        i: cython.longlong
        for i in some:
            if (
                self.allowed[i]
                and self.ready[i] <= now
                and now + self.table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
            ):
                found.append(i)
        return found
