"""The state of the world: indicators that decay by themselves and are computed when read.

`x(t) = baseline + (x0 - baseline) * 2**(-(t - t0)/half_life)`. Reading changes nothing; `put` and `nudge` set a new x0.
Slow couplings (baselines that are formulas) are updated after each action and at regular intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import exp2
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wargame.language.expressions import Expression
    from wargame.world.layout import Compiled, Event, Layout


class ClockLike(Protocol):
    """An object with the present second."""

    @property
    def now(self) -> int:
        """Seconds since the scenario's start."""
        ...


def no_events(*_: str) -> float:
    """Event functions for formulas that may not use them."""
    return 0.0


def no_alert() -> None:
    """An alert without effect."""


SlotReader = Callable[[Sequence[float], Sequence[int], Sequence[float], int], dict[int, float]]
"""`f(x0, t0, baseline, now)` computes the present levels of a fixed set of base slots."""


def slot_reader(sources: Mapping[int, int], rates: Sequence[float]) -> SlotReader:
    """Compiles a function that computes the levels of many slots, each from the base slot that is read in its place.

    This costs a third of the lookups of `Levels`. The text of the code has only numbers of the layout.
    """
    levels = (
        f"{slot}: baseline[{s}] + (x0[{s}] - baseline[{s}]) * exp2((t0[{s}] - now) * {rates[s]!r})"
        if rates[s]
        else f"{slot}: x0[{s}]"
        for slot, s in sources.items()
    )
    return cast("SlotReader", eval(f"lambda x0, t0, baseline, now: {{{', '.join(levels)}}}", {"exp2": exp2}))  # noqa: S307


class Levels(dict[int, float]):
    """Levels of slots at one instant, computed on first access. `seen` maps slots to those read in their place."""

    __slots__ = ("_curves", "_derived", "_events", "_ranges", "_seen")

    def __init__(self, world: World, seen: Sequence[int], events: Event) -> None:
        super().__init__()
        self._curves, self._derived, self._ranges = world.curves, world.derived, world.layout.ranges
        self._seen, self._events = seen, events

    def __missing__(self, slot: int) -> float:
        """Computes a level. It repeats the code of `World.value`, since no other function is called as often."""
        x0, t0, baselines, rates, clock = self._curves
        source = self._seen[slot]
        rate = rates[source]
        if rate:
            baseline = baselines[source]
            level = baseline + (x0[source] - baseline) * exp2((t0[source] - clock.now) * rate)
        elif slot in self._derived:
            level, (low, high) = self._derived[slot](self, self._events), self._ranges[slot]
            level = low if level < low else min(level, high)
        else:
            level = x0[source]
        self[slot] = level
        return level

    def read_all(self, reader: SlotReader) -> None:
        """Computes many levels at once, which is faster than one by one."""
        x0, t0, baselines, _, clock = self._curves
        self.update(reader(x0, t0, baselines, clock.now))

    def suppose(self, slot: int, value: float, dependents: Iterable[int]) -> None:
        """Sets the level of a base slot and discards those of the derived ones that depend on it."""
        self[slot] = value
        for derived in dependents:
            self.pop(derived, None)


class World:
    """All numbers of one run, by the slots of its layout.

    `version` counts changes; `readings` counts how often something was read between two events, after which views read
    again; `dirty` has the `watched` slots changed since it was last cleared; `alert` is called at each such change.
    `events` evaluates the event functions of formulas (`count`, `days_since`, …).
    """

    def __init__(self, layout: Layout, clock: ClockLike) -> None:
        self.clock = clock
        self.layout = layout
        self.governments = layout.governments
        self.slots = layout.slots
        self.beliefs = layout.beliefs
        self.slot = layout.slot
        self.events: Event = no_events
        self.version = 0
        self.readings = 0
        self.watched: set[int] = set()
        self.dirty: set[int] = set()
        self.alert: Callable[[], None] = no_alert
        self._moved: set[int] = set()
        self._reader = layout.once(
            "moving", partial(slot_reader, {slot: slot for slot in sorted(layout.moving)}, layout.rates)
        )
        self.derived = layout.derived
        self.coupled = dict(layout.coupled)
        self._ranges, self._moving = layout.ranges, layout.moving
        self._anchor()
        self.settle()

    def _anchor(self) -> None:
        """Sets x0, t0 and baseline of each slot, as lists for reading one slot and as arrays for reading all.

        The arrays are updated when they are needed: `_stale` has the slots changed since.
        """
        self._x0, self._baseline, self._per = self.layout.starts.copy(), self.layout.baselines.copy(), self.layout.rates
        self._t0 = [0] * len(self._x0)
        self.curves = self._x0, self._t0, self._baseline, self._per, self.clock
        self._ax0, self._abaseline, self._aper = np.array(self._x0), np.array(self._baseline), self.layout.rate_array
        self._at0 = np.zeros(len(self._x0))
        self._stale: set[int] = set()
        self._taken: tuple[int, int] = (-1, -1)
        self._values = self._ax0

    def compile(self, formula: str | Expression) -> Compiled:
        """Compiles a formula, which may read every slot."""
        return self.layout.compile(formula)

    # --- reading -----------------------------------------------------------------------------

    def __getitem__(self, slot: int) -> float:
        """The present value of a slot."""
        per = self._per[slot]
        if per:
            baseline = self._baseline[slot]
            return baseline + (self._x0[slot] - baseline) * exp2((self._t0[slot] - self.clock.now) * per)
        if slot in self.derived:
            return self._clip(slot, self.derived[slot](self, self.events))
        return self._x0[slot]

    value = __getitem__

    def get(self, name: str, *index: str) -> float:
        """The present value of a slot by its name."""
        return self.value(self.slot(name, index))

    def values(self) -> NDArray[np.float64]:
        """All present base values by slot (derived slots have no meaningful value); read-only."""
        moment = (self.clock.now, self.version)
        if self._taken != moment:
            for slot in self._stale:
                self._ax0[slot], self._at0[slot], self._abaseline[slot] = (
                    self._x0[slot],
                    self._t0[slot],
                    self._baseline[slot],
                )
            self._stale.clear()
            decay = np.exp2((self._at0 - moment[0]) * self._aper)
            self._taken, self._values = moment, self._abaseline + (self._ax0 - self._abaseline) * decay
        return self._values

    def levels(self) -> list[float]:
        """All present values by slot, including derived ones."""
        levels: list[float] = self.values().tolist()
        for slot, formula in self.derived.items():
            levels[slot] = self._clip(slot, formula(levels, self.events))
        return levels

    def curve(self, slot: int) -> tuple[float, int, float, float]:
        """(x0, t0, baseline, 1/half_life) of a base slot, for crossings in closed form."""
        return self._x0[slot], self._t0[slot], self._baseline[slot], self._per[slot]

    # --- writing -----------------------------------------------------------------------------

    def put(self, slot: int, value: float) -> None:
        """Sets a base slot now, within its range."""
        low, high = self._ranges[slot]
        self._x0[slot] = low if value < low else min(value, high)
        self._t0[slot] = self.clock.now
        self._stale.add(slot)
        self.version += 1
        if slot in self.watched:
            self.dirty.add(slot)
            self.alert()
        if slot in self._moving:
            self._moved.add(slot)

    def nudge(self, slot: int, share: float) -> None:
        """Moves a base slot that share of the way to the end of its range: up if positive."""
        x, (low, high) = self[slot], self._ranges[slot]
        self.put(slot, x + share * ((high - x) if share > 0 else (x - low)))

    def hold(self, slot: int, value: float) -> None:
        """Sets a base slot and its baseline, so that it stays there."""
        self.coupled.pop(slot, None)
        self._baseline[slot] = self._clip(slot, value)
        self.put(slot, value)

    def settle(self, *, moved_only: bool = False) -> None:
        """Updates the baselines of slow couplings from the present state; all, or only those with changed inputs.

        Present values do not change, only the baselines to which they move.
        """
        if moved_only and not self._moved:
            return
        levels, events = Levels(self, range(len(self.slots)), self.events), self.events
        levels.read_all(self._reader)
        for slot, formula in self.coupled.items():
            if moved_only and self._moved.isdisjoint(self.layout.baseline_reads[slot]):
                continue
            baseline = self._clip(slot, formula(levels, events))
            if baseline != self._baseline[slot]:
                value = self.value(slot)
                self._baseline[slot] = baseline
                self.put(slot, value)
        self._moved.clear()

    def _clip(self, slot: int, value: float) -> float:
        low, high = self._ranges[slot]
        return low if value < low else min(value, high)
