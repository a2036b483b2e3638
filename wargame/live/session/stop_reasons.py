"""Why the clock has stopped by itself, for the white cell."""

from __future__ import annotations

from collections.abc import Collection

from wargame.executor.replay import DUE, seats_addressed
from wargame.journal.records import Record
from wargame.journal.records.seats import ProcedureProposedRecord
from wargame.journal.wording import called
from wargame.live.session.pace import DECISIONS, INJECTS
from wargame.live.session.session import Session
from wargame.seat.feed import inject, reader_of


def reason_to_stop(session: Session, records: list[Record], stops: Collection[str], programs: Collection[str]) -> str:
    """Return why an advance with these records has stopped by itself; empty if it has not.

    `stops` are where the clock stops, `programs` the seats of programs, at which it does not stop.
    """
    exercise = session.exercise
    last = [record for record in records if record.t == exercise.now - 1]
    addressed = [
        (record, [name for name in seats_addressed(exercise, record, asked=True) if name not in programs])
        for record in (last if INJECTS in stops else ())
    ]
    called_upon = [(record, names) for record, names in addressed if names]
    reasons = [
        f"inject '{inject(exercise, record.about)}' for {governments(session, *names)}"
        for record, names in called_upon
        if record.kind not in DUE
    ]
    due = [
        record
        for record in last
        if record.kind in DUE
        and record.who not in programs
        and (DECISIONS in stops or record in [each for each, _ in called_upon])
    ]
    asked = ", ".join(_asked(session, record) for record in due)
    return "; ".join([*reasons, *([f"a decision is due ({asked})"] if asked else [])])


def governments(session: Session, *names: str) -> str:
    """Return governments by name."""
    return ", ".join(called(session.exercise.context.scenario.governments[each].name) for each in names)


def _asked(session: Session, record: Record) -> str:
    """Return what a person is to decide: government and dossier, or the number of a proposed procedure."""
    titles = reader_of(session.exercise, "").titles
    proposed = record if isinstance(record, ProcedureProposedRecord) else None
    what = f"procedure {proposed.number}" if proposed else titles.dossier(record.about)
    return f"{governments(session, record.who)}: {what}"
