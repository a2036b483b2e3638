"""Conditions under watch: something is called at the moment one becomes true.

They are looked at after the whole of what happens at an instant. A threshold on one decaying indicator
is woken at its crossing, in closed form; others that time alone can turn are looked at every
`Calendar.resolution`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.simulation.kernel.clock import CONDITION
from wargame.world.conditions import Condition, make_condition, next_crossing

if TYPE_CHECKING:
    from wargame.simulation.kernel.clock import Clock
    from wargame.world.state import World

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(slots=True, eq=False)
class Watched:
    """A condition, what to call when it turns true (`rise`) or false (`fall`), and whether it is true."""

    number: int
    condition: Condition
    rise: Callable[[], None]
    fall: Callable[[], None] | None
    true: bool
    token: int = 0
    active: bool = True


class Watch:
    """All conditions of one run."""

    def __init__(self, world: World, clock: Clock, resolution: int) -> None:
        self._world, self._clock, self._resolution = world, clock, resolution
        self._by_slot: dict[int, list[Watched]] = {}
        self._by_event: dict[str, list[Watched]] = {}
        self._polled: list[Watched] = []
        self._polling = False
        self._happened: set[str] = set()
        self._asked = False
        self._count = 0
        world.alert = self._ask

    def add(self, text: str, rise: Callable[[], None], fall: Callable[[], None] | None = None) -> Watched:
        """Begins to watch. If the condition is true already, `rise` is called at this instant's next look."""
        condition = make_condition(self._world, text)
        entry = Watched(self._count, condition, rise, fall, true=False)
        self._count += 1
        for slot in sorted(condition.reads):
            self._by_slot.setdefault(slot, []).append(entry)
        self._world.watched.update(condition.reads)
        for name in sorted(condition.events):
            self._by_event.setdefault(name, []).append(entry)
        if condition.polled:
            if not self._polling:
                self._polling = True
                self._clock.at(self._clock.now + self._resolution, CONDITION, self._poll)
            self._polled.append(entry)
        self._clock.at(self._clock.now, CONDITION, self._evaluate, entry)
        return entry

    def drop(self, entry: Watched) -> None:
        """Stops watching."""
        entry.active = False

    def happened(self, name: str) -> None:
        """An event of this name was noted: conditions that ask for it are to be looked at."""
        if name in self._by_event:
            self._happened.add(name)
            self._ask()

    def _ask(self) -> None:
        """Has the conditions looked at once this instant's effects are done."""
        if not self._asked:
            self._asked = True
            self._clock.at(self._clock.now, CONDITION, self._look)

    def _look(self) -> None:
        self._asked = False
        touched = {entry for slot in self._world.dirty for entry in self._by_slot[slot]}
        touched.update(entry for name in self._happened for entry in self._by_event[name])
        self._world.dirty.clear()
        self._happened.clear()
        self._evaluate(*touched)

    def _poll(self) -> None:
        self._polled = [entry for entry in self._polled if entry.active]
        self._evaluate(*self._polled)
        self._clock.at(self._clock.now + self._resolution, CONDITION, self._poll)

    def _evaluate(self, *entries: Watched) -> None:
        """Looks at all of them first and then tells of the turns: what one sets off is the next look's business."""
        turned = []
        for entry in sorted((e for e in entries if e.active), key=lambda e: e.number):
            before, entry.true = entry.true, entry.condition.holds(self._world)
            self._expect_crossing(entry)
            if entry.true != before:
                turned.append(entry)
        for entry in turned:
            tell = entry.rise if entry.true else entry.fall
            if tell is not None:
                tell()

    def _expect_crossing(self, entry: Watched) -> None:
        if entry.condition.crossing is None:
            return
        slot, op, level = entry.condition.crossing
        entry.token += 1
        now = self._clock.now
        crossing = next_crossing(self._world, now, (slot, _OPPOSITE[op] if entry.true else op, level))
        if crossing is not None:
            self._clock.at(crossing, CONDITION, self._crossed, entry, entry.token)

    def _crossed(self, entry: Watched, token: int) -> None:
        if token == entry.token:
            self._evaluate(entry)
