"""Records as lines for the white cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from wargame.journal.records.run import CommandRecord
from wargame.journal.sentences import for_control
from wargame.journal.wording import words
from wargame.language.plain_text import clean
from wargame.seat.feed import reader_of
from wargame.sentence import Name

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.simulation.exercise import Exercise


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
    """Records that are shown in one line together: acknowledgements of one seat, and what ENDEX left unreleased."""
    group: list[Record] = []
    for record in records:
        if group and not (_alike(record) and _alike(record) == _alike(group[0])):
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _alike(record: Record) -> tuple[str, str, int] | None:
    if record.kind == "command" and record.about == "ack":
        return "ack", record.who, 0
    return ("skipped", "", record.t) if record.kind == "inject.skipped" else None


def together(group: list[Record]) -> str:
    """Several records of one kind in one line."""
    first = group[0]
    if first.kind == "inject.skipped":
        return f"{len(group)} injects were not released (msel skipped lists them)"
    injects = ", ".join(str(each.data["inject"]) for each in group if isinstance(each, CommandRecord))
    return f"{first.who} acknowledges {len(group)} messages: {injects}"
