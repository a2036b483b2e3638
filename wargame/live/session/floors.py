"""Floors: the least time in the room for what waits for a person, so that nobody is overtaken by the pace.

A proposed procedure, a demand, a decision or questions with a deadline end at a game time, at the latest at ENDEX. The
running clock stops while it would be there before their floor has passed in the room, and goes on by itself.
PAUSEX and NO PLAY do not count, and a seat in which nobody sits has no floor. Floors act on the wall clock alone: a
move of the clock by a command, a script and a re-simulation know nothing of them. `reason_to_stop` says why the clock
has stopped at what calls upon a person.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from wargame.executor.replay import DUE, seats_addressed
from wargame.journal.records import Record
from wargame.journal.records.seats import ProcedureProposedRecord
from wargame.journal.wording import called
from wargame.live.session.pace import DECISIONS, INJECTS
from wargame.live.session.session import Session
from wargame.seat.feed import inject, reader_of
from wargame.seat.obligations import Obligation, obligations

FLOOR = 90
"""Seconds in the room where the exercise file sets none. Judgement."""
MORE = 60
"""Seconds that the facilitator adds at once."""


@dataclass(slots=True, eq=False)
class Waiting:
    """Something that waits for a person of a government; it has been in the room for `passed` seconds of `floor`."""

    of: Obligation
    floor: float
    passed: float = 0.0

    @property
    def place(self) -> str:
        """Return its identity, also after a restart."""
        return f"{self.of.government} {self.of.name} {self.of.until}"

    @property
    def left(self) -> float:
        """Seconds of its floor that are left."""
        return max(0.0, self.floor - self.passed)


class Floors:
    """The floors of one exercise.

    `holding` is what the clock waits for now, `ending` what is near its deadline while it runs. `sitting` returns the
    seats with people, `programs` the seats of programs. `before` has the seconds in the room, and the floor, of what
    waited before a restart.
    """

    def __init__(self, session: Session, programs: Callable[[], Collection[str]]) -> None:
        self._session, self._programs = session, programs
        self._items: dict[tuple[str, str], Waiting] = {}
        self._read: tuple[object, ...] = ()
        self.holding: list[Waiting] = []
        self.ending: list[Waiting] = []
        self.before: dict[str, tuple[float, float]] = {}
        self.sitting: Callable[[], Collection[str]] = frozenset

    def waiting(self) -> list[Waiting]:
        """Return what waits for people, read again after new records or commands."""
        session, exercise, programs = self._session, self._session.exercise, self._programs()
        human = exercise.commands.seats.human
        seats = [] if exercise.done else [each for each in human if each not in programs]
        state = (session.last_turn, len(session.records), len(session.path), *seats)
        if state != self._read:
            before, self._items = self._items, {}
            for owed in (each for name in seats for each in obligations(exercise, name)):
                if owed.kind != "promise" and not owed.answer:
                    item = Waiting(owed, self._floor(owed.government))
                    item.passed, item.floor = self.before.pop(item.place, (item.passed, item.floor))
                    key = item.place, owed.text
                    self._items[key] = item = before.get(key, item)
                    item.of = owed
            self._read = state
        return list(self._items.values())

    def _floor(self, government: str) -> int:
        """Return the floor of a seat in seconds, as the exercise file sets it."""
        plan = self._session.loaded.exercise
        if plan is None:
            return FLOOR
        seat = plan.seats.get(government)
        return (seat.floor if seat is not None else None) or plan.floor or FLOOR

    def open(self) -> dict[str, tuple[float, float]]:
        """Return what has not been in the room for its floor, as `before` has it."""
        return {each.place: (each.passed, each.floor) for each in self.waiting() if 0.0 < each.passed < each.floor}

    def pass_time(self, seconds: float) -> None:
        """Let time in the room pass, in which people can act."""
        for each in self.waiting():
            each.passed += seconds

    def hold(self, pace: float) -> bool:
        """Return whether the clock, at this pace in game seconds per second, has to wait for somebody."""
        exercise, sitting = self._session.exercise, self.sitting()
        ends = [(each, min(each.of.until, exercise.end)) for each in self.waiting() if each.of.until is not None]
        late = [each for each, end in ends if each.left and pace * each.left > end - exercise.now]
        self.holding = [each for each in late if each.of.government in sitting]
        self.ending = [each for each, end in ends if pace * MORE > end - exercise.now and each.of.government in sitting]
        return bool(self.holding)

    def more(self, seconds: int) -> list[Waiting]:
        """Give what the clock waits for, else what ends soon or all that waits, more time in the room; return it."""
        given = self.holding or self.ending or self.waiting()
        for each in given:
            each.floor = max(each.floor, each.passed) + seconds
        return given

    def go_on(self) -> None:
        """Wait no longer for what the clock waits for now."""
        for each in self.holding:
            each.passed = max(each.passed, each.floor)
        self.holding = []


def reason_to_stop(session: Session, records: list[Record], stops: Collection[str], programs: Collection[str]) -> str:
    """Return why an advance with these records has stopped by itself; empty if it has not.

    `stops` are where the clock stops, `programs` the seats of programs, at which it does not stop.
    """
    exercise = session.exercise
    last = [record for record in records if record.t == exercise.now - 1]
    reasons, due = [], []
    for record in last:
        addressed = seats_addressed(exercise, record, asked=True) if INJECTS in stops else ()
        names = [name for name in addressed if name not in programs]
        if record.kind in DUE and record.who not in programs and (names or DECISIONS in stops):
            due.append(_asked(session, record))
        elif names and record.kind not in DUE:
            reasons.append(f"inject '{inject(exercise, record.about)}' for {governments(session, *names)}")
    return "; ".join([*reasons, *([f"a decision is due ({', '.join(due)})"] if due else [])])


def governments(session: Session, *names: str) -> str:
    """Return governments by name."""
    return ", ".join(called(session.exercise.context.scenario.governments[each].name) for each in names)


def _asked(session: Session, record: Record) -> str:
    """Return what a person is to decide: government and dossier, or the number of a proposed procedure."""
    titles = reader_of(session.exercise, "").titles
    what = f"procedure {record.number}" if isinstance(record, ProcedureProposedRecord) else titles.dossier(record.about)
    return f"{governments(session, record.who)}: {what}"
