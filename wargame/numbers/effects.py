"""Effects: what an action or inject changes in the world, a report in an estimate, and what is published."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import nearest_step, rounded
from wargame.numbers.curves import Curves
from wargame.numbers.draws import normal_quantile, numbered
from wargame.numbers.levels import Levels, amount_of


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Pushes:
    """Effects in their order. Each moves a slot a share of the way to the end of its range, or sets it.

    By effect: its slot, the amount as a number or a formula, and whether it sets the slot.
    """

    slots: cython.longs
    amounts: list[Any]
    sets: cython.longs

    @cython.ccall
    def push(self, i: cython.longlong, levels: Levels, curves: Curves) -> None:
        """Apply one effect now; its formula reads what those before it have changed."""
        levels.look()
        amount = amount_of(self.amounts[i], levels)
        if self.sets[i]:
            curves.put(self.slots[i], amount)
        else:
            curves.nudge(self.slots[i], amount)

    def changes(self, levels: Levels, curves: Curves, paths: Sequence[str]) -> dict[str, list[float]]:
        """Apply all effects now and return path -> [old, new] of what changed; `paths` has the path of each slot."""
        changed = {}
        for i in range(len(self.amounts)):
            slot = self.slots[i]
            old = curves.level(slot)
            self.push(i, levels, curves)
            new = curves.level(slot)
            if new != old:
                changed[paths[slot]] = [rounded(old, 6), rounded(new, 6)]
        return changed

    def push_all(self, levels: Levels, curves: Curves) -> None:
        """Apply all effects now."""
        for i in range(len(self.amounts)):
            self.push(i, levels, curves)


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Report:
    """A report on an indicator that its receiver estimates: it moves the mean of the estimate and narrows its variance.

    `slot`, `mean` and `variance` are the slots of the indicator and of the estimate. `spread` is the standard deviation
    of the report in units of the indicator, `noise` its variance, `key` the name key of its error.
    """

    slot: cython.longlong
    mean: cython.longlong
    variance: cython.longlong
    spread: cython.double
    noise: cython.double
    key: cython.ulonglong

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
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class PublishedIndicators:
    """Indicators with the same dates of publication: their slots, the slots of what is published, and the steps."""

    slots: cython.longs
    published: cython.longs
    steps: cython.doubles

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
