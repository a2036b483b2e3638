"""Effects: what an action or inject changes in the world, a report in an estimate, and what is published."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import nearest_step, rounded
from wargame.numbers.arrays import flat
from wargame.numbers.curves import Curves
from wargame.numbers.draws import normal_quantile, numbered
from wargame.numbers.levels import FormulaCode, Levels


@cython.final
@cython.cclass
class Pushes:
    """Effects in their order. Each moves a slot a share of the way to the end of its range, or sets it.

    By effect: its slot, the amount as a number or a formula, and whether it sets the slot.
    """

    count = cython.declare(cython.longlong, visibility="readonly")
    slots: cython.longs
    amounts: cython.doubles
    formulas: list[Any]
    sets: cython.longs

    def __init__(self, slots: list[int], amounts: list[float | FormulaCode], sets: list[bool]) -> None:
        self.count = len(slots)
        self.slots, self.sets = array("q", slots), array("q", sets)
        self.amounts = array("d", [amount if isinstance(amount, float) else 0.0 for amount in amounts])
        self.formulas = [None if isinstance(amount, float) else amount for amount in amounts]

    @cython.ccall
    def push(self, i: cython.longlong, levels: Levels, curves: Curves) -> None:
        """Apply one effect now; its formula reads what those before it have changed."""
        amount = self.amounts[i]
        if self.formulas[i] is not None:
            program: FormulaCode = self.formulas[i]
            levels.look()
            amount = program.value(levels)
        if self.sets[i]:
            curves.put(self.slots[i], amount)
        else:
            curves.nudge(self.slots[i], amount)

    def changes(self, levels: Levels, curves: Curves, named: Sequence[Any]) -> dict[str, list[float]]:
        """Apply all effects now and return path -> [old, new] of what changed; `named` are all slots."""
        changed = {}
        for i in range(self.count):
            slot = self.slots[i]
            old = curves.level(slot)
            self.push(i, levels, curves)
            new = curves.level(slot)
            if new != old:
                changed[named[slot].path] = [rounded(old, 6), rounded(new, 6)]
        return changed

    def push_all(self, levels: Levels, curves: Curves) -> None:
        """Apply all effects now."""
        for i in range(self.count):
            self.push(i, levels, curves)


@cython.final
@cython.cclass
class Report:
    """A report on an indicator that its receiver estimates: it moves the mean of the estimate and narrows its variance.

    `slots` are the indicator, the mean and the variance. `spread` is the standard deviation of the report in units of
    the indicator, `noise` its variance, `key` the name key of its error.
    """

    slot: cython.longlong
    mean: cython.longlong
    variance: cython.longlong
    spread: cython.double
    noise: cython.double
    key: cython.ulonglong

    def __init__(self, slots: tuple[int, int, int], spread: float, noise: float, key: int) -> None:
        self.slot, self.mean, self.variance = slots
        self.spread, self.noise, self.key = spread, noise, key

    @cython.ccall
    @cython.exceptval(check=False)
    def error(self, root: cython.ulonglong, ordinal: cython.longlong) -> cython.double:
        """Return the random error of the report; `root` is that of the draws, `ordinal` a number."""
        return self.spread * normal_quantile(numbered(root, self.key, ordinal))

    @cython.ccall
    def take(self, curves: Curves, observed: cython.double) -> None:
        """Update the estimate by the reported value."""
        curves.report(self.mean, self.variance, observed, self.noise)


def observe(
    reports: Sequence[Report], levels: Levels, root: cython.ulonglong, ordinal: cython.longlong, noise: cython.bint
) -> None:
    """Take reports of the present levels, with errors if there is `noise`."""
    report: Report
    for report in reports:
        levels.look()
        observed = levels.level(report.slot)
        if noise:
            observed += report.error(root, ordinal)
        report.take(levels.curves, observed)


@cython.final
@cython.cclass
class PublishedIndicators:
    """Indicators with the same dates of publication: their slots, the slots of what is published, and the steps."""

    slots: cython.longs
    published: cython.longs
    steps: cython.doubles

    def __init__(self, slots: array[Any], published: array[Any], steps: array[Any]) -> None:
        self.slots, self.published, self.steps = flat(slots), flat(published), flat(steps)

    def measure(self, curves: Curves) -> array[Any]:
        """Return the present values as they are published."""
        measured = array("d", bytes(8 * len(self.slots)))
        values: cython.doubles = measured
        for i in range(len(self.slots)):
            slot = self.slots[i]
            values[i] = nearest_step(curves.level(slot), self.steps[i], curves.low[slot], curves.high[slot])
        return measured

    def publish(self, values: cython.doubles, curves: Curves) -> None:
        """Set the published values that have changed."""
        for i in range(len(self.slots)):
            if curves.level(self.published[i]) != values[i]:
                curves.put(self.published[i], values[i])
