"""The clock, which is SimPy's environment with whole seconds and a fixed order within one second, and the log.

The log has the records of a run as tuples; other packages write them as JSON.
"""

from collections.abc import Callable, Iterable
from typing import Any

from simpy import Environment
from simpy.events import Event

from wargame.errors import Invalid
from wargame.journal.records import LEFT_OUT, RawRecord
from wargame.numbers.clock_loop import Queue
from wargame.numbers.curves import Instant
from wargame.numbers.timing import Attention

PUBLICATION, DIGEST, EFFECT, CONDITION, INJECT, SIGNAL, DECISION = range(1, 8)
"""The order within one second. Commands come before all of them, since the clock stops before a second's events.
SimPy uses 0 for the start of processes and for interrupts."""
MOST_AT_ONCE = 10_000
"""Most events in one second. A run with more is stopped: something causes itself without time passing."""


class Clock(Environment):
    """Whole seconds since the scenario's start. `events` counts the processed events; `over` ends the run.

    `now` is a plain attribute, not a property as in SimPy, because it is read often; `instant` has the same
    for the engine.
    `at(time, order, act, *args)` schedules a call; `moment(time, order)` and `work(now, order, desk)` are events for a
    process to wait for: methods of `queue`.
    """

    now: int = 0

    def __init__(self) -> None:
        super().__init__(0)
        self.events = 0
        self.over = False
        self.instant = Instant()
        self.queue = Queue()
        self.at = self.queue.at
        self.moment: Callable[[int, int], Event] = self.queue.moment
        self.work: Callable[[int, int, Attention], Event | None] = self.queue.work

    def peek(self) -> float:
        """Return the time of the next entry; infinite if there is none."""
        return self.queue.next_time()

    def schedule(self, event: Event, priority: int = 1, delay: float = 0) -> None:
        """Used by SimPy for the start of processes and for interrupts, always at the current second."""
        self.queue.put(self.now + int(delay), priority, event, None)

    def run_before(self, time: int) -> None:
        """Processes everything before `time` and stops there, before the events of `time`.

        The loop is in package `numbers`. SimPy's own `step` and `run` are not for this clock.
        """
        if not self.queue.process_before(self, time, MOST_AT_ONCE):
            raise Invalid(
                f"more than {MOST_AT_ONCE:,} events in one second: injects or actions cause one another "
                "without time passing"
            )
        if not self.over and self.now < time:
            self.now = self._now = self.instant.now = time


Record = RawRecord
_CHANGES = frozenset({"action", "forum", "agreement", "leader"})
"""Kinds of record that change the world; so does the command `set`, and what is marked (`mark_change`)."""


class Log:
    """Appends records. `seq` counts all of them, including those that the level leaves out.

    `keeps_any` and `keeps_all` say whether records are kept at all, and whether of every kind (those of signals and
    snapshots too). Data of records that are not kept need not be computed.
    """

    def __init__(self, clock: Clock, level: str) -> None:
        self._clock = clock
        self.keeps_any, self.keeps_all = level != "none", level == "full"
        self.records: list[Record] = []
        self.readers: list[Callable[[Record], None]] = []
        """Receive each record when it is written, whatever the level."""
        self.next_seq = 0
        self.on_change: Callable[[int], None] = lambda _: None
        """Receives the seq of each record that changed the world, once it has done so."""
        self._changed = (-1, 0)

    def mute(self) -> None:
        """Stop keeping records, for a future of which only counts are used."""
        self.keeps_any = self.keeps_all = False

    def write(
        self, kind: str, who: str = "", about: str = "", cause: Iterable[int] = (), data: dict[str, Any] | None = None
    ) -> int:
        """Append a record and return its seq."""
        seq = self.next_seq
        self.next_seq = seq + 1
        if kind in _CHANGES or (kind == "command" and about == "set"):
            self.mark_change(seq)
        if self.keeps_any or self.readers:
            record = (seq, self._clock.now, kind, who, about, tuple(cause), data or {})
            for reader in self.readers:
                reader(record)
            if self.keeps_all or (self.keeps_any and kind not in LEFT_OUT["decisions"]):
                self.records.append(record)
        return seq

    def mark_change(self, seq: int) -> None:
        """Mark a record of this second as one that changed the world."""
        self._changed = (self._clock.now, seq)
        self.on_change(seq)

    def just_changed(self) -> tuple[int, ...]:
        """Return the last record of this second that changed the world: the cause of a condition that became true."""
        return (self._changed[1],) if self._changed[0] == self._clock.now else ()
