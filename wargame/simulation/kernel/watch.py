"""Watched conditions: a callback runs at the moment a condition becomes true, or false.

Conditions are evaluated after all effects of an instant. For a threshold on one decaying indicator the time of the
crossing is computed in closed form; other conditions that time alone can change are evaluated every
`Calendar.resolution`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from wargame.simulation.kernel.clock import CONDITION
from wargame.world.conditions import Condition, condition_of, next_crossing

if TYPE_CHECKING:
    from wargame.simulation.kernel.clock import Clock
    from wargame.world.state import World

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


_NUMBER = attrgetter("number")


@dataclass(slots=True, eq=False)
class Watched:
    """A condition, the callbacks for its becoming true (`rise`) and false (`fall`), and whether it is true now."""

    number: int
    condition: Condition
    rise: Callable[[], object]
    fall: Callable[[], object] | None
    true: bool
    token: int = 0
    active: bool = True


class Watch:
    """All watched conditions of one run."""

    def __init__(self, world: World, clock: Clock, resolution: int) -> None:
        self._world, self._clock, self._resolution = world, clock, resolution
        self._by_slot: dict[int, list[Watched]] = {}
        self._by_event: dict[str, list[Watched]] = {}
        self._polled: list[Watched] = []
        self._polling = False
        self._happened: set[str] = set()
        self._scheduled = False
        self._count = 0
        world.alert(self._schedule)

    def add(self, text: str, rise: Callable[[], object], fall: Callable[[], object] | None = None) -> Watched:
        """Starts watching. If the condition is true already, `rise` is called at the end of this instant."""
        condition = condition_of(self._world.layout, text)
        entry = Watched(self._count, condition, rise, fall, true=False)
        self._count += 1
        for slot in sorted(condition.reads):
            self._by_slot.setdefault(slot, []).append(entry)
        for slot in condition.reads:
            self._world.watch(slot)
        for name in sorted(condition.events):
            self._by_event.setdefault(name, []).append(entry)
        if condition.polled:
            if not self._polling:
                self._polling = True
                self._poll_later()
            self._polled.append(entry)
        self._clock.at(self._clock.now, CONDITION, self._evaluate, [entry])
        return entry

    def drop(self, entry: Watched) -> None:
        """Stops watching a condition."""
        entry.active = False

    def happened(self, name: str) -> None:
        """Marks the conditions that read an event of this name for evaluation."""
        if name in self._by_event:
            self._happened.add(name)
            self._schedule()

    def reads(self, name: str) -> bool:
        """Whether a condition reads an event of this name."""
        return name in self._by_event

    def _schedule(self) -> None:
        """Schedules an evaluation after the effects of this instant."""
        if not self._scheduled:
            self._scheduled = True
            self._clock.at(self._clock.now, CONDITION, self._evaluate_changed)

    def _evaluate_changed(self) -> None:
        self._scheduled = False
        touched = {entry for slot in self._world.dirty for entry in self._by_slot[slot]}
        touched.update(entry for name in self._happened for entry in self._by_event[name])
        self._world.dirty.clear()
        self._happened.clear()
        self._evaluate(sorted(touched, key=_NUMBER) if len(touched) > 1 else touched)

    def _poll(self) -> None:
        self._polled = [entry for entry in self._polled if entry.active]
        self._evaluate(self._polled)
        self._poll_later()

    def _poll_later(self) -> None:
        """Schedules the next time, a multiple of the resolution whenever a condition was added."""
        self._clock.at((self._clock.now // self._resolution + 1) * self._resolution, CONDITION, self._poll)

    def _evaluate(self, entries: Iterable[Watched]) -> None:
        """Evaluates conditions in their order, then runs callbacks; what a callback changes is evaluated next time."""
        changed, ask = [], self._world.ask
        for entry in entries:
            if not entry.active:
                continue
            condition = entry.condition
            true = ask(condition.program) != 0.0
            if true != entry.true:
                entry.true = true
                changed.append(entry)
            if condition.crossing is not None:
                self._schedule_crossing(entry, *condition.crossing)
        for entry in changed:
            callback = entry.rise if entry.true else entry.fall
            if callback is not None:
                callback()

    def _schedule_crossing(self, entry: Watched, slot: int, op: str, level: float) -> None:
        entry.token += 1
        now = self._clock.now
        crossing = next_crossing(self._world, now, (slot, _OPPOSITE[op] if entry.true else op, level))
        if crossing is not None:
            self._clock.at(crossing, CONDITION, self._crossed, entry, entry.token)

    def _crossed(self, entry: Watched, token: int) -> None:
        if token == entry.token:
            self._evaluate([entry])
