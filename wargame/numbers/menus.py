"""Menus: the numbers of the candidates of a government on one dossier, and which of them it can choose now."""

from __future__ import annotations

from array import array
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arrays import zeros
from wargame.numbers.levels import FormulaCode, Levels, Memory, amount_of

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
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class CandidateEffects:
    """The effects of candidates that differ in their slots alone, for their expected changes.

    `chance` and each of `amounts` are a number or a formula.

    By effect: `low` and `high`, the range of its slot; `sets`, whether it sets the slot; `share`, 0 if it counts with
    the chance of success, 1 with its complement, 2 in full; `line`, where its change is added, of as many as `lines`.
    """

    chance: Any
    amounts: list[Any]
    low: cython.doubles
    high: cython.doubles
    sets: cython.longs
    share: cython.longs
    line: cython.longs
    lines: cython.longlong

    def varies(self) -> bool:
        """Return whether any depends on what a government sees."""
        return not all(isinstance(each, float) for each in (self.chance, *self.amounts))

    @cython.cfunc
    def fill(
        self, first: cython.longlong, levels: Levels | None, constants: cython.doubles, slopes: cython.doubles
    ) -> None:
        """Set the lines from `first` on to the expected changes at these levels, None if there are no formulas."""
        chance = min(max(amount_of(self.chance, levels), 0.0), 1.0)
        for k in range(first, first + self.lines):
            constants[k] = slopes[k] = 0.0
        for j in range(len(self.amounts)):
            amount = amount_of(self.amounts[j], levels)
            constant, slope = effect_line(amount, self.low[j], self.high[j], self.sets[j] != 0)
            share = chance if self.share[j] == 0 else 1.0 - chance if self.share[j] == 1 else 1.0
            constants[first + self.line[j]] += share * constant
            slopes[first + self.line[j]] += share * slope


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, repr=False)
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
    `constants` and `slopes`: a slot with level x changes by constant − slope·x. The `effects` fill them,
    each from its first line on; those that vary, `varying`, for each `Scorer`. `tests` and `reader` evaluate all
    requirements at once, for interpreted runs.
    """

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
    special: cython.longs
    firsts: cython.longs
    stops: cython.longs
    slots: cython.longs
    effects: list[Any]
    tests: Any = None
    reader: Any = None
    count: cython.longlong = cython.dataclasses.field(init=False)
    has_own: cython.bint = cython.dataclasses.field(init=False)
    constants: cython.doubles = cython.dataclasses.field(init=False)
    slopes: cython.doubles = cython.dataclasses.field(init=False)
    varying: list[Any] = cython.dataclasses.field(init=False)

    @cython.cfunc
    def __post_init__(self) -> None:
        self.count, lines = len(self.requirements), len(self.slots)
        self.has_own = any(value is not None for value in self.values) or any(s >= 0 for s in self.stance_slots)
        self.constants, self.slopes = zeros("d", lines), zeros("d", lines)
        self.varying = []
        effect: CandidateEffects
        for first, effect in self.effects:
            if effect.varies():
                self.varying.append((first, effect))
            else:
                effect.fill(first, None, self.constants, self.slopes)

    @cython.cfunc
    def requires(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Return whether the requirement of a candidate is met."""
        if self.requirements[i] is None:
            return True
        program: FormulaCode = self.requirements[i]
        return program.value(levels) != 0.0


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Licence:
    """What permits a government violent candidates: an attack, what it has promised or demands, or a collapse.

    `permits` says whether a candidate may use violence: none without one of `attacks`, a promise or demand (`owed`), or
    a `collapse`, which is the number of an event of `memory`.
    """

    permits: Any
    memory: Memory
    collapse: cython.longlong
    attacks: dict[Any, Any]
    owed: list[Any]

    @cython.cfunc
    def covers(self, i: cython.longlong) -> cython.bint:
        """Return whether it permits a candidate now."""
        if self.attacks or self.owed or self.memory.count(self.collapse) > 0.0:
            permitted: cython.bint = self.permits(i)
            return permitted
        return False


@cython.final
@cython.cclass
class Availability:
    """Which candidates of one menu a government can choose, in one run.

    `ready` is the time from which each is available again. `allowed` marks those that forums and agreements allow: all
    but waiting, at first. They are up to date while all of `changes` are empty. `steep` marks those that depend on the
    current rung of the ladder; `step` is the leader's.
    """

    table: Candidates
    ready: cython.doubles
    licence: Licence
    changes: tuple[Any, ...]
    allowed: cython.longs
    steep: cython.longs
    step: cython.double

    def __init__(self, table: Candidates, ready: array[Any], licence: Licence, changes: tuple[set[Any], ...]) -> None:
        self.table, self.ready, self.licence, self.changes = table, ready, licence, changes
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
                (cython.compiled or met[i])
                and self.allowed[i]
                and self.ready[i] <= now
                and now + table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
                and (not cython.compiled or table.requires(i, levels))
                and (not table.violent[i] or self.licence.covers(i))
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
        return self.table.requires(i, levels) and (not self.table.violent[i] or self.licence.covers(i))

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
