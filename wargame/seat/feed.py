"""The entries that a seat, or the screen in the room, has been sent, each with its line of text, and their sums."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from weakref import WeakKeyDictionary

import msgspec

from wargame.dataclasses import dataclass
from wargame.journal.notices import Notice, Reader
from wargame.journal.records import Record, Stamps
from wargame.journal.records.run import CommandRecord
from wargame.journal.sentences import for_control
from wargame.journal.viewer_memory import PUBLIC, Letter
from wargame.journal.visibility import RecordViewer
from wargame.journal.wording import words
from wargame.language.plain_text import clean
from wargame.scenario.journal_context import public_facts, titles
from wargame.sentence import BANNER, Name
from wargame.simulation.exercise import Exercise

__all__ = ["PUBLIC", "FeedItem", "FeedReader", "Letter", "feed", "letters", "reader_of"]

MARKED = frozenset({"inject.released", "inject.retracted", "message", "rfi.reply", "offer", "answer", "vote"})
"""Kinds whose text could be mistaken for a message of the real world; the banner precedes it."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A record as the seat may see it, with what it reads of it: None for one that is not reported, such as a snapshot.

    `text` is the notice on a terminal; empty without one.
    """

    record: Record
    notice: Notice | None
    text: str

    @property
    def line(self) -> str:
        """The text with its local time to the minute."""
        return f"{self.record.at[:16].replace('T', ' ')}  {self.text}"


def reader_of(exercise: Exercise, seat: str) -> Reader:
    """Return the reader of the notices of a seat."""
    injects = (item.spec for item in exercise.injector.lines.values())
    return Reader(seat, titles(exercise.context.scenario, injects), exercise.calendar.at)


def feed(exercise: Exercise, seat: str, records: Sequence[Record]) -> list[FeedItem]:
    """Return what these records of the exercise bring to a seat (or to `PUBLIC`), oldest first.

    A record that the seat could see only once it learned of an action comes with the signal of that action.
    """
    if not records:
        return []
    by_record = _fed(exercise, seat, records[-1].seq + 1).items
    return [item for record in records for item in by_record[record.seq]]


def brought(exercise: Exercise, seat: str, numbers: Sequence[int]) -> list[Notice]:
    """Return what a seat has read of the records with these numbers."""
    by_record = _fed(exercise, seat, max(numbers, default=-1) + 1).items
    return [item.notice for number in numbers for item in by_record[number] if item.notice is not None]


def learned(exercise: Exercise, seat: str) -> dict[int, int]:
    """Return the numbers of all that a seat knows of, each with that of the record by which it has learned of it."""
    return _fed(exercise, seat, len(exercise.records())).learned


class _Fed:
    """The entries that the records have brought to one seat so far, by the number of the record."""

    def __init__(self, exercise: Exercise, seat: str) -> None:
        self.viewer = RecordViewer(seat, public_facts(exercise.context.scenario))
        self.stamps = Stamps(exercise.calendar.iso)
        self.items: list[list[FeedItem]] = []
        self.learned: dict[int, int] = {}

    def take(self, record: Record, reader: Reader) -> None:
        """Take the next record."""
        shown = self.viewer.see(record)
        self.items.append([_item(each, record.at, reader) for each in shown])
        for seq in (*(each.seq for each in shown), *self.viewer.news):
            self.learned.setdefault(seq, record.seq)


_FED: WeakKeyDictionary[Exercise, dict[str, _Fed]] = WeakKeyDictionary()
"""A seat is shown its feed again and again; records do not change, so each is read once."""


def _fed(exercise: Exercise, seat: str, count: int) -> _Fed:
    """Return what the first `count` records have brought, and perhaps more."""
    seats = _FED.setdefault(exercise, {})
    fed = seats.get(seat) or seats.setdefault(seat, _Fed(exercise, seat))
    if len(fed.items) < count:
        reader = reader_of(exercise, seat)
        for record in fed.stamps.records(exercise.records()[len(fed.items) : count]):
            fed.take(record, reader)
    return fed


class FeedReader:
    """The feed of a seat, read on: each call returns what is new. After a change of the past, make another one."""

    def __init__(self, exercise: Exercise, seat: str) -> None:
        self._exercise, self._seat = exercise, seat
        self._next = 0

    def fresh(self) -> list[FeedItem]:
        """Return what the records since the last call bring to the seat, oldest first; only what has a text."""
        count = len(self._exercise.records())
        items = [item for each in _fed(self._exercise, self._seat, count).items[self._next : count] for item in each]
        self._next = count
        return joined(items, reader_of(self._exercise, self._seat))


def _item(record: Record, at: str, reader: Reader) -> FeedItem:
    """Return a record with its notice, dated by the record that brought it."""
    found = record.notice(reader)
    if found is None:
        return FeedItem(record, None, "")
    dated = msgspec.structs.replace(record, at=at)
    return FeedItem(dated, found, clean(f"{BANNER} {found.typed()}" if record.kind in MARKED else found.typed()))


def joined(items: Sequence[FeedItem], reader: Reader) -> list[FeedItem]:
    """Return the items that have a text; acknowledgements that follow one another are one item."""
    out: list[FeedItem] = []
    for item in items:
        last = _acknowledgement(out[-1]) if out else None
        more = _acknowledgement(item)
        if last and more:
            record = msgspec.structs.replace(last, data={"numbers": [*last.data["numbers"], *more.data["numbers"]]})
            out[-1] = _item(record, last.at, reader)
        elif item.text:
            out.append(item)
    return out


def _acknowledgement(item: FeedItem) -> CommandRecord | None:
    record = item.record
    return record if isinstance(record, CommandRecord) and record.about == "ack" and item.text else None


def letters(exercise: Exercise, seat: str) -> list[Letter]:
    """Return the messages of the script that a seat has been sent so far."""
    return list(_fed(exercise, seat, len(exercise.records())).viewer.letters)


def unacknowledged(exercise: Exercise, seat: str, received: Sequence[Letter]) -> list[Letter]:
    """Return the messages of the script that a seat has not acknowledged."""
    acknowledged = exercise.commands.msel.acknowledged
    return [each for each in received if seat not in acknowledged.get((each.inject, each.release), ())]


def indicator(exercise: Exercise, name: str) -> str:
    """Return the title of an indicator."""
    spec = exercise.context.scenario.indicators.get(name)
    return spec.title if spec else words(name)


def inject(exercise: Exercise, name: str) -> str:
    """Return the title of an inject."""
    item = exercise.injector.lines.get(name)
    return item.spec.title if item else name


def inject_name(exercise: Exercise, name: str) -> Name:
    """Return an inject in a sentence: by its id for those who type, by its title on pages."""
    return Name(name, clean(inject(exercise, name)))


def record_line(exercise: Exercise, record: Record) -> str:
    """Return what happened, in one line without its date."""
    return for_control(record, reader_of(exercise, "").titles)


def grouped(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield groups of records that are shown in one line: acknowledgements of a seat, and items unreleased at ENDEX."""
    for alike, neighbours in groupby(records, _alike):
        group = list(neighbours)
        yield from [group] if alike else ([record] for record in group)


def _alike(record: Record) -> tuple[str, str, int] | None:
    if record.kind == "command" and record.about == "ack":
        return "ack", record.who, 0
    return ("skipped", "", record.t) if record.kind == "inject.skipped" else None


def together(group: list[Record]) -> str:
    """Return several records of one kind in one line."""
    first = group[0]
    if first.kind == "inject.skipped":
        return f"{len(group)} injects were not released (msel skipped lists them)"
    injects = ", ".join(str(each.data["inject"]) for each in group if isinstance(each, CommandRecord))
    return f"{first.who} acknowledges {len(group)} messages: {injects}"
