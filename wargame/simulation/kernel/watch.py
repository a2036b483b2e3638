"""Watched conditions: a callback runs at the moment a condition becomes true, or false.

Conditions are evaluated after all effects of an instant. For a threshold on one decaying indicator the time of the
crossing is computed in closed form; other conditions that time alone can change are evaluated every
`Calendar.resolution`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter

from wargame.numbers.log import Log
from wargame.simulation.kernel.clock import CONDITION, Clock
from wargame.world.state import Condition, World, condition_of, next_crossing

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_NUMBER = attrgetter("number")
NO_RECORD = -1


@dataclass(slots=True, eq=False)
class Watched:
    """A condition, the callbacks for its becoming true (`rise`) and false (`fall`), and whether it is true now.

    `added` is the second at which it was added.
    """

    number: int
    condition: Condition
    added: int
    rise: Callable[[], object]
    fall: Callable[[], object] | None
    true: bool
    token: int = 0
    active: bool = True

    @property
    def keys(self) -> tuple[int | str, ...]:
        """The slots and events that it reads."""
        return (*sorted(self.condition.reads), *sorted(self.condition.events))


class WatchedConditions:
    """All watched conditions of one run."""

    def __init__(self, world: World, clock: Clock, log: Log, resolution: int) -> None:
        self._world, self._clock, self._log, self._resolution = world, clock, log, resolution
        self._readers: dict[int | str, list[Watched]] = {}
        """Slot or name of an event -> the conditions that read it."""
        self._polled: list[Watched] = []
        self._polling = False
        self._happened: set[str] = set()
        self._new: dict[int | str, int] = {}
        """Slots and events that have changed since the last evaluation, with the record that changed each."""
        self._causes: dict[int | str, int] = {}
        """The same of the second `_since`, also of those that have been evaluated."""
        self._since = -1
        self.cause: tuple[int, ...] = ()
        """While a callback runs: the record of this second that changed what its condition reads, if there is one."""
        self._scheduled = False
        self._count = 0
        world.curves.alert = self._schedule
        log.on_change.append(self.attribute)

    def add(self, text: str, rise: Callable[[], object], fall: Callable[[], object] | None = None) -> Watched:
        """Start watching. If the condition is true already, `rise` is called at the end of this instant."""
        condition = condition_of(self._world.layout, text)
        entry = Watched(self._count, condition, self._clock.now, rise, fall, true=False)
        self._count += 1
        for slot in condition.reads:
            self._world.watch(slot)
        for key in entry.keys:
            self._readers.setdefault(key, []).append(entry)
        if condition.polled:
            if not self._polling:
                self._polling = True
                self._poll_later()
            self._polled.append(entry)
        self._clock.at(self._clock.now, CONDITION, self._evaluate, [entry])
        return entry

    def drop(self, entry: Watched) -> None:
        """Stop watching a condition."""
        entry.active = False
        self._polled = [polled for polled in self._polled if polled is not entry]

    def happened(self, name: str) -> None:
        """Mark the conditions that read an event of this name for evaluation."""
        if name in self._readers:
            self._happened.add(name)
            self._schedule()

    def attribute(self, seq: int) -> None:
        """Take what has changed since the last call as changed by this record."""
        for changed in (self._world.dirty, self._happened):
            if changed:
                self._new.update(dict.fromkeys(changed, seq))
                changed.clear()

    def reads(self, name: str) -> bool:
        """Return whether a condition reads an event of this name."""
        return name in self._readers

    def _schedule(self) -> None:
        """Schedule an evaluation after the effects of this instant."""
        if not self._scheduled:
            self._scheduled = True
            self._clock.at(self._clock.now, CONDITION, self._evaluate_changed)

    def _evaluate_changed(self) -> None:
        self._scheduled = False
        self._take_changes()
        touched = {entry for key in self._new for entry in self._readers[key]}
        self._new.clear()
        self._evaluate(sorted(touched, key=_NUMBER) if len(touched) > 1 else touched)

    def _take_changes(self) -> None:
        """Take over the changes of this second; those without a record are of the last one."""
        if self._since != self._clock.now:
            self._since = self._clock.now
            self._causes.clear()
        for seq in self._log.just_changed() or (NO_RECORD,):
            self.attribute(seq)
        self._causes.update(self._new)

    def _poll(self) -> None:
        self._evaluate(self._polled)
        self._poll_later()

    def _poll_later(self) -> None:
        """Schedule the next time, a multiple of the resolution whenever a condition was added."""
        self._clock.at((self._clock.now // self._resolution + 1) * self._resolution, CONDITION, self._poll)

    def _evaluate(self, entries: Iterable[Watched]) -> None:
        """Evaluate conditions in their order, then run callbacks; what a callback changes is evaluated next time."""
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
        if changed:
            self._take_changes()
        for entry in changed:
            callback = entry.rise if entry.true else entry.fall
            if callback is not None:
                self.cause = self._cause_of(entry)
                callback()

    def _cause_of(self, entry: Watched) -> tuple[int, ...]:
        """Return the last record of this second that changed what a condition reads."""
        last = max((self._causes.get(key, NO_RECORD) for key in entry.keys), default=NO_RECORD)
        if last == NO_RECORD and entry.added == self._clock.now:
            return self._log.just_changed()  # what it reads was not watched before
        return () if last == NO_RECORD else (last,)

    def _schedule_crossing(self, entry: Watched, slot: int, op: str, level: float) -> None:
        entry.token += 1
        crossing = next_crossing(self._world, self._clock.now, (slot, _OPPOSITE[op] if entry.true else op, level))
        if crossing is not None:
            self._clock.at(crossing, CONDITION, self._crossed, entry, entry.token)

    def _crossed(self, entry: Watched, token: int) -> None:
        if token == entry.token:
            self._evaluate([entry])
